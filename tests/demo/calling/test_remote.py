"""Another process steers calls by JSON."""

import pytest
import requests

from tests.demo.calling.switchboard import NOOR
from tests.demo.station import MARIA, VOICE


@pytest.fixture
def remote(board):
    def asks(place, sent=None, status=200):
        method = "GET" if sent is None else "POST"
        url = f"{board.provider}/demo/remote/calls{place}"
        answer = requests.request(method, url, json=sent, timeout=10)
        assert answer.status_code == status
        return answer.json()

    return asks


def test_a_call_from_its_beginning_to_its_end(board, remote):
    board.writes(
        '<Gather action="/got" numDigits="1"><Say language="es-US">Hola</Say></Gather>',
        got='<Gather input="speech" action="/said" timeout="2"/>',
        said="<Say>Thank you</Say>",
    )
    call = remote("", {"sender": MARIA, "line": VOICE})
    assert [(one["words"], one["locale"]) for one in call["heard"]] == [("Hola", "es-US")]
    call = remote(f"/{call['sid']}", {"hears_out": True})
    assert call["listens"] == "keys"
    remote(f"/{call['sid']}", {"presses": "1"})
    call = remote(f"/{call['sid']}", {"says": "help"})
    assert call["heard"][-1]["words"] == "Thank you"
    assert [one["sid"] for one in remote(f"?phone={MARIA.replace('+', '%2B')}")] == [call["sid"]]
    assert remote(f"/{call['sid']}", {"waits": 5})["over"]
    assert remote(f"/{call['sid']}")["status"] == "completed"


def test_a_phone_is_taught_its_manners(board, remote):
    board.writes("<Say>Hello</Say>")
    remote("/manners", {"phone": NOOR, "word": "busy"})
    sid = board.calls().json()["sid"]
    board.network.exchange.waits(2)
    assert remote(f"/{sid}")["status"] == "busy"


@pytest.mark.parametrize(
    ("place", "sent"),
    [
        ("/CAnone", {"waits": 1}),
        ("/manners", {"phone": NOOR, "word": "rude"}),
        ("/manners", {"phone": NOOR, "word": "busy", "after": "soon"}),
        ("/manners", ["busy"]),
        ("/manners", {"word": ["busy"]}),
    ],
)
def test_nonsense_is_refused(remote, place, sent):
    assert remote(place, sent, status=400)["error"]


@pytest.mark.parametrize(
    "sent", [{"dances": 1}, {"presses": "x"}, {"waits": "long"}, {"waits": -1}]
)
def test_a_phone_does_what_phones_do(board, remote, sent):
    board.writes("<Pause length='60'/>")
    call = remote("", {"sender": MARIA, "line": VOICE})
    assert remote(f"/{call['sid']}", sent, status=400)["error"]
