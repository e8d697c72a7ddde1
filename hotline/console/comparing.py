"""Hold the words of a lead against the sealed identity before they leave: the caseworker's session opens it, shows nothing of it."""

from dataclasses import dataclass
from datetime import datetime

from hotline import audit
from hotline.leads.checking import found_in, texts_of
from hotline.leads.drafts import LeadDraft
from hotline.leads.wording import Fact, Problem
from hotline.parts import Hotline
from hotline.reports.joined import family
from hotline.store import Session
from hotline.vault.comparing import open_to_compare
from hotline.vault.envelope import SealBroken
from hotline.vault.opening import Keyholder
from hotline.vault.revealing import RevealRefused, SecondNeeded


@dataclass(frozen=True, slots=True)
class Compared:
    """What the words of a lead say of who is sealed; *was_possible* is false where one person alone cannot open it."""

    problems: tuple[Problem, ...]
    was_possible: bool = True

    def against(self, *, looked_myself: bool) -> tuple[Problem, ...]:
        """Return what stands against the lead: where nothing could be compared, that nobody said they looked themselves."""
        if self.was_possible or looked_myself:
            return self.problems
        return (Problem("summary", Fact.NOT_COMPARED),)


def compare(
    hotline: Hotline, keyholder: Keyholder, report_id: str, draft: LeadDraft, *, at: datetime
) -> Compared:
    """Compare what is typed in *draft* with who stands behind a report and those merged with it, and write that down.

    Opens transactions of its own: the line is kept before anything opens.
    """
    with hotline.store.read() as session:
        others = [one for one in family(session, report_id) if one != report_id]
    try:
        identities = open_to_compare(hotline.store, keyholder, [report_id, *others], at=at)
    except (RevealRefused, SecondNeeded, SealBroken):
        return Compared((), was_possible=False)
    return Compared(found_in(texts_of(draft), identities))


def write_down_own_look(
    session: Session, keyholder: Keyholder, report_id: str, *, at: datetime
) -> None:
    """Write down that a caseworker answers for words that no machine could compare, beside the lead that leaves."""
    audit.record(
        session,
        at=at,
        who=keyholder.staff_id,
        did="compared_by_hand",
        desk=keyholder.desk,
        report_id=report_id,
    )
