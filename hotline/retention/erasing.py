"""Erase a whole report: what it let out is taken back, every room forgets it, then it is searched for.

Three steps, each of which a crash may interrupt and the next sweep takes up: one transaction deletes every row and
notes that it did; the list of erased reports, which restored backups are held against, is written; then the report's
id is looked for in every table, and a line of the audit, which does not name it any more, certifies what was done.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import (
    Column,
    Row,
    String,
    Table,
    Text,
    delete,
    insert,
    or_,
    select,
    type_coerce,
    update,
)

from hotline import audit
from hotline.domain.report import day, reference
from hotline.errors import Conflict, HotlineError
from hotline.reports.belonging import lock
from hotline.retention.asking import BACKUPS, ERASED, SYSTEM
from hotline.retention.legal import is_held
from hotline.retention.rules import Kind
from hotline.retention.tables import endings, erasures
from hotline.store import Json, Session, Store, metadata
from hotline.vault.erasedlist import ErasedList

Forget = Callable[[Session, str], object]
"""Deletes what one room keeps about a report; it is no error when there is nothing (any more)."""

_MANY = 100
_LATEST = timedelta(days=1)  # No request takes longer.
_ID_LENGTH = 32
_AUDIT = ("audit", "audit_waiting")


class ErasureHeld(Conflict):
    default_message = "the law holds this report: it cannot be erased now"


class StillThere(HotlineError):
    """A room kept something of what was erased; *ref* names its table."""

    default_message = "an erased report is still named in a table"


class Withdraw(Protocol):
    """Takes back what was released of a report: consents, leads, handoffs."""

    def __call__(self, session: Session, report_id: str, *, by: str, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Certificate:
    """That a report was erased on *day*; the backups forget it on *backups_day*."""

    reference: str
    day: str
    backups_day: str


@dataclass(frozen=True, slots=True)
class Finished:
    """How many erasures were certified, and the tables that still name a report that is not, by its id."""

    done: int
    left: dict[str, set[str]]

    def complain(self) -> None:
        """Raise where something is left.

        Raises:
            StillThere: with the names of the tables.
        """
        _complain(self.left)


@dataclass(frozen=True)
class Eraser:
    """Everything that erasing needs: what each room forgets, in an order that leaves nothing behind."""

    store: Store
    withdraw: Withdraw
    forgets: tuple[Forget, ...]
    forget_audit: Forget
    listed: ErasedList

    def erase(self, report_id: str, *, by: str, at: datetime) -> Certificate:
        """Erase a report now and down to the log's bytes, and return what certifies it.

        Raises:
            ErasureHeld: the law keeps it.
            NotFound: there is no such report.
            StillThere: a table names it all the same.
        """
        self.store.write(lambda session: self.forget(session, report_id, by=by, at=at))
        _complain(
            {its: tables for its, tables in self.finish(at=at).left.items() if its == report_id}
        )
        self.store.truncate_log()
        return Certificate(reference(report_id), day(at), day(at + BACKUPS))

    def forget(
        self,
        session: Session,
        report_id: str,
        *,
        by: str,
        at: datetime,
        keeps_audit: bool = False,
    ) -> None:
        """Let every room forget a report, and note that `finish` is still to be called.

        With *keeps_audit* the lines about it stay until their own day.
        """
        desk = lock(session, report_id)
        if is_held(session, report_id, at=at):
            raise ErasureHeld(ref=report_id)
        self.withdraw(session, report_id, by=by, at=at)
        for forget in self.forgets:
            forget(session, report_id)
        if not keeps_audit:
            self.forget_audit(session, report_id)
            session.execute(delete(endings).where(endings.c.report_id == report_id))
        else:
            gone = (endings.c.report_id == report_id, endings.c.kind != Kind.AUDIT)
            session.execute(delete(endings).where(*gone))
        _note(session, report_id, desk, by=by, at=at)

    def finish(self, *, at: datetime) -> "Finished":
        """List, search for and certify what `forget` deleted; what a table still names stays to be finished."""
        done, after = 0, ""
        left: dict[str, set[str]] = {}
        while ready := self._ready(after):
            after = ready[-1].report_id
            self.listed.add([row.report_id for row in ready], at=at)
            left |= self._left(ready)
            clean = [row for row in ready if row.report_id not in left]
            self.store.write(lambda session: _certify(session, clean, at))  # noqa: B023 - as above.
            done += len(clean)
        return Finished(done, left)

    def _left(self, ready: Sequence[Row[str, str, str]]) -> dict[str, set[str]]:
        """Return the tables that still name one of these, by report; each is looked for alone only where one is."""
        ids = [row.report_id for row in ready]
        by_hand = {row.report_id for row in ready if row.by != SYSTEM}
        with self.store.read() as session:
            if not search(session, ids, inside=by_hand):
                return {}
            each = {its: search(session, [its], inside=by_hand & {its}) for its in ids}
        return {its: tables for its, tables in each.items() if tables}

    def forget_again(self, *, at: datetime) -> int:
        """Delete what was added, at the very moment of the erasure, about a report that is listed as erased."""
        ids = sorted(self.listed.ids(since=at - _LATEST))
        late: set[str] = set()
        for start in range(0, len(ids), _MANY):
            with self.store.read() as session:
                late |= named(session, ids[start : start + _MANY])
        for report_id in sorted(late):
            self.store.write(lambda session: self._forget_rows(session, report_id))  # noqa: B023 - as above.
        return len(late)

    def _forget_rows(self, session: Session, report_id: str) -> None:
        for forget in self.forgets:
            forget(session, report_id)
        audited = select(endings.c.kind).where(endings.c.report_id == report_id)
        if session.execute(audited).first() is None:
            self.forget_audit(session, report_id)

    def _ready(self, after: str) -> Sequence[Row[str, str, str]]:
        rows = erasures.c
        query = select(rows.report_id, rows.desk, rows.by).where(
            rows.state == ERASED, rows.report_id > after
        )
        with self.store.read() as session:
            return session.execute(query.order_by(rows.report_id).limit(_MANY)).all()


def named(session: Session, report_ids: Collection[str]) -> set[str]:
    """Return which of these reports a row anywhere is still about, by the columns that hold a report's id."""
    found: set[str] = set()
    for table, ids in _tables(session, report_ids):
        column = table.c.get("report_id")
        if column is not None:
            there = select(column).where(column.in_(ids)).distinct()
            found |= set(session.execute(there).scalars())
    return found


def search(
    session: Session, report_ids: Collection[str], *, inside: Collection[str] = ()
) -> set[str]:
    """Return the names of the tables that name one of these reports, in any column that can hold an id.

    Those of *inside* are also looked for inside longer texts, which reads every one of them. The tables come
    from what the house knows of itself, so that a new one cannot be forgotten. Left out is the note that the
    erasure is being finished, and what is audited where that ends on a later day.
    """
    found = set()
    for table, ids in _tables(session, report_ids):
        for column in table.columns:
            if _is_there(session, column, ids, [its for its in inside if its in ids]):
                found.add(table.name)
    return found


def _tables(session: Session, report_ids: Collection[str]) -> Iterator[tuple[Table, set[str]]]:
    """Yield each table with the reports that it must not name: in the log, not those whose lines end later."""
    rows = endings.c
    later = select(rows.report_id).where(rows.report_id.in_(report_ids)).distinct()
    everywhere = set(report_ids)
    unaudited = everywhere - set(session.execute(later).scalars())
    for table in metadata.sorted_tables:
        ids = unaudited if table.name in (endings.name, *_AUDIT) else everywhere
        if ids and table.name != erasures.name:
            yield table, ids


def _complain(left: dict[str, set[str]]) -> None:
    if left:
        raise StillThere(ref=" ".join(sorted(set().union(*left.values()))))


def _is_there(
    session: Session,
    column: Column[Any],
    report_ids: Collection[str],
    inside: Collection[str],
) -> bool:
    """Look for whole ids where only an id fits, and inside the text where more does."""
    is_text = isinstance(column.type, Json | Text)
    length = column.type.length or 0 if isinstance(column.type, String) else 0
    if is_text or length > _ID_LENGTH:
        wanted = [type_coerce(column, Text).contains(report_id) for report_id in inside]
    else:
        wanted = [column.in_(report_ids)] if length == _ID_LENGTH else []
    return (
        bool(wanted)
        and session.execute(select(column).where(or_(*wanted)).limit(1)).first() is not None
    )


def _note(session: Session, report_id: str, desk: str, *, by: str, at: datetime) -> None:
    """Remember, until it is certified, that the rows of a report are gone, and by whom: not by who had asked first."""
    its = erasures.c.report_id == report_id
    changed = session.execute(update(erasures).where(its).values(state=ERASED, by=by))
    if changed.rowcount == 0:
        row = {"report_id": report_id, "desk": desk, "asked_at": at, "due_at": at, "by": by}
        session.execute(insert(erasures), {**row, "state": ERASED})


def _certify(session: Session, ready: Sequence[Row[str, str, str]], at: datetime) -> None:
    """Write a line for each report that is erased, once, though two sweeps finish it."""
    for row in ready:
        its = (erasures.c.report_id == row.report_id, erasures.c.state == ERASED)
        if session.execute(delete(erasures).where(*its)).rowcount == 1:
            what = f"{reference(row.report_id)} {day(at + BACKUPS)}"
            audit.record(session, at=at, who=row.by, did="erased", desk=row.desk, what=what)
