"""Slow down whoever guesses: after a few wrong tries each makes the next one wait longer, and none waits for ever.

What was tried (a name, a browser, a signed-in member's passphrase) is kept as a digest, whether it exists or
not. The rows are the only count of wrong tries: in the log, strangers could drown what matters.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.errors import Refused
from hotline.store import Session
from hotline.vault.tables import sign_in_tries

_FREE = 5
_LONGEST_PAUSE = timedelta(seconds=60)
_KEPT = timedelta(days=1)


class SignInRefused(Refused):
    default_message = "these do not fit together"


class TooSoon(SignInRefused):
    default_message = "too many tries; wait a minute"


def lookup_of(kind: str, tried: str) -> bytes:
    """Return under what wrong tries at *tried* are counted."""
    return hashlib.sha256(f"{kind} {tried}".encode("utf-8", "replace")).digest()


def refuse_haste(session: Session, lookup: bytes, at: datetime) -> None:
    """Do nothing unless a pause lasts.

    Raises:
        TooSoon: it was tried in vain too often; a minute at most helps.
    """
    rows = sign_in_tries.c
    next_at = session.execute(
        select(rows.next_at).where(rows.lookup == lookup)
    ).scalar_one_or_none()
    # A pause that began in the future was counted by a clock that has since been put back.
    if next_at is not None and at < next_at <= at + _LONGEST_PAUSE:
        raise TooSoon


def count_wrong(session: Session, lookup: bytes, at: datetime) -> None:
    """Remember a wrong try."""
    rows = sign_in_tries.c
    dialect = postgresql if session.dialect.name == "postgresql" else sqlite
    first = {"lookup": lookup, "wrong": 0, "next_at": at}
    session.execute(dialect.insert(sign_in_tries).values(first).on_conflict_do_nothing())
    mine = update(sign_in_tries).where(rows.lookup == lookup)
    wrong = session.execute(mine.values(wrong=rows.wrong + 1).returning(rows.wrong)).scalar_one()
    session.execute(mine.values(next_at=at + _pause(wrong)))


def forgive(session: Session, lookup: bytes) -> None:
    """Forget the wrong tries: it was the right one."""
    session.execute(delete(sign_in_tries).where(sign_in_tries.c.lookup == lookup))


def wrong_tries(session: Session, lookup: bytes) -> int:
    """Return how often it was tried in vain within the last day or so."""
    rows = sign_in_tries.c
    found = session.execute(select(rows.wrong).where(rows.lookup == lookup)).scalar_one_or_none()
    return found or 0


def sweep_tries(session: Session, *, at: datetime) -> None:
    """Delete tries that slow nobody any more."""
    session.execute(delete(sign_in_tries).where(sign_in_tries.c.next_at <= at - _KEPT))


def _pause(wrong: int) -> timedelta:
    if wrong < _FREE:
        return timedelta()
    return min(_LONGEST_PAUSE, timedelta(seconds=2 ** min(wrong - _FREE, 10)))
