"""The same webhooks through real servers: what a server does to an address, a length or a body costs no text."""

import socket
import time
from contextlib import ExitStack, suppress
from itertools import product
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from sqlalchemy import select

from hotline.channels.twilio.signature import LARGEST_BODY
from hotline.reports.tables import seen
from hotline.vault.seen import seen_key
from tests.cast import MARIA, new_sid, signed_for
from tests.channels.twilio.serving import EITHER, FORM, GUNICORN, ORIGIN, read_answer, served
from tests.house import ACCOUNT, SMS_LINE

pytestmark = pytest.mark.xdist_group("web servers")

SMS = "/twilio/sms"
STATUS = "/twilio/sms/status/" + "0" * 32


@pytest.fixture(scope="module", params=EITHER)
def server(request, tmp_path_factory):
    with served(request.param, tmp_path_factory.mktemp("served")) as one:
        yield one


def text(**changes) -> dict[str, str]:
    fields = {
        "MessageSid": new_sid(),
        "AccountSid": ACCOUNT,
        "From": MARIA,
        "To": SMS_LINE,
        "Body": "no puedo salir de la casa",
        "NumMedia": "0",
        "SmsStatus": "received",
    }
    return {**fields, **changes}


def is_kept(server, fields) -> bool:
    its = seen.c.id_hash == seen_key(fields["MessageSid"])
    with server.store.read() as session:
        return session.execute(select(seen.c.id_hash).where(its)).first() is not None


def assert_kept(server, fields, answer):
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert "set-cookie" not in answer.headers
    assert ElementTree.fromstring(answer.body).tag == "Response"
    assert is_kept(server, fields)


def assert_refused(server, fields, answer, *statuses):
    assert answer.status in (statuses or (403,))
    assert "location" not in answer.headers
    assert answer.body == b""
    assert not is_kept(server, fields)


@pytest.mark.parametrize(
    "body",
    [" hi \r\n", "", "ñandú 🙂", "a=b&c=d", "مرحبا", "+ %20 +", "%C3%B1", "\x00", "x" * 1600],
)
def test_what_was_typed_passes_as_it_stands(server, body):
    fields = text(Body=body, BrandNew="", FromCity="")
    assert_kept(server, fields, server.posts(fields))


@pytest.mark.parametrize(
    "query",
    ["q=%C3%B1", "q=%2D%7E", "q=a+b", "%3D", "a=1&a=2", "a", "a=b?c", "q=%c3%b1", "&", "q=a%20b"],
)
def test_a_query_passes_byte_for_byte(server, query):
    fields = text()
    assert_kept(server, fields, server.posts(fields, target=f"{SMS}?{query}"))
    fields = text()
    answer = server.posts(fields, target=f"{SMS}?{query}", address=f"{SMS}?{query}x")
    assert_refused(server, fields, answer)


def test_an_empty_query_is_none(server):
    fields = text()
    assert_kept(server, fields, server.posts(fields, target=f"{SMS}?", address=SMS))


def test_an_address_with_its_origin_is_the_same_address(server):
    fields = text()
    assert_kept(server, fields, server.posts(fields, target=f"{ORIGIN}{SMS}", address=SMS))


@pytest.mark.parametrize("origin", ["http://line.example", "https://evil.example"])
def test_who_we_are_is_what_was_configured(server, origin):
    fields = text()
    signed = signed_for(origin + SMS, fields)
    for named in ({"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}, {}):
        headers = {"Content-Type": FORM, **signed, **named, "Forwarded": "host=evil.example"}
        answer = server.sends(target=SMS, body=urlencode(fields).encode(), headers=headers)
        assert_refused(server, fields, answer)


def test_what_a_proxy_adds_does_not_count(server):
    fields = text()
    named = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Port": "81",
        "X-Forwarded-Prefix": "/evil",
        "X-Real-IP": "10.0.0.1",
        "I-Twilio-Idempotency-Token": "t1",
    }
    assert_kept(server, fields, server.posts(fields, headers=named))


@pytest.mark.parametrize(
    "target", [f"{SMS}#rc=3&rp=5xx,ct,rt", "/twilio/%73ms", "//twilio/sms", f"{SMS}/", f"{SMS}%2F"]
)
def test_other_ways_to_write_an_address_have_no_signature_but_its_own(server, target):
    fields = text()
    answer = server.posts(fields, target=target, address=f"{SMS}?x")
    assert_refused(server, fields, answer, 400, 403, 404)


@pytest.mark.parametrize(
    "target",
    [
        "/twilio//sms",
        "/twilio/./sms",
        "/twilio/x/../sms",
        f"{SMS}%C3%B1",
        f"{SMS};x",
        f"{SMS}//",
        "/twilio",
        "/twilio/",
        "/TWILIO/SMS",
        "/twilio/sms/status",
        "/twilio/sms/status/",
        f"{STATUS}0",
        "/twilio/fallback//",
    ],
)
@pytest.mark.parametrize("address", ["", SMS])
def test_no_address_redirects(server, target, address):
    fields = text()
    answer = server.posts(fields, target=target, address=address)
    assert answer.status in (400, 403, 404, 405)
    assert "location" not in answer.headers
    assert not is_kept(server, fields)


def test_a_trailing_slash_loses_no_text(server):
    for target in (f"{SMS}/", "/twilio/fallback/"):
        fields = text()
        assert_kept(server, fields, server.posts(fields, target=target))


METHODS = ("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")
TARGETS = (SMS, "/twilio/fallback", STATUS, f"{SMS}?From=x&MessageSid=y")
ONCE_EACH = {*((each, SMS) for each in METHODS), *(("GET", each) for each in TARGETS)}


@pytest.mark.parametrize(
    ("method", "target"),
    [
        pytest.param(*way, marks=[] if way in ONCE_EACH else pytest.mark.exhaustive)
        for way in product(METHODS, TARGETS)
    ],
)
def test_other_methods_do_no_harm(server, method, target):
    answer = server.sends(target=target, method=method)
    assert answer.status in (405, 415)
    assert answer.body == b""
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("text/plain", 415),
        ("multipart/form-data; boundary=x", 415),
        ("text/xml", 415),
        ("application/json", 403),
        ("", 415),
        (FORM + "; charset=UTF-8", 200),
        (FORM.upper(), 200),
    ],
)
def test_a_kind_of_content_is_read_or_not(server, kind, status):
    fields = text()
    answer = server.posts(fields, headers={"Content-Type": kind})
    assert answer.status == status
    assert is_kept(server, fields) == (status == 200)


def test_without_a_signature_nothing_comes_in(server):
    fields = text()
    body = urlencode(fields).encode()
    for header in ({}, {"X-Twilio-Signature": ""}, {"X-Twilio-Signature": "\xff" * 28}):
        answer = server.sends(target=SMS, body=body, headers={"Content-Type": FORM, **header})
        assert_refused(server, fields, answer)


def filled(size: int) -> dict[str, str]:
    """A text whose form takes exactly *size* bytes."""
    fields = text(Body="")
    return {**fields, "Body": "x" * (size - len(urlencode(fields)))}


@pytest.mark.parametrize("chunks", [0, 1, 7, 100])
def test_a_body_up_to_the_limit_is_kept_and_no_larger_one(server, chunks):
    fields = filled(LARGEST_BODY)
    assert_kept(server, fields, server.posts(fields, chunks=chunks))
    for size in (LARGEST_BODY + 1, 10 * 1024 * 1024):
        fields = filled(size)
        # Of one whose length is not stated, what was read is not what was signed.
        answer = server.posts(fields, chunks=chunks)
        assert_refused(server, fields, answer, 413, 403)


def test_a_body_in_pieces_is_kept(server):
    for chunks in (1, 3, 50):
        fields = text()
        assert_kept(server, fields, server.posts(fields, chunks=chunks))


def slowly(server, fields) -> tuple[socket.socket, bytes]:
    """Begin to send, and return the line and what is still to be sent."""
    body = urlencode(fields).encode()
    head = f"POST {SMS} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {FORM}\r\n"
    signed = signed_for(ORIGIN + SMS, fields)["X-Twilio-Signature"]
    head += f"X-Twilio-Signature: {signed}\r\nContent-Length: {len(body)}\r\n\r\n"
    line = socket.create_connection(("127.0.0.1", server.port), 20)
    line.sendall(head.encode() + body[:20])
    return line, body[20:]


def test_slow_bodies_hold_nobody_up_and_are_kept(server):
    with ExitStack() as lines:
        slow = []
        # Each holds one of the server's threads, so there must be more of these.
        for _ in range(6 if server.server == GUNICORN else 12):
            fields = text()
            line, rest = slowly(server, fields)
            lines.enter_context(line)
            slow.append((fields, line, rest))
        time.sleep(0.3)
        began, fields = time.monotonic(), text()
        assert_kept(server, fields, server.posts(fields))
        assert time.monotonic() - began < 10
        for fields, line, rest in slow[:3]:
            for start in range(0, len(rest), 40):
                line.sendall(rest[start : start + 40])
                time.sleep(0.005)
            assert_kept(server, fields, read_answer(line))
    # The others broke off, and nothing of them is kept.
    assert not any(is_kept(server, fields) for fields, _, _ in slow[3:])


def test_a_body_that_breaks_off_is_not_kept_and_the_next_is(server):
    for _ in range(3):
        fields = text()
        line, _ = slowly(server, fields)
        line.close()
        assert not is_kept(server, fields)
    fields = text()
    assert_kept(server, fields, server.posts(fields))


@pytest.mark.parametrize(
    "head",
    [
        b"POST /twilio/sms HTTP/1.1\r\n\r\n",
        b"POST /twilio/sms HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /twilio/sms HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        b"POST /twilio/sms HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST \xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_what_is_no_request_harms_nobody(server, head):
    with server.line() as line:
        line.settimeout(2)
        line.sendall(head)
        with suppress(OSError):
            line.shutdown(socket.SHUT_WR)
            line.recv(1000)
    fields = text()
    assert_kept(server, fields, server.posts(fields))


def test_a_retry_gets_the_same_bytes(server):
    fields = text()
    first = server.posts(fields)
    assert_kept(server, fields, first)
    for target in (SMS, "/twilio/fallback"):
        assert server.posts(fields, target=target).body == first.body


def test_news_is_taken_without_a_word(server):
    fields = {"AccountSid": ACCOUNT, "MessageSid": new_sid(), "MessageStatus": "delivered"}
    answer = server.posts(fields, target=STATUS)
    assert (answer.status, answer.body) == (204, b"")


def test_no_server_logs_who_asked_or_what(server):
    fields = text(From="+15005550177", Body="Valentina Quispe wrote this", FromCity="ANTOFAGASTA")
    assert_kept(server, fields, server.posts(fields))
    server.posts(fields, target=f"{SMS}?whom=15005550177")
    server.posts(fields, address="/elsewhere")
    server.sends(target="/twilio/Valentina?q=15005550177", method="GET")
    for canary in ("5550177", "Valentina", "ANTOFAGASTA", fields["MessageSid"], "Traceback"):
        assert canary not in server.log
