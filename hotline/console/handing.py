"""What was offered to a person: what of them each organization may be told and was told, and what came of it.

Where a service said no, or nothing, the next best one stands beside it, matched by what was asked for then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hotline import handoff, triage
from hotline.consent import HANDOFF, Case, Decision
from hotline.console.matching import matches, next_best
from hotline.console.wishes import Wishes, suggested, wishes_by_offer
from hotline.errors import NotFound
from hotline.handoff import Offer, links
from hotline.handoff.events import FREES, Status
from hotline.handoff.linked import Link, Said
from hotline.handoff.talking import talks
from hotline.store import Session
from hotline.triage import ReportFacts
from hotline.triage.reviews import require_reviewed
from hotline.vault.opening import Keyholder
from referral.match import Match

ACCOUNT = "account"
"""The one fact of a handoff that is made of the account."""

_ASKABLE = (Status.OFFERED, Status.HANDED_OVER, Status.DECLINED, Status.UNANSWERED)
_TELLABLE = (Status.OFFERED, Status.HANDED_OVER)
_FAILED = (Status.DECLINED, Status.UNANSWERED)


@dataclass(frozen=True, slots=True, repr=False)
class Offered:
    """One offer, what consent decides for its organization, and the facts that it may be told now.

    *link* is the one that is out, *talk* what was said by it. *wishes* is what it was matched by, and *next* the service
    that is best after it, where it came to nothing and nobody else was offered for that need since.
    """

    its: Offer
    decision: Decision
    fields: tuple[str, ...]
    link: Link | None = None
    talk: Sequence[Said] = ()
    wishes: Wishes | None = None
    next: Match | None = None

    @property
    def may_be_told(self) -> bool:
        """Tell whether staff may tell them by themselves."""
        return self.its.status in _TELLABLE

    @property
    def may_be_asked(self) -> bool:
        return self.its.status in _ASKABLE and bool(self.fields)

    @property
    def has_taken_in(self) -> bool:
        return self.its.status == Status.ACCEPTED and self.its.outcome not in FREES

    @property
    def came_to_nothing(self) -> bool:
        return _failed(self.its)

    @property
    def may_be_answered(self) -> bool:
        """Tell whether somebody there would read what is answered."""
        return self.link is not None and self.link.is_opened and bool(self.talk)


def offered(
    session: Session,
    keyholder: Keyholder,
    facts: ReportFacts,
    case: Case,
    answers: Mapping[str, int],
    *,
    at: datetime,
) -> list[Offered]:
    """Return what was offered for a report, in order, with what may be told to whom and what came of it."""
    made = handoff.offers(session, facts.id)
    wishes = wishes_by_offer(session, keyholder, [one.id for one in made])
    open_links, talk = links.links_of(session, facts.id), talks(session, keyholder, facts.id)
    found = []
    for one in made:
        recipient = handoff.whom(one.organization_id)
        may = tuple(name for name in HANDOFF if case.may(recipient, (name,), at=at))
        said = talk.get(one.id, ())
        its = wishes.get(one.id)
        best = None
        if _wants_another(one, made):
            asked = its or replace(suggested(facts), need=one.need)
            best = next_best(
                matches(session, asked, case, answers, at=at), [each.service_id for each in made]
            )
        decision = case.may(recipient, (), at=at)
        found.append(Offered(one, decision, may, open_links.get(one.id), said, its, best))
    return found


def asked_last(made: Sequence[Offered]) -> Wishes | None:
    """Return what was asked for when the last offer was made."""
    return next((one.wishes for one in reversed(made) if one.wishes), None)


def hand_over(
    session: Session,
    report_id: str,
    *,
    desk: str,
    by: str,
    at: datetime,
    offer_id: str,
    fields: list[str],
) -> None:
    """Write down that *by*, who thereby holds the report, told the organization of one of its offers *fields*.

    Of the account they are told nothing before each message of the report is reviewed.

    Raises:
        NotFound: this desk has no such report, or it no such offer.
        Held: someone else holds it.
        ConsentRefused: no fields, or one of them may not be told; nothing was written down.
        NotReviewed: the account is among *fields*, and nobody has reviewed all of it.
        Conflict: the offer was declined or taken back meanwhile.
    """
    triage.claim(session, report_id, desk=desk, by=by, at=at)
    offer_of(session, report_id, offer_id)
    if ACCOUNT in fields:
        require_reviewed(session, report_id)
    handoff.hand_over(session, offer_id, fields, by=by, at=at)


def offer_of(session: Session, report_id: str, offer_id: str) -> Offer:
    """Return one offer of a report.

    Raises:
        NotFound: it has no such offer.
    """
    found = (one for one in handoff.offers(session, report_id) if one.id == offer_id)
    offer = next(found, None)
    if offer is None:
        raise NotFound(ref=report_id)
    return offer


def _wants_another(offer: Offer, made: Sequence[Offer]) -> bool:
    """Tell whether it is the last offer for its need, and came to nothing, while no other of that need stands."""
    alike = [one for one in made if one.need == offer.need]
    failed = [one for one in alike if _failed(one)]
    return bool(failed) and failed[-1].id == offer.id and not any(one.stands for one in alike)


def _failed(offer: Offer) -> bool:
    return offer.status in _FAILED or offer.outcome in FREES
