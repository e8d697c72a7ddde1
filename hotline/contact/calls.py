"""Where calls stand, between two steps of each: sealed under the provider's id of the call, which is kept nowhere."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from hotline.contact.tables import calls
from hotline.domain.report import hour
from hotline.errors import Conflict
from hotline.store import Session
from hotline.vault.calls import call_key, open_call, seal_call

LIFETIME = timedelta(days=1)
"""For so long we know what a call was, after its last step: its recording may come late."""


def state_of(session: Session, call_id: str) -> bytes | None:
    """Return where the call stands; None for one that we do not know.

    Raises:
        SealBroken: somebody wrote to the database.
    """
    query = select(calls.c.sealed).where(calls.c.id_hash == call_key(call_id))
    sealed = session.execute(query).scalar_one_or_none()
    return None if sealed is None else open_call(call_id, sealed)


def keep_state(session: Session, call_id: str, state: bytes, *, count: int, at: datetime) -> None:
    """Keep where the call stands after step number *count*.

    Raises:
        Conflict: that step was taken already.
    """
    its = {"sealed": seal_call(call_id, state), "count": count, "last_at": hour(at)}
    if count == 1:
        session.execute(insert(calls).values(id_hash=call_key(call_id), **its))
        return
    before = (calls.c.id_hash == call_key(call_id)) & (calls.c.count == count - 1)
    if session.execute(update(calls).where(before).values(its)).rowcount != 1:
        raise Conflict


def change_state(session: Session, call_id: str, state: bytes, *, at: datetime) -> None:
    """Change what is kept of a call that takes no step more."""
    its = update(calls).where(calls.c.id_hash == call_key(call_id))
    session.execute(its.values(sealed=seal_call(call_id, state), last_at=hour(at)))


def forget_calls(session: Session, *, at: datetime) -> None:
    """Forget the calls whose last step is long past."""
    session.execute(delete(calls).where(calls.c.last_at < at - LIFETIME))
