"""Epoch locks: 32 bytes in a small file each, kept outside the database and its backups.

Every wrap of an epoch's private key lies inside a record under the epoch's lock. Destroying the lock closes the
epoch for good, in every backup, write-ahead log and replica.
"""

import secrets
import time
from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from hotline.vault.envelope import Place, Purpose, SealBroken, open_field, seal_field
from hotline.vault.keyfiles import destroy, write_private

LOCK_LENGTH = 32
_HALF_MADE = timedelta(hours=1)


class EpochClosed(SealBroken):
    default_message = "this was erased: its key period is closed"


class Locks:
    """The folder of locks, one file per epoch id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create(self, epoch_id: str) -> None:
        write_private(self._folder / epoch_id, secrets.token_bytes(LOCK_LENGTH))

    def destroy(self, epoch_id: str) -> None:
        """Close the epoch for good."""
        destroy(self._folder / epoch_id)

    def is_open(self, epoch_id: str) -> bool:
        """Tell whether the epoch was not closed."""
        return (self._folder / epoch_id).is_file()

    def sweep(self, known: Collection[str], *, older_than: timedelta = _HALF_MADE) -> None:
        """Destroy the locks of epochs that never came to be, or whose end was interrupted.

        Young ones stay: another process may be about to keep their epoch.
        """
        before = time.time() - older_than.total_seconds()
        for path in self._folder.iterdir():
            # Another process may sweep the same one, or destroy its own.
            with suppress(FileNotFoundError):
                if path.name not in known and path.stat().st_mtime <= before:
                    destroy(path)

    def seal(self, wrap: bytes, *, epoch_id: str, member_id: str) -> bytes:
        """Put *member_id*'s wrap of the epoch's key under the lock."""
        return seal_field(self._lock(epoch_id), wrap, _place(epoch_id, member_id))

    def open(self, sealed: bytes, *, epoch_id: str, member_id: str) -> bytes:
        """Undo `seal`.

        Raises:
            EpochClosed: the lock is gone.
            SealBroken: it belongs elsewhere, or was changed.
        """
        return open_field(self._lock(epoch_id), sealed, _place(epoch_id, member_id))

    def _lock(self, epoch_id: str) -> bytes:
        try:
            lock = (self._folder / epoch_id).read_bytes()
        except OSError:
            raise EpochClosed from None
        if len(lock) != LOCK_LENGTH:
            raise EpochClosed
        return lock


def _place(epoch_id: str, member_id: str) -> Place:
    return Place(Purpose.EPOCH_KEY, report_id=epoch_id, field=member_id)
