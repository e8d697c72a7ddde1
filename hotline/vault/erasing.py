"""Erase what was sealed, and carry over what must stay to a newer key.

Deleting rows erases them from the database; backups forget them when they expire, or at once when the epoch's
lock is destroyed (`house.close_epoch`), which needs everything that stays to be sealed anew first. Sealing anew
changes wraps and never touches what they open: messages, files, and the words of the log, whose entries name
only the digests of records. Where an identity is cut in two halves, each keeper seals anew the half that they hold.
"""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Row, delete

from hotline.store import Session, Store
from hotline.vault import attachments
from hotline.vault.envelope import SealBroken, unwrap_secret, wrap_secret
from hotline.vault.keyring import EpochKey, Keyring
from hotline.vault.keys import PrivateKey
from hotline.vault.opening import Keyholder
from hotline.vault.roster import EpochEntry
from hotline.vault.shelves import SHELVES, Key, Shelf
from hotline.vault.tables import envelopes, return_codes

SLICE = 500
"""Wraps that are renewed in one transaction: about a tenth of a second, in which nobody else writes."""

_SETTLED = timedelta(days=1)


def shred(session: Session, report_id: str) -> None:
    """Delete everything that was sealed for a report, its files, and its return code."""
    attachments.forget(session, report_id)
    for table in (envelopes, return_codes):
        session.execute(delete(table).where(table.c.report_id == report_id))


def shred_audience(session: Session, report_id: str, audience: str) -> None:
    """Delete what one audience could read of a report: only who it is, or only how it is reached."""
    rows = envelopes.c
    # Of some a message has several: ``added1``, ``added2``.
    its = (rows.report_id == report_id, rows.audience.startswith(audience))
    session.execute(delete(envelopes).where(*its))


def older_epochs(keyring: Keyring, desk: str) -> list[EpochEntry]:
    """Return the epochs of *desk* that nothing new is sealed to, the oldest first."""
    epochs = keyring.roster.epochs_of(desk)
    older = [e for e in epochs if keyring.current(e.desk, e.depth).id != e.id]
    return sorted(older, key=lambda epoch: epoch.number)


def sealed_left(session: Session, keyring: Keyring, desk: str) -> dict[str, int]:
    """Return, for each epoch of *desk*, how many wraps are to its key: 0 where there are none."""
    left = {epoch.id: 0 for epoch in keyring.roster.epochs_of(desk)}
    for shelf in SHELVES:
        for epoch_id, count in shelf.counts(session, list(left)).items():
            left[epoch_id] += count
    return left


def is_sealed_to(session: Session, epoch_id: str) -> bool:
    """Tell whether anything that is kept needs the key of an epoch."""
    return any(shelf.holds(session, epoch_id) for shelf in SHELVES)


def closable(session: Session, keyring: Keyring, desk: str, at: datetime) -> tuple[EpochEntry, ...]:
    """Return the old epochs of *desk* that nothing is sealed to, the oldest first.

    For a day after the next one began an epoch is not among them, because a process that has not heard of the
    next one may still seal to it.
    """
    older = older_epochs(keyring, desk)
    settled = [epoch for epoch in older if _next_began(keyring, epoch) + _SETTLED <= at.date()]
    return tuple(epoch for epoch in settled if not is_sealed_to(session, epoch.id))


def reseal(store: Store, keyring: Keyring, keyholder: Keyholder, *, limit: int = SLICE) -> int:
    """Wrap up to *limit* secrets from older epochs of the keyholder's desk to the current ones.

    Returns how many; call again until it is 0. Stopping in between loses nothing, and others may do the same at
    the same time. What does not open for *keyholder* is passed over and stays in `sealed_left`: halves that a
    colleague holds, and rows that somebody broke.
    """
    done = 0
    for epoch in older_epochs(keyring, keyholder.desk):
        current = keyring.current(epoch.desk, epoch.depth)
        for shelf in SHELVES:
            if done < limit:
                done += _reseal_shelf(store, keyholder, shelf, epoch.id, current, limit - done)
    return done


def _reseal_shelf(
    store: Store, keyholder: Keyholder, shelf: Shelf, epoch_id: str, current: EpochKey, limit: int
) -> int:
    while changes := _next_changes(store, keyholder, shelf, epoch_id, current, limit):
        done = store.write(partial(shelf.renew, changes=changes))
        # None, if a colleague was faster with every one of them: then others are left.
        if done:
            return done
    return 0


def _next_changes(
    store: Store, keyholder: Keyholder, shelf: Shelf, epoch_id: str, current: EpochKey, limit: int
) -> list[dict[str, Any]]:
    """Return up to *limit* changes, of wraps that open for *keyholder*."""
    with store.read() as session:
        try:
            old = keyholder.epochs.get(session, epoch_id)
        except SealBroken:
            return []
        changes: dict[Key, dict[str, Any]] = {}
        for row in shelf.rows(session, epoch_id, at_a_time=limit):
            if len(changes) == limit:
                break
            key = shelf.key_of(row)
            change = None if key in changes else _change(shelf, row, old, current)
            if change is not None:
                changes[key] = change
    # In the same order for everybody: two who lock rows in two orders would wait for each other for ever.
    return [changes[key] for key in sorted(changes)]


def _change(
    shelf: Shelf, row: Row[Any], old: PrivateKey, current: EpochKey
) -> dict[str, Any] | None:
    """Return what puts the row's secret under the current key; None where it does not open."""
    info = shelf.info(row, row._mapping[shelf.epoch])
    try:
        secret = unwrap_secret(shelf.wrap_in(row), old, info=info)
    except SealBroken:
        return None
    anew = wrap_secret(secret, current.public, info=shelf.info(row, current.id))
    return shelf.change(row, current.id, anew)


def _next_began(keyring: Keyring, epoch: EpochEntry) -> date:
    """Return the day on which the epoch after *epoch* began."""
    later = [
        other
        for other in keyring.roster.epochs
        if (other.desk, other.depth) == (epoch.desk, epoch.depth) and other.number > epoch.number
    ]
    return date.fromisoformat(min(later, key=lambda other: other.number).begun)
