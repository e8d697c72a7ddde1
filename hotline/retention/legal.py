"""What the law asks of us: who, for what, by when, what we objected, what left, and whether the person was told.

The days and the kind stand in the clear, because deadlines must be seen. Everything in words is a line of the log,
sealed to those who read the desk's log: it cannot be changed afterwards, and the log shows that it was not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select, update

from hotline.domain.report import day
from hotline.errors import Conflict, NotFound
from hotline.reports.belonging import lock
from hotline.retention.holds import (
    LONGEST,
    Hold,
    HoldTooLong,
    WordsMissing,
    end_holds,
    hold,
    holds_of,
    is_held,
    lift,
    said,
)
from hotline.retention.tables import legal_processes
from hotline.store import Session, new_id
from hotline.vault.keyring import Keyring
from hotline.vault.words import write_down

__all__ = [
    "LONGEST",
    "Hold",
    "HoldTooLong",
    "Kind",
    "Process",
    "State",
    "WordsMissing",
    "advance",
    "end_holds",
    "hold",
    "holds_of",
    "is_held",
    "lift",
    "receive",
    "tell_person",
]

NO_DEADLINE = "9999-12-31"


class Kind(StrEnum):
    """What came: with which force somebody asks."""

    SUBPOENA = "subpoena"
    WARRANT = "warrant"
    COURT_ORDER = "court_order"
    PRESERVATION = "preservation"
    INFORMAL = "informal"


class State(StrEnum):
    RECEIVED = "received"
    OBJECTED = "objected"
    COMPLIED = "complied"
    WITHDRAWN = "withdrawn"


TOLD = "told"
_NEXT = {
    State.RECEIVED: (State.OBJECTED, State.COMPLIED, State.WITHDRAWN),
    State.OBJECTED: (State.COMPLIED, State.WITHDRAWN),
}
"""What may come after what; nothing comes after the others."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process as far as everybody at the desk may know it; *told_day* is empty until the person was told."""

    id: str
    report_id: str
    desk: str
    kind: Kind
    state: State
    received_day: str
    deadline: str
    told_day: str
    ended_day: str

    @property
    def is_open(self) -> bool:
        return not self.ended_day

    @property
    def has_deadline(self) -> bool:
        return self.deadline != NO_DEADLINE

    @property
    def next(self) -> tuple[State, ...]:
        """What may be written down about it now."""
        return _NEXT.get(self.state, ())

    @property
    def is_to_tell(self) -> bool:
        """Tell whether it is still a task to tell the person; that outlasts the process itself."""
        return not self.told_day and self.state != State.WITHDRAWN

    def is_overdue(self, at: datetime) -> bool:
        return self.is_open and self.deadline < day(at)


def receive(
    session: Session,
    report_id: str,
    *,
    keyring: Keyring,
    desk: str,
    by: str,
    kind: Kind,
    deadline: date | None,
    words: str,
    at: datetime,
    hold_until: date | None = None,
) -> str:
    """Write down that somebody asks for something about a report of *desk*; return the id of the process.

    *words* say who asks and for what. With *hold_until* the report is held from now on, for the same reason.

    Raises:
        WordsMissing: *words* are empty.
        HoldTooLong: *hold_until* is not after today, or more than two years away.
        NotFound: *desk* has no such report.
    """
    words = said(words)
    lock(session, report_id, desk=desk)
    process = Process(
        id=new_id(),
        report_id=report_id,
        desk=desk,
        kind=kind,
        state=State.RECEIVED,
        received_day=day(at),
        deadline=deadline.isoformat() if deadline else NO_DEADLINE,
        told_day="",
        ended_day="",
    )
    session.execute(
        insert(legal_processes), {name: getattr(process, name) for name in process.__slots__}
    )
    _write_down(session, keyring, process, State.RECEIVED, by=by, words=words, at=at)
    if hold_until:
        hold(
            session,
            report_id,
            keyring=keyring,
            desk=desk,
            by=by,
            why=words,
            until=hold_until,
            at=at,
        )
    return process.id


def advance(
    session: Session,
    report_id: str,
    *,
    process_id: str,
    keyring: Keyring,
    desk: str,
    by: str,
    to: State,
    words: str,
    at: datetime,
) -> None:
    """Write down what became of a process of a report: objected (on which ground), complied (what left), withdrawn.

    Raises:
        WordsMissing: *words* are empty.
        NotFound: *desk* has no such process about this report.
        Conflict: *to* does not come after what it is at.
    """
    words = said(words)
    process = _find(session, report_id, process_id, desk)
    if to not in process.next:
        raise Conflict(ref=report_id)
    ended = day(at) if to not in _NEXT else ""
    changed = session.execute(
        update(legal_processes)
        .where(legal_processes.c.id == process_id, legal_processes.c.state == process.state)
        .values(state=to, ended_day=ended)
    )
    if changed.rowcount == 0:
        raise Conflict(ref=report_id)
    _write_down(session, keyring, process, to, by=by, words=words, at=at)


def tell_person(
    session: Session,
    report_id: str,
    *,
    process_id: str,
    keyring: Keyring,
    desk: str,
    by: str,
    words: str,
    at: datetime,
) -> None:
    """Write down that the person was told of a process of a report, and how.

    Raises:
        WordsMissing: *words* are empty.
        NotFound: *desk* has no such process about this report.
        Conflict: they were told already.
    """
    words = said(words)
    process = _find(session, report_id, process_id, desk)
    changed = session.execute(
        update(legal_processes)
        .where(legal_processes.c.id == process_id, legal_processes.c.told_day == "")
        .values(told_day=day(at))
    )
    if changed.rowcount == 0:
        raise Conflict(ref=report_id)
    _write_down(session, keyring, process, TOLD, by=by, words=words, at=at)


def _write_down(
    session: Session,
    keyring: Keyring,
    process: Process,
    step: str,
    *,
    by: str,
    words: str,
    at: datetime,
) -> None:
    write_down(
        session,
        keyring,
        at=at,
        who=by,
        did=f"legal_{step}",
        desk=process.desk,
        report_id=process.report_id,
        what=f"{process.id} {process.kind}",
        words=words,
    )


def _find(session: Session, report_id: str, process_id: str, desk: str) -> Process:
    rows = legal_processes.c
    its = (rows.id == process_id, rows.report_id == report_id, rows.desk == desk)
    row = session.execute(select(*COLUMNS).where(*its)).one_or_none()
    if row is None:
        raise NotFound(ref=report_id)
    return as_process(row)


def as_process(row: Iterable[Any]) -> Process:
    """Return the process of a row with `COLUMNS`."""
    facts = dict(zip(Process.__slots__, row, strict=True))
    return Process(**{**facts, "kind": Kind(facts["kind"]), "state": State(facts["state"])})


COLUMNS = tuple(legal_processes.c[name] for name in Process.__slots__)
