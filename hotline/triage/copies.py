"""A person asks, with code and code word, for a copy of what they said: somebody at the desk makes it and looks it over.

That it was asked for is an open alert; it goes by itself when a copy is made.
"""

from datetime import datetime

from sqlalchemy import delete, select

from hotline import audit
from hotline.domain.report import day, hour
from hotline.reports.belonging import lock
from hotline.retention.asking import REPORTER
from hotline.store import Session
from hotline.triage.alerts import Kind, raise_alert
from hotline.triage.tables import alerts


def ask_copy(session: Session, report_id: str, *, at: datetime) -> bool:
    """Have a copy made; tell whether that is new. Asked again on the same day, or before it is made, it changes nothing.

    Raises:
        NotFound: there is no such report.
    """
    desk = lock(session, report_id)
    if copy_asked(session, report_id):
        return False
    is_new = raise_alert(
        session,
        desk=desk,
        kind=Kind.COPY_ASKED,
        # To the hour only: a request may have come by text.
        at=hour(at),
        report_id=report_id,
        once=f"{report_id} {day(at)}",
        pages=False,
    )
    if is_new:
        audit.record(session, at=at, who=REPORTER, did="copy_asked", desk=desk, report_id=report_id)
    return is_new


def copy_asked(session: Session, report_id: str) -> str:
    """Return the day since which a copy is waited for; empty where nobody waits for one."""
    rows = alerts.c
    its = (rows.report_id == report_id, rows.kind == Kind.COPY_ASKED, rows.settled_day == "")
    since = session.execute(select(rows.at).where(*its).order_by(rows.at).limit(1))
    found = since.scalar_one_or_none()
    return day(found) if found else ""


def copy_made(session: Session, report_id: str) -> None:
    """Take the wish off the desk: a copy was made."""
    rows = alerts.c
    its = (rows.report_id == report_id, rows.kind == Kind.COPY_ASKED, rows.settled_day == "")
    session.execute(delete(alerts).where(*its))
