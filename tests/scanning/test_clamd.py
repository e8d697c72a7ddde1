"""The scanner of this machine is asked as its manual says, and whatever goes wrong with it a file is only not scanned.

A real clamd brings hundreds of megabytes of signatures: here a server stands that speaks its protocol.
"""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hotline.scanning import (
    CLEAN,
    FOUND,
    UNSCANNED,
    Clamd,
    NoScanner,
    Verdict,
    scanner_for,
)

FILE = [b"a photo ", b"", b"x" * 200_000, b" its end"]
PIECE = 64 << 10


class Daemon:
    """clamd(8) as far as it goes: takes a stream and says *answers*; *limit* is its ``StreamMaxLength``."""

    def __init__(self, answer: bytes = b"stream: OK\0", *, limit: int = 1 << 30) -> None:
        self.answer = answer
        self.limit = limit
        self.got = b""
        self.pieces: list[int] = []

    def serves(self, line: socket.socket) -> None:
        if _until_zero(line) == b"zPING":
            line.sendall(b"PONG\0")
            return
        while size := struct.unpack(">I", _exactly(line, 4))[0]:
            self.pieces.append(size)
            self.got += _exactly(line, size)
            if len(self.got) > self.limit:
                line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.says(line)

    def says(self, line: socket.socket) -> None:
        line.sendall(self.answer)


def _exactly(line: socket.socket, count: int) -> bytes:
    got = b""
    while len(got) < count:
        more = line.recv(min(count - len(got), 1 << 16))
        if not more:
            raise ConnectionError
        got += more
    return got


def _until_zero(line: socket.socket) -> bytes:
    said = b""
    while not said.endswith(b"\0"):
        said += _exactly(line, 1)
    return said[:-1]


@contextmanager
def stands(place: str, serves: Callable[[socket.socket], None]) -> Iterator[str]:
    """Yield the address of a server that does *serves* with whoever calls."""
    kind = socket.AF_UNIX if place else socket.AF_INET
    with socket.socket(kind, socket.SOCK_STREAM) as door:
        door.bind(place or ("127.0.0.1", 0))
        door.listen()
        address = f"unix:{place}" if place else f"tcp:127.0.0.1:{door.getsockname()[1]}"
        thread = threading.Thread(target=_answers, args=(door, serves), daemon=True)
        thread.start()
        yield address
        door.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def _answers(door: socket.socket, serves: Callable[[socket.socket], None]) -> None:
    while True:
        try:
            line, _ = door.accept()
        except OSError:
            return
        with line:
            try:
                serves(line)
            except OSError:
                continue


@pytest.fixture(params=["unix", "tcp"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "clamd.sock") if request.param == "unix" else ""


def scans(address: str, pieces: list[bytes] | None = None, seconds: float = 20) -> Verdict:
    return Clamd(address, seconds=seconds).scan(FILE if pieces is None else pieces)


def test_it_gets_the_whole_file_in_pieces_and_says_it_is_clean(place: str) -> None:
    daemon = Daemon()
    with stands(place, daemon.serves) as address:
        assert scans(address) == Verdict(CLEAN)
    assert daemon.got == b"".join(FILE)
    assert max(daemon.pieces) <= PIECE
    assert 0 not in daemon.pieces


def test_an_empty_file_is_scanned_too(place: str) -> None:
    daemon = Daemon()
    with stands(place, daemon.serves) as address:
        assert scans(address, []) == Verdict(CLEAN)
    assert daemon.got == b""


def test_what_it_finds_has_its_name(place: str) -> None:
    daemon = Daemon(b"stream: Win.Test.EICAR_HDB-1 FOUND\0")
    with stands(place, daemon.serves) as address:
        assert scans(address) == Verdict(FOUND, "Win.Test.EICAR_HDB-1")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0",
        b"stream: OK",
        b"stream: FOUND\0",
        b"stream:  FOUND\0",
        b"stream: <b>x</b> y FOUND\0",
        b"stream: \xff\xfe FOUND\0",
        b"stream: Can't allocate memory ERROR\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: " + b"x" * 5000 + b" FOUND\0",
        b"COMMAND READ TIMED OUT\0",
        b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
    ],
)
def test_an_answer_that_says_nothing_is_no_scan(tmp_path: Path, answer: bytes) -> None:
    daemon = Daemon(answer)
    with stands(str(tmp_path / "s"), daemon.serves) as address:
        expected = CLEAN if answer == b"stream: OK" else UNSCANNED
        assert scans(address) == Verdict(expected)


def test_a_file_beyond_its_limit_is_not_scanned(place: str) -> None:
    daemon = Daemon(limit=1000)
    with stands(place, daemon.serves) as address:
        assert scans(address, [b"y" * PIECE] * 400) == Verdict(UNSCANNED)
    assert len(daemon.got) < 3 * PIECE


def test_an_answer_that_comes_in_bits_is_read_whole(tmp_path: Path) -> None:
    class Slow(Daemon):
        def says(self, line: socket.socket) -> None:
            for byte in self.answer:
                line.sendall(bytes([byte]))
                time.sleep(0.002)

    daemon = Slow(b"stream: Eicar-1 FOUND\0")
    with stands(str(tmp_path / "s"), daemon.serves) as address:
        assert scans(address) == Verdict(FOUND, "Eicar-1")


def test_one_that_never_answers_is_not_waited_for(place: str) -> None:
    class Silent(Daemon):
        def says(self, line: socket.socket) -> None:
            line.settimeout(10)
            line.recv(1)

    with stands(place, Silent().serves) as address:
        began = time.monotonic()
        assert scans(address, seconds=0.3) == Verdict(UNSCANNED)
        assert time.monotonic() - began < 3


def test_one_that_drips_is_not_waited_for_longer_than_in_all(tmp_path: Path) -> None:
    class Drips(Daemon):
        def says(self, line: socket.socket) -> None:
            for _ in range(100):
                line.sendall(b"s")
                time.sleep(0.1)

    with stands(str(tmp_path / "s"), Drips().serves) as address:
        began = time.monotonic()
        assert scans(address, seconds=0.5) == Verdict(UNSCANNED)
        assert time.monotonic() - began < 3


def test_one_that_reads_nothing_does_not_hold_us(tmp_path: Path) -> None:
    with stands(str(tmp_path / "s"), lambda line: time.sleep(2)) as address:
        began = time.monotonic()
        assert scans(address, [b"z" * PIECE] * 200, seconds=0.4) == Verdict(UNSCANNED)
        assert time.monotonic() - began < 3


@pytest.mark.parametrize("after", [0, 1, 11, 500])
def test_a_line_that_breaks_is_no_scan(tmp_path: Path, after: int) -> None:
    with stands(str(tmp_path / "s"), lambda line: _exactly(line, after) and None) as address:
        assert scans(address) == Verdict(UNSCANNED)


@pytest.mark.parametrize("address", ["unix:/nowhere/clamd.sock", "tcp:127.0.0.1:1", "tcp:[::1]:1"])
def test_where_nobody_is_nothing_is_scanned(address: str) -> None:
    assert scans(address) == Verdict(UNSCANNED)
    assert not Clamd(address).is_there()


def test_it_tells_whether_somebody_is_there(place: str) -> None:
    with stands(place, Daemon().serves) as address:
        assert Clamd(address).is_there()


def test_what_reading_the_file_raises_comes_through(tmp_path: Path) -> None:
    class Torn(Exception):
        pass

    def pieces() -> Iterator[bytes]:
        yield b"first"
        raise Torn

    with stands(str(tmp_path / "s"), Daemon().serves) as address, pytest.raises(Torn):
        Clamd(address).scan(pieces())


def test_without_a_setting_nothing_is_scanned() -> None:
    assert isinstance(scanner_for(""), NoScanner)
    assert scanner_for("").scan(iter([b"x"])) == Verdict(UNSCANNED)
    assert isinstance(scanner_for("unix:/run/clamd"), Clamd)
