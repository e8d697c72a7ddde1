"""Tell the worker that there is something to bring."""

from datetime import datetime

from sqlalchemy import select

from hotline.jobs import Job, later
from hotline.leads.tables import webhooks
from hotline.store import Session

JOB = "deliver_webhook"


def ring(session: Session, agency_id: str, at: datetime) -> None:
    """Have what was just shelved for an agency brought to its webhooks, once *session* commits.

    One that waits for its next try is not hastened: the worker finds that it is not due. That it waits is not looked
    at here, because it may just have been taken.
    """
    its = webhooks.c
    those_on = select(its.id).where(its.agency_id == agency_id, its.state == "on")
    for webhook_id in session.execute(those_on).scalars().all():
        later(session, Job(JOB, webhook_id, at))
