from datetime import datetime, timedelta

from sqlalchemy import select

from hotline.contact.tables import erase_at_provider, sends
from hotline.jobs import Job, jobs, later
from hotline.store import Session

_GRACE = timedelta(minutes=5)
_MANY = 500


def ask_again(session: Session, *, at: datetime) -> None:
    """Ask for each waiting send, expiry and erasure that no job stands for any more."""
    asked = select(jobs.c.ref)
    waits = sends.c.sealed.is_not(None)
    for name, row_id, is_lost in (
        ("send", sends.c.id, waits & (sends.c.expires_at > at)),
        ("expire", sends.c.id, waits & (sends.c.expires_at <= at)),
        ("erase", erase_at_provider.c.id, erase_at_provider.c.since < at - _GRACE),
    ):
        lost = select(row_id).where(is_lost, row_id.not_in(asked)).limit(_MANY)
        for ref in session.execute(lost).scalars().all():
            later(session, Job(name, ref))
