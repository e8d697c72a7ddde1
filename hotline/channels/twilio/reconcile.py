"""Keep what the provider received and could not tell us, and erase there what we have kept.

A webhook can be lost for good: after a few tries a provider only logs an error. Its own list still has
the text. Keeping is the same act as ever, so what came by webhook too is recognized.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from hotline.contact import erase_later
from hotline.contact.carrier import Carrier, CarrierBusy, ProviderMessage
from hotline.errors import HotlineError
from hotline.intake import Reception
from hotline.store import Session

WINDOW = timedelta(days=3)
"""How far back to look. A kept text is erased within minutes, so the list is short unless we were away."""

_BATCH = 100

log = logging.getLogger(__name__)


def reconcile(carrier: Carrier, reception: Reception, *, at: datetime) -> None:
    """Keep each text of the provider's list that we do not have, then ask for all of them to be erased.

    A provider out of reach is no failure: we look again soon.
    """
    held: list[tuple[str, str]] = []
    try:
        for text in carrier.list_messages(since=at - WINDOW):
            if text.incoming is None or _is_kept(reception, text, at):
                held.extend(_to_erase(text))
    except CarrierBusy:
        log.warning("provider out of reach")
    for start in range(0, len(held), _BATCH):
        reception.store.write(partial(_erase_later, held=held[start : start + _BATCH], at=at))


def _is_kept(reception: Reception, text: ProviderMessage, at: datetime) -> bool:
    """Keep one text; one that cannot be kept now stops no other, and stays at the provider."""
    try:
        if text.incoming is not None:
            reception.receive(text.incoming, at=at)
    except HotlineError as error:
        log.warning("text not kept", extra={"error": type(error).__name__})
        return False
    return True


def _to_erase(text: ProviderMessage) -> Iterable[tuple[str, str]]:
    """Say what of a text is to be erased: its pictures stay until they are fetched, and only its words go."""
    if text.incoming is None or not text.incoming.media:
        yield "message", text.provider_id
    elif text.incoming.text:
        yield "text", text.provider_id


def _erase_later(session: Session, *, held: Iterable[tuple[str, str]], at: datetime) -> None:
    for kind, provider_id in held:
        erase_later(session, kind, provider_id, at=at)
