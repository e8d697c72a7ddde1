"""Tell the worker that there is something to bring."""

from datetime import datetime

from sqlalchemy import select

from hotline.jobs import Job, later
from hotline.leads.shelving import in_milliseconds
from hotline.leads.tables import webhooks
from hotline.store import Session

JOB = "deliver_webhook"


def ring(session: Session, agency_id: str, at: datetime) -> None:
    """Have what was just shelved for an agency brought to its webhooks, once *session* commits.

    One that waits for its next try is not hastened: it brings this, too, in its turn.
    """
    its = webhooks.c
    ready = (its.agency_id == agency_id, its.state == "on", its.due <= in_milliseconds(at))
    for webhook_id in session.execute(select(its.id).where(*ready)).scalars().all():
        later(session, Job(JOB, webhook_id, at))
