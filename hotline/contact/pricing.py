"""What a text of ours did cost, as the provider tells it once it is done with it."""

import json
import re

from sqlalchemy import select, update

from hotline.contact.carrier import Carrier
from hotline.contact.tables import sends
from hotline.store import Store
from hotline.vault.envelope import SealBroken
from hotline.vault.relay import RelayKey

_PRICE = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,8})?( [A-Z]{3})?")


def price(store: Store, carrier: Carrier, relay: RelayKey, ref: str) -> None:
    """Do the job: keep what the send *ref* did cost, and forget which text of the provider's it was.

    What the provider does not know yet stays unknown: soon it will have erased the text.

    Raises:
        CarrierBusy: the provider could not be asked; the job comes back.
    """
    with store.read() as session:
        receipt = session.execute(select(sends.c.receipt).where(sends.c.id == ref)).scalar()
    if receipt is None:
        return
    try:
        told = carrier.price_of(json.loads(relay.open(receipt))["text"])
    except SealBroken:
        told = ""
    values = {"receipt": None, "price": told if _PRICE.fullmatch(told) else ""}
    store.write(
        lambda session: session.execute(update(sends).where(sends.c.id == ref).values(values))
    )
