"""A call as it comes in: whatever its form holds, somebody is answered, and what they pressed is heard as they meant it."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.channels.twilio.signature import LARGEST_BODY
from hotline.dialogue.calls.document import Document, Line, Then, Wait
from hotline.dialogue.calls.turns import Event, Heard
from tests.channels.twilio.signing import FORM, LINE, MARIA, Repeated, post, signature
from tests.channels.voice.telephone import (
    CALL,
    DOOR,
    QUEUE,
    STEP,
    FakeCalls,
    application,
    asked,
    call_fields,
    recording_fields,
    verbs,
    words,
)
from tests.examples import examples

THERE = f"{DOOR}/{STEP}"
PAGES = [DOOR, THERE, f"{DOOR}/wait/{QUEUE}", f"{DOOR}/recording", f"{DOOR}/status"]


class Rings:
    """A store in which nothing is written; *stopped* tells that something would have been."""

    def __init__(self):
        self.stopped = 0

    def write(self, work):
        self.stopped += 1


@pytest.fixture
def calls():
    return FakeCalls()


@pytest.fixture
def rings():
    return Rings()


@pytest.fixture
def client(calls, rings):
    return application(calls=calls, store=rings).test_client()


def test_a_call_begins_with_its_first_words(client, calls):
    root = asked(client, DOOR)
    assert (verbs(root), words(root)) == (["Gather"], ["ask_safe in es"])
    assert (calls.call.id, calls.call.sender, calls.call.line) == (CALL, MARIA, LINE)
    assert calls.last == Heard()


def test_a_key_answers_the_step_of_its_address(client, calls):
    asked(client, THERE, call_fields(Digits="2", FinishedOnKey="", msg="Gather End"))
    assert calls.last == Heard(step=STEP, digits="2")


def test_silence_answers_the_step_too(client, calls):
    asked(client, THERE, call_fields(Digits=""))
    assert calls.last == Heard(step=STEP)
    assert calls.last.is_silence


@pytest.mark.parametrize(
    "address",
    [
        "anonymous",
        "ANONYMOUS",
        "Restricted",
        "RESTRICTED",
        "UNAVAILABLE",
        "unknown",
        "private",
        "Blocked",
        "withheld",
        "+266696687",
        "266696687",
        "+86282452253",
        "+7378742833",
        "+2562533",
        "+8656696",
        "+anonymous",
        " anonymous ",
        "",
        " ",
        None,
        "sip:anonymous@anonymous.invalid",
        "sips:Unavailable@unknown.invalid",
        "+0",
        "0",
        "+1",
        "+12345",
        "+17378742833",
        "+0000000000",
        "72345",
        "No Caller ID",
        "null",
        "undefined",
        "client:maria",
        "<b>&",
        "x" * 500,
        "+" + "1" * 16,
        "sip:null@gateway.example",
        "sip:0@gateway.example",
        "sip:+266696687@gateway.example",
        "sip:maria@unknown.invalid",
        "sip:maria",
        "sip:@gateway.example",
        "sip:a@b@gateway.example",
        "maria@gateway.example",
    ],
)
def test_a_number_that_is_withheld_is_none(client, calls, address):
    asked(client, DOOR, call_fields(From=address, Caller=address))
    assert calls.call.sender == ""


@pytest.mark.parametrize(
    "address",
    [
        MARIA,
        "sip:+26012345678@gateway.example",
        "sip:maria@gateway.example:5060;transport=tls",
        "sips:maria@[2001:db8::1]",
        "+2666966871",
        "+1234567",
    ],
)
def test_an_address_stays_as_it_was_given(client, calls, address):
    asked(client, DOOR, call_fields(From=address))
    assert calls.call.sender == address


def test_a_number_is_one_however_a_carrier_writes_it(client, calls):
    for address in (" +1 (500) 555-0142", "0015005550142"):
        asked(client, DOOR, call_fields(From=address))
        assert calls.call.sender == "+15005550142"


def test_in_a_call_of_ours_the_person_is_who_was_called(client, calls):
    fields = call_fields(From=LINE, To=MARIA, Direction="outbound-api")
    asked(client, THERE, fields)
    assert (calls.call.sender, calls.call.line) == (MARIA, LINE)


@pytest.mark.parametrize(
    ("pressed", "heard"),
    [
        ("1", "1"),
        ("1111111", "1111111"),
        ("#", "#"),
        ("*", "*"),
        ("0", "0"),
        ("12*#", "12*#"),
        (" 1 2 ", "12"),
        ("w1A;2", "12"),
        ("١٢", ""),
        ("hangup", ""),
        ("9" * 500, "9" * 40),
        ("\x00\x0b", ""),
    ],
)
def test_only_keys_are_heard(client, calls, pressed, heard):
    asked(client, THERE, call_fields(Digits=pressed))
    assert calls.last == Heard(step=STEP, digits=heard)


def test_hash_alone_is_not_silence(client, calls):
    asked(client, THERE, call_fields(Digits="", FinishedOnKey="#"))
    assert calls.last.digits == "#"
    asked(client, THERE, call_fields(Digits="4071", FinishedOnKey="#"))
    assert calls.last.digits == "4071"


@pytest.mark.parametrize(
    ("speech", "heard"),
    [
        ("no puedo salir", "no puedo salir"),
        ("a\x00\x1b[31m\nb\u2028c", "a [31m b c"),
        ("... --- ...", ""),
        (" \t ", ""),
        ("मदद", "मदद"),
        ("x" * 9000, "x" * 2000),
    ],
)
def test_speech_is_words_and_noise_is_silence(client, calls, speech, heard):
    asked(client, THERE, call_fields(SpeechResult=speech, Confidence="0.01"))
    assert calls.last == Heard(step=STEP, speech=heard)


def test_where_the_phone_is_from_is_not_kept(client, calls):
    asked(client, DOOR, call_fields(CallerZip="94105", CallerName="MARIA G", StirVerstat="x"))
    kept = " ".join((calls.call.id, calls.call.sender, calls.call.line))
    assert "SAN FRANCISCO" not in kept
    assert "94105" not in kept
    assert "MARIA G" not in kept


@pytest.mark.parametrize(
    ("result", "event"),
    [
        ("bridged", Event.TALKED),
        ("redirected-from-bridged", Event.TALKED),
        ("leave", Event.NOBODY),
        ("queue-full", Event.NOBODY),
        ("error", Event.NOBODY),
        ("system-error", Event.NOBODY),
        ("hangup", Event.NOBODY),
        ("something new", Event.NOBODY),
        ("", Event.NOBODY),
    ],
)
def test_whoever_leaves_a_queue_has_talked_or_not(client, calls, rings, result, event):
    fields = call_fields(QueueResult=result, QueueTime="12", QueueSid="QU" + "1" * 32)
    asked(client, f"{THERE}?ref={QUEUE}", fields)
    assert calls.last == Heard(step=STEP, event=event)
    assert rings.stopped == 1


def test_a_recording_answers_its_step_and_its_last_key_does_not(client, calls, rings):
    for key in ("#", "hangup", "1"):
        asked(client, THERE, recording_fields(Digits=key))
        assert calls.last == Heard(step=STEP, event=Event.RECORDED)
    assert rings.stopped == 3


def test_an_hour_of_recording_is_a_recording(client, calls):
    asked(client, THERE, recording_fields(RecordingDuration="3600"))
    assert calls.last.event == Event.RECORDED


@pytest.mark.parametrize("fields", [{"RecordingDuration": "0"}, {"RecordingDuration": "00"}])
def test_an_empty_recording_is_none(client, calls, fields):
    asked(client, THERE, recording_fields(**fields))
    assert calls.last.event == Event.NO_RECORDING


@pytest.mark.parametrize("duration", ["", "-1", "long", "9" * 30, None])
def test_a_recording_of_no_known_length_is_a_recording(client, calls, duration):
    asked(client, THERE, recording_fields(RecordingDuration=duration))
    assert calls.last.event == Event.RECORDED


def test_where_nothing_was_recorded_the_call_comes_back_and_says_so(client, calls):
    asked(client, f"{THERE}?nothing=1")
    assert calls.last == Heard(step=STEP, event=Event.NO_RECORDING)


@pytest.mark.parametrize("status", ["completed", "busy", "failed", "no-answer", "canceled"])
@pytest.mark.parametrize("path", [DOOR, THERE])
def test_who_hung_up_was_not_silent(client, calls, status, path):
    root = asked(client, path, call_fields(CallStatus=status, Digits=""))
    assert verbs(root) == ["Hangup"]
    assert not calls.heard


@pytest.mark.parametrize("given", [{"Digits": "1"}, {"SpeechResult": "ayuda"}])
def test_what_was_told_before_hanging_up_is_heard(client, calls, given):
    asked(client, THERE, call_fields(CallStatus="completed", **given))
    assert calls.last.step == STEP


def test_who_hangs_up_in_a_recording_is_heard(client, calls):
    asked(client, THERE, recording_fields(CallStatus="completed", Digits="hangup"))
    assert calls.last.event == Event.RECORDED


@pytest.mark.parametrize("step", ["x" * 65, "a.b", "a%20b", "caf%C3%A9", "..%2f"])
def test_a_step_that_has_no_shape_is_none(calls, step):
    client = application(calls=calls).test_client()
    path = f"{DOOR}/{step}"
    response = post(client, path, call_fields(Digits="1"))
    # A path that is not plain was not signed by the provider: it only ever sees those that we wrote.
    if response.status_code == 200:
        assert calls.last == Heard(digits="1")
    else:
        assert response.status_code in (403, 404)
        assert not calls.heard


@pytest.mark.parametrize("path", [DOOR, THERE, f"{DOOR}/recording", f"{DOOR}/status"])
def test_a_form_that_is_no_call_is_malformed(client, calls, path):
    assert post(client, path, call_fields(CallSid=None)).status_code == 400
    assert not calls.heard


@pytest.mark.parametrize("path", PAGES)
def test_what_nobody_signed_is_refused_and_says_nothing(client, calls, path):
    for signed in ("", "x", signature(path, call_fields(), token="another token")):
        response = post(client, path, call_fields(), signed=signed)
        assert (response.status_code, response.data) == (403, b"")
    assert not calls.heard


@pytest.mark.parametrize("path", PAGES)
def test_what_is_too_large_is_refused(client, calls, path):
    response = post(client, path, call_fields(SpeechResult="x" * LARGEST_BODY))
    assert response.status_code == 413
    assert not calls.heard


@pytest.mark.parametrize(
    "name",
    [
        "CallSid",
        "From",
        "To",
        "CallStatus",
        "Digits",
        "SpeechResult",
        "Direction",
        "FinishedOnKey",
        "QueueResult",
        "QueueTime",
        "AnsweredBy",
        "RecordingSid",
        "RecordingDuration",
        "RecordingStatus",
        "RecordingUrl",
        "DialCallStatus",
        "ErrorUrl",
    ],
)
def test_a_field_that_we_read_may_not_come_twice(client, calls, name):
    fields = call_fields(Digits="1")
    values = ["1", "2"] if not name.endswith("Sid") else [CALL, "CA" + "3" * 32]
    pairs = [pair for pair in fields.items() if pair[0] != name] + [(name, one) for one in values]
    response = client.post(
        THERE,
        data=urlencode(pairs),
        content_type=FORM,
        headers={"X-Twilio-Signature": signature(THERE, Repeated(pairs))},
    )
    assert response.status_code == 403
    assert not calls.heard


@pytest.mark.parametrize("name", ["CallSid", "RecordingSid", "QueueSid", "DialCallSid"])
def test_an_id_has_the_shape_of_one(client, calls, name):
    response = post(client, THERE, call_fields(**{name: "CA123"}))
    assert response.status_code == 403
    assert not calls.heard


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", PAGES)
def test_other_methods_do_nothing_and_redirect_nowhere(client, calls, path, method):
    response = client.open(path, method=method)
    assert response.status_code in (403, 405, 415)
    assert "Location" not in response.headers
    assert not calls.heard


@pytest.mark.parametrize("path", [f"{DOOR}/", f"{DOOR}//{STEP}", f"{THERE}/", "//twilio/voice"])
def test_no_address_is_put_in_order(client, calls, path):
    response = post(client, path, call_fields())
    assert response.status_code in (200, 403, 404)
    assert "Location" not in response.headers


WAITS = [
    Then(Wait.KEYS, most=1),
    Then(Wait.KEYS, most=0, hears=True),
    Then(Wait.RECORD, longest=1800),
    Then(Wait.PERSON, ref=QUEUE),
    Then(Wait.GO_ON),
    Then(Wait.END),
]


@pytest.mark.parametrize("then", WAITS)
def test_the_same_webhook_twice_gets_the_same_bytes(calls, client, then):
    calls.document = Document(STEP, "es", (Line("es", "kept", digits="12"),), then)
    first, second = (post(client, THERE, call_fields(Digits="1")) for _ in range(2))
    assert first.data == second.data


def test_two_calls_at_once_are_two(client, calls):
    other = "CA" + "8" * 32
    asked(client, DOOR)
    asked(client, DOOR, call_fields(CallSid=other))
    asked(client, THERE, call_fields(Digits="1"))
    assert [call.id for call, _ in calls.heard] == [CALL, other, CALL]
    assert {call.sender for call, _ in calls.heard} == {MARIA}


FIELDS = st.sampled_from(
    [
        "Digits",
        "SpeechResult",
        "From",
        "To",
        "Direction",
        "QueueResult",
        "RecordingDuration",
        "CallStatus",
        "FinishedOnKey",
        "QueueTime",
        "Confidence",
        "Unknown",
        "RecordingUrl",
    ]
)
TEXT = st.text(st.characters(codec="utf-8"), max_size=100)


@examples(60)
@given(changes=st.dictionaries(FIELDS, TEXT), query=st.sampled_from(["", "?nothing=1", "?ref=x"]))
def test_whatever_stands_in_a_signed_call_is_answered(changes, query):
    calls = FakeCalls()
    client = application(calls=calls, store=Rings()).test_client()
    root = asked(client, THERE + query, call_fields(**changes))
    assert verbs(root) in (["Gather"], ["Hangup"])
    for _, heard in calls.heard:
        assert set(heard.digits) <= set("0123456789*#")
        assert heard.speech == "" or heard.speech.isprintable() or not heard.speech.isascii()
