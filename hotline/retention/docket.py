"""What the law asks of us, to be read: by report, and for a whole desk by its deadlines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, tuple_

from hotline import audit
from hotline.retention.legal import COLUMNS, Process, State, as_process
from hotline.retention.tables import legal_processes
from hotline.store import Ids, Session, unless
from hotline.vault.envelope import SealBroken
from hotline.vault.opening import Keyholder

_MOST = 200
_LINES = 1000


@dataclass(frozen=True, slots=True, repr=False)
class Step:
    """One thing that was done about a process, in words; these are empty where they do not open."""

    did: str
    who: str
    at: datetime
    words: str


def processes_of(session: Session, report_id: str) -> tuple[Process, ...]:
    """Return what was ever asked about a report, the newest day first."""
    query = select(*COLUMNS).where(legal_processes.c.report_id == report_id)
    ordered = query.order_by(legal_processes.c.received_day.desc(), legal_processes.c.id)
    return tuple(map(as_process, session.execute(ordered.limit(_MOST))))


def open_processes(
    session: Session, desk: str, *, after: str = "", limit: int = 50, hidden: Ids | None = None
) -> tuple[Process, ...]:
    """Return up to *limit* processes of *desk* that are open, the next deadline first, behind the one *after*.

    None is about a report of those that are *hidden* from whoever asks.
    """
    rows = legal_processes.c
    seen = (rows.desk == desk, unless(rows.report_id, hidden))
    return _page(session, seen, (rows.ended_day == "",), after, limit)


def untold_processes(
    session: Session, desk: str, *, limit: int = 50, hidden: Ids | None = None
) -> tuple[Process, ...]:
    """Return ended processes of *desk* of which the person was never told, the next deadline first."""
    rows = legal_processes.c
    seen = (rows.desk == desk, unless(rows.report_id, hidden))
    its = (rows.ended_day != "", rows.told_day == "", rows.state != State.WITHDRAWN)
    return _page(session, seen, its, "", limit)


def steps_of(session: Session, keyholder: Keyholder, report_id: str) -> dict[str, tuple[Step, ...]]:
    """Return what was done about each process and each hold of a report, by its id, in words, oldest first.

    Raises:
        Refused: without the right to read the log.
    """
    steps: dict[str, list[Step]] = {}
    for line in reversed(audit.of_report(session, report_id, limit=_LINES)):
        if line.did == "hold" or line.did.startswith(("hold_", "legal_")):
            its = line.what.split(" ")[0]
            words = _words(session, keyholder, line)
            steps.setdefault(its, []).append(Step(line.did, line.who, line.at, words))
    return {its: tuple(each) for its, each in steps.items()}


def _words(session: Session, keyholder: Keyholder, line: audit.Line) -> str:
    if not line.sealed:
        return ""
    try:
        return keyholder.open_words(session, line_id=line.id, desk=line.desk, sealed=line.sealed)
    except SealBroken:
        return ""


def _page(
    session: Session,
    seen: Iterable[ColumnElement[bool]],
    its: Iterable[ColumnElement[bool]],
    after: str,
    limit: int,
) -> tuple[Process, ...]:
    """Return the next *limit* of those *seen* for which *its* conditions hold; a place is one of those seen, too."""
    rows = legal_processes.c
    query = select(*COLUMNS).where(*seen, *its)
    if after:
        last = select(rows.deadline, rows.id).where(rows.id == after, *seen)
        query = query.where(tuple_(rows.deadline, rows.id) > last.scalar_subquery())
    ordered = query.order_by(rows.deadline, rows.id).limit(limit)
    return tuple(map(as_process, session.execute(ordered)))
