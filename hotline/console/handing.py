"""What was offered to a person: what of them each organization may be told and was told, and what came of it.

Where a service said no, or nothing, the next best one stands beside it, matched by what was asked for then. What was
offered for a report that was merged into this one stands here, too, and is followed from here; a yes counts for its own
report alone, so nothing more is told by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hotline import handoff, triage
from hotline.consent import HANDOFF, Case, Decision, case_of
from hotline.console.matching import matches, next_best
from hotline.console.packing import suggested_fields
from hotline.console.wishes import Wishes, suggested, wishes_by_offer
from hotline.errors import NotFound
from hotline.handoff import Offer, links
from hotline.handoff.events import FREES, Status
from hotline.handoff.linked import Link, Said
from hotline.handoff.talking import talks
from hotline.reports.joined import family
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
_ANSWERABLE = (Status.OFFERED, Status.HANDED_OVER, Status.ASKED, Status.UNANSWERED)


@dataclass(frozen=True, slots=True, repr=False)
class Offered:
    """One offer, what consent decides for its organization, and the facts that it may be told now.

    *report_id* is the report that it was made for: this one, or one that was merged into it (*is_merged*). *suggested* are
    the facts that a yes for it could name, as they are known. *link* is the one that is out, *talk* what was said by it.
    *wishes* is what it was matched by, and *next* the service that is best after it, where it came to nothing and nobody
    else was offered for that need since; *rests*: another is still asked for that need.
    """

    its: Offer
    report_id: str
    is_merged: bool
    decision: Decision
    fields: tuple[str, ...]
    suggested: tuple[str, ...] = ()
    link: Link | None = None
    talk: Sequence[Said] = ()
    wishes: Wishes | None = None
    next: Match | None = None
    rests: bool = False

    @property
    def left_out(self) -> tuple[str, ...]:
        """Return the facts that they may not be told."""
        return tuple(name for name in HANDOFF if name not in self.fields)

    @property
    def may_be_told(self) -> bool:
        """Tell whether staff may tell them by themselves."""
        return self.its.status in _TELLABLE and not self.is_merged

    @property
    def may_be_asked(self) -> bool:
        return self.its.status in _ASKABLE and bool(self.fields) and not self.is_merged

    @property
    def may_have_answered(self) -> bool:
        """Tell whether a yes or no of theirs by telephone would still count."""
        return self.its.status in _ANSWERABLE

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
    """Return what was offered for a report and for those merged into it, with what may be told to whom and what came of
    each; what was offered for it itself comes last."""
    made = _of_family(session, facts.id)
    every = [one for _, one in made]
    wishes = wishes_by_offer(session, keyholder, [one.id for one in every])
    cases = {one: case if one == facts.id else case_of(session, one) for one, _ in made}
    open_links: dict[str, Link] = {}
    talk: dict[str, list[Said]] = {}
    for report_id in cases:
        open_links |= links.links_of(session, report_id)
        talk |= talks(session, keyholder, report_id)
    found = []
    for report_id, one in made:
        recipient, its = handoff.whom(one.organization_id), wishes.get(one.id)
        asked = its or replace(suggested(facts), need=one.need)
        best = None
        if _wants_another(one, every):
            known = [each.service_id for each in every]
            best = next_best(matches(session, asked, case, answers, at=at), known)
        judged = cases[report_id]
        found.append(
            Offered(
                one,
                report_id,
                is_merged=report_id != facts.id,
                decision=judged.may(recipient, (), at=at),
                fields=tuple(name for name in HANDOFF if judged.may(recipient, (name,), at=at)),
                suggested=suggested_fields(facts, one.need, its),
                link=open_links.get(one.id),
                talk=talk.get(one.id, ()),
                wishes=its,
                next=best,
                rests=_failed(one) and _awaits(one.need, every),
            )
        )
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


def offer_in_family(session: Session, report_id: str, offer_id: str) -> tuple[str, Offer]:
    """Return one offer of a report, or of one that was merged into it, and the report that it was made for.

    Raises:
        NotFound: none of them has such an offer.
    """
    found = (its for its in _of_family(session, report_id) if its[1].id == offer_id)
    its = next(found, None)
    if its is None:
        raise NotFound(ref=report_id)
    return its


def _of_family(session: Session, report_id: str) -> list[tuple[str, Offer]]:
    ids = sorted(family(session, report_id), key=lambda one: one == report_id)
    return [(one, offer) for one in ids for offer in handoff.offers(session, one)]


def _wants_another(offer: Offer, made: Sequence[Offer]) -> bool:
    """Tell whether it is the last offer for its need, and came to nothing, while no other of that need stands."""
    alike = [one for one in made if one.need == offer.need]
    failed = [one for one in alike if _failed(one)]
    return bool(failed) and failed[-1].id == offer.id and not any(one.stands for one in alike)


def _failed(offer: Offer) -> bool:
    return offer.status in _FAILED or offer.outcome in FREES


def _awaits(need: str, made: Sequence[Offer]) -> bool:
    return any(one.need == need and one.status == Status.ASKED for one in made)
