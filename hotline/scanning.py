"""Ask the scanner of this machine (clamd) whether a file is known to do harm, while the file is read.

The hotline writes nothing of it anywhere. clamd does: it keeps what it is sent in a file below its
``TemporaryDirectory`` while it scans, so that must be on a memory file system (``/run/clamav-scan``, say), or a
stranger's file lies on the disk in clear. ``StreamMaxLength`` should be as large as the largest file that is taken,
and ``AlertExceedsMax yes`` makes clamd say when it did not look at all of one.

The protocol is that of clamd(8): ``zINSTREAM``, pieces behind their lengths, a length of zero, then one answer.
"""

import contextlib
import re
import socket
import struct
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

SECONDS = 60.0
"""For so long somebody at the desk waits for the scanner."""

CLEAN, FOUND, UNSCANNED = "clean", "found", "unscanned"

_PIECE = 64 << 10
_LONGEST_ANSWER = 1024
_FOUND = re.compile(rb"stream: ([!-~]{1,200}) FOUND")
_PASSED_OVER = "Heuristics.Limits.Exceeded"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner says: *scan* is `CLEAN`, `FOUND` (then *threat* is what it calls it) or `UNSCANNED`."""

    scan: str
    threat: str = ""


class Scanner(Protocol):
    def scan(self, pieces: Iterable[bytes]) -> Verdict:
        """Look at the file that *pieces* make; never raises by itself, and need not take all of them."""
        ...


class NoScanner:
    """Stands where no scanner is set up."""

    def scan(self, pieces: Iterable[bytes]) -> Verdict:
        return Verdict(UNSCANNED)


class Clamd:
    """The daemon of ClamAV behind a socket of this machine: ``unix:/path`` or ``tcp:127.0.0.1:3310``."""

    def __init__(self, address: str, *, seconds: float = SECONDS) -> None:
        self._address = address
        self._seconds = seconds

    def scan(self, pieces: Iterable[bytes]) -> Verdict:
        """Return what clamd says of a file; whatever goes wrong with it, the file is not scanned."""
        end = time.monotonic() + self._seconds
        try:
            with self._connected(end) as line:
                line.sendall(b"zINSTREAM\0")
                for piece in pieces:
                    _send(line, piece, end)
                line.sendall(struct.pack(">I", 0))
                return _understood(_answer(line, end))
        except OSError:
            return Verdict(UNSCANNED)

    def is_there(self) -> bool:
        """Tell whether clamd answers."""
        end = time.monotonic() + min(self._seconds, 5)
        try:
            with self._connected(end) as line:
                line.sendall(b"zPING\0")
                return _answer(line, end) == b"PONG"
        except OSError:
            return False

    def _connected(self, end: float) -> socket.socket:
        way, _, where = self._address.partition(":")
        if way != "unix":
            host, _, port = where.rpartition(":")
            return socket.create_connection((host.strip("[]"), int(port)), timeout=_left(end))
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with contextlib.ExitStack() as failing:
            failing.callback(line.close)
            line.settimeout(_left(end))
            line.connect(where)
            failing.pop_all()
        return line


def scanner_for(address: str) -> Scanner:
    """Return the scanner at *address*; without one, what says of every file that it is not scanned."""
    return Clamd(address) if address else NoScanner()


def _send(line: socket.socket, piece: bytes, end: float) -> None:
    for start in range(0, len(piece), _PIECE):
        part = piece[start : start + _PIECE]
        line.settimeout(_left(end))
        line.sendall(struct.pack(">I", len(part)) + part)


def _answer(line: socket.socket, end: float) -> bytes:
    """Return the one answer, without the zero that ends it."""
    said = b""
    while not said.endswith(b"\0") and len(said) < _LONGEST_ANSWER:
        line.settimeout(_left(end))
        more = line.recv(_LONGEST_ANSWER)
        if not more:
            break
        said += more
    return said.rstrip(b"\0\n")


def _understood(said: bytes) -> Verdict:
    if said == b"stream: OK":
        return Verdict(CLEAN)
    found = _FOUND.fullmatch(said)
    # What was too large for it to look at all of it was not looked at.
    if found is None or (threat := found[1].decode("ascii")).startswith(_PASSED_OVER):
        return Verdict(UNSCANNED)
    return Verdict(FOUND, threat)


def _left(end: float) -> float:
    """Return the seconds that are left.

    Raises:
        TimeoutError: none.
    """
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
