"""One person holds a report at a time, so that nobody is answered twice or by two voices."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update

from hotline import audit
from hotline.domain.report import Status
from hotline.errors import Conflict, NotFound
from hotline.reports import reports
from hotline.store import Session
from hotline.triage.access import require_seen
from hotline.triage.paging import take_with
from hotline.triage.quarantine import release

LEASE = timedelta(minutes=30)


class Held(Conflict):
    default_message = "someone else holds this report"


def claim(session: Session, report_id: str, *, desk: str, by: str, at: datetime) -> datetime:
    """Give an open report of *desk* to *by*, or let *by* keep it; return until when. From quarantine it is let in.

    One conditional update decides, so of two who ask at once one gets it. The log says when a report changes
    hands, not each time that its holder does something with it.

    Raises:
        Held: someone else holds it.
        NotFound: *desk* has no such open report, or none that *by* may see.
    """
    require_seen(session, report_id, desk=desk, staff_id=by)
    until = at + LEASE
    theirs = (reports.c.claimed_by == by) & (reports.c.claimed_until > at)
    free = or_(reports.c.claimed_by.is_(None), reports.c.claimed_until <= at)
    mine = update(reports).values(claimed_by=by, claimed_until=until)
    kept = session.execute(mine.where(_is_open(report_id, desk), theirs))
    if kept.rowcount:
        return until
    its = mine.where(_is_open(report_id, desk), free)
    if session.execute(its).rowcount == 0:
        if not release(session, report_id, desk=desk, by=by, at=at):
            _explain(session, report_id, desk)
        if session.execute(its).rowcount == 0:
            _explain(session, report_id, desk)
    audit.record(session, at=at, who=by, did="claim", desk=desk, report_id=report_id)
    take_with(session, report_id, desk=desk, by=by, at=at)
    return until


def let_go(session: Session, report_id: str, *, desk: str, by: str, at: datetime) -> None:
    """Give back what *by* holds at *at*; what someone else holds stays as it is.

    Raises:
        NotFound: *desk* has no such report, or none that *by* may see.
    """
    require_seen(session, report_id, desk=desk, staff_id=by)
    given = session.execute(
        update(reports)
        .where(_is_open(report_id, desk), reports.c.claimed_by == by, reports.c.claimed_until > at)
        .values(claimed_by=None, claimed_until=None)
    )
    if given.rowcount:
        audit.record(session, at=at, who=by, did="release", desk=desk, report_id=report_id)


def _is_open(report_id: str, desk: str) -> ColumnElement[bool]:
    return (
        (reports.c.id == report_id) & (reports.c.desk == desk) & (reports.c.status == Status.OPEN)
    )


def _explain(session: Session, report_id: str, desk: str) -> None:
    found = session.execute(select(reports.c.id).where(_is_open(report_id, desk))).one_or_none()
    raise NotFound(ref=report_id) if found is None else Held(ref=report_id)
