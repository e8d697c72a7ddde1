"""Look for the first time where the address of a webhook leads: the worker does, so that no request waits for a name."""

from sqlalchemy import select, update

from hotline.leads.tables import webhooks
from hotline.leads.webhooks.addresses import AddressRefused
from hotline.leads.webhooks.calling import Caller
from hotline.leads.webhooks.subscribing import State, Why
from hotline.store import Store


def check_first(store: Store, caller: Caller, webhook_id: str) -> None:
    """Switch a webhook that was not looked at yet on, or off with the reason."""
    its = webhooks.c
    is_new = (its.id == webhook_id, its.state == State.CHECKING)
    with store.read() as session:
        url = session.execute(select(its.url).where(*is_new)).scalar_one_or_none()
    if url is None:
        return
    found = {"state": State.ON, "why": Why.AGENCY}
    try:
        caller.check(url)
    except AddressRefused as refused:
        found = {"state": State.OFF, "why": Why(refused.fault.value)}
    store.write(lambda session: session.execute(update(webhooks).where(*is_new).values(**found)))
