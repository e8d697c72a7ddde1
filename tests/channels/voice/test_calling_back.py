"""A call of ours is answered: by who asked for it, by a machine, or too late."""

import pytest

from hotline.errors import HotlineError, Unavailable
from tests.channels.twilio.signing import LINE, MARIA, post
from tests.channels.voice.telephone import (
    CALL,
    DOOR,
    QUEUE,
    STEP,
    FakeCalls,
    application,
    asked,
    call_fields,
    verbs,
    words,
)

THERE = f"{DOOR}/back/{QUEUE}"


def answered(by=None, **changes):
    fields = {"From": LINE, "To": MARIA, "Direction": "outbound-api", "AnsweredBy": by}
    return call_fields(**fields | changes)


@pytest.fixture
def calls():
    return FakeCalls()


@pytest.fixture
def client(calls):
    return application(calls=calls).test_client()


@pytest.mark.parametrize("by", ["human", "Human"])
def test_a_person_is_asked_what_the_dialogue_asks(client, calls, by):
    root = asked(client, THERE, answered(by))
    assert (verbs(root), words(root)) == (["Gather"], ["ask_safe in es"])
    ((call, ref),) = calls.backs
    assert (call.id, call.sender, call.line, ref) == (CALL, MARIA, LINE, QUEUE)


UNSURE = ["unknown", "", None, "something new"]


def goes_on(root):
    """Where the provider comes with the key, or without one."""
    (gather,) = root
    assert (gather.get("input"), gather.get("numDigits")) == ("dtmf", "1")
    assert 5 <= int(gather.get("timeout")) <= 20
    return gather.get("action").partition("#")[0].removeprefix("https://line.example")


@pytest.mark.parametrize("by", UNSURE)
def test_who_may_be_a_machine_hears_nothing_until_a_key_is_pressed(client, calls, by):
    root = asked(client, THERE, answered(by))
    assert [one.tag for one in root.iter()] == ["Response", "Gather"]
    assert (calls.backs, calls.machines) == ([], [])
    for key in ("1", "#"):
        pressed = asked(client, goes_on(root), answered(by, Digits=key))
        assert words(pressed) == ["ask_safe in es"]
    assert len(calls.backs) == 2
    assert not calls.machines


@pytest.mark.parametrize("by", UNSURE)
def test_who_presses_nothing_was_a_machine(client, calls, by):
    there = goes_on(asked(client, THERE, answered(by)))
    assert verbs(asked(client, there, answered(by, Digits=""))) == ["Hangup"]
    assert (calls.machines, calls.backs) == ([QUEUE], [])


def test_who_hangs_up_in_the_silence_was_no_machine(client, calls):
    there = goes_on(asked(client, THERE, answered("unknown")))
    ended = answered("unknown", Digits="", CallStatus="completed")
    assert verbs(asked(client, there, ended)) == ["Hangup"]
    assert (calls.machines, calls.backs) == ([], [])


@pytest.mark.parametrize(
    "by",
    ["machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other", "fax", "FAX"],
)
def test_a_machine_hears_nothing_and_nothing_begins(client, calls, by):
    root = asked(client, THERE, answered(by))
    assert verbs(root) == ["Hangup"]
    assert (calls.machines, calls.backs) == ([QUEUE], [])


@pytest.mark.parametrize("error", [Unavailable(), HotlineError()])
def test_a_machine_hears_nothing_where_we_fail_either(client, calls, error):
    calls.fails = [error] * 9
    assert verbs(asked(client, THERE, answered("machine_start"))) == ["Hangup"]


def test_who_is_called_too_late_hears_nothing(client, calls):
    calls.document = None
    assert verbs(asked(client, THERE, answered("human"))) == ["Hangup"]


def test_who_hung_up_at_once_is_asked_nothing(client, calls):
    root = asked(client, THERE, answered("human", CallStatus="completed"))
    assert verbs(root) == ["Hangup"]
    assert not calls.backs


def test_where_we_fail_the_call_comes_back_in_silence_and_ends_in_it(client, calls):
    calls.fails = [HotlineError()] * 9
    path = THERE
    for again in ("1", "2"):
        root = asked(client, path, answered("human"))
        assert verbs(root) == ["Pause", "Redirect"]
        path = root.find("Redirect").text.partition("#")[0].removeprefix("https://line.example")
        assert path == f"{THERE}?again={again}"
    assert verbs(asked(client, path, answered("human"))) == ["Pause", "Hangup"]


def test_the_same_webhook_twice_gets_the_same_bytes(client):
    first, second = (post(client, THERE, answered("human")) for _ in range(2))
    assert first.data == second.data


def test_the_next_step_is_a_step_like_any(client, calls):
    asked(client, f"{DOOR}/{STEP}", answered(Digits="1"))
    assert (calls.call.sender, calls.call.line) == (MARIA, LINE)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods_begin_nothing(client, calls, method):
    assert client.open(THERE, method=method).status_code in (403, 405, 415)
    assert not calls.backs


def test_a_stranger_begins_nothing(client, calls):
    assert post(client, THERE, answered("human"), signed="x").status_code == 403
    assert post(client, THERE, answered("human", CallSid=None)).status_code == 400
    assert not calls.backs
