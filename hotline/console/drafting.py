"""A lead before it leaves: what the form says, what must hold, and exactly what would be seen of it."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from hotline import handoff
from hotline.consent import Case
from hotline.consent.case import Ground
from hotline.consent.never import Kind
from hotline.console.allowed import Judged, judged, not_agreed
from hotline.console.comparing import Compared
from hotline.console.reading import Reading
from hotline.leads import crowds
from hotline.leads.agency import Agency
from hotline.leads.codes import Tlp
from hotline.leads.crowds import Judgement
from hotline.leads.disclose import Disclosure, LeadDraft, LeadRefused, coarse, disclose
from hotline.leads.name_like import NameLike
from hotline.leads.names import Names, names_of
from hotline.leads.recipients import theme_told
from hotline.leads.stix import Sender, lead_objects, new_ids
from hotline.leads.wording import Fact, Problem
from hotline.reports.joined import family
from hotline.store import Session, new_id

# Facts whose place in the words may be shown again: lists decided them, or what was never to leave, or the crowd.
_SHOWN = frozenset(
    {
        *(kind.value for kind in Kind),
        Fact.IN_IDENTITY.value,
        Fact.FEW.value,
        Fact.LOOKS_LIKE_NAME.value,
    }
)


@dataclass(frozen=True, slots=True, repr=False)
class Proposal:
    """A draft against everything that decides whether it may leave.

    *told* and *stix* are None and empty while *problems* remain, with its words or with what may be told. *agencies* are all of the country,
    each with what consent decides for it; *recipients* those that may be told. *crowd* says among how many it hides who
    told us, *compared* whether the words say who is sealed, *names* which words look like names of anybody.
    """

    draft: LeadDraft
    crowd: Judgement
    compared: Compared
    names: NameLike
    problems: tuple[Problem, ...]
    told: Disclosure | None
    stix: str
    agencies: tuple[Judged, ...]

    @property
    def recipients(self) -> tuple[Agency, ...]:
        return tuple(one.agency for one in self.agencies if one.may)

    @property
    def may_leave(self) -> bool:
        return bool(self.told and self.recipients)

    def words_of(self, problem: Problem) -> str:
        """Return the words that *problem* points to, for facts that a list decides; empty for the others."""
        # The crowd is asked with the words as they would leave.
        its = coarse(self.draft) if problem.fact is Fact.FEW else self.draft
        fields = ("summary", "headline", "town", "venue")
        texts: dict[str, str] = {name: getattr(its, name) for name in fields}
        texts |= {f"translations.{name}": text for name, text in its.translations.items()}
        if problem.fact.value not in _SHOWN:
            return ""
        return texts.get(problem.field, "")[problem.start : problem.end]


def propose(
    session: Session,
    case: Case,
    draft: LeadDraft,
    reading: Reading,
    sender: Sender,
    *,
    compared: Compared,
    looked_myself: bool,
    names: NameLike,
    looked_at: Collection[str],
    k: int,
    at: datetime,
    confirmed_by: str,
) -> Proposal:
    """Hold *draft* against its own words, the crowd it hides in, and what consent decides for each agency.

    *confirmed_by* is who says, having read it, that a bystander told it; empty while nobody does. *looked_myself* where a
    caseworker says that they compared the words with what is sealed, as nobody opens that alone; *looked_at* are those of
    *names* of which they say that they name nobody.
    """
    never = names_of(session, reading.facts.id, offered_to(session, reading.facts.id))
    told, problems = _told(draft, account_text(reading), never)
    would_tell = told or coarse(draft)
    theme = theme_told(would_tell)
    known = judged(
        session, case, draft.country, would_tell.fields, at=at, theme=theme, tlp=draft.tlp
    )
    crowd = crowds.judge(session, reading.facts.id, would_tell, k=k, at=at)
    problems += compared.against(looked_myself=looked_myself) + names.against(looked_at)
    problems += crowd.problems
    problems += _against(case, would_tell.fields, known, at, confirmed_by)
    stix = _stix(told, draft.tlp, sender, at) if told else ""
    left = None if problems else told
    return Proposal(draft, crowd, compared, names, problems, left, stix, known)


def _against(
    case: Case,
    fields: tuple[str, ...],
    known: Sequence[Judged],
    at: datetime,
    confirmed_by: str,
) -> tuple[Problem, ...]:
    """Return what stands against a lead besides its words: facts that no agency may be told, or nobody confirmed."""
    may = [one for one in known if one.decision]
    if any(one.decision.ground is Ground.BYSTANDER for one in may) and not confirmed_by:
        return (Problem("saw_only", Fact.NOT_CONFIRMED),)
    if may:
        return ()
    missing = [not_agreed(case, one.agency, fields, at=at) for one in known]
    fewest = min(filter(None, missing), key=len, default=[])
    return tuple(Problem(name, Fact.NOT_IN_CONSENT) for name in fewest)


def account_text(reading: Reading) -> str:
    """Return the redacted words of the report, and of what is merged into it, which no lead may quote."""
    return "\n".join(one.account.text for one in reading.told if one.account)


def offered_to(session: Session, report_id: str) -> set[str]:
    """Return the ids of the organizations that were offered to the person, in whichever report; no lead may name them."""
    return {
        one.organization_id
        for its in family(session, report_id)
        for one in handoff.offers(session, its)
    }


def _told(
    draft: LeadDraft, account: str, names: Names
) -> tuple[Disclosure | None, tuple[Problem, ...]]:
    never = {"staff": names.staff, "organizations": names.organizations}
    try:
        return disclose(draft, account=account, **never), ()
    except LeadRefused as refused:
        return None, refused.problems


def _stix(told: Disclosure, tlp: Tlp, sender: Sender, at: datetime) -> str:
    """Return what investigators' tools would receive; the random ids are others when it leaves."""
    objects = lead_objects(told, new_ids(new_id()), sender, at.date(), tlp=tlp)
    return json.dumps(objects, ensure_ascii=False, indent=2)
