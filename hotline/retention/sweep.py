"""What runs out by itself on every machine: thread keys, ways in, what a provider may repeat."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from hotline.domain.report import day
from hotline.reports.tables import seen, threads
from hotline.store import Session, Store
from hotline.vault.sweeping import sweep_sessions
from hotline.vault.threads import PERIOD, ThreadKeys

SEEN_DAYS = 15
"""A provider may repeat a webhook for two weeks; after that its id is forgotten."""


def sweep(store: Store, thread_keys: ThreadKeys, *, at: datetime) -> None:
    """Turn the thread key when it is due, and forget what has run out, down to the log's bytes."""
    thread_keys.rotate(at)
    store.write(lambda session: _forget(session, at))
    store.write(lambda session: sweep_sessions(session, at=at))
    store.truncate_log()


def _forget(session: Session, at: datetime) -> None:
    session.execute(delete(seen).where(seen.c.day < day(at - timedelta(days=SEEN_DAYS))))
    session.execute(delete(threads).where(threads.c.last_at < at - 2 * PERIOD))
