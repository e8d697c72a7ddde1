"""A message goes to the place that was looked at, under the name that was given, and nowhere else."""

import socket
import ssl
import threading
from pathlib import Path
from typing import Any

import pytest

from hotline.leads.webhooks import resolving
from hotline.leads.webhooks.calling import Answer
from tests.leads.webhooks.receiver import (
    NAME,
    Receiver,
    authority_of,
    caller,
    certificate_of,
    drips,
    drips_on,
    listening,
    pours,
)


def test_a_message_arrives_with_its_headers(receiver: Receiver, authority: ssl.SSLContext) -> None:
    answer = caller(authority).post(receiver.url, b'{"a":1}', {"webhook-id": "msg_1"})
    assert answer == Answer(204)
    (taken,) = receiver.taken
    assert (taken.path, taken.body, taken.id) == ("/leads?of=unit", '{"a":1}', "msg_1")
    assert taken.headers["host"] == f"{NAME}:{receiver.port}"
    assert taken.headers["user-agent"] == "hotline"
    assert receiver.names_asked_for == [NAME]


def test_who_shows_another_name_gets_nothing(
    receiver: Receiver, tmp_path: Path, certificate: Path
) -> None:
    nobody_known = authority_of(certificate_of("else.example", tmp_path))
    assert caller(nobody_known).post(receiver.url, b"{}", {}) == Answer()
    with listening(certificate_of("else.example", tmp_path)) as other:
        assert caller(nobody_known).post(other.url, b"{}", {}) == Answer()
        assert other.taken == []
    assert receiver.taken == []


def test_a_name_that_leads_elsewhere_the_second_time_gains_nothing(
    receiver: Receiver, authority: ssl.SSLContext
) -> None:
    # It is asked for once: what was looked at is what is called,
    asked: list[str] = []

    def rebinds(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    calling_it = caller(authority, resolve=rebinds)
    assert calling_it.post(receiver.url, b"{}", {}).status == 204
    assert asked == [NAME]
    # and the next delivery asks again, and finds that it leads where it must not.
    assert calling_it.post(receiver.url, b"{}", {}) == Answer()
    assert len(receiver.taken) == 1


def test_a_name_that_leads_to_this_machine_is_not_called(
    receiver: Receiver, authority: ssl.SSLContext
) -> None:
    outside = caller(authority, also=())
    for port in (receiver.port, 443, 8443):
        assert outside.post(f"https://{NAME}:{port}/", b"{}", {}) == Answer()
    assert receiver.names_asked_for == []


def test_the_system_is_not_asked_for_the_place_again(
    receiver: Receiver, authority: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    real = socket.getaddrinfo

    def listens(host: Any, *more: Any, **named: Any) -> Any:
        asked.append(host)
        return real(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", listens)
    assert caller(authority).post(receiver.url, b"{}", {}).status == 204
    assert set(asked) <= {"127.0.0.1"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_sent_elsewhere(
    receiver: Receiver, authority: ssl.SSLContext, certificate: Path, status: int
) -> None:
    with listening(certificate) as inside:
        receiver.answers(status, Location=inside.url)
        assert caller(authority).post(receiver.url, b"{}", {}).status == status
        assert inside.taken == []


def test_the_environment_sends_nobody_elsewhere(
    receiver: Receiver, authority: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert caller(authority).post(receiver.url, b"{}", {}).status == 204


def test_plain_http_is_for_the_operators_own_networks(authority: ssl.SSLContext) -> None:
    with listening(None) as plain:
        assert caller(authority).post(plain.url, b"{}", {}).status == 204
        outside = caller(authority, also=())
        assert outside.post(plain.url, b"{}", {}) == Answer()
        assert len(plain.taken) == 1


def test_who_is_slow_is_cut_off(receiver: Receiver, authority: ssl.SSLContext) -> None:
    receiver.talk = drips
    # It would drip for minutes.
    assert caller(authority, seconds=0.4).post(receiver.url, b"{}", {}) == Answer()
    receiver.talk = drips_on
    assert caller(authority, seconds=2.0).post(receiver.url, b"{}", {}) == Answer(200)


def test_who_says_too_much_is_not_listened_to(
    receiver: Receiver, authority: ssl.SSLContext
) -> None:
    receiver.talk = pours
    assert caller(authority).post(receiver.url, b"{}", {}) == Answer(200)


def test_of_an_answer_no_more_is_known_than_its_status(
    receiver: Receiver, authority: ssl.SSLContext
) -> None:
    receiver.answers(503, Retry_After="120", X_Secret="inside")
    assert caller(authority).post(receiver.url, b"{}", {}) == Answer(503, "120")


def test_the_next_place_is_called_where_the_first_takes_nothing(
    receiver: Receiver, authority: ssl.SSLContext
) -> None:
    places = ["127.0.0.9", "127.0.0.1"]
    calling_it = caller(authority, resolve=lambda _host, _port: places)
    assert calling_it.post(receiver.url, b"{}", {}).status == 204


@pytest.mark.parametrize("said", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\x00\xff"])
def test_what_is_no_answer_is_none(
    receiver: Receiver, authority: ssl.SSLContext, said: bytes
) -> None:
    receiver.talk = lambda handler: handler.wfile.write(said) and None
    assert caller(authority).post(receiver.url, b"{}", {}) == Answer()


def test_name_servers_may_not_keep_it_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(resolving, "SECONDS", 0.05)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(30) and [])
    assert resolving.ask_the_system("slow.example", 443) == []
    over.set()
