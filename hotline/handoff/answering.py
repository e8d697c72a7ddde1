"""What a provider answers about one person, and what staff were told of it by telephone."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Row, insert, select, update

from hotline import audit, consent
from hotline.consent import ConsentRefused, Why
from hotline.domain.report import day
from hotline.domain.staff import Right
from hotline.errors import Conflict, Malformed, NotFound
from hotline.handoff.clocks import (
    bucket,
    due_outcomes,
    expire,
    month_of,
    reminder_at,
    responsiveness,
    untold,
)
from hotline.handoff.closing import NO_LONGER_AWAITED, close, drop_prepared
from hotline.handoff.events import (
    EVENTS,
    FREES,
    OUTCOMES,
    PROVIDER,
    REASONS,
    Event,
    Happened,
    Outcome,
    Reason,
    Status,
)
from hotline.handoff.links import offer_of, who_took_in
from hotline.handoff.opening import locked, opens
from hotline.handoff.packet import whom
from hotline.handoff.room import remember_no
from hotline.handoff.tables import handoff_answers, handoffs
from hotline.handoff.talking import answer_provider, ask_desk, say, talk
from hotline.reports.belonging import desk_of
from hotline.reports.joined import family, lock_family
from hotline.store import Session, new_id
from hotline.vault.opening import Keyholder

__all__ = [
    "EVENTS",
    "OUTCOMES",
    "REASONS",
    "Event",
    "Happened",
    "Outcome",
    "Reason",
    "accept",
    "answer_by_staff",
    "answer_provider",
    "ask_desk",
    "decline",
    "due_outcomes",
    "expire",
    "outcome_by_staff",
    "report_outcome",
    "responsiveness",
    "say",
    "talk",
    "untold",
]

YES, NO = "yes", "no"
_ANSWERS = (YES, NO)
_AWAITED = (Status.OFFERED, Status.HANDED_OVER, Status.ASKED, Status.UNANSWERED)
"""An answer may come by telephone also where no link was sent, or it came too late for its link."""

_AGAIN = timedelta(days=3)


def accept(session: Session, link_id: str, *, at: datetime, zone: tzinfo = UTC) -> Happened:
    """Let the provider take the person in: event ACCEPTED, or NOT_NEEDED where another was faster.

    Whoever else was asked for that need is asked no more. *zone* is the desk's, in whose next morning staff are to ask
    what came of it.

    Raises:
        NotFound: the link is closed.
        Conflict: it was answered before.
    """
    offer = _asked(session, link_id, at)
    if offer.status == Status.NOT_NEEDED:
        return _happened(session, offer, Event.NOT_NEEDED)
    what = _accept(session, offer, at=at, zone=zone)
    if what.event == Event.ACCEPTED:
        _audit(session, offer, "provider_accepted", at)
    return what


def decline(session: Session, link_id: str, reason: str, at: datetime) -> Happened:
    """Let the provider say no; the link is closed. An unknown *reason* is OTHER.

    Raises:
        NotFound: the link is closed.
        Conflict: it was answered before.
    """
    offer = _asked(session, link_id, at)
    if offer.status == Status.NOT_NEEDED:
        return _happened(session, offer, Event.NOT_NEEDED)
    what = _decline(session, offer, reason, at)
    _audit(session, offer, "provider_declined", at)
    return what


def answer_by_staff(
    session: Session,
    keyholder: Keyholder,
    handoff_id: str,
    answer: str,
    reason: str,
    at: datetime,
    zone: tzinfo = UTC,
) -> Happened:
    """Keep the *answer*, yes or no, that a provider said by telephone: as `accept` or `decline`, without their link.

    Raises:
        Refused: *keyholder* may not refer.
        NotFound: their desk has no such offer.
        Malformed: it is neither yes nor no, or a no without a reason of `REASONS`.
        ConsentRefused: the person does not want that organization to know of them.
        Conflict: it was answered before, or is withdrawn.
    """
    keyholder.require(Right.REFER)
    if answer not in _ANSWERS or (answer == NO and reason not in REASONS):
        raise Malformed(ref=handoff_id)
    report_id = offer_of(session, keyholder, handoff_id).report_id
    case = consent.case_of(session, report_id, lock=True)
    offer = offer_of(session, keyholder, handoff_id)
    if offer.status not in _AWAITED:
        raise Conflict(ref=handoff_id)
    if answer == YES and case.excludes(whom(offer.organization_id)):
        raise ConsentRefused(Why.EXCLUDED)
    is_yes = answer == YES
    what = (
        _accept(session, offer, at=at, zone=zone)
        if is_yes
        else _decline(session, offer, reason, at)
    )
    did = "provider_said_yes" if is_yes else "provider_said_no"
    _audit(session, offer, did, at, by=keyholder.staff_id)
    return what


def report_outcome(
    session: Session, link_id: str, outcome: str, *, at: datetime, zone: tzinfo = UTC
) -> Happened:
    """Keep what came of what was accepted. NO_SPACE and LEFT close the link and free the need.

    Raises:
        NotFound: the link is closed.
        Malformed: it is no outcome.
        Conflict: it was never accepted, or that is known already.
    """
    offer = _open(session, link_id, at)
    return _keep_outcome(session, offer, outcome, by=PROVIDER, at=at, zone=zone)


def outcome_by_staff(
    session: Session,
    keyholder: Keyholder,
    handoff_id: str,
    outcome: str,
    *,
    at: datetime,
    zone: tzinfo = UTC,
) -> Happened:
    """Keep what staff were told by telephone; as `report_outcome`, also where the link is closed.

    Raises:
        Refused: *keyholder* may not refer.
        NotFound: their desk has no such offer.
        Malformed, Conflict: as `report_outcome`.
    """
    keyholder.require(Right.REFER)
    lock_family(session, offer_of(session, keyholder, handoff_id).report_id)
    offer = offer_of(session, keyholder, handoff_id)
    return _keep_outcome(session, offer, outcome, by=keyholder.staff_id, at=at, zone=zone)


def _accept(session: Session, offer: Row[Any], *, at: datetime, zone: tzinfo) -> Happened:
    answered = {**NO_LONGER_AWAITED, "answered_day": day(at)}
    _count_answer(session, offer, at)
    if who_took_in(session, offer.report_id, offer.need):
        _need_no_more(session, [offer.id], answered)
        return _happened(session, offer, Event.NOT_NEEDED)
    values = {"status": Status.ACCEPTED, "ask_again_at": reminder_at(at, zone), **answered}
    _change(session, offer, values)
    _need_no_more(session, _others(session, offer), NO_LONGER_AWAITED)
    return _happened(session, offer, Event.ACCEPTED)


def _decline(session: Session, offer: Row[Any], reason: str, at: datetime) -> Happened:
    its = Reason(reason) if reason in REASONS else Reason.OTHER
    answered = {**NO_LONGER_AWAITED, "answered_day": day(at)}
    _count_answer(session, offer, at)
    if its == Reason.FULL:
        remember_no(session, offer.service_id, at)
    _change(session, offer, {"status": Status.DECLINED, "declined_for": its, **answered})
    close(session, handoff_ids=[offer.id], thanks=True)
    drop_prepared(session, [offer.id])
    return _happened(session, offer, Event.DECLINED)


def _keep_outcome(
    session: Session, offer: Row[Any], outcome: str, *, by: str, at: datetime, zone: tzinfo
) -> Happened:
    if outcome not in OUTCOMES:
        raise Malformed(ref=offer.id)
    new, old = Outcome(outcome), offer.outcome
    is_news = new == Outcome.LEFT if old == Outcome.ARRIVED else new != old
    if offer.status != Status.ACCEPTED or old in FREES or not is_news:
        raise Conflict(ref=offer.id)
    waits = new == Outcome.WAITING
    values = {
        "outcome": new,
        "outcome_day": day(at),
        "ask_again_at": reminder_at(at + _AGAIN, zone) if waits else None,
    }
    _change(session, offer, values)
    if new == Outcome.NO_SPACE:
        remember_no(session, offer.service_id, at)
    if new in FREES:
        close(session, handoff_ids=[offer.id], thanks=True)
    _audit(session, offer, f"provider_{new}", at, by=by)
    return _happened(session, offer, Event(new))


def _open(session: Session, link_id: str, at: datetime) -> Row[Any]:
    """Return the offer of an open link, once nobody else changes either.

    Raises:
        NotFound: the link is closed, or nobody opened it.
    """
    link, case = locked(session, link_id)
    if link is None or link.seat is None or not opens(session, link, at, case=case):
        raise NotFound(ref=link_id)
    return _offer(session, link)


def _asked(session: Session, link_id: str, at: datetime) -> Row[Any]:
    """Return an offer of which an answer is awaited, or that is not needed any more.

    Raises:
        NotFound: the link is closed.
        Conflict: it was answered before.
    """
    link, _case = locked(session, link_id)
    if link is not None and link.seat is not None and link.expires_at > at:
        offer = _offer(session, link)
        if offer.status == Status.NOT_NEEDED:
            return offer
    offer = _open(session, link_id, at)
    if offer.status != Status.ASKED:
        raise Conflict(ref=offer.id)
    return offer


def _offer(session: Session, link: Row[Any]) -> Row[Any]:
    return session.execute(select(handoffs).where(handoffs.c.id == link.handoff_id)).one()


def _change(session: Session, offer: Row[Any], values: dict[str, Any]) -> None:
    its = (handoffs.c.id == offer.id, handoffs.c.status == offer.status)
    if session.execute(update(handoffs).where(*its).values(values)).rowcount == 0:
        raise Conflict(ref=offer.id)


def _others(session: Session, offer: Row[Any]) -> list[str]:
    """Return the ids of the other offers for the same need of the same person of which an answer is awaited."""
    rows = handoffs.c
    its = (
        rows.report_id.in_(family(session, offer.report_id)),
        rows.need == offer.need,
        rows.status == Status.ASKED,
        rows.id != offer.id,
    )
    return list(session.scalars(select(rows.id).where(*its)))


def _need_no_more(session: Session, offer_ids: list[str], values: Mapping[str, Any]) -> None:
    its = update(handoffs).where(handoffs.c.id.in_(offer_ids))
    session.execute(its.values(status=Status.NOT_NEEDED, **values))
    close(session, handoff_ids=offer_ids, thanks=True)
    drop_prepared(session, offer_ids)


def _count_answer(session: Session, offer: Row[Any], at: datetime) -> None:
    """Remember how long the service took, where it was asked by a link; not for whom."""
    if offer.asked_at is None:
        return
    minutes = bucket(int((at - offer.asked_at).total_seconds() // 60))
    row = {"id": new_id(), "service_id": offer.service_id, "month": month_of(at)}
    row |= {"minutes": minutes}
    session.execute(insert(handoff_answers).values(row))


def _happened(session: Session, offer: Row[Any], event: Event) -> Happened:
    return Happened(
        report_id=offer.report_id,
        desk=desk_of(session, offer.report_id),
        handoff_id=offer.id,
        event=event,
        prepared_id=offer.prepared_id if event == Event.ACCEPTED else "",
        service_id=offer.service_id,
        need=offer.need,
    )


def _audit(
    session: Session,
    offer: Row[Any],
    did: str,
    at: datetime,
    *,
    by: str = PROVIDER,
) -> None:
    its = {"desk": desk_of(session, offer.report_id), "report_id": offer.report_id}
    audit.record(session, at=at, who=by, did=did, what=offer.id, **its)
