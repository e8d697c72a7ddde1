"""Read lines, newest first: those that still wait for their number, then the numbered ones."""

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import Select, Table, func, select, union_all

from hotline.audit.entry import Line, lines_in
from hotline.audit.tables import audit_log, audit_waiting
from hotline.domain.report import hour
from hotline.store import Ids, Session, unless

_SLICE = 5000


def page(
    session: Session,
    *,
    desks: Collection[str] | None = None,
    before: int | None = None,
    limit: int = 50,
    kinds: Collection[str] = (),
    hidden: Ids | None = None,
) -> list[Line]:
    """Return up to *limit* lines, newest first; *before* is the `cursor` of the last line already seen.

    With *desks*, only lines of these (an empty text stands for the house's); with *kinds*, only of what did
    one of these. Each is a range of its own in an index, so what is rare is found without reading the rest. What is
    about a report of those that are *hidden* from whoever reads is left out.
    """
    found: list[Line] = []
    if before is None or before < 0:
        found = _some(
            session, audit_waiting, desks, kinds, None if before is None else -before, limit, hidden
        )
    if len(found) < limit:
        place = before if before and before > 0 else None
        found += _some(session, audit_log, desks, kinds, place, limit - len(found), hidden)
    return found


def of_report(session: Session, report_id: str, *, limit: int = 50) -> list[Line]:
    """Return what was done with a report, newest first."""
    found: list[Line] = []
    for table, order in ((audit_waiting, audit_waiting.c.arrival), (audit_log, audit_log.c.n)):
        query = lines_in(table).where(table.c.report_id == report_id).order_by(order.desc())
        found += [Line(*row) for row in session.execute(query.limit(limit - len(found)))]
    return found


def count_recent(
    session: Session, *, who: str, did: str, since: datetime, report_id: str = ""
) -> tuple[int, int]:
    """Return how often *who* did this since then, and to how many reports; with *report_id*, to that one.

    Lines about reports tell the hour only, so the hour of *since* counts whole.
    """
    whole = hour(since)
    each = [_recent(table, who, did, whole) for table in (audit_waiting, audit_log)]
    if report_id:
        each = [one.where(one.selected_columns.report_id == report_id) for one in each]
    both = union_all(*each)
    acts = both.subquery().c.report_id
    reports = func.count(func.distinct(func.nullif(acts, "")))
    row = session.execute(select(func.count(acts), reports)).one()
    return row[0], row[1]


def lines_from(session: Session, n: int) -> Iterator[Line]:
    """Yield the numbered lines from *n*, oldest first, read a slice at a time."""
    query_all = lines_in(audit_log).order_by(audit_log.c.n)
    while True:
        query = query_all.where(audit_log.c.n >= n).limit(_SLICE)
        rows = session.execute(query).all()
        for row in rows:
            yield Line(*row)
        if len(rows) < _SLICE:
            return
        n = rows[-1][0] + 1


def _some(
    session: Session,
    table: Table,
    desks: Collection[str] | None,
    kinds: Collection[str],
    before: int | None,
    limit: int,
    hidden: Ids | None,
) -> list[Line]:
    place = table.c.n if table is audit_log else table.c.arrival
    query = lines_in(table).order_by(place.desc()).limit(limit)
    if hidden is not None:
        query = query.where(unless(table.c.report_id, hidden))
    if before is not None:
        query = query.where(place < before)
    found = [
        Line(*row) for each in _ranges(query, table, desks, kinds) for row in session.execute(each)
    ]
    return sorted(found, key=lambda line: -abs(line.cursor))[:limit]


def _ranges(
    query: Select[Any], table: Table, desks: Collection[str] | None, kinds: Collection[str]
) -> list[Select[Any]]:
    of_desks = [query] if desks is None else [query.where(table.c.desk == d) for d in sorted(desks)]
    if not kinds:
        return of_desks
    return [each.where(table.c.did == kind) for each, kind in product(of_desks, sorted(kinds))]


def _recent(table: Table, who: str, did: str, since: datetime) -> Select[tuple[str]]:
    return select(table.c.report_id).where(
        table.c.who == who, table.c.did == did, table.c.at >= since
    )
