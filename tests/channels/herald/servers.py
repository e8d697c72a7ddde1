"""Those who listen outside, on this machine: a web hook and a mail server that speaks just enough."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class Heard:
    """What arrived, and the status that is answered."""

    bodies: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    status: int = 204
    where: str = ""


@contextmanager
def web_hook() -> Iterator[Heard]:
    heard = Heard()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            heard.bodies.append(self.rfile.read(length).decode())
            heard.headers.append(dict(self.headers))
            self.send_response(heard.status)
            if heard.status == 302:
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    heard.where = f"http://127.0.0.1:{server.server_port}/"
    with serving(server):
        yield heard


class MailTalk(socketserver.StreamRequestHandler):
    """One conversation of SMTP: greets, offers no more than it must, keeps what is sent."""

    heard: Heard
    offers = b"250-mail.example\r\n250 AUTH PLAIN\r\n"

    def handle(self) -> None:
        self._say(b"220 mail.example\r\n")
        for line in self.rfile:
            word = line.strip().upper()
            self.heard.headers.append({"said": line.decode().strip()})
            if word == b"DATA":
                self._say(b"354 go on\r\n")
                self._keep()
            if word == b"QUIT":
                self._say(b"221 bye\r\n")
                return
            self._say(self._answer(word))

    def _answer(self, word: bytes) -> bytes:
        if word.startswith(b"EHLO"):
            return self.offers
        if word.startswith(b"AUTH"):
            return b"235 welcome\r\n"
        return b"250 fine\r\n" if self.heard.status < 400 else b"550 nobody here\r\n"

    def _keep(self) -> None:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line)
        self.heard.bodies.append(b"".join(lines).decode())

    def _say(self, said: bytes) -> None:
        self.wfile.write(said)


class Secured(socketserver.ThreadingTCPServer):
    """A server that speaks TLS from the first byte, where a certificate is given."""

    daemon_threads = True
    secured: ssl.SSLContext | None = None

    def get_request(self) -> tuple[socket.socket, object]:
        connection, address = super().get_request()
        if self.secured:
            connection = self.secured.wrap_socket(connection, server_side=True)
        return connection, address

    def handle_error(self, *_: object) -> None:
        return


@contextmanager
def mail_server(certificate: Path | None = None) -> Iterator[Heard]:
    heard = Heard()
    talk = type("Talk", (MailTalk,), {"heard": heard})
    server = Secured(("127.0.0.1", 0), talk)
    if certificate:
        server.secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.secured.load_cert_chain(certificate)
    heard.where = str(server.server_address[1])
    with serving(server):
        yield heard


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
