"""A person asks, with their code and code word, that what they told us be erased.

Whoever holds the phone may be who harms them, so nothing is destroyed at once: it waits for three days, can be
taken back in the same way, and stands still while staff doubt that it was the person who asked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, Select, delete, insert, literal, select, tuple_, update

from hotline.domain.report import day, hour
from hotline.reports.belonging import lock
from hotline.reports.joined import lock_family
from hotline.reports.tables import reports
from hotline.retention.legal import is_held
from hotline.retention.tables import erasures
from hotline.store import Ids, Session, unless

WAIT = timedelta(hours=72)
BACKUPS = timedelta(days=30)
"""How long the last backup that still holds what was erased is kept."""

REPORTER, SYSTEM = "reporter", "system"
"""Who is named as having erased a report: the person, or the rules."""

WAITING = "waiting"
ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Asked:
    """An erasure that somebody asked for. *is_frozen*: staff doubt who asked; *is_held*: the law keeps it."""

    report_id: str
    asked_at: datetime
    due_at: datetime
    is_frozen: bool
    is_held: bool

    @property
    def backups_day(self) -> str:
        """Return the day on which the last backup forgets, too."""
        return day(self.due_at + BACKUPS)


def ask(session: Session, report_id: str, *, at: datetime, by: str = REPORTER) -> bool:
    """Let a report be erased in 72 hours; tell whether that is new. Who asks again does not wait any longer.

    Raises:
        NotFound: there is no such report.
    """
    desk = lock(session, report_id)
    known = select(erasures.c.report_id).where(erasures.c.report_id == report_id)
    if session.execute(known).first():
        return False
    session.execute(
        insert(erasures),
        {
            "report_id": report_id,
            "desk": desk,
            "asked_at": hour(at),
            "due_at": _due(at),
            "state": WAITING,
            "by": by,
        },
    )
    return True


def cancel(session: Session, report_id: str) -> bool:
    """Take back what was asked, unless it was done already; tell whether there was anything to take back."""
    its = (erasures.c.report_id == report_id, erasures.c.state == WAITING)
    return bool(session.execute(delete(erasures).where(*its)).rowcount)


def put_off(session: Session, *, at: datetime) -> None:
    """Let every erasure wait for 72 hours more: who took theirs back since a backup was made must be able to again."""
    its = (erasures.c.state == WAITING, erasures.c.due_at < _due(at))
    session.execute(update(erasures).where(*its).values(due_at=_due(at)))


def forget(session: Session, report_id: str) -> None:
    """Delete that a report was to be erased, or that its erasure is being finished."""
    session.execute(delete(erasures).where(erasures.c.report_id == report_id))


def asked(session: Session, report_id: str, *, at: datetime) -> Asked | None:
    """Return the erasure that was asked for a report, and whether something stops it."""
    row = session.execute(_asked().where(erasures.c.report_id == report_id)).one_or_none()
    return None if row is None else _of(session, row, at)


def is_asked(session: Session, report_id: str) -> bool:
    """Tell whether a report is to be erased: then nothing of it may be released any more."""
    known = select(erasures.c.report_id).where(erasures.c.report_id == report_id)
    return session.execute(known).first() is not None


def of_desk(
    session: Session,
    desk: str,
    *,
    at: datetime,
    after: str = "",
    limit: int = 50,
    hidden: Ids | None = None,
) -> list[Asked]:
    """Return up to *limit* erasures that people of *desk* asked for, by id behind *after*."""
    rows = erasures.c
    query = _asked().where(
        rows.desk == desk, rows.report_id > after, unless(rows.report_id, hidden)
    )
    found = session.execute(query.order_by(rows.report_id).limit(limit)).all()
    return [_of(session, row, at) for row in found]


def due(
    session: Session, *, at: datetime, after: tuple[datetime, str] | None = None, limit: int = 100
) -> list[tuple[datetime, str]]:
    """Return the due time and report of up to *limit* erasures that may be done, behind the place *after*."""
    rows = erasures.c
    query = (
        select(rows.due_at, rows.report_id)
        .join(reports, reports.c.id == rows.report_id)
        .where(rows.state == WAITING, rows.due_at <= at, reports.c.duress.is_(False))
        .order_by(rows.due_at, rows.report_id)
        .limit(limit)
    )
    if after is not None:
        place = tuple_(literal(after[0], rows.due_at.type), literal(after[1]))
        query = query.where(tuple_(rows.due_at, rows.report_id) > place)
    return [(row.due_at, row.report_id) for row in session.execute(query)]


def is_due(session: Session, report_id: str, *, at: datetime) -> bool:
    """Tell whether what was asked may be done now, as far as the person and staff decide."""
    rows = erasures.c
    its = (rows.report_id == report_id, rows.state == WAITING, rows.due_at <= at)
    query = (
        select(rows.report_id)
        .join(reports, reports.c.id == rows.report_id)
        .where(*its, reports.c.duress.is_(False))
    )
    return session.execute(query).first() is not None


def set_duress(session: Session, report_id: str, *, desk: str, is_set: bool, at: datetime) -> bool:
    """Say that the reporter may be under somebody's hand, or not any more; tell whether that changes anything.

    It holds for every report that is merged with this one, too. An erasure that was asked for stands still meanwhile;
    when the doubt is gone its 72 hours begin anew.

    Raises:
        NotFound: *desk* has no such report.
    """
    ids = lock_family(session, report_id, desk=desk)
    its = (reports.c.id.in_(ids), reports.c.duress.is_not(is_set))
    if session.execute(update(reports).where(*its).values(duress=is_set)).rowcount == 0:
        return False
    if not is_set:
        waiting = (erasures.c.report_id.in_(ids), erasures.c.state == WAITING)
        session.execute(update(erasures).where(*waiting).values(due_at=_due(at)))
    return True


def _asked() -> Select[str, datetime, datetime, bool]:
    rows = erasures.c
    return select(rows.report_id, rows.asked_at, rows.due_at, reports.c.duress).join(
        reports, reports.c.id == rows.report_id
    )


def _of(session: Session, row: Row[str, datetime, datetime, bool], at: datetime) -> Asked:
    held = is_held(session, row.report_id, at=at)
    return Asked(row.report_id, row.asked_at, row.due_at, row.duress, held)


def _due(at: datetime) -> datetime:
    """Return the first whole hour that is 72 hours away or more."""
    begun = hour(at)
    return (begun if begun == at else begun + timedelta(hours=1)) + WAIT
