"""Encrypt to a key that is not here, and decrypt with it: the age format, through its Rust implementation.

Both stream: memory stays at a few megabytes however large the backup is, and nothing is written but what age made.
"""

import io
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import pyrage

from hotline.errors import Misconfigured, Unavailable
from hotline.operate.backup_format import BackupUnreadable
from hotline.vault.keyfiles import write_private

_AGE: Any = pyrage
Recipient = Any
"""A public key that a backup is encrypted to."""


def new_key(path: Path) -> str:
    """Write a new identity to *path*, as `age-keygen` does, and return the recipient that belongs to it.

    Raises:
        Misconfigured: there is a file already.
    """
    if path.exists():
        raise Misconfigured("there is a file of that name already")
    identity = _AGE.x25519.Identity.generate()
    recipient = str(identity.to_public())
    made = datetime.now(UTC).isoformat(timespec="seconds")
    write_private(path, f"# created: {made}\n# public key: {recipient}\n{identity}\n".encode())
    return recipient


def recipients(named: Iterable[str]) -> list[Recipient]:
    """Return the keys that *named* names, each text one or several with commas between.

    Raises:
        Misconfigured: none is named, or one is not an age recipient.
    """
    names = [name for words in named for name in words.replace(",", " ").split()]
    if not names:
        raise Misconfigured("no recipient: give --to age1… or set HOTLINE_BACKUP_TO")
    try:
        return [_AGE.x25519.Recipient.from_str(name) for name in names]
    except _AGE.RecipientError:
        raise Misconfigured("a recipient is not a key such as age1…") from None


def encrypt(content: Iterator[bytes], out: IO[bytes], to: Sequence[Recipient]) -> None:
    """Write *content* to *out*, encrypted to each of *to*.

    Raises:
        Unavailable: it could not be made or written whole.
    """
    try:
        _AGE.encrypt_io(_Stream(content), out, list(to))
    except (_AGE.EncryptError, OSError):
        raise Unavailable("the backup could not be written whole") from None


@contextmanager
def decrypted(path: Path, identity: Path) -> Iterator[IO[bytes]]:
    """Yield what *path* holds, decrypted meanwhile; it is whole only if leaving the block raises nothing.

    Raises:
        Misconfigured: *identity* is no file of an age identity.
        BackupUnreadable: it was not encrypted to that key, was changed, or ends too early.
    """
    keys = _identities(identity)
    reading, writing = os.pipe()
    faults: list[str] = []
    thread = threading.Thread(target=_decrypt, args=(path, keys, writing, faults), daemon=True)
    with os.fdopen(reading, "rb") as lines:
        thread.start()
        try:
            yield lines
        except BackupUnreadable as unreadable:
            # What is cut or changed looks here like a stream that ends too early: age knows why.
            lines.close()
            thread.join()
            raise (BackupUnreadable(faults[0]) if faults else unreadable) from None
    thread.join()
    if faults:
        raise BackupUnreadable(faults[0])


def _decrypt(path: Path, keys: list[Any], writing: int, faults: list[str]) -> None:
    try:
        with os.fdopen(writing, "wb") as out, path.open("rb") as sealed:
            _AGE.decrypt_io(sealed, out, keys)
    except BrokenPipeError:
        return
    except FileNotFoundError:
        faults.append("there is no such backup")
    except _AGE.DecryptError:
        faults.append("the backup was not made for this key, or its head was changed")
    except Exception:
        faults.append("the backup was changed, or ends too early")


def _identities(path: Path) -> list[Any]:
    try:
        lines = path.read_text("utf-8").splitlines()
        keys = [
            _AGE.x25519.Identity.from_str(line.strip())
            for line in lines
            if line.strip() and not line.startswith("#")
        ]
    except (OSError, UnicodeDecodeError, _AGE.IdentityError):
        keys = []
    if not keys:
        raise Misconfigured("the identity file holds no key such as AGE-SECRET-KEY-1…")
    return keys


class _Stream(io.RawIOBase):
    """What age reads from: as much as it asks for, of content that is made meanwhile."""

    def __init__(self, content: Iterator[bytes]) -> None:
        self._content = content
        self._held = bytearray()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._held) < size:
            more = next(self._content, b"")
            if not more:
                break
            self._held += more
        taken = bytes(self._held) if size < 0 else bytes(self._held[:size])
        del self._held[: len(taken)]
        return taken
