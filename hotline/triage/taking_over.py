"""A supervisor takes a report over from whoever holds it and is not there: nobody waits for a lease to run out."""

from datetime import datetime

from sqlalchemy import update

from hotline.domain.report import Status
from hotline.errors import NotFound
from hotline.reports import reports
from hotline.store import Session
from hotline.triage.claims import LEASE
from hotline.triage.course import said
from hotline.vault.keyring import Keyring
from hotline.vault.words import write_down


def take_over(
    session: Session,
    report_id: str,
    *,
    keyring: Keyring,
    desk: str,
    by: str,
    why: str,
    at: datetime,
) -> None:
    """Give *by* an open report of *desk* that a colleague holds, and keep why, sealed.

    Raises:
        ReasonMissing: *why* is empty.
        NotFound: there is no such report, or no colleague holds it.
    """
    reason, rows = said(why), reports.c
    theirs = (rows.claimed_by != by, rows.claimed_until > at)
    its = (rows.id == report_id, rows.desk == desk, rows.status == Status.OPEN)
    mine = update(reports).where(*its, *theirs).values(claimed_by=by, claimed_until=at + LEASE)
    if session.execute(mine).rowcount == 0:
        raise NotFound(ref=report_id)
    write_down(
        session,
        keyring,
        at=at,
        who=by,
        did="take_over",
        desk=desk,
        report_id=report_id,
        words=reason,
    )
