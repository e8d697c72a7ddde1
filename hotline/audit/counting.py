"""How often each of some people did something, to how many reports: counted in the log, by an index."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select, union_all

from hotline.audit.tables import audit_log, audit_waiting
from hotline.domain.report import hour
from hotline.store import Ids, Session, unless


def count_each(
    session: Session,
    who: Collection[str],
    *,
    did: Collection[str],
    since: datetime,
    hidden: Ids | None = None,
) -> dict[str, int]:
    """Return how often each of *who* did one of *did* since then; who did not is left out.

    Lines about reports tell the hour only, so the hour of *since* counts whole. What was done to reports that are
    *hidden* is not counted.
    """
    acts = union_all(
        *(
            select(table.c.who).where(
                table.c.who.in_(who),
                table.c.did.in_(did),
                table.c.at >= hour(since),
                unless(table.c.report_id, hidden),
            )
            for table in (audit_waiting, audit_log)
        )
    ).subquery()
    counted = session.execute(select(acts.c.who, func.count()).group_by(acts.c.who))
    return {row[0]: row[1] for row in counted}


def count_kinds(session: Session, day: date) -> dict[tuple[str, str], int]:
    """Return how often each thing was done on a *day*, by what it was and for which purpose."""
    since = datetime(day.year, day.month, day.day, tzinfo=UTC)
    acts = union_all(
        *(
            select(table.c.did, table.c.purpose).where(
                table.c.at >= since, table.c.at < since + timedelta(days=1)
            )
            for table in (audit_waiting, audit_log)
        )
    ).subquery()
    kinds = (acts.c.did, acts.c.purpose)
    counted = session.execute(select(*kinds, func.count()).group_by(*kinds))
    return {(row[0], row[1]): row[2] for row in counted}
