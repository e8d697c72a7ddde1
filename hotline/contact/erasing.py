"""Erase at the provider what we have kept ourselves.

The provider's ids stand in a table that knows no report, and only until they are gone there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Executable, bindparam, delete, select, update

from hotline.contact.carrier import Carrier, CarrierBusy
from hotline.contact.tables import erase_at_provider
from hotline.jobs import Job, jobs, later
from hotline.statements import Insert, Statement
from hotline.store import Session, Store, new_id

# A provider refuses to delete what it is still working on: it asks for a minute at least.
SETTLE = timedelta(minutes=1)
PATIENCE = timedelta(days=14)
"""For so long a provider may say that it is not done with something; then people must hear of it."""

# How long to wait after each refusal; the last one repeats.
_WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
)

Tell = Callable[[Session], object]
"""Lets operators know, in the transaction that it is given."""


def _ask_once(insert: Insert) -> Executable:
    return (
        insert(erase_at_provider)
        .values({name: bindparam(name) for name in ("id", "kind", "provider_id", "since")})
        .on_conflict_do_nothing()
        .returning(erase_at_provider.c.id)
    )


_ASK = Statement(_ask_once)


@dataclass(frozen=True, slots=True)
class _Asked:
    ref: str
    kind: str
    provider_id: str = field(repr=False)
    since: datetime
    tries: int
    is_stuck: bool

    def is_late(self, at: datetime) -> bool:
        """Tell whether it has now waited for too long, and nobody knows yet."""
        return not self.is_stuck and at - self.since >= PATIENCE


def erase_later(session: Session, kind: str, provider_id: str, *, at: datetime) -> bool:
    """Ask, if *session* commits, that *provider_id* be erased there; tell whether nobody had asked before.

    *kind* is ``text`` (the words of a message alone), ``message``, ``media`` (``message id/its own``),
    ``recording`` or ``call``.
    """
    row = new_id()
    its = {"id": row, "kind": kind, "provider_id": provider_id, "since": at}
    if _ASK.first(session, its) is None:
        return False
    later(session, Job("erase", row, at + SETTLE))
    return True


def erase(
    store: Store, carrier: Carrier, ref: str, *, at: datetime, tell: Tell = lambda _session: None
) -> None:
    """Do the job: erase one thing at the provider, and forget its id once it is gone there.

    What the provider is not done with is asked for again, more and more seldom and for ever; after
    `PATIENCE` its words at least are taken out, and operators are told, once.

    Raises:
        CarrierBusy: the provider could not be asked; the job comes back.
    """
    asked = _asked(store, ref)
    if asked is None:
        return
    try:
        is_gone = carrier.erase(asked.kind, asked.provider_id)
        if not is_gone and asked.is_late(at) and asked.kind == "message":
            carrier.erase("text", asked.provider_id)
    except CarrierBusy:
        if asked.is_late(at):
            store.write(lambda session: _be_stuck(session, asked, tell))
        raise
    if is_gone:
        store.write(lambda session: _forget(session, ref))
    else:
        store.write(lambda session: _put_off(session, asked, at, tell))


def _asked(store: Store, ref: str) -> _Asked | None:
    rows = erase_at_provider.c
    with store.read() as session:
        row = session.execute(
            select(
                rows.id, rows.kind, rows.provider_id, rows.since, rows.tries, rows.is_stuck
            ).where(rows.id == ref)
        ).one_or_none()
    return None if row is None else _Asked(*row)


def _forget(session: Session, ref: str) -> None:
    session.execute(delete(erase_at_provider).where(erase_at_provider.c.id == ref))


def _put_off(session: Session, asked: _Asked, at: datetime, tell: Tell) -> None:
    """Ask again later, unless a worker that died here had asked already."""
    rows = erase_at_provider.c
    changed = session.execute(
        update(erase_at_provider)
        .where(rows.id == asked.ref, rows.tries == asked.tries)
        .values(tries=asked.tries + 1)
    )
    if changed.rowcount != 1:
        return
    waits = select(jobs.c.id).where(
        jobs.c.name == "erase", jobs.c.ref == asked.ref, jobs.c.claimed_until.is_(None)
    )
    if session.execute(waits.limit(1)).first() is None:
        wait = _WAITS[min(asked.tries, len(_WAITS) - 1)]
        later(session, Job("erase", asked.ref, at + wait))
    if asked.is_late(at):
        _be_stuck(session, asked, tell)


def _be_stuck(session: Session, asked: _Asked, tell: Tell) -> None:
    rows = erase_at_provider.c
    changed = session.execute(
        update(erase_at_provider)
        .where(rows.id == asked.ref, rows.is_stuck.is_(False))
        .values(is_stuck=True)
    )
    if changed.rowcount == 1:
        tell(session)
