"""Calls that we make over the interface: taken, refused, picked up or not, by somebody or by a machine."""

import pytest

from hotline.demo.calling.outgoing import Manners
from tests.demo.calling.switchboard import NOOR
from tests.demo.published import check, check_form
from tests.demo.station import VOICE

CALL = "api.v2010.account.call"
ALL = "initiated ringing answered completed"


def rings(board):
    (phone,) = board.network.exchange.on_phone(NOOR)
    return phone


def told(board):
    board.network.settle()
    news = sorted(board.forms("told"), key=lambda form: int(form["SequenceNumber"]))
    return [form["CallStatus"] for form in news]


def test_a_call_that_is_made_has_the_published_shape_at_every_moment(board):
    board.writes("<Say>Hello</Say><Pause length='9'/>")
    form = {
        "To": NOOR,
        "From": VOICE,
        "Url": f"{board.url}/start",
        "Timeout": "30",
        "MachineDetection": "Enable",
    }
    check_form("form.CreateCall", form)
    answer = board.asks("POST", "Calls.json", data=form)
    assert answer.status_code == 201
    created = answer.json()
    check(CALL, created)
    assert (created["status"], created["direction"], created["to"]) == (
        "queued",
        "outbound-api",
        NOOR,
    )
    phone = rings(board)
    assert phone.sid == created["sid"]
    assert phone.caller_shown == VOICE
    phone.picks_up()
    phone.waits(4)
    shown = board.asks("GET", f"Calls/{phone.sid}.json").json()
    check(CALL, shown)
    assert (shown["status"], shown["answered_by"]) == ("in-progress", "human")
    phone.waits(20)
    shown = board.asks("GET", f"Calls/{phone.sid}.json").json()
    assert (shown["status"], shown["duration"]) == ("completed", "13")


def test_whoever_picks_up_hears_the_document(board):
    board.writes("<Say>Hello</Say>")
    board.calls()
    phone = rings(board)
    phone.waits(3)
    assert not phone.hears
    phone.picks_up()
    (heard,) = phone.hears
    assert (heard.words, heard.from_second) == ("Hello", 0)
    (form,) = board.forms("start")
    assert (form["CallStatus"], form["Direction"]) == ("in-progress", "outbound-api")
    assert "AnsweredBy" not in form


@pytest.mark.parametrize(
    ("word", "status", "steps"),
    [
        ("busy", "busy", ["initiated", "busy"]),
        ("failed", "failed", ["initiated", "failed"]),
        ("no answer", "no-answer", ["initiated", "ringing", "no-answer"]),
        ("drops", "completed", ["initiated", "ringing", "in-progress", "completed"]),
        ("answers", "completed", ["initiated", "ringing", "in-progress", "completed"]),
    ],
)
def test_each_phone_has_its_manners(board, word, status, steps):
    board.network.exchange.manners[NOOR] = Manners(word)
    board.writes("<Say>Hello</Say>")
    sid = board.calls(StatusCallback=f"{board.url}/told", StatusCallbackEvent=ALL).json()["sid"]
    board.network.exchange.waits(61)
    assert board.asks("GET", f"Calls/{sid}.json").json()["status"] == status
    assert told(board) == steps
    assert bool(board.forms("start")) is (word == "answers")


def test_it_rings_for_as_long_as_was_asked(board):
    board.writes("<Say>Hello</Say>")
    sid = board.calls(Timeout="20", StatusCallback=f"{board.url}/told").json()["sid"]
    board.network.exchange.waits(19)
    assert rings(board).is_ringing
    board.network.exchange.waits(2)
    assert board.network.calls.find(sid).status == "no-answer"
    assert told(board) == ["no-answer"]


def test_a_phone_may_push_it_away(board):
    board.writes("<Say>Hello</Say>")
    sid = board.calls().json()["sid"]
    rings(board).declines()
    assert board.network.calls.find(sid).status == "busy"


def test_a_machine_is_told_before_the_document_is_asked_for(board):
    board.network.exchange.manners[NOOR] = Manners("machine", after=5)
    board.writes("<Hangup/>")
    board.calls(MachineDetection="Enable")
    board.network.exchange.waits(8)
    assert not board.forms("start")
    board.network.exchange.waits(2)
    assert board.forms("start")[0]["AnsweredBy"] == "machine_start"


@pytest.mark.parametrize(("is_machine", "who"), [(True, "machine_start"), (False, "human")])
def test_or_beside_it(board, is_machine, who):
    board.writes("<Pause length='60'/>")
    more = {"AsyncAmd": "true", "AsyncAmdStatusCallback": f"{board.url}/detected"}
    board.calls(MachineDetection="Enable", **more)
    rings(board).picks_up(is_machine=is_machine)
    assert "AnsweredBy" not in board.forms("start")[0]
    board.network.exchange.waits(5)
    board.network.settle()
    assert [form["AnsweredBy"] for form in board.forms("detected")] == [who]


def test_we_hang_up(board):
    board.writes("<Pause length='60'/>")
    sid = board.calls().json()["sid"]
    phone = rings(board)
    phone.picks_up()
    phone.waits(5)
    answer = board.asks("POST", f"Calls/{sid}.json", data={"Status": "completed"})
    assert answer.status_code == 200
    check(CALL, answer.json())
    assert phone.is_over
    again = board.asks("POST", f"Calls/{sid}.json", data={"Status": "completed"})
    assert (again.status_code, again.json()["code"]) == (400, 21220)


def test_we_stop_the_ringing(board):
    board.writes("<Say>Hello</Say>")
    sid = board.calls().json()["sid"]
    board.asks("POST", f"Calls/{sid}.json", data={"Status": "completed"})
    assert not board.network.exchange.on_phone(NOOR)


def test_a_live_call_goes_on_with_another_document(board):
    board.writes("<Pause length='60'/>", there="<Say>Here</Say>")
    phone = board.dials()
    change = {"Url": f"{board.url}/there"}
    check_form("form.UpdateCall", change)
    assert board.asks("POST", f"Calls/{phone.sid}.json", data=change).status_code == 200
    assert [heard.words for heard in phone.hears] == ["Here"]


def test_a_phone_that_rings_cannot_be_sent_elsewhere(board):
    board.writes("<Say>Hello</Say>")
    sid = board.calls().json()["sid"]
    answer = board.asks("POST", f"Calls/{sid}.json", data={"Url": f"{board.url}/there"})
    assert answer.json()["code"] == 21220


def test_a_call_is_deleted_when_it_is_over(board):
    board.writes("<Pause length='60'/>")
    phone = board.dials()
    assert board.asks("DELETE", f"Calls/{phone.sid}.json").json()["code"] == 20009
    phone.hangs_up()
    assert board.asks("DELETE", f"Calls/{phone.sid}.json").status_code == 204
    assert board.asks("GET", f"Calls/{phone.sid}.json").status_code == 404


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"To": ""}, 21201),
        ({"To": "Noor"}, 21211),
        ({"From": ""}, 21213),
        ({"From": "+15005550199"}, 21210),
        ({"Url": ""}, 21205),
        ({"Url": "nowhere"}, 21205),
        ({"To": "+447700900123"}, 21215),
        ({"StatusCallback": "nowhere"}, 21609),
        ({"StatusCallback": "http://127.0.0.1/x", "StatusCallbackEvent": "sometimes"}, 21626),
        ({"Timeout": "601"}, 20001),
        ({"MachineDetection": "perhaps"}, 20001),
        ({"Twiml": "<Response><Nonsense/></Response>"}, 20001),
    ],
)
def test_what_makes_no_sense_is_refused(board, form, code):
    answer = board.calls(**{"to" if name == "To" else name: value for name, value in form.items()})
    assert answer.json()["code"] == code
    assert not len(board.network.calls)


@pytest.mark.parametrize(
    ("word", "status"), [("busy", 429), ("down", 503), ("21215", 400), ("taken and silent", 500)]
)
def test_the_interface_may_fail(board, word, status):
    board.network.weather.expects("requests", word)
    assert board.calls().status_code == status
    assert len(board.network.calls) == (word == "taken and silent")


def test_it_may_speak_without_asking_anybody(board):
    board.calls(Url="", Twiml="<Response><Say>Hello</Say></Response>")
    phone = rings(board)
    phone.picks_up()
    assert [heard.words for heard in phone.hears] == ["Hello"]
    assert not board.asked
