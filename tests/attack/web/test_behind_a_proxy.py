"""Behind the proxy that we hand out: what one of both ends elsewhere than the other is answered to nobody else.

nginx and the server behind it share lines: whatever is left on one would be the answer to the next who asks.
"""

import re
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from getpass import getuser
from pathlib import Path

import pytest

from tests.attack.web.test_desync import (
    CHUNKED,
    END,
    HIDDEN,
    HOST,
    ONCE,
    REFUSED,
    get,
    length,
    post,
)
from tests.attack.web.test_headers_everywhere import FOR_ALL, NAMED
from tests.channels.twilio.serving import GRANIAN, Served, served
from tests.operate.deploy.test_proxies import NAME, certificate, nginx
from tests.servers import free_port, wait_for

pytestmark = pytest.mark.xdist_group("web servers")

NEVER = "a body that never comes"
FORWARDED = {
    "lines that end with LF alone": b"GET /nothing HTTP/1.1\nHost: line.example\n\n" + HIDDEN[:-2],
    "a length that is for this line only": post(
        b"Connection: Content-Length", length(HIDDEN), body=HIDDEN
    ),
    "chunks for this line only": post(b"Connection: Transfer-Encoding", CHUNKED, body=END),
    "a length behind the chunks": post(CHUNKED, body=b"0\r\nContent-Length: 50\r\n\r\n"),
    "a request behind the chunks": post(CHUNKED, body=b"0\r\nX: " + HIDDEN),
    "a chunk that says more and folds": post(CHUNKED, body=b"1;a=\r b\r\na\r\n" + END + HIDDEN),
    "a length of nothing": post(b"Content-Length:", body=HIDDEN),
    "a body that waits to be asked for": post(b"Expect: 100-continue", length(HIDDEN), body=HIDDEN),
    NEVER: post(b"Content-Length: 500", b"Expect: x", body=b""),
    "a place of others, and ours": get(b"https://evil.example/nothing"),
    "a nought in the address": get(b"/nothing\x00" + HIDDEN),
    "a request in the address": get(b"/nothing%20HTTP/1.1%0d%0a%0d%0aGET%20/robots.txt"),
    "codings of an answer": get(b"/nothing", b"TE: trailers, chunked", b"Connection: TE"),
}
"""What this proxy may hand on, and must hand on as what it is."""


@contextmanager
def proxied(folder: Path, server: Served, *more: tuple[str, str]) -> Iterator[int]:
    """Let nginx stand before *server*, as we hand it out but for *more* that is said otherwise; yields its port."""
    folder.mkdir()
    certificate(folder)
    port = free_port()
    command = nginx(folder, port, server.port)
    # Its own user may not read where tests lie.
    said_otherwise = ("nginx.conf", "daemon off;", f"daemon off; user {getuser()};")
    for name, ours, theirs in (said_otherwise, *(("hotline.conf", *one) for one in more)):
        before = (folder / name).read_text()
        assert ours in before
        (folder / name).write_text(before.replace(ours, theirs))
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)
    try:
        wait_for(lambda: asks(port, b"/healthz")[0] == [200])
        yield port
    finally:
        process.terminate()
        process.wait(20)


def talk(port: int, said: bytes, patience: float = 10) -> tuple[list[int], bytes]:
    """Send bytes as they stand; return the statuses that came, and all that came within *patience* seconds."""
    received = b""
    with suppress(OSError):
        plain = socket.create_connection(("127.0.0.1", port), 10)
        with closing(_whoever_it_is().wrap_socket(plain, server_hostname=NAME)) as line:
            line.sendall(said)
            line.settimeout(patience)
            while piece := line.recv(65536):
                received += piece
                line.settimeout(0.5)
    return [int(one) for one in re.findall(rb"HTTP/1\.[01] (\d{3}) ", received)], received


@cache
def _whoever_it_is() -> ssl.SSLContext:
    """Making one reads every certificate of the machine."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def asks(port: int, path: bytes, *lines: bytes) -> tuple[list[int], bytes]:
    return talk(port, get(path, *lines, b"Connection: close"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(GRANIAN, tmp_path_factory.mktemp("served")) as one:
        yield one


def test_nothing_is_hidden_in_what_the_proxy_hands_on(server: Served, tmp_path: Path) -> None:
    with proxied(tmp_path / "nginx", server) as port:
        for name, said in {**REFUSED, **ONCE, **FORWARDED}.items():
            # An answer without a head is one to who asks without a version, which ends with the line.
            patience = 2 if name == NEVER else 10
            statuses, received = talk(port, said, patience) if name != "no version" else ([], b"")
            assert sum(200 <= status < 400 for status in statuses) <= 1, (name, statuses)
            assert b"User-agent" not in received, name
            assert b"lantern" not in received, name
            for _ in range(2):
                statuses, received = asks(port, b"/healthz")
                assert statuses == [200], name
                assert received.endswith(b"\r\n\r\nok\n"), name


def test_what_is_one_persons_is_kept_for_nobody_else(server: Served, tmp_path: Path) -> None:
    """Also by a proxy that keeps all that it may, under an address that looks like one of a file."""
    keeps = f"proxy_cache_path {tmp_path}/kept keys_zone=kept:1m;\nupstream hotline {{"
    tells = "proxy_cache kept; add_header X-Kept $upstream_cache_status always;"
    changes = (("upstream hotline {", keeps), ("proxy_buffering off;", tells))
    named = [f"{name}: {its}".encode() for name, its in NAMED.items() if name != "Host"]
    paths = ("/en/", "/en/new", "/en/again", "/console/", "/console/signin", "/handoff/x", "/leave")
    disguised = (
        "/en/new/a.css",
        "/console/account/a.css",
        "/console/signin%2fa.css",
        "/en/new;a.css",
    )
    shared = ("/transparency", "/static/base.css")
    with proxied(tmp_path / "nginx", server, *changes) as port:
        for path in (*paths, *disguised, *shared):
            _, first = asks(port, path.encode(), *named, b"Cookie: __Host-key=x")
            _, again = asks(port, path.encode())
            is_kept = b"X-Kept: HIT" in again
            assert b"evil.example" not in first + again, path
            assert is_kept == (path in shared), (path, again[:600])
            assert not is_kept or path.startswith(FOR_ALL), path
            assert not is_kept or b"Set-Cookie" not in again, path


def test_a_name_of_others_is_not_believed(server: Served, tmp_path: Path) -> None:
    with proxied(tmp_path / "nginx", server) as port:
        for target in (
            b"/en",
            b"https://evil.example/en",
            b"//evil.example/..",
            b"/%5cevil.example",
        ):
            for host in (HOST, b"Host: evil.example\r\n"):
                said = get(
                    target, b"X-Forwarded-Host: evil.example", b"Connection: close", host=host
                )
                _, received = talk(port, said)
                to = re.search(rb"(?mi)^location: (\S+)", received)
                assert to is None or to[1].startswith(b"/"), (target, to)
        assert asks(port, b"/metrics")[0] == [404]
        for disguise in (
            b"/./metrics",
            b"//metrics",
            b"/%6detrics",
            b"/x/../metrics",
            b"/metrics/",
        ):
            assert asks(port, disguise)[0] != [200], disguise
