"""One interpreter's work on one report: how it is kept, what is sealed for it, when it is over, and how it ends."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, false, or_, select, update

from hotline import audit
from hotline.domain.report import Status, day
from hotline.errors import Conflict
from hotline.reports import reports
from hotline.store import Session
from hotline.triage.tables import interpretings, restrictions
from hotline.vault import handed
from hotline.vault.handed import Texts, keep_handed, seal_handed
from hotline.vault.keyring import DESK, Keyring
from hotline.vault.locks import Locks
from hotline.vault.roster import MemberEntry

SYSTEM = "system"


class State(StrEnum):
    ASKED = "asked"
    DECLARED = "declared"
    REFUSED = "refused"
    ENDED = "ended"


OPEN = (State.ASKED, State.DECLARED)


class End(StrEnum):
    """How work ends.

    *STOPPED* is the interpreter's own word, as when they find that they know somebody after all; *HIDDEN* means that
    the report was restricted to others.
    """

    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    CLOSED = "closed"
    LAPSED = "lapsed"
    HIDDEN = "hidden"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Work:
    """One interpreter's work on one report; *why* says how it was refused or ended."""

    id: str
    report_id: str
    desk: str
    interpreter: str
    by: str
    state: State
    why: str
    day: str
    until: str

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


def is_over(at: datetime) -> ColumnElement[bool]:
    """Return which open work is over all the same: its days are, or the report is closed or shown to others only."""
    named = exists().where(
        restrictions.c.report_id == interpretings.c.report_id,
        restrictions.c.staff_id == interpretings.c.interpreter,
    )
    is_there = exists().where(
        reports.c.id == interpretings.c.report_id,
        reports.c.status != Status.CLOSED,
        or_(reports.c.restricted == false(), named),
    )
    return or_(interpretings.c.until < day(at), ~is_there)


def why_over(session: Session, work: Work, at: datetime) -> End:
    """Return how *work* ended that is over."""
    if work.until < day(at):
        return End.LAPSED
    its = (reports.c.id == work.report_id, reports.c.status != Status.CLOSED)
    is_worked_on = session.execute(select(reports.c.id).where(*its)).first() is not None
    return End.HIDDEN if is_worked_on else End.CLOSED


def as_swept(session: Session, row: Row[Any], at: datetime) -> Work:
    """Return the work in *row* as the sweep will leave it."""
    work = work_in(row)
    if not (work.is_open and row.is_over):
        return work
    return replace(work, state=State.ENDED, why=why_over(session, work, at))


def end_over(session: Session, at: datetime, *where: ColumnElement[bool]) -> None:
    """End what is over, of what fits *where*."""
    its = (interpretings.c.state.in_(OPEN), is_over(at), *where)
    for row in session.execute(select(interpretings).where(*its)).all():
        work = work_in(row)
        end(session, [work], why_over(session, work, at), by=SYSTEM, at=at)


def end(session: Session, works: Iterable[Work], why: End, *, by: str, at: datetime) -> None:
    """End *works*, delete what was handed over for them, and write it down."""
    for work in works:
        put(session, work, State.ENDED, why)
        handed.take_back(session, [work.id])
        write_down(session, work, "interpreter_ended", by, at, what=why)


def put(session: Session, work: Work, state: State, why: str) -> None:
    """Put *work* into another state, once.

    Raises:
        Conflict: it is in another one meanwhile.
    """
    its = (interpretings.c.id == work.id, interpretings.c.state == work.state)
    changed = update(interpretings).where(*its).values(state=state, why=why)
    if session.execute(changed).rowcount != 1:
        raise Conflict(ref=work.id)


def open_works(at: datetime) -> Select[Any]:
    """Return the query of work that is open and not over."""
    return select(interpretings).where(interpretings.c.state.in_(OPEN), ~is_over(at))


def found(session: Session, query: Select[Any]) -> Work | None:
    row = session.execute(query).one_or_none()
    return None if row is None else work_in(row)


def work_in(row: Row[Any]) -> Work:
    facts = {name: row._mapping[name] for name in Work.__slots__}
    return Work(**{**facts, "state": State(row.state)})


def write_down(
    session: Session, work: Work, did: str, by: str, at: datetime, *, what: str = ""
) -> None:
    audit.record(
        session, at=at, who=by, did=did, desk=work.desk, report_id=work.report_id, what=what
    )


def seal_for(
    session: Session, work: Work, to: MemberEntry, texts: Texts, keyring: Keyring, locks: Locks
) -> None:
    """Seal *texts* to one interpreter alone, for as long as the work lasts."""
    its = {"desk": work.desk, "report_id": work.report_id, "work_id": work.id}
    epoch_id = keyring.current(work.desk, DESK).id
    keep_handed(session, seal_handed(texts, to=to, epoch_id=epoch_id, locks=locks, **its))
