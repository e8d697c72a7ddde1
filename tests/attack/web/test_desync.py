"""Where a request ends is understood in one way alone: what is doubtful is refused, and nothing hidden in it is answered.

Each is sent byte by byte as it stands to the server that we serve with, and to another that can serve the same.
"""

import re
import socket
from contextlib import closing, suppress

import pytest

from tests.channels.twilio.serving import EITHER, served

pytestmark = pytest.mark.xdist_group("web servers")

HOST = b"Host: line.example\r\n"
HIDDEN = b"GET /robots.txt HTTP/1.1\r\nHost: line.example\r\n\r\n"
END = b"0\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked"


def post(*lines: bytes, body: bytes = b"", version: bytes = b"HTTP/1.1") -> bytes:
    """Return a form that the page of leaving takes, whatever is in it."""
    kind = b"Content-Type: application/x-www-form-urlencoded"
    head = b"".join(line + b"\r\n" for line in (kind, *lines))
    return b"POST /leave " + version + b"\r\n" + HOST + head + b"\r\n" + body


def get(target: bytes, *lines: bytes, host: bytes = HOST) -> bytes:
    return (
        b"GET " + target + b" HTTP/1.1\r\n" + host + b"".join(x + b"\r\n" for x in lines) + b"\r\n"
    )


def length(body: bytes) -> bytes:
    return b"Content-Length: %d" % len(body)


REFUSED = {
    "two lengths": post(b"Content-Length: 0", length(HIDDEN), body=HIDDEN),
    "a list of lengths": post(b"Content-Length: 0, 50", body=HIDDEN),
    "a length with a sign": post(b"Content-Length: +1", body=b"a"),
    "a length in another base": post(b"Content-Length: 0x1", body=b"a"),
    "a length behind a space": post(b"Content-Length : 50", body=HIDDEN),
    "a length behind a tabulator": post(b"Content-Length:\x0b50", body=HIDDEN),
    "a coding behind a space": post(b"Transfer-Encoding : chunked", body=END + HIDDEN),
    "another coding": post(b"Transfer-Encoding: xchunked", body=END + HIDDEN),
    "chunks that are not the last coding": post(CHUNKED + b", identity", body=END + HIDDEN),
    "no coding": post(b"Transfer-Encoding: identity", b"Content-Length: 1", body=b"a"),
    "two codings": post(CHUNKED, b"Transfer-Encoding: identity", body=END + HIDDEN),
    "a coding behind a tabulator": post(b"Transfer-Encoding:\x0bchunked", body=END + HIDDEN),
    "a coding in quotes": post(b'Transfer-Encoding: "chunked"', body=END + HIDDEN),
    "a coding on the next line": post(b"Transfer-Encoding:\r\n chunked", body=END + HIDDEN),
    "chunks in HTTP/1.0": post(CHUNKED, body=END + HIDDEN, version=b"HTTP/1.0"),
    "a line within a header": get(b"/", b"X: a\rX-B: c"),
    "a nought in a header": get(b"/", b"X: a\x00b"),
    "a folded header": get(b"/", b"X: a\r\n b"),
    "a folded first header": b"GET / HTTP/1.1\r\n X: a\r\n" + HOST + b"\r\n",
    "a header without a name": get(b"/", b"nonsense"),
    "a header behind a space": get(b"/", b"X : a"),
    "two hosts": get(b"/robots.txt", b"Host: evil.example"),
    "no version": b"GET /robots.txt\r\n\r\n",
    "another version": b"GET /robots.txt HTTP/3.0\r\n" + HOST + b"\r\n",
    "two versions": b"GET /robots.txt HTTP/1.1 HTTP/1.1\r\n" + HOST + b"\r\n",
    "tabulators": b"GET\t/robots.txt\tHTTP/1.1\r\n" + HOST + b"\r\n",
    "a backslash": get(rb"\robots.txt"),
    "a large header": get(b"/robots.txt", b"X: " + b"a" * 200_000),
    "many headers": get(b"/robots.txt", *(b"X%d: a" % n for n in range(2000))),
    "a large address": get(b"/" + b"a" * 200_000),
}
"""A status between 400 and 501, and the line is cut."""

ONCE = {
    "a length and chunks": post(length(END + HIDDEN), CHUNKED, body=END + HIDDEN),
    "chunks and a length": post(CHUNKED, b"Content-Length: 4", body=b"1\r\na\r\n" + END + HIDDEN),
    "one length twice": post(b"Content-Length: 1", b"Content-Length: 1", body=b"a"),
    "underlined chunks": post(b"Transfer_Encoding: chunked", b"Content-Length: 0"),
    "an underlined length": post(b"Content_Length: 500", b"Content-Length: 1", body=b"a"),
    "a chunk that is longer": post(CHUNKED, body=b"1\r\naXX" + END + HIDDEN),
    "a chunk of another base": post(CHUNKED, body=b"0x1\r\na\r\n" + END + HIDDEN),
    "a chunk below nothing": post(CHUNKED, body=b"-1\r\na\r\n" + END + HIDDEN),
    "a chunk without an end": post(CHUNKED, body=b"1;" + b"a" * 100_000 + b"\r\na\r\n" + HIDDEN),
    "a chunk that says more": post(CHUNKED, body=b"1;a=\nb\r\na\r\n" + END + HIDDEN),
    "a chunk beyond numbers": post(CHUNKED, body=b"10000000000000001\r\na\r\n" + HIDDEN),
    "a body of who only looks": get(b"/leave", length(HIDDEN)) + HIDDEN,
    "another protocol": get(b"/healthz", b"Connection: Upgrade", b"Upgrade: h2c") + b"PRI * HTTP/2",
    "a place of others": get(b"http://evil.example/healthz"),
    "a tunnel": b"CONNECT evil.example:80 HTTP/1.1\r\n" + HOST + b"\r\n" + HIDDEN[:-2],
    "an echo": b"TRACE /healthz HTTP/1.1\r\nX-Secret: lantern\r\n" + HOST + b"\r\n",
}
"""At most one answer that is any, and what is hidden behind it is not asked."""


@pytest.fixture(scope="module", params=EITHER)
def server(request, tmp_path_factory):
    with served(request.param, tmp_path_factory.mktemp("served")) as one:
        yield one


def talk(server, said: bytes, *, pause: float = 0.3) -> tuple[list[int], bytes, bool]:
    """Send bytes as they stand; return the statuses that came, all that came, and whether the line was cut."""
    with closing(socket.create_connection(("127.0.0.1", server.port), 10)) as line:
        received, is_cut = b"", False
        with suppress(OSError):
            line.sendall(said)
        line.settimeout(10)
        with suppress(OSError):
            while piece := line.recv(65536):
                received += piece
                # Whatever else it takes for a request it would answer within a moment.
                line.settimeout(pause)
            is_cut = True
    found = re.findall(rb"HTTP/1\.[01] (\d{3}) ", received)
    return [int(status) for status in found], received, is_cut


def test_what_is_doubtful_is_refused_and_the_line_is_cut(server):
    for name, said in REFUSED.items():
        statuses, received, _ = talk(server, said)
        assert len(statuses) == 1, (name, statuses)
        assert 400 <= statuses[0] <= 501, (name, statuses)
        assert b"User-agent" not in received, name


def test_nothing_that_is_hidden_is_answered(server):
    for name, said in ONCE.items():
        statuses, received, _ = talk(server, said)
        assert sum(status < 400 for status in statuses) <= 1, (name, statuses)
        assert b"User-agent" not in received, name
        assert b"lantern" not in received, name
        assert b"evil.example" not in received, name
    assert talk(server, get(b"/healthz", b"Connection: close"))[0] == [200]


def test_requests_behind_each_other_are_answered_in_their_order(server):
    last = get(b"/healthz", b"Connection: close")
    said = get(b"/robots.txt") + get(b"/nothing/at/all") + last
    statuses, received, _ = talk(server, said, pause=10)
    assert statuses == [200, 404, 200]
    assert received.index(b"User-agent") < received.rindex(b"ok\n")
