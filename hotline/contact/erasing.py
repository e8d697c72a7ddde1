"""Erase at the provider what we have kept ourselves.

The provider's ids stand in a table that knows no report, and only until they are gone there.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Executable, bindparam, delete, select, update

from hotline.contact.carrier import Carrier, CarrierBusy
from hotline.contact.tables import erase_at_provider
from hotline.jobs import Job, Priority, jobs, later
from hotline.statements import Insert, Statement
from hotline.store import Session, Store, new_id, one_of

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

Tell = Callable[[Session, str], object]
"""Lets operators know of one thing, by its ref, in the transaction that it is given."""


def _ask_once(insert: Insert) -> Executable:
    return (
        insert(erase_at_provider)
        .values({name: bindparam(name) for name in ("id", "kind", "provider_id", "since")})
        .on_conflict_do_nothing()
        .returning(erase_at_provider.c.id)
    )


_ASK = Statement(_ask_once)
_ROWS = erase_at_provider.c
_FIND = select(
    _ROWS.id, _ROWS.kind, _ROWS.provider_id, _ROWS.since, _ROWS.tries, _ROWS.is_stuck
).where(one_of(_ROWS.id))
_FORGET = delete(erase_at_provider).where(one_of(_ROWS.id))


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
    later(session, Job("erase", row, at + SETTLE, Priority.UPKEEP))
    return True


@dataclass(frozen=True, slots=True)
class Unasked:
    """What comes back: *busy* is what the provider could not be asked about, *left* what was not begun."""

    busy: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()


def erase(
    store: Store,
    carrier: Carrier,
    refs: Collection[str],
    *,
    at: datetime,
    tell: Tell = lambda _session, _ref: None,
    is_over: Callable[[], bool] = lambda: False,
) -> Unasked:
    """Do the jobs *refs* together: erase each thing at the provider, and forget its id once it is gone there.

    What the provider is not done with is asked for again, more and more seldom and for ever; after `PATIENCE` its words
    at least are taken out, and operators are told, once. Once it *is_over*, nothing more is begun.
    """
    gone, kept, busy, left = list[_Asked](), list[_Asked](), list[_Asked](), list[_Asked]()
    for asked in _asked(store, refs):
        if is_over():
            left.append(asked)
            continue
        try:
            (gone if _is_gone(carrier, asked, at) else kept).append(asked)
        except CarrierBusy:
            busy.append(asked)

    def note(session: Session) -> None:
        session.execute(_FORGET, {"ids": [asked.ref for asked in gone]})
        for asked in kept:
            _put_off(session, asked, at, tell)
        for asked in busy:
            if asked.is_late(at):
                _be_stuck(session, asked, tell)

    store.write(note)
    return Unasked(frozenset(one.ref for one in busy), frozenset(one.ref for one in left))


def _asked(store: Store, refs: Collection[str]) -> list[_Asked]:
    with store.read() as session:
        return [_Asked(*row) for row in session.execute(_FIND, {"ids": refs})]


def _is_gone(carrier: Carrier, asked: _Asked, at: datetime) -> bool:
    """Erase one thing there and tell whether it is gone; of what stays for too long, the words at least.

    Raises:
        CarrierBusy: the provider could not be asked.
    """
    if carrier.erase(asked.kind, asked.provider_id):
        return True
    if asked.is_late(at) and asked.kind == "message":
        carrier.erase("text", asked.provider_id)
    return False


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
        later(session, Job("erase", asked.ref, at + wait, Priority.UPKEEP))
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
        tell(session, asked.ref)
