"""What the law asks: a hold, which keeps a report from ending, with a reason and a last day."""

from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, insert, select, update

from hotline import audit
from hotline.domain.report import day
from hotline.errors import Malformed, NotFound
from hotline.reports.tables import reports
from hotline.retention.tables import holds, legal_processes
from hotline.store import Session, new_id

__all__ = ["LONGEST", "HoldTooLong", "hold", "holds", "is_held", "legal_processes", "lift"]

LONGEST = timedelta(days=731)
"""A hold is placed again after two years, or it ends: what is held for ever was never decided on."""

_IS_HELD = (
    select(holds.c.id)
    .where(
        holds.c.report_id == bindparam("report"),
        holds.c.ended_day == "",
        holds.c.until_day >= bindparam("today"),
    )
    .limit(1)
)


class HoldTooLong(Malformed):
    default_message = "a hold ends on a later day than today, and within two years"


def is_held(session: Session, report_id: str, *, at: datetime) -> bool:
    """Tell whether a report must not end on the day of *at*."""
    found = session.execute(_IS_HELD, {"report": report_id, "today": day(at)})
    return found.first() is not None


def hold(
    session: Session,
    report_id: str,
    *,
    desk: str,
    by: str,
    until: date,
    at: datetime,
    sealed: bytes = b"",
    hold_id: str = "",
) -> str:
    """Keep a report of *desk* from retention and erasure up to and including *until*; return the hold's id.

    Raises:
        HoldTooLong: *until* is not after today, or more than two years away.
        NotFound: *desk* has no such report.
    """
    if not at.date() < until <= at.date() + LONGEST:
        raise HoldTooLong(ref=report_id)
    _require(session, report_id, desk)
    hold_id = hold_id or new_id()
    session.execute(
        insert(holds),
        {
            "id": hold_id,
            "report_id": report_id,
            "desk": desk,
            "placed_by": by,
            "placed_day": day(at),
            "until_day": until.isoformat(),
            "ended_day": "",
            "sealed": sealed,
        },
    )
    what = f"until {until.isoformat()}"
    audit.record(session, at=at, who=by, did="hold", report_id=report_id, what=what)
    return hold_id


def lift(
    session: Session, report_id: str, hold_id: str, *, desk: str, by: str, at: datetime
) -> None:
    """End a hold before its time.

    Raises:
        NotFound: *desk* has no such hold on this report, or it ended.
    """
    ended = session.execute(
        update(holds)
        .where(
            holds.c.id == hold_id,
            holds.c.report_id == report_id,
            holds.c.desk == desk,
            holds.c.ended_day == "",
        )
        .values(ended_day=day(at))
    )
    if ended.rowcount == 0:
        raise NotFound(ref=report_id)
    audit.record(session, at=at, who=by, did="lift hold", report_id=report_id)


def _require(session: Session, report_id: str, desk: str) -> None:
    query = select(reports.c.id).where(reports.c.id == report_id, reports.c.desk == desk)
    if session.execute(query).first() is None:
        raise NotFound(ref=report_id)
