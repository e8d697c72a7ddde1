"""What the clock makes of a link that nobody answers, and how fast each service answers."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, func, select, update

from hotline import audit
from hotline.contact import State
from hotline.domain.report import day
from hotline.handoff.closing import NO_LONGER_AWAITED, close, drop_prepared
from hotline.handoff.events import Event, Happened, Outcome, Status
from hotline.handoff.linked import TRIES, TRY, Kind
from hotline.handoff.room import forget_noes
from hotline.handoff.tables import handoff_answers, handoff_links, handoffs
from hotline.reports.belonging import desk_of
from hotline.reports.tables import messages, reports
from hotline.store import Session

MORNING = time(10)
_SLEEP = timedelta(hours=4)
_AGAIN = timedelta(days=3)
_REMINDERS = 2
_LOST = (State.EXPIRED, State.FAILED, State.CLOSED, State.UNSURE)

REMEMBERED = timedelta(days=180)
BUCKETS = (5, 15, 30, 60, 120, 240, 480, 1440, 4320)
"""Minutes within which somebody answered: with the month alone beside them they tell of whom it was about to nobody."""

ENOUGH = 3
"""So many answers of a service say how fast it answers."""


def expire(session: Session, at: datetime, *, limit: int = 100) -> list[Happened]:
    """Close what was not answered in time, whose day is past, or whose PIN was guessed at too often.

    For the worker, every minute.
    """
    rows, links = handoffs.c, handoff_links.c
    late = (rows.status == Status.ASKED) & (rows.answer_by <= at)
    guessed = (
        select(links.handoff_id)
        .where(links.kind == Kind.PACKET, links.wrong >= TRIES, links.seat.is_(None))
        .order_by(links.id)
        .limit(limit)
    )
    unanswered = _locked(session, late, limit)
    _leave_unanswered(session, unanswered, at)
    locked_out = _locked(session, rows.id.in_(guessed), limit)
    close(session, handoff_ids=[offer.id for offer in (*unanswered, *locked_out)], thanks=True)
    _forget_old(session, at, limit)
    _forget_tries(session, at)
    return [
        *(_happened(session, offer, Event.UNANSWERED) for offer in unanswered),
        *(
            _happened(session, offer, Event.PIN_CLOSED)
            for offer in locked_out
            if offer.status == Status.OFFERED
        ),
    ]


def due_outcomes(session: Session, at: datetime, *, limit: int = 100) -> list[Happened]:
    """Return each accepted offer of which staff should ask now, by telephone, what came of it: event ASK_ARRIVED.

    They are told so the next morning, and once more after three days.
    """
    rows = handoffs.c
    due = (rows.status == Status.ACCEPTED) & (rows.ask_again_at <= at)
    unknown = rows.outcome.in_(("", Outcome.WAITING))
    happened = []
    for offer in _locked(session, due & unknown, limit):
        count = offer.reminders + 1
        again = max(offer.ask_again_at, at - _AGAIN) + _AGAIN if count < _REMINDERS else None
        values = {"reminders": count, "ask_again_at": again}
        session.execute(update(handoffs).where(rows.id == offer.id).values(values))
        happened.append(_happened(session, offer, Event.ASK_ARRIVED))
    return happened


def bucket(minutes: int) -> int:
    """Return the first of `BUCKETS` that is not shorter, or the longest."""
    return next((one for one in BUCKETS if minutes <= one), BUCKETS[-1])


def month_of(at: datetime) -> str:
    return day(at)[:7]


def untold(session: Session, *, limit: int = 100) -> list[Happened]:
    """Return each accepted offer whose person was not told so by the answer that was to tell them: event UNTOLD, once."""
    rows, said = handoffs.c, messages.c
    its = (said.report_id == rows.report_id, said.seq == rows.answer_seq)
    waits = rows.answer_seq.is_not(None)
    is_told = exists().where(*its, (said.state == State.DELIVERED) | said.is_read)
    session.execute(update(handoffs).where(waits, is_told).values(answer_seq=None))
    lost = exists().where(*its, said.state.in_(_LOST))
    offers = _locked(session, waits & (rows.status == Status.ACCEPTED) & lost, limit)
    over = update(handoffs).where(rows.id.in_([offer.id for offer in offers]))
    session.execute(over.values(answer_seq=None))
    return [_happened(session, offer, Event.UNTOLD) for offer in offers]


def reminder_at(at: datetime, zone: tzinfo) -> datetime:
    """Return the next ten o'clock in *zone* that leaves a night before it."""
    local = at.astimezone(zone)
    morning = datetime.combine(local.date(), MORNING, zone)
    if morning - local < _SLEEP:
        morning = datetime.combine(local.date() + timedelta(days=1), MORNING, zone)
    return morning.astimezone(UTC)


def responsiveness(session: Session, at: datetime) -> dict[str, int]:
    """Return within how many minutes each service answered half the time, in the months of the last 180 days.

    It is one of `BUCKETS`; a service that answered less than three times is not among them.
    """
    rows = handoff_answers.c
    ranked = (
        select(
            rows.service_id,
            rows.minutes,
            func.row_number()
            .over(partition_by=rows.service_id, order_by=(rows.minutes, rows.id))
            .label("place"),
            func.count().over(partition_by=rows.service_id).label("many"),
        )
        .where(rows.month >= month_of(at - REMEMBERED))
        .subquery()
    )
    its = ranked.c
    # Of an even number the slower of the two in the middle: what is said is kept.
    middle = its.place == its.many // 2 + 1
    medians = select(its.service_id, its.minutes).where(its.many >= ENOUGH, middle)
    return {row.service_id: int(row.minutes) for row in session.execute(medians)}


def _leave_unanswered(session: Session, offers: Sequence[Row[Any]], at: datetime) -> None:
    ids = [offer.id for offer in offers]
    its = update(handoffs).where(handoffs.c.id.in_(ids))
    session.execute(its.values(status=Status.UNANSWERED, **NO_LONGER_AWAITED))
    drop_prepared(session, ids)
    for offer in offers:
        desk = desk_of(session, offer.report_id)
        its_line = {"desk": desk, "report_id": offer.report_id, "what": offer.id}
        audit.record(session, at=at, who="system", did="provider_unanswered", **its_line)


def _forget_tries(session: Session, at: datetime) -> None:
    """Count as none the tries that nobody finished, and forget the visits that are over."""
    rows = handoff_links.c
    unfinished = update(handoff_links).where(rows.tried_at <= at - TRY)
    session.execute(unfinished.values(tries=rows.wrong, tried_at=None))
    over = update(handoff_links).where(rows.visit_until <= at)
    session.execute(over.values(visitor=None, visit_until=None))


def _locked(session: Session, which: ColumnElement[bool], limit: int) -> Sequence[Row[Any]]:
    """Return the offers that *which* names, once nobody else changes them or their reports.

    Reports are locked first and in the order in which everybody locks them, so none waits for the other.
    """
    found = session.execute(
        select(handoffs.c.id, handoffs.c.report_id)
        .where(which)
        .order_by(handoffs.c.id)
        .limit(limit)
    ).all()
    its = reports.c.id.in_({row.report_id for row in found})
    session.execute(select(reports.c.id).where(its).order_by(reports.c.id).with_for_update()).all()
    # What was true of them may have ended until all were locked.
    ids = handoffs.c.id.in_([row.id for row in found])
    again = select(handoffs).where(ids, which).order_by(handoffs.c.id).with_for_update()
    return session.execute(again).all()


def _forget_old(session: Session, at: datetime, limit: int) -> None:
    """Delete links whose day is past, and what was long ago."""
    rows = handoff_links.c
    over = select(rows.id, rows.handoff_id).where(rows.expires_at <= at).limit(limit)
    gone = session.execute(over).all()
    close(session, handoff_ids=[row.handoff_id for row in gone if row.handoff_id])
    session.execute(delete(handoff_links).where(rows.id.in_([row.id for row in gone])))
    old = handoff_answers.c.month < month_of(at - REMEMBERED)
    session.execute(delete(handoff_answers).where(old))
    forget_noes(session, at)


def _happened(session: Session, offer: Row[Any], event: Event) -> Happened:
    return Happened(
        report_id=offer.report_id,
        desk=desk_of(session, offer.report_id),
        handoff_id=offer.id,
        event=event,
        service_id=offer.service_id,
        need=offer.need,
    )
