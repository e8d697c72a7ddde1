"""Erase at the provider what we have kept ourselves.

The provider's ids stand in a table that knows no report, and only until they are gone there.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Executable, Table, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from hotline.contact.carrier import Carrier, CarrierBusy
from hotline.contact.tables import erase_at_provider
from hotline.jobs import Job, later
from hotline.store import Session, Store, new_id

# A provider refuses to delete what it is still working on: it asks for a minute at least.
SETTLE = timedelta(minutes=1)


def _ask_once(insert: Callable[[Table], postgresql.Insert | sqlite.Insert]) -> Executable:
    return (
        insert(erase_at_provider)
        .values({name: bindparam(name) for name in ("id", "kind", "provider_id", "since")})
        .on_conflict_do_nothing()
        .returning(erase_at_provider.c.id)
    )


# Built once: building a statement costs four times what running it does.
_ASK = {"postgresql": _ask_once(postgresql.insert), "sqlite": _ask_once(sqlite.insert)}


class NotErasedYet(CarrierBusy):
    default_message = "the provider does not erase this yet"


def erase_later(session: Session, kind: str, provider_id: str, *, at: datetime) -> bool:
    """Ask, if *session* commits, that *provider_id* be erased there; tell whether nobody had asked before.

    *kind* is ``message``, ``recording`` or ``call``.
    """
    row = new_id()
    its = {"id": row, "kind": kind, "provider_id": provider_id, "since": at}
    asked = session.execute(_ASK[session.dialect.name], its)
    if asked.first() is None:
        return False
    later(session, Job("erase", row, at + SETTLE))
    return True


def erase(store: Store, carrier: Carrier, ref: str) -> None:
    """Do the job: erase one thing at the provider, and forget its id once it is gone there.

    Raises:
        NotErasedYet: the provider still works on it; the job comes back.
        CarrierBusy: the provider could not be asked.
    """
    with store.read() as session:
        row = session.execute(
            select(erase_at_provider.c.kind, erase_at_provider.c.provider_id).where(
                erase_at_provider.c.id == ref
            )
        ).one_or_none()
    if row is None:
        return
    if not carrier.erase(row.kind, row.provider_id):
        raise NotErasedYet(ref=ref)
    store.write(
        lambda session: session.execute(
            delete(erase_at_provider).where(erase_at_provider.c.id == ref)
        )
    )
