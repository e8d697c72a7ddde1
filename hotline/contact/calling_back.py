"""Somebody was called back: what came of it, and whether they are called once more.

The provider's news and what the dialogue found out come in any order; the first counts, but for a call that only
"completed": of that the dialogue knows better.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select, update

from hotline import audit
from hotline.contact.back_orders import Back, BackOrder, end, opened
from hotline.contact.knocking import put_off
from hotline.contact.tables import call_backs
from hotline.domain.report import minute
from hotline.jobs import Job, jobs, later
from hotline.reports.joined import doubt
from hotline.reports.tables import reports
from hotline.store import Session
from hotline.vault.relay import RelayKey

MOST_CALLS = 3
QUIET = timedelta(hours=12)
"""For so long nobody calls or writes after they said that it is not a good time."""

# No talk lasts longer, and no news of it comes later.
_SILENT = timedelta(hours=4)
_MANY = 500
_NOBODY = frozenset({"busy", "no-answer", "failed", "canceled"})

Alarm = Callable[[Session, str, str, datetime], object]
"""Puts something before the supervisors: its kind, the report, when."""


class Came(StrEnum):
    """What the dialogue found out about who picked up."""

    TALKED = "talked"
    LATER = "later"
    WRONG_WORD = "wrong_word"
    MACHINE = "machine"
    MISSED = "missed"


def order_of(session: Session, relay: RelayKey, ref: str, *, at: datetime) -> BackOrder | None:
    """Return whom a call that rings now is for; None where it is over, too late, or does not open."""
    its = call_backs.c
    is_on = (its.state == Back.CALLING) & (its.expires_at > at)
    sealed = session.execute(select(its.sealed).where(its.id == ref, is_on)).scalar_one_or_none()
    return opened(relay, sealed)


def note_fate(session: Session, relay: RelayKey, ref: str, *, status: str, at: datetime) -> None:
    """Remember the provider's word *status* about a call, unless the dialogue knows better."""
    row = row_of(session, ref)
    if row is None or row.state != Back.CALLING:
        return
    if status in _NOBODY:
        _again(session, relay, row, Back.NOBODY, at)
    elif status == "completed":
        end(session, ref, Back.HUNG_UP)


def came(
    session: Session,
    relay: RelayKey,
    ref: str,
    what: Came,
    *,
    at: datetime,
    alarm: Alarm = lambda _session, _kind, _report_id, _at: None,
) -> None:
    """Remember what the dialogue found out about who picked up; the first that it says counts.

    A machine and "later" lead to another call in later hours. A wrong word is taken for somebody else, and the
    supervisors hear of it.
    """
    row = row_of(session, ref)
    if row is None or row.state != Back.CALLING:
        return
    if what is Came.MACHINE:
        _again(session, relay, row, Back.MACHINE, at)
    elif what is Came.LATER:
        put_off(session, row.report_id, until=at + QUIET, closes=None, at=at)
        _again(session, relay, row, Back.LATER, at, not_before=at + QUIET)
    elif what is Came.WRONG_WORD:
        doubt(session, row.report_id)
        alarm(session, "someone_else", row.report_id, at)
        end(session, ref, Back.SOMEONE_ELSE)
    else:
        state = Back.TALKED if what is Came.TALKED else Back.MISSED
        if end(session, ref, state) and what is Came.TALKED:
            _write_down(session, row, at)


def sweep(session: Session, *, at: datetime) -> None:
    """Ask again for calls that no job stands for any more, and forget those that are over."""
    its = call_backs.c
    silent = select(its.id).where(its.state == Back.CALLING, its.tried_at <= at - _SILENT)
    for ref in session.execute(silent).scalars().all():
        end(session, ref, Back.UNSURE)
    asked = select(jobs.c.ref).where(jobs.c.name == "call_back")
    waits = its.open_for.is_not(None) & its.receipt.is_(None)
    lost = select(its.id).where(waits, its.id.not_in(asked)).limit(_MANY)
    for ref in session.execute(lost).scalars().all():
        later(session, Job("call_back", ref, at))
    is_late = its.open_for.is_not(None) & (its.expires_at <= at)
    for ref in session.execute(select(its.id).where(is_late).limit(_MANY)).scalars().all():
        later(session, Job("end_call_back", ref, at))
    session.execute(delete(call_backs).where(its.open_for.is_(None), its.expires_at <= at))


def forget(session: Session, report_id: str) -> None:
    """Delete every call to a report's reporter."""
    session.execute(delete(call_backs).where(call_backs.c.report_id == report_id))


def row_of(session: Session, ref: str) -> Any:
    """Return what is kept of a call that somebody waits for; None where there is nothing to do any more."""
    its = (call_backs.c.id == ref) & call_backs.c.open_for.is_not(None)
    return session.execute(select(call_backs).where(its)).one_or_none()


def _again(
    session: Session,
    relay: RelayKey,
    row: Any,
    state: Back,
    at: datetime,
    *,
    not_before: datetime | None = None,
) -> None:
    """Have them called in their next hours, unless it rang often enough; say what came of it this time."""
    order = opened(relay, row.sealed)
    if order is None or row.rung >= MOST_CALLS:
        end(session, row.id, state)
        return
    opens = order.next_opening(at)
    opens = order.opens(max(opens, not_before)) if not_before else opens
    if opens >= row.expires_at:
        end(session, row.id, state)
        return
    its = update(call_backs).where(call_backs.c.id == row.id)
    session.execute(its.values(state=state, tried_at=None, receipt=None, not_before=minute(opens)))
    later(session, Job("call_back", row.id, opens))


def _write_down(session: Session, row: Any, at: datetime) -> None:
    desk = session.execute(
        select(reports.c.desk).where(reports.c.id == row.report_id)
    ).scalar_one_or_none()
    audit.record(
        session,
        at=at,
        who=row.by,
        did="call_back_talked",
        desk=desk or "",
        report_id=row.report_id,
    )
