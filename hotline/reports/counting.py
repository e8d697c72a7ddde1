"""How many reports are open, by urgency: kept beside them, so that nobody counts a million rows."""

from sqlalchemy import insert, update

from hotline.reports.tables import counters
from hotline.store import Session


def moved(session: Session, desk: str, before: int | None, after: int | None) -> None:
    """Count an open report of *desk* that went from urgency rank *before* to *after*; None is not open."""
    if before == after:
        return
    for rank, step in ((before, -1), (after, 1)):
        if rank is not None:
            _step(session, desk, rank, step)


def _step(session: Session, desk: str, rank: int, step: int) -> None:
    row = (counters.c.desk == desk) & (counters.c.urgency == rank)
    changed = session.execute(update(counters).where(row).values(open=counters.c.open + step))
    if changed.rowcount == 0:
        session.execute(insert(counters).values(desk=desk, urgency=rank, open=max(step, 0)))
