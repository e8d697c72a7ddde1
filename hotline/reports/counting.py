"""How many reports are open, by urgency: kept beside them, so that nobody counts a million rows."""

from sqlalchemy import bindparam, insert, update

from hotline.reports.tables import counters
from hotline.store import Session

_STEP = (
    update(counters)
    .where(counters.c.desk == bindparam("its_desk"), counters.c.urgency == bindparam("its_urgency"))
    .values(open=counters.c.open + bindparam("step"))
)
_FIRST = insert(counters)


def moved(session: Session, desk: str, before: int | None, after: int | None) -> None:
    """Count an open report of *desk* that went from urgency rank *before* to *after*; None is not open."""
    if before == after:
        return
    for rank, step in ((before, -1), (after, 1)):
        if rank is not None:
            _step(session, desk, rank, step)


def _step(session: Session, desk: str, rank: int, step: int) -> None:
    its = {"its_desk": desk, "its_urgency": rank, "step": step}
    if session.execute(_STEP, its).rowcount == 0:
        session.execute(_FIRST, {"desk": desk, "urgency": rank, "open": max(step, 0)})
