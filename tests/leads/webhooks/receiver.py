"""Those who listen for leads, on this machine: a receiver under a name of its own, and an authority that vouches for it."""

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from standardwebhooks import Webhook

from hotline.leads.webhooks.calling import Caller

NAME = "hooks.unit.example"
HERE = (ip_network("127.0.0.0/8"),)


@dataclass
class Taken:
    """One message as it arrived."""

    path: str
    headers: dict[str, str]
    body: str

    def opened(self, secret: str) -> Any:
        """Return the message, verified as any receiver does with the library of the standard."""
        return Webhook(secret).verify(self.body, self.headers)

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def type(self) -> str:
        return str(json.loads(self.body)["type"])


@dataclass
class Receiver:
    """Takes messages and answers each with the next of *statuses*, then with the last again and again."""

    port: int = 0
    scheme: str = "https"
    statuses: list[int] = field(default_factory=lambda: [204])
    answer_headers: dict[str, str] = field(default_factory=dict)
    talk: Callable[[BaseHTTPRequestHandler], None] | None = None
    taken: list[Taken] = field(default_factory=list)
    names_asked_for: list[str | None] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://{NAME}:{self.port}/leads?of=unit"

    def answers(self, *statuses: int, **headers: str) -> None:
        self.statuses[:] = statuses
        self.answer_headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def ids(self) -> list[str]:
        return [one.id for one in self.taken]


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.receiver.taken.append(Taken(self.path, headers, body))
        if self.receiver.talk:
            self.receiver.talk(self)
            return
        statuses = self.receiver.statuses
        self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
        for name, value in self.receiver.answer_headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        return


@contextmanager
def listening(certificate: Path | None) -> Iterator[Receiver]:
    """Run a receiver; over TLS where it has a *certificate*."""
    receiver = Receiver(scheme="https" if certificate else "http")
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"receiver": receiver}))
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.sni_callback = lambda _socket, name, _context: receiver.names_asked_for.append(name)
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def drips(handler: BaseHTTPRequestHandler) -> None:
    """Answer a byte at a time, and never come to the end of a header."""
    _drip(handler, b"HTTP/1.1 200 OK\r\nX-Long: ")


def drips_on(handler: BaseHTTPRequestHandler) -> None:
    """Answer well, and then a byte at a time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    _drip(handler, b"")


def _drip(handler: BaseHTTPRequestHandler, first: bytes) -> None:
    for byte in first + b"a" * 10_000:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.02)


def pours(handler: BaseHTTPRequestHandler) -> None:
    """Answer well, and say more than anybody wants to hear."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(10_000):
        handler.wfile.write(b"a" * 65536)


def caller(authority: ssl.SSLContext, **changes: Any) -> Caller:
    """Return what calls receivers on this machine, by their name."""
    terms: dict[str, Any] = {"also": HERE, "resolve": lambda _host, _port: ["127.0.0.1"]}
    return Caller(**{**terms, "trust": lambda: authority, **changes})


@cache
def certificate_of(name: str, folder: Path) -> Path:
    """Make a certificate for *name*, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def authority_of(*certificates: Path) -> ssl.SSLContext:
    """Return what trusts these certificates and no other."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for certificate in certificates:
        context.load_verify_locations(certificate)
    return context
