from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from hotline.contact.tables import erase_at_provider, sends
from hotline.domain.report import day
from hotline.jobs import Job, jobs, later
from hotline.reports.tables import seen, threads
from hotline.store import Session, Store
from hotline.vault.staff import sweep_sessions
from hotline.vault.threads import PERIOD, ThreadKeys

SEEN_DAYS = 15
"""A provider may repeat a webhook for two weeks; after that its id is forgotten."""


def sweep(store: Store, threads_keys: ThreadKeys, *, at: datetime) -> None:
    """Forget what has run out, turn the thread key when it is due, and re-ask for jobs that got lost."""
    threads_keys.rotate(at)
    store.write(lambda session: _forget(session, at))
    store.write(lambda session: sweep_sessions(session, at=at))
    store.write(lambda session: _ask_again(session, at))
    store.truncate_log()


def _forget(session: Session, at: datetime) -> None:
    session.execute(delete(seen).where(seen.c.day < day(at - timedelta(days=SEEN_DAYS))))
    session.execute(delete(threads).where(threads.c.last_at < at - 2 * PERIOD))
    session.execute(
        update(sends)
        .where(sends.c.expires_at < at, sends.c.sealed.is_not(None))
        .values(sealed=None, state="expired")
    )


def _ask_again(session: Session, at: datetime) -> None:
    """Ask for each waiting send and erasure that no job stands for."""
    asked = select(jobs.c.ref)
    for name, table, condition in (
        ("send", sends, sends.c.sealed.is_not(None) & sends.c.tried_at.is_(None)),
        ("erase", erase_at_provider, erase_at_provider.c.since < at - timedelta(minutes=5)),
    ):
        lost = select(table.c.id).where(condition, table.c.id.not_in(asked)).limit(500)
        for row_id in session.execute(lost).scalars().all():
            later(session, Job(name, row_id))
