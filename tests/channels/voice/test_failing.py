"""When we fail, a call goes on: nobody ever hears that an application error has occurred."""

import logging
from io import BytesIO

import pytest

from hotline.errors import Conflict, HotlineError, Unavailable
from tests.channels.twilio.signing import LINE, MARIA, post
from tests.channels.voice.sounding import FakePrompts
from tests.channels.voice.telephone import (
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

ORIGIN = "https://line.example"
THERE = f"{DOOR}/{STEP}"
FALLBACK = "/twilio/fallback"


@pytest.fixture
def calls():
    return FakeCalls()


@pytest.fixture
def client(calls):
    return application(calls=calls).test_client()


def failing(error, times=99):
    return [error] * times


def redirected(root):
    """Where the call goes on, without what the provider does not send."""
    return root.find("Redirect").text.partition("#")[0].removeprefix(ORIGIN)


@pytest.mark.parametrize("error", [Unavailable(), Conflict()])
def test_what_fails_for_a_moment_fails_for_nobody(client, calls, error):
    calls.fails = failing(error, 1)
    root = asked(client, THERE, call_fields(Digits="2"))
    assert words(root) == ["ask_safe in es"]
    assert calls.last.digits == "2"


@pytest.mark.parametrize(
    "error", [Unavailable(), HotlineError(), ValueError("+15005550142 said no"), KeyError("x")]
)
def test_a_failure_is_met_with_silence_then_with_a_sentence_then_with_the_end(
    client, calls, error, caplog
):
    calls.fails = failing(error)
    first = asked(client, THERE, call_fields(Digits="2"))
    assert verbs(first) == ["Pause", "Redirect"]
    assert redirected(first) == f"{THERE}?again=1"
    second = asked(client, redirected(first))
    assert verbs(second) == ["Say", "Pause", "Redirect"]
    assert words(second) == ["call_again in es"]
    assert redirected(second) == f"{THERE}?again=2"
    last = asked(client, redirected(second))
    assert verbs(last) == ["Say", "Pause", "Hangup"]
    assert words(last) == ["call_again in es"]
    for record in caplog.records:
        assert record.msg == "call failed"


def test_a_call_that_cannot_begin_begins_a_little_later(client, calls):
    calls.fails = failing(HotlineError(), 1)
    first = asked(client, DOOR)
    assert redirected(first) == f"{DOOR}?again=1"
    assert words(asked(client, redirected(first))) == ["ask_safe in es"]


def test_after_a_failure_nothing_was_heard(client, calls):
    """Silence at the question itself would count; the redirect brings none of the keys."""
    asked(client, f"{THERE}?again=1")
    assert calls.last.step == ""
    assert calls.last.is_silence


def test_a_sentence_is_spoken_where_no_sound_can_be_found(calls):
    calls.fails = failing(HotlineError())
    prompts = FakePrompts(fails=Unavailable())
    client = application(calls=calls, prompts=prompts).test_client()
    root = asked(client, f"{THERE}?again=2")
    assert words(root) == ["call_again in es"]


def test_where_nothing_can_be_said_at_all_the_call_ends_in_silence(calls):
    class Mute(FakePrompts):
        def words(self, name, locale):
            raise KeyError(name)

    calls.fails = failing(HotlineError())
    client = application(calls=calls, prompts=Mute()).test_client()
    assert verbs(asked(client, f"{THERE}?again=1")) == ["Pause", "Redirect"]
    assert verbs(asked(client, f"{THERE}?again=2")) == ["Pause", "Hangup"]


def test_a_call_of_ours_that_fails_tells_nothing(client, calls):
    calls.fails = failing(HotlineError())
    fields = call_fields(From=LINE, To=MARIA, Direction="outbound-api")
    for query, ending in (("?again=1", "Redirect"), ("?again=2", "Hangup")):
        assert verbs(asked(client, THERE + query, fields)) == ["Pause", ending]


def test_what_a_prompt_fails_with_is_met_the_same_way(calls):
    client = application(calls=calls, prompts=FakePrompts(fails=Unavailable())).test_client()
    assert verbs(asked(client, THERE)) == ["Pause", "Redirect"]


def test_a_stranger_is_answered_as_anywhere(calls):
    calls.fails = failing(ValueError())
    client = application(calls=calls).test_client()
    response = client.post(
        THERE, data="x" * 70_000, content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 413
    assert b"Response" not in response.data
    # A body that does not tell how long it is fails only while it is read.
    chunked = client.post(
        THERE,
        input_stream=BytesIO(b"a" * 200_000),
        content_type="application/x-www-form-urlencoded",
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    assert chunked.status_code in (403, 413)
    assert b"Response" not in chunked.data


# The provider's spare address.


def failed(path, code="11200", **changes):
    return call_fields(ErrorCode=code, ErrorUrl=ORIGIN + path, **changes)


def test_a_call_goes_on_at_the_spare_address_with_what_was_pressed(client, calls):
    root = asked(client, FALLBACK, failed(THERE, Digits="2"))
    assert words(root) == ["ask_safe in es"]
    assert (calls.last.step, calls.last.digits) == (STEP, "2")


def test_a_call_that_could_not_begin_begins_there(client, calls):
    asked(client, FALLBACK, failed(DOOR))
    assert (calls.last.step, calls.call.sender) == ("", MARIA)


def test_where_it_failed_is_not_always_told(client, calls):
    asked(client, FALLBACK, call_fields())
    assert (calls.last.step, calls.call.sender) == ("", MARIA)


def test_what_our_address_said_is_heard_there_too(client, calls):
    asked(client, FALLBACK, failed(f"{THERE}?nothing=1"))
    assert calls.last.event == "no_recording"
    asked(client, FALLBACK, failed(f"{THERE}?again=1"))
    assert calls.last.step == ""


@pytest.mark.parametrize("code", ["12100", "12200", "12300", "13520", "11750"])
def test_a_document_that_the_provider_could_not_read_is_not_given_again(client, calls, code):
    root = asked(client, FALLBACK, failed(THERE, code))
    assert (words(root), verbs(root)[-1]) == (["call_again in es"], "Hangup")
    assert not calls.heard


@pytest.mark.parametrize(
    "place",
    [
        f"{DOOR}/sound/{'a' * 64}",
        f"{DOOR}/person/{QUEUE}",
        "/elsewhere",
        "",
        f"{DOOR}x",
        "/twilio",
    ],
)
def test_what_is_no_step_ends_with_a_sentence(client, calls, place):
    root = asked(client, FALLBACK, failed(place))
    assert (words(root), verbs(root)[-1]) == (["call_again in es"], "Hangup")
    assert not calls.heard


@pytest.mark.parametrize("code", ["11200", "12100", "13520"])
def test_who_waits_for_a_person_leaves_the_queue_and_is_not_hung_up_on(client, calls, code):
    root = asked(client, FALLBACK, failed(f"{DOOR}/wait/{QUEUE}?in=es", code))
    assert verbs(root) == ["Leave"]
    assert not calls.heard


@pytest.mark.parametrize(
    "address",
    ["https://line.example.evil/twilio/voice", "http://[", "https://line.example"],
)
def test_an_address_that_is_not_ours_is_none(client, calls, address):
    root = asked(client, FALLBACK, call_fields(ErrorCode="11200", ErrorUrl=address))
    assert verbs(root)[-1] == "Hangup"
    assert not calls.heard


def test_a_call_that_fails_there_too_comes_back_to_where_it_stands(client, calls):
    calls.fails = failing(HotlineError())
    root = asked(client, FALLBACK, failed(THERE, Digits="2"))
    assert verbs(root) == ["Pause", "Redirect"]
    assert redirected(root) == f"{DOOR}?again=1"


def test_a_line_speaks_its_own_language_and_an_unknown_one_that_of_the_house(calls):
    client = application(calls=calls, lines={LINE: "ti"}).test_client()
    assert verbs(asked(client, FALLBACK, failed("/x"))) == ["Play", "Pause", "Hangup"]
    other = application(calls=calls, lines={}).test_client()
    assert words(asked(other, FALLBACK, failed("/x"))) == ["call_again in en"]
    # In this one nothing can be heard at all.
    mute = application(calls=calls, lines={LINE: "xx"}).test_client()
    assert words(asked(mute, FALLBACK, failed("/x"))) == ["call_again in en"]


def test_a_stranger_is_refused_at_the_spare_address(client, calls):
    assert post(client, FALLBACK, failed(THERE), signed="x").status_code == 403
    assert not calls.heard


def test_nothing_of_a_call_is_logged(client, calls, caplog):
    caplog.set_level(logging.DEBUG)
    calls.fails = failing(ValueError(MARIA))
    asked(client, THERE, call_fields(Digits="12", SpeechResult="ayuda"))
    for record in caplog.records:
        assert MARIA not in record.getMessage()
        assert "ayuda" not in record.getMessage()
