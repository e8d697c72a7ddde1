"""Whatever goes wrong with a call at the provider goes wrong on demand, and broken documents go to the fallback."""

import pytest

from hotline.demo.calling.leg import SORRY
from hotline.demo.faults import faults

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
GATHER = '<Gather action="/got" numDigits="1"><Say>Press a key.</Say></Gather>'
GOT = "<Say>Thank you.</Say><Pause length='60'/>"
FALLBACK = "<Say>Call again.</Say>"


def words(phone):
    return [heard.words for heard in phone.hears]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (f"{HEAD}<Response>", "12100"),
        (HEAD, "12100"),
        (f"{HEAD}<Response>\x0b</Response>", "12100"),
        (f"{HEAD}<Nonsense/>", "12200"),
        ("<Nonsense/>", "12200"),
        ("<Say volume='11'>Hello</Say>", "12200"),
        ("<Gather num_digits='3'/>", "12200"),
        ("<Gather><Record/></Gather>", "12200"),
        ("<Record><Say>No</Say></Record>", "12200"),
        (f"<Say>{'x' * 4097}</Say>", "12200"),
        ("words alone", "12200"),
        (f"<Say>{'x' * 70000}</Say>", "11750"),
        (500, "11200"),
        (404, "11200"),
    ],
)
def test_what_is_no_document_goes_to_the_fallback_and_says_why(board, document, code):
    board.writes(document, fallback=FALLBACK)
    phone = board.dials()
    assert words(phone) == ["Call again."]
    (form,) = board.forms("fallback")
    assert form["ErrorCode"] == code
    assert form["ErrorUrl"] == f"{board.url}/start"
    assert form["CallSid"] == phone.sid
    assert board.asked[-1].signed
    assert board.alerts() == [int(code)]


def test_a_broken_step_goes_to_the_fallback_too(board):
    board.writes(GATHER, got="<Nonsense/>", fallback=FALLBACK)
    phone = board.dials()
    phone.presses("1")
    assert words(phone)[-1] == "Call again."
    (form,) = board.forms("fallback")
    assert form["ErrorUrl"] == f"{board.url}/got"
    assert form["Digits"] == "1"


def test_without_a_readable_fallback_the_provider_says_sorry(board):
    board.writes("<Nonsense/>", fallback="<Nonsense/>")
    phone = board.dials()
    assert words(phone) == [SORRY]
    phone.waits(10)
    assert phone.is_over


def test_a_step_is_tried_again_as_its_address_asks(board):
    board.writes(GATHER.replace("/got", "/got#rc=2&amp;rp=5xx"), got=[500, 500, GOT])
    phone = board.dials()
    phone.presses("1")
    assert words(phone)[-1] == "Thank you."
    tokens = {one.token for one in board.asked if one.path == "/got"}
    assert (len(board.forms("got")), len(tokens)) == (3, 1)


@pytest.mark.parametrize(
    ("word", "asked", "heard"),
    [
        ("twice", ["/got", "/got"], "Thank you."),
        ("at once", ["/got", "/got"], "Thank you."),
        ("slow", ["/got", "/fallback"], "Call again."),
        ("fails", ["/fallback"], "Call again."),
        ("unreachable", ["/fallback"], "Call again."),
        ("dropped", ["/got"], "Press a key."),
    ],
)
def test_each_step_can_go_wrong(board, word, asked, heard):
    board.writes(GATHER, got=GOT, fallback=FALLBACK)
    phone = board.dials()
    board.network.weather.expects("steps", word)
    phone.presses("1")
    assert board.paths()[1:][: len(asked)] == asked
    assert words(phone)[-1] == heard
    assert phone.is_over is (word == "dropped")


@pytest.mark.parametrize("before", range(3))
def test_the_connection_can_be_lost_at_any_step(board, before):
    board.writes(GATHER, got=GATHER)
    board.network.weather.steps.extend([""] * before + ["dropped"])
    phone = board.dials()
    for _ in range(before):
        assert not phone.is_over
        phone.presses("1")
    assert phone.is_over
    board.network.settle()
    assert len(board.forms("over")) == 1


@pytest.mark.parametrize(("word", "count"), [("lost", 0), ("twice", 2), ("late", 1)])
def test_the_end_may_be_told_otherwise(board, word, count):
    board.network.weather.lateness = 0.2
    board.network.weather.expects("news", word)
    board.writes("<Say>Hello</Say>")
    board.dials().hangs_up()
    board.network.settle()
    assert len(board.forms("over")) == count


@pytest.mark.parametrize(("word", "said"), [("nothing", []), ("garbled", ["aloh"])])
def test_words_may_be_misunderstood(board, word, said):
    board.writes(GATHER.replace("<Gather", '<Gather input="speech" language="es-MX"'), got=GOT)
    board.network.weather.expects("hearing", word)
    phone = board.dials()
    phone.says("hola", locale="es")
    phone.waits(10)
    assert [form["SpeechResult"] for form in board.forms("got")] == said


def test_every_number_of_a_call_means_something(board):
    board.writes(
        '<Gather input="dtmf speech" action="/got"/><Record action="/got" recordingStatusCallback="/told"/>',
        got=GOT,
    )
    places = {"steps", "news", "recordings", "pickups", "hearing"}
    numbers = [one for one in faults().numbers if one.place in places]
    assert {(one.place, one.word) for one in numbers} == {
        (place, word) for place in places for word in faults().places[place]
    }
    assert len({one.number for one in numbers}) == len(numbers)


def test_a_number_chooses_what_goes_wrong(board):
    board.writes("<Say>Hello</Say>", fallback=FALLBACK)
    (fails,) = [
        one.number for one in faults().numbers if (one.place, one.word) == ("steps", "fails")
    ]
    assert words(board.dials(fails)) == ["Call again."]
    (machine,) = [one.number for one in faults().numbers if one.word == "machine"]
    board.calls(machine, MachineDetection="Enable")
    board.network.exchange.waits(10)
    assert board.forms("start")[-1]["AnsweredBy"] == "machine_start"
