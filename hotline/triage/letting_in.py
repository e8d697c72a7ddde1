"""Let what stands in quarantine into the queue: one report, or those of a group."""

from collections import Counter
from datetime import datetime

from sqlalchemy import ColumnElement, literal_column, select, update

from hotline import audit
from hotline.domain.report import Status
from hotline.reports import reports
from hotline.reports.counting import moved, stepped_aside
from hotline.retention.asking import REPORTER
from hotline.store import Session

IS_ASIDE: ColumnElement[bool] = reports.c.status.concat(literal_column("''")) == literal_column(
    f"'{Status.QUARANTINED}'"
)
"""Which reports stand in quarantine, said as the index is that holds them alone."""


def release(
    session: Session, report_id: str, *, at: datetime, by: str = REPORTER, desk: str | None = None
) -> bool:
    """Let a report into the queue, where it waits since it came; tell whether it stood in quarantine.

    *desk* is that of whoever asks, if it is staff. Of a restricted one nobody hears that it came.
    """
    rows = reports.c
    its = select(rows.desk, rows.alike, rows.language, rows.urgency, rows.restricted)
    row = session.execute(its.where(rows.id == report_id, IS_ASIDE).with_for_update()).one_or_none()
    if row is None or desk not in (None, row.desk):
        return False
    found = [(report_id, row.urgency, row.language)]
    let_in(session, row.desk, row.alike, found, by=by, at=at, is_told=not row.restricted)
    return True


def let_in(
    session: Session,
    desk: str,
    alike: str | None,
    found: list[tuple[str, int, str]],
    *,
    by: str,
    at: datetime,
    is_told: bool = True,
) -> None:
    """Let reports of one group that are locked into the queue; each is its id, urgency and language."""
    ids = [report_id for report_id, _, _ in found]
    # Who told alike is nobody's business afterwards.
    left = {"status": Status.OPEN, "alike": None}
    session.execute(update(reports).where(reports.c.id.in_(ids)).values(left))
    counted_out(session, desk, alike, found)
    for rank, count in sorted(Counter(rank for _, rank, _ in found).items()):
        moved(session, desk, None, rank, count=count, is_told=is_told)
    lines = dict.fromkeys(ids, "")
    audit.record_each(session, at=at, who=by, did="quarantine_left", desk=desk, what=lines)


def counted_out(
    session: Session, desk: str, alike: str | None, found: list[tuple[str, int, str]]
) -> None:
    """Count reports of one group out of the quarantine; in one order, so that two who do it never wait for each other."""
    for (rank, language), count in sorted(Counter((its[1], its[2]) for its in found).items()):
        stepped_aside(session, desk, alike=alike, language=language, urgency=rank, step=-count)
