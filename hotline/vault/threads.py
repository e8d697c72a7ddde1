"""Recognize a sender without keeping the number.

A ticket follows from channel, line and sender under a random key that lives in one file (on tmpfs, so that it
survives a crash and not a seizure). The key turns every seven days; the current and the previous one are
accepted, so a thread that stays silent for two periods cannot be found any more. The ticket also seals the
thread secret, from which the tags of identifiers follow.

The file: ``"HLT1" | u64 second of the last turn | current key (32) | previous key (32)``.
"""

import hmac
import secrets
import struct
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from hotline.errors import Misconfigured
from hotline.vault.envelope import (
    Place,
    Purpose,
    derive,
    length_prefixed,
    open_field,
    seal_field,
)
from hotline.vault.keyfiles import held, write_private

PERIOD = timedelta(days=7)
_MAGIC = b"HLT1"
_FILE = struct.Struct(">4sQ32s32s")
_PLACE = Place(Purpose.THREAD_SECRET, field="thread secret")
_ANSWER = Place(Purpose.SEEN_ANSWER, field="answer of a sender")
_STATE = "conversation"


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one sender on one line is known by, for one key period."""

    token: bytes
    _key: bytes = field(repr=False)

    def seal(self, secret: bytes) -> bytes:
        """Seal the thread secret, so that only the same sender's next message opens it."""
        return seal_field(self._key, secret, _PLACE)

    def open(self, sealed: bytes) -> bytes:
        """Undo `seal`.

        Raises:
            SealBroken: it belongs to another ticket.
        """
        return open_field(self._key, sealed, _PLACE)

    def seal_answer(self, answer: bytes) -> bytes:
        """Seal what this sender was answered: a code may stand in it, or words of a caseworker."""
        return seal_field(self._key, answer, _ANSWER)

    def open_answer(self, sealed: bytes) -> bytes:
        """Undo `seal_answer`.

        Raises:
            SealBroken: it belongs to another ticket.
        """
        return open_field(self._key, sealed, _ANSWER)


class ThreadKeys:
    """The current and the previous thread key, shared by every process through one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._turned = 0
        self._keys: tuple[bytes, ...] = ()

    def rotate(self, at: datetime) -> bool:
        """Turn the key when it is older than `PERIOD` (or there is none yet); tell whether it turned."""
        second = int(at.timestamp())
        with held(self._path):
            self._load()
            if self._keys and second - self._turned < PERIOD.total_seconds():
                return False
            fresh = secrets.token_bytes(32)
            previous = self._keys[0] if self._keys else secrets.token_bytes(32)
            write_private(self._path, _FILE.pack(_MAGIC, second, fresh, previous))
        return True

    def tickets(self, channel: str, line: str, sender: str) -> tuple[Ticket, ...]:
        """Return the tickets of *sender* on *line*, the current key's first.

        Raises:
            Misconfigured: there is no key file; `rotate` makes the first one.
        """
        self._load()
        if not self._keys:
            raise Misconfigured
        who = length_prefixed(channel) + length_prefixed(line) + length_prefixed(sender)
        return tuple(_ticket(key, who) for key in self._keys)

    def _load(self) -> None:
        """Read the file if another process has replaced it since."""
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return
        stamp = (status.st_mtime_ns, status.st_ino)
        with self._guard:
            if stamp == self._stamp:
                return
            content = self._path.read_bytes()
            if len(content) != _FILE.size or not content.startswith(_MAGIC):
                raise Misconfigured
            _, self._turned, *keys = _FILE.unpack(content)
            self._keys = tuple(keys)
            self._stamp = stamp


def new_thread_secret() -> bytes:
    """Return a fresh thread secret."""
    return secrets.token_bytes(32)


def tag(thread_secret: bytes, normalized: str) -> str:
    """Return 16 hexadecimal characters that are the same for the same identifier in the same thread only."""
    identifier = b"hotline-tag/1\0" + normalized.encode("utf-8", "surrogatepass")
    return hmac.digest(thread_secret, identifier, "sha256")[:8].hex()


def word_mark(thread_secret: bytes, word: str) -> str:
    """Return what may be kept of a code word in the state of its conversation: it tells nothing elsewhere."""
    marked = b"hotline-word/1\0" + word.encode("utf-8", "surrogatepass")
    return hmac.digest(thread_secret, marked, "sha256")[:16].hex()


def seal_state(thread_secret: bytes, state: bytes, *, report_id: str) -> bytes:
    """Seal where a conversation stands: only the same sender's next message, or the return code, opens it."""
    return seal_field(derive(thread_secret, _STATE), state, _state_place(report_id))


def open_state(thread_secret: bytes, sealed: bytes, *, report_id: str) -> bytes:
    """Undo `seal_state`.

    Raises:
        SealBroken: it belongs to another thread or report, or was changed.
    """
    return open_field(derive(thread_secret, _STATE), sealed, _state_place(report_id))


def _state_place(report_id: str) -> Place:
    return Place(Purpose.CONVERSATION, report_id=report_id, field=_STATE)


def _ticket(key: bytes, who: bytes) -> Ticket:
    seed = hmac.digest(key, b"hotline-thread/1\0" + who, "sha256")
    return Ticket(hmac.digest(seed, b"token", "sha256"), derive(seed, "thread ticket"))
