"""In which language we answer, where a person has not said so, or cannot: a caseworker who knows sets it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update

from hotline import audit
from hotline.errors import Malformed
from hotline.reports import reports
from hotline.store import Session
from hotline.triage.claims import claim


def answer_in(
    session: Session,
    report_id: str,
    *,
    desk: str,
    by: str,
    at: datetime,
    locale: str,
    offered: Collection[str],
) -> None:
    """Let what we say to the person be in *locale* from now on, which is one of those that are *offered*.

    Raises:
        Malformed: it is none of them.
        Held, NotFound: see `claim`.
    """
    if locale not in offered:
        raise Malformed(ref=report_id)
    claim(session, report_id, desk=desk, by=by, at=at)
    session.execute(update(reports).where(reports.c.id == report_id).values(locale=locale))
    audit.record(
        session, at=at, who=by, did="answer_in", desk=desk, report_id=report_id, what=locale
    )
