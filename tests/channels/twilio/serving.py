"""A whole hotline behind a real web server, and a socket to it: what a server changes of a request shows here."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlencode

import pytest

from hotline.store import Store
from tests.cast import signed_for
from tests.house import ACCOUNT, SMS_LINE, TOKEN, found_house
from tests.servers import free_port, wait_for

ROOT = Path(__file__).parents[3]
ORIGIN = "https://line.example"
FORM = "application/x-www-form-urlencoded"
GRANIAN, GUNICORN = "granian", "gunicorn"
EITHER = [GRANIAN, pytest.param(GUNICORN, marks=pytest.mark.exhaustive)]
"""Ours, and by `make bench` another one, so that what is promised rests on no server."""
QUICK = "granian that lets the silent go in a second"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Served:
    """A hotline that a server serves; its *store* is the database that the server writes to."""

    server: str
    port: int
    var: Path
    store: Store
    process: subprocess.Popen[bytes]

    @property
    def log(self) -> str:
        return (self.var / "log").read_text(errors="replace")

    def posts(self, fields, *, target="/twilio/sms", address="", headers=(), **raw) -> Answer:
        """Post *fields* to *target*, signed as for *address* of the public origin (that of *target*)."""
        signed = signed_for(ORIGIN + (address or target), fields)
        return self.sends(
            target=target,
            body=urlencode(fields, encoding="utf-8").encode(),
            headers={"Content-Type": FORM, **signed, **dict(headers)},
            **raw,
        )

    def sends(
        self,
        *,
        target: str,
        body: bytes = b"",
        headers: Mapping[str, str] = MappingProxyType({}),
        method: str = "POST",
        chunks: int = 0,
    ) -> Answer:
        """Send exactly this target: no library may put it in order. With *chunks* the length is not stated."""
        head = f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head += "Transfer-Encoding: chunked\r\n" if chunks else f"Content-Length: {len(body)}\r\n"
        with self.line() as line:
            line.sendall(head.encode("latin-1") + b"\r\n")
            # A server may answer, and hang up, before it has read everything.
            with suppress(OSError):
                line.sendall(_chunked(body, chunks) if chunks else body)
            return read_answer(line)

    def line(self) -> closing[socket.socket]:
        return closing(socket.create_connection(("127.0.0.1", self.port), 20))

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM if self.server == GUNICORN else signal.SIGINT)
        # What broke off on a thousand lines is kept first, which takes a slow machine a while.
        self.process.wait(120)
        self.store.close()


def _chunked(body: bytes, count: int) -> bytes:
    size = max(1, -(-len(body) // count))
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def read_answer(line: socket.socket) -> Answer:
    received = b""
    with suppress(ConnectionResetError):
        while piece := line.recv(65536):
            received += piece
    assert received, "the server hung up without an answer"
    head, _, body = received.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return Answer(int(status.split()[1]), headers, body)


@contextmanager
def served(
    server: str, var: Path, *, database_url: str = "", processes: int = 1, **settings: str
) -> Iterator[Served]:
    """Found a house in *var* and let *server* serve it."""
    house = found_house(var, database_url=database_url)
    url = house.hotline.store.url
    house.close()
    (var / "token").write_text(TOKEN)
    port = free_port()
    env = {
        "PATH": os.environ.get("PATH", ""),
        "PUBLIC_URL": ORIGIN,
        "DATABASE_URL": url,
        "KEYS_DIR": str(var / "keys"),
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN_FILE": str(var / "token"),
        "TWILIO_SMS_NUMBER": SMS_LINE,
        "OFFER_LOCALES": "drafted",
        # Nobody listens there: this hotline must not talk to a provider.
        "TWILIO_API_ORIGIN": f"http://127.0.0.1:{free_port()}",
        **settings,
    }
    with (var / "log").open("ab") as log:
        process = subprocess.Popen(
            _command(server, port, processes), cwd=ROOT, env=env, stdout=log, stderr=log
        )
    one = Served(server, port, var, Store(url), process)
    try:
        wait_for(lambda: _is_healthy(one), 60)
        yield one
    finally:
        one.stop()


def _command(server: str, port: int, processes: int) -> list[str]:
    if server == GRANIAN:
        # It starts two processes of its own accord where the database is PostgreSQL.
        return [sys.executable, "-m", "hotline.cli", "serve", "--port", str(port)]
    if server == QUICK:
        start = f"from hotline.operate import serving as s; s.HEAD_MILLISECONDS = 1000; s.serve(port={port})"
        return [sys.executable, "-c", start]
    words = ["gunicorn", "app:app", "--bind", f"127.0.0.1:{port}", "--threads", "8"]
    return [sys.executable, "-m", *words, "--workers", str(processes), "--log-level", "warning"]


def _is_healthy(one: Served) -> bool:
    assert one.process.poll() is None, one.log
    return one.sends(target="/healthz", method="GET").status == 200
