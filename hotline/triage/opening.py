"""A person has looked at a report: a score alone never decides, and never closes."""

from datetime import datetime

from sqlalchemy import false, select, update

from hotline import audit
from hotline.reports import reports
from hotline.store import Session
from hotline.triage import paging


def is_news(session: Session, report_id: str) -> bool:
    """Tell whether nobody opened a report yet, or somebody is asked to look at it: most looks are neither."""
    its = (reports.c.id == report_id, reports.c.is_opened == false())
    if session.execute(select(reports.c.id).where(*its)).first() is not None:
        return True
    return paging.is_asked_for(session, report_id)


def opened(
    session: Session, report_id: str, *, desk: str, by: str, may_answer: bool, at: datetime
) -> None:
    """Keep that *by* of *desk* looked at a report; whoever *may_answer* it has then seen what they were paged for.

    The log says it once, for the first who did.
    """
    its = (reports.c.id == report_id, reports.c.desk == desk, reports.c.is_opened == false())
    if session.execute(update(reports).where(*its).values(is_opened=True)).rowcount:
        audit.record(session, at=at, who=by, did="opened", desk=desk, report_id=report_id)
    if may_answer:
        paging.take_with(session, report_id, desk=desk, by=by, at=at)
