"""The server as it runs: whoever sends slowly shuts the page for nobody, and HTTP is spoken as before."""

import resource
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.channels.twilio.serving import GRANIAN, QUICK, read_answer, served
from tests.channels.web.reading import STORY, count, digits, multipart, slip

pytestmark = pytest.mark.xdist_group("web servers")

KIND = "multipart/form-data; boundary=line"
BEGINNING = b'--line\r\nContent-Disposition: form-data; name="account"\r\n\r\n'
NOTHING_TO_KEEP = BEGINNING.replace(b"account", b"other") + b"x" * 300_000
PERSON_WAITS = 10.0
"""Seconds; the measurement says two, a machine on which other tests run is slower."""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with served(GRANIAN, tmp_path_factory.mktemp("served")) as one:
        yield one


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """A server on which more happens than one test can count."""
    with served(GRANIAN, tmp_path_factory.mktemp("crowded")) as one:
        # The first one reads every word list.
        loads_and_sends(one)
        yield one


def head(method: str, target: str, *lines: str) -> bytes:
    return "\r\n".join(
        [f"{method} {target} HTTP/1.1", "Host: line.example", *lines, "", ""]
    ).encode()


@contextmanager
def slow_senders(server, number: int, *, sent: bytes = BEGINNING[:20], target: str = "/en/new"):
    """Let *number* begin to send a form of a megabyte, and send no more than a byte now and then."""
    with ExitStack() as lines:
        slow = [lines.enter_context(server.line()) for _ in range(number)]
        for line in slow:
            line.sendall(head("POST", target, f"Content-Type: {KIND}", "Content-Length: 1000000"))
            line.sendall(sent)
        time.sleep(0.5)
        for line in slow:
            line.sendall(b"x")
        yield slow


def loads_and_sends(server, file: bytes = b"") -> float:
    """Load the page and send a form as a person does; return the seconds of the slower of the two."""
    began = time.monotonic()
    page = server.sends(target="/en/new", method="GET")
    loaded = time.monotonic()
    assert page.status == 200
    sent = multipart({"slip": slip(page.body.decode()), "account": STORY}, file)
    answer = server.sends(
        target="/en/new", body=sent["data"], headers={"Content-Type": sent["content_type"]}
    )
    assert answer.status == 200
    assert digits(answer.body.decode())
    return max(loaded - began, time.monotonic() - loaded)


def test_forty_slow_senders_keep_nobody_waiting(crowded):
    with slow_senders(crowded, 40):
        assert loads_and_sends(crowded) < PERSON_WAITS


def test_a_thousand_slow_senders_keep_nobody_waiting(crowded):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with slow_senders(crowded, 1000):
        assert loads_and_sends(crowded) < PERSON_WAITS
        assert loads_and_sends(crowded, b"a film" * 100_000) < 2 * PERSON_WAITS


def test_slow_uploads_keep_no_words_waiting(crowded):
    with slow_senders(crowded, 140, sent=NOTHING_TO_KEEP):
        assert loads_and_sends(crowded) < PERSON_WAITS


def test_of_a_form_that_breaks_off_the_words_are_kept(server):
    for words in (b"They keep my papers", b"They keep my papers" + b"x" * 300_000):
        before = count(server)
        with slow_senders(server, 1, sent=BEGINNING + words):
            pass
        end = time.monotonic() + 10
        while count(server) == before and time.monotonic() < end:
            time.sleep(0.05)
        assert count(server) == before + 1


def test_a_thousand_who_say_nothing_keep_nobody_waiting(crowded):
    with ExitStack() as lines:
        for _ in range(900):
            lines.enter_context(crowded.line())
        assert loads_and_sends(crowded) < PERSON_WAITS


def test_one_connection_serves_request_after_request(server):
    with server.line() as line:
        line.sendall(head("GET", "/healthz") * 2 + head("GET", "/healthz", "Connection: close"))
        received = b""
        while piece := line.recv(65536):
            received += piece
    assert received.count(b"HTTP/1.1 200 OK") == 3
    assert received.count(b"ok\n") == 3


def test_a_head_has_the_length_and_no_body(server):
    page = server.sends(target="/en/", method="GET")
    answer = server.sends(target="/en/", method="HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["content-length"] == page.headers["content-length"]


def test_who_asks_first_whether_to_go_on_is_told_so(server):
    body = BEGINNING + STORY.encode() + b"\r\n--line--\r\n"
    lines = (f"Content-Type: {KIND}", f"Content-Length: {len(body)}", "Connection: close")
    with server.line() as line:
        line.sendall(head("POST", "/en/new", "Expect: 100-continue", *lines))
        assert line.recv(1000).startswith(b"HTTP/1.1 100 Continue\r\n")
        line.sendall(body)
        assert read_answer(line).status == 200


def test_a_form_without_a_stated_length_is_kept(server):
    sent = multipart({"account": STORY})
    for chunks in (1, 7):
        before = count(server)
        answer = server.sends(
            target="/en/new",
            body=sent["data"],
            headers={"Content-Type": sent["content_type"]},
            chunks=chunks,
        )
        assert answer.status == 200
        assert count(server) == before + 1


def test_whoever_says_nothing_is_let_go(tmp_path):
    with served(QUICK, tmp_path) as one, ExitStack() as lines:
        silent, after, half = (lines.enter_context(one.line()) for _ in range(3))
        after.sendall(head("GET", "/healthz"))
        assert after.recv(1000).startswith(b"HTTP/1.1 200 OK")
        half.sendall(b"GET /en/ HTTP/1.1\r\nHost: li")
        for line in (silent, after, half):
            line.settimeout(5)
            while line.recv(1000):
                pass


def test_a_house_that_was_never_founded_is_told_in_a_plain_line(tmp_path):
    env = {
        "PUBLIC_URL": "https://line.example",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'hotline.db'}",
        "KEYS_DIR": str(tmp_path),
    }
    serve = [sys.executable, "-m", "hotline.cli", "serve"]
    here = Path(__file__).parents[2]
    ended = subprocess.run(
        serve, env=env, cwd=here, capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 1
    assert ended.stderr == "hotline: KEYS_DIR holds no keys of a house\n"
