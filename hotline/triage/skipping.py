"""Leave a report to others for today, without a reason: nobody else sees it, and no log tells of it.

For whoever skipped it the report stands at the end of the queue until the day is over.
"""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from hotline.domain.report import day
from hotline.store import Session
from hotline.triage.access import require_seen
from hotline.triage.tables import skips

MOST = 200
"""So many reports one person may have skipped at a time; of more the first ones come back."""


def skip(session: Session, report_id: str, *, desk: str, by: str, at: datetime) -> None:
    """Let a report of *desk* stand at the end of *by*'s queue for today; what they skipped on other days is forgotten.

    Raises:
        NotFound: there is no such report for *by*.
    """
    require_seen(session, report_id, desk=desk, staff_id=by)
    mine = skips.c.staff_id == by
    session.execute(delete(skips).where(mine, skips.c.day != day(at)))
    dialect = postgresql if session.dialect.name == "postgresql" else sqlite
    row = {"staff_id": by, "report_id": report_id, "day": day(at)}
    session.execute(dialect.insert(skips).values(row).on_conflict_do_nothing())


def unskip(session: Session, report_id: str, *, desk: str, by: str, at: datetime) -> None:
    """Put a report back into its place in *by*'s queue; one that they did not skip stands there already.

    Raises:
        NotFound: there is no such report for *by*.
    """
    del at
    require_seen(session, report_id, desk=desk, staff_id=by)
    session.execute(delete(skips).where(skips.c.staff_id == by, skips.c.report_id == report_id))


def skipped_today(session: Session, staff_id: str, *, at: datetime) -> tuple[str, ...]:
    """Return the ids of what *staff_id* skipped on the day of *at*."""
    rows = skips.c
    mine = select(rows.report_id).where(rows.staff_id == staff_id, rows.day == day(at))
    return tuple(session.execute(mine.order_by(rows.report_id).limit(MOST)).scalars())


def forget(session: Session, report_id: str) -> None:
    """Delete who skipped a report."""
    session.execute(delete(skips).where(skips.c.report_id == report_id))
