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
_NEW = ".new"


class EpochClosed(SealBroken):
    default_message = "this was erased: its key period is closed"


class Locks:
    """The folder of locks, one file per epoch id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create(self, epoch_id: str) -> None:
        """Make the lock of an epoch that is about to be kept; it counts, and is provisional until `keep`."""
        write_private(self._new(epoch_id), secrets.token_bytes(LOCK_LENGTH))

    def keep(self, epoch_id: str) -> None:
        """Let the lock stay, as its epoch was kept."""
        with suppress(FileNotFoundError):
            self._new(epoch_id).replace(self._folder / epoch_id)

    def destroy(self, epoch_id: str) -> None:
        """Close the epoch for good."""
        for path in (self._folder / epoch_id, self._new(epoch_id)):
            destroy(path)

    def is_open(self, epoch_id: str) -> bool:
        """Tell whether the epoch was not closed."""
        return (self._folder / epoch_id).is_file() or self._new(epoch_id).is_file()

    def sweep(self, known: Collection[str], *, older_than: timedelta = _HALF_MADE) -> None:
        """Keep the provisional locks of *known* epochs, and destroy those of epochs that never came to be.

        Young ones stay: another process may be about to keep their epoch. A lock that was kept is never swept: to a
        database that was restored from an older copy the epochs of a newer one are strangers.
        """
        before = time.time() - older_than.total_seconds()
        for path in self._folder.glob(f"*{_NEW}"):
            # Another process may sweep the same one, or destroy its own.
            with suppress(FileNotFoundError):
                if path.stem in known:
                    self.keep(path.stem)
                elif path.stat().st_mtime <= before:
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

    def put_under(self, sealed: bytes, place: Place, *, epoch_id: str) -> bytes:
        """Put what is sealed at *place* to somebody's own key under the lock, so that it ends with the epoch."""
        return seal_field(self._lock(epoch_id), sealed, place)

    def take_out(self, sealed: bytes, place: Place, *, epoch_id: str) -> bytes:
        """Undo `put_under`.

        Raises:
            EpochClosed: the lock is gone.
            SealBroken: it belongs elsewhere, or was changed.
        """
        return open_field(self._lock(epoch_id), sealed, place)

    def _lock(self, epoch_id: str) -> bytes:
        for path in (self._folder / epoch_id, self._new(epoch_id), self._folder / epoch_id):
            # It may be kept between one look and the next.
            with suppress(OSError):
                lock = path.read_bytes()
                if len(lock) == LOCK_LENGTH:
                    return lock
        raise EpochClosed

    def _new(self, epoch_id: str) -> Path:
        return self._folder / f"{epoch_id}{_NEW}"


def _place(epoch_id: str, member_id: str) -> Place:
    return Place(Purpose.EPOCH_KEY, report_id=epoch_id, field=member_id)
