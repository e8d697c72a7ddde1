"""Keep what the provider received and could not tell us, and erase there what we have kept.

A webhook can be lost for good: after a few tries a provider only logs an error. Its own list still has
the text. Keeping is the same act as ever, so what came by webhook too is recognized. Every night the
whole list is read, and what was still in it is written down, so that anybody can see that it is empty.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from hotline import audit
from hotline.contact import claim_recordings, erase_held, erase_later
from hotline.contact.carrier import Carrier, CarrierBusy, Held, ProviderMessage
from hotline.contact.leaving import unheard
from hotline.contact.recordings import Belongs
from hotline.domain.staff import HOUSE
from hotline.errors import HotlineError
from hotline.intake import Reception
from hotline.retention.sweep import SEEN_DAYS
from hotline.store import Session, Store

T = TypeVar("T")

WINDOW = timedelta(days=3)
"""How far back to look. A kept text is erased within minutes, so the list is short unless we were away."""

LONGEST_WINDOW = timedelta(days=SEEN_DAYS - 1)
"""How far back to look at night: of what is older nobody knows any more whether it was kept."""

GRACE = timedelta(hours=1)
"""So long a call's recording has for being claimed; what is older and not going on was nobody's."""

TOLD_BY = timedelta(minutes=5)
"""So long the provider has to tell us of a recording; of what is older we ask it ourselves."""

PROVEN_AFTER = timedelta(minutes=30)
"""What is older should be gone at night; what is younger may still be on its way."""

OVERDUE = timedelta(days=1)
"""What lies there for so long should have gone with the check before."""

CHECKED = "provider_checked"
"""What the log calls a check; it tells counts only."""

_BROKE_OFF = "broke off"
_IN_A_ROW = 3
_BATCH = 100

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Proof:
    """How many things the provider still had, and since when; *is_whole* when its list was read to the end."""

    left: int
    oldest: timedelta
    is_whole: bool

    def __str__(self) -> str:
        minutes = int(self.oldest.total_seconds() // 60)
        told = f"{self.left} left, oldest {minutes} min" if self.left else "0 left"
        if self.is_whole:
            return told
        return f"{_BROKE_OFF}, {told}" if self.left else _BROKE_OFF


def nobodys(_session: Session, _call_id: str) -> None:
    """Say of any call that its recordings are not ours."""


def reconcile(
    carrier: Carrier, reception: Reception, *, at: datetime, belongs: Belongs = nobodys
) -> None:
    """Keep each text of the provider's list that we do not have, then ask for all of them to be erased.

    So are calls, recordings, media and texts of ours that nobody needs there any more. Recordings of our calls that
    nobody told us of are fetched first; *belongs* says whose a call's are. A provider out of reach is no failure: we
    look again soon.
    """
    _keep_missed(carrier, reception, since=at - WINDOW, at=at)
    held, _ = _read(carrier, before=at - TOLD_BY)
    free = _claim(reception, held, belongs, at=at)
    _erase_held(reception.store, [one for one in free if one.since < at - GRACE], at=at)


def prove_erased(
    carrier: Carrier, reception: Reception, *, at: datetime, belongs: Belongs = nobodys
) -> Proof:
    """Read everything that the provider has from more than half an hour ago, ask for it to be erased, and write down how much.

    A list that broke off proves nothing, and the log says so.
    """
    _keep_missed(carrier, reception, since=at - LONGEST_WINDOW, at=at)
    held, is_whole = _read(carrier, before=at - PROVEN_AFTER)
    _erase_held(reception.store, _claim(reception, held, belongs, at=at), at=at)
    oldest = at - min((one.since for one in held), default=at)
    proof = Proof(len(held), oldest, is_whole)
    reception.store.write(
        lambda session: audit.record(session, at=at, who="system", did=CHECKED, what=str(proof))
    )
    return proof


def concerns_people(store: Store, proof: Proof) -> bool:
    """Tell whether something stayed at the provider, or the last checks in a row proved nothing."""
    if proof.oldest >= OVERDUE:
        return True
    with store.read() as session:
        last = audit.page(session, desks=(HOUSE,), kinds=(CHECKED,), limit=_IN_A_ROW)
    return len(last) == _IN_A_ROW and all(line.what.startswith(_BROKE_OFF) for line in last)


def _keep_missed(carrier: Carrier, reception: Reception, *, since: datetime, at: datetime) -> None:
    """Keep what was missed in the order in which it was sent: the provider lists the newest first."""
    listed: list[ProviderMessage] = []
    try:
        listed.extend(carrier.list_messages(since=since))
    except CarrierBusy:
        log.warning("provider out of reach")
    held: list[tuple[str, str]] = []
    for text in reversed(listed):
        if text.incoming is None or _is_kept(reception, text, at):
            held.extend(_to_erase(text))
    for batch in _batches(held):
        reception.store.write(partial(_erase_later, held=batch, at=at))


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


def _read(carrier: Carrier, *, before: datetime) -> tuple[list[Held], bool]:
    """Return what the provider has from before then, and whether its list was read to the end."""
    held: list[Held] = []
    try:
        held.extend(carrier.list_held(before=before))
    except CarrierBusy:
        log.warning("provider out of reach")
        return held, False
    return held, True


def _claim(
    reception: Reception, held: Sequence[Held], belongs: Belongs, *, at: datetime
) -> list[Held]:
    """Ask for the recordings of our calls that nobody told us of; return what waits for no recording."""
    found = [(one.call_id, one.provider_id) for one in held if one.kind == "recording"]
    for batch in _batches(found):
        _claim_batch(reception, batch, belongs, at=at)
    with reception.store.read() as session:
        awaited = unheard(session, held)
    return [one for one in held if one.provider_id not in awaited]


def _claim_batch(
    reception: Reception, found: Sequence[tuple[str, str]], belongs: Belongs, *, at: datetime
) -> None:
    relay = reception.relay
    if relay is not None:
        reception.store.write(
            partial(claim_recordings, relay_public=relay, found=found, belongs=belongs, at=at)
        )


def _erase_held(store: Store, held: Sequence[Held], *, at: datetime) -> None:
    for batch in _batches(held):
        store.write(partial(erase_held, held=batch, at=at))


def _batches(things: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(things), _BATCH):
        yield things[start : start + _BATCH]
