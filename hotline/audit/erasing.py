"""Let lines go when their time is over. Their leaves stay, so the log goes on proving the rest."""

from datetime import datetime

from sqlalchemy import delete, func, select, update

from hotline.audit.recording import record
from hotline.audit.sequencing import BATCH, sequence
from hotline.audit.tables import audit_log, audit_waiting
from hotline.store import Session

PURGE = "purge"
_NOTHING = {"sealed": b"", "wrap": b"", "epoch_id": ""}


def purge(session: Session, *, before: datetime, at: datetime, who: str = "system") -> int:
    """Delete the lines, and their salts, that are older than *before*; return how many it were.

    That it happened is a line of its own, numbered in the same transaction: what is missing above the number
    that it names was not purged.
    """
    _number_all(session, at)
    kept_from = session.execute(
        select(func.min(audit_log.c.n)).where(audit_log.c.at >= before)
    ).scalar_one()
    last = session.execute(select(func.max(audit_log.c.n))).scalar_one()
    until = last if kept_from is None else kept_from - 1
    if not until:
        return 0
    gone = session.execute(delete(audit_log).where(audit_log.c.n <= until)).rowcount
    if gone:
        record(session, at=at, who=who, did=PURGE, what=str(until))
        _number_all(session, at)
    return gone


def _number_all(session: Session, at: datetime) -> None:
    while sequence(session, at=at, is_patient=True) == BATCH:
        pass


def purged_until(session: Session) -> int:
    """Return the number up to which lines were purged, as the log itself says.

    A purge deletes what stands before it: one that names a number behind its own would excuse what is yet to come.
    """
    rows = audit_log.c
    said = session.execute(select(rows.n, rows.what).where(rows.did == PURGE)).all()
    named = ((row.n, int(row.what)) for row in said if row.what.isascii() and row.what.isdigit())
    return max((until for n, until in named if until < n), default=0)


def forget(session: Session, report_id: str) -> None:
    """Erase what staff wrote about a report that is being erased, and its id; that they acted stays on record.

    The entry names words and report by digests only, so the log stays whole.
    """
    for table in (audit_waiting, audit_log):
        its = table.c.report_id == report_id
        session.execute(update(table).where(its).values(**_NOTHING, report_id=""))
