"""Hold the words of a lead against the sealed identity before they leave: the caseworker's session opens it, shows nothing of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotline import audit
from hotline.leads.checking import found_in, texts_of
from hotline.leads.drafts import LeadDraft
from hotline.leads.wording import Fact, Problem
from hotline.parts import Hotline
from hotline.reports.joined import family
from hotline.store import Session
from hotline.triage.comparing import open_to_compare
from hotline.vault.opening import Keyholder
from hotline.vault.revealing import RevealRefused, SecondNeeded


class Why(StrEnum):
    """Why the words of a lead could not be compared, or not with everything that is sealed."""

    NOT_ALONE = "not_alone"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Compared:
    """What the words of a lead say of who is sealed.

    *not_whole* says why they were not compared with everybody who is: one person alone cannot open it, or the identity
    of a message has ended or does not open.
    """

    problems: tuple[Problem, ...]
    not_whole: Why | None = None

    @property
    def was_possible(self) -> bool:
        return self.not_whole is None

    def against(self, *, looked_myself: bool) -> tuple[Problem, ...]:
        """Return what stands against the lead: where not all could be compared, that nobody said they looked themselves."""
        if self.was_possible or looked_myself:
            return self.problems
        return (*self.problems, Problem("summary", Fact.NOT_COMPARED))


def compare(
    hotline: Hotline, keyholder: Keyholder, report_id: str, draft: LeadDraft, *, at: datetime
) -> Compared:
    """Compare what is typed in *draft* with who stands behind a report and those merged with it, and write that down.

    Opens transactions of its own: the line is kept before anything opens.
    """
    with hotline.store.read() as session:
        others = [one for one in family(session, report_id) if one != report_id]
    try:
        opened = open_to_compare(hotline.store, keyholder, [report_id, *others], at=at)
    except (RevealRefused, SecondNeeded):
        return Compared((), Why.NOT_ALONE)
    found = found_in(texts_of(draft), opened.identities)
    return Compared(found, None if opened.is_whole else Why.CLOSED)


def write_down_own_look(
    session: Session, keyholder: Keyholder, report_id: str, did: str, *, at: datetime
) -> None:
    """Write down that a caseworker answers for words that no machine could judge, beside the lead that leaves."""
    audit.record(
        session,
        at=at,
        who=keyholder.staff_id,
        did=did,
        desk=keyholder.desk,
        report_id=report_id,
    )
