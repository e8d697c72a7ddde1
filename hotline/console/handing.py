"""What was offered to a person: what of them each organization may be told now, and what it was told when."""

from dataclasses import dataclass
from datetime import datetime

from hotline import handoff, triage
from hotline.consent import HANDOFF, Case, Decision
from hotline.errors import NotFound
from hotline.handoff import Offer
from hotline.store import Session
from hotline.triage.reviews import require_reviewed

ACCOUNT = "account"
"""The one fact of a handoff that is made of the account."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One offer, what consent decides for its organization, and the facts that it may be told now."""

    its: Offer
    decision: Decision
    fields: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return self.its.status in ("offered", "handed_over")


def offered(session: Session, report_id: str, case: Case, *, at: datetime) -> list[Offered]:
    """Return what was offered for a report, in order, with what may be told to whom."""
    return [_offered(one, case, at) for one in handoff.offers(session, report_id)]


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
    if offer_id not in [one.id for one in handoff.offers(session, report_id)]:
        raise NotFound(ref=report_id)
    if ACCOUNT in fields:
        require_reviewed(session, report_id)
    handoff.hand_over(session, offer_id, fields, by=by, at=at)


def _offered(offer: Offer, case: Case, at: datetime) -> Offered:
    recipient = handoff.whom(offer.organization_id)
    may = tuple(name for name in HANDOFF if case.may(recipient, (name,), at=at))
    return Offered(offer, case.may(recipient, (), at=at), may)
