"""Tell the worker that there is something to bring."""

from datetime import datetime

from sqlalchemy import select, update

from hotline.jobs import Job, later
from hotline.leads.tables import webhooks
from hotline.store import Session

JOB = "deliver_webhook"


def ring(session: Session, agency_id: str, at: datetime, *, recalls: bool = False) -> None:
    """Have what was just shelved for an agency brought to its webhooks, once *session* commits.

    One that waits for its next try goes on waiting, unless something is recalled: then it is tried now. That it waits
    is not looked at here, because what was tried may just have been taken.
    """
    its = webhooks.c
    those_on = (its.agency_id == agency_id, its.state.in_(("on", "checking")))
    if recalls:
        session.execute(update(webhooks).where(*those_on).values(due=0))
    for webhook_id in session.execute(select(its.id).where(*those_on)).scalars().all():
        later(session, Job(JOB, webhook_id, at))
