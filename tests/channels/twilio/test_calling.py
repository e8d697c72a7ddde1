"""What a call hears: each way of waiting with each of its attributes, and documents that the provider takes."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.channels.twilio import calling
from hotline.channels.twilio.calling import Calling
from hotline.channels.twilio.twiml_rules import LARGEST, LONGEST_WORDS, faults
from hotline.dialogue.calls.document import Document, Line, Then, Wait
from tests.channels.voice.sounding import VOICES, FakePrompts, digest_of
from tests.examples import examples

ORIGIN = "https://line.example"
OVERRIDES = "#rc=3&rp=5xx,ct,rt"
STEP = f"{ORIGIN}/twilio/voice/s1{OVERRIDES}"


def document(*lines, locale="es", step="s1", **then):
    return Document(step, locale, lines, Then(**then))


def said(of, *, prompts=None, without_sounds=False):
    """The root of what *of* becomes, having checked it as the provider does."""
    response = Calling(prompts or FakePrompts(), ORIGIN, without_sounds).answer(of)
    return checked(response)


def checked(response):
    assert response.content_type == "text/xml; charset=utf-8"
    assert faults(response.data) == []
    return ElementTree.fromstring(response.data)


def verbs(element):
    return [child.tag for child in element]


def test_a_question_takes_keys_from_its_first_word_on():
    root = said(document(Line("es", "start"), wait=Wait.KEYS, most=1, seconds=6))
    (gather,) = root
    assert gather.attrib == {
        "input": "dtmf",
        "action": STEP,
        "method": "POST",
        "timeout": "6",
        "numDigits": "1",
        "finishOnKey": "",
        "actionOnEmptyResult": "true",
        "profanityFilter": "false",
    }
    (say,) = gather
    assert (say.tag, say.text) == ("Say", "start in es")
    assert say.attrib == {"voice": VOICES["es"][0], "language": "es-US"}


def test_keys_of_any_number_end_with_hash():
    (gather,) = said(document(Line("es", "enter_code"), wait=Wait.KEYS, most=0, seconds=15))
    assert gather.get("finishOnKey") == "#"
    assert gather.get("numDigits") is None
    assert gather.get("timeout") == "15"


@pytest.mark.parametrize(
    ("most", "seconds", "keys", "patience"),
    [(2, 0, "2", "1"), (40, 60, "40", "60"), (99, 999, "40", "60"), (4, -5, "4", "1")],
)
def test_numbers_stay_within_what_the_provider_takes(most, seconds, keys, patience):
    (gather,) = said(document(wait=Wait.KEYS, most=most, seconds=seconds))
    assert (gather.get("numDigits"), gather.get("timeout")) == (keys, patience)


def test_speech_is_heard_in_the_language_of_the_call_and_never_censored():
    (gather,) = said(document(Line("es", "tell"), wait=Wait.KEYS, most=0, hears=True))
    assert gather.get("input") == "dtmf speech"
    assert gather.get("language") == "es-MX"
    assert gather.get("profanityFilter") == "false"
    assert not {"speechModel", "enhanced", "hints", "speechTimeout"} & set(gather.attrib)


def test_where_no_speech_is_recognized_keys_are_enough():
    (gather,) = said(document(Line("ti", "tell"), locale="ti", wait=Wait.KEYS, hears=True))
    assert gather.get("input") == "dtmf"
    assert gather.get("language") is None


def test_a_recording_has_every_attribute_and_a_way_on_where_nothing_was_recorded():
    root = said(document(Line("es", "record"), wait=Wait.RECORD, longest=1800, seconds=10))
    assert verbs(root) == ["Say", "Record", "Redirect"]
    record = root.find("Record")
    assert record.attrib == {
        "action": STEP,
        "method": "POST",
        "maxLength": "1800",
        "timeout": "10",
        "finishOnKey": "#",
        "playBeep": "true",
        "trim": "do-not-trim",
        "recordingStatusCallback": f"{ORIGIN}/twilio/voice/recording{OVERRIDES}",
        "recordingStatusCallbackMethod": "POST",
        "recordingStatusCallbackEvent": "completed absent",
    }
    assert len(record) == 0
    assert record.text is None
    assert root[-1].text == f"{ORIGIN}/twilio/voice/s1?nothing=1{OVERRIDES}"
    assert root[-1].attrib == {"method": "POST"}


@pytest.mark.parametrize(("longest", "written"), [(0, "2"), (1, "2"), (99_999, "14400")])
def test_a_recording_has_a_length_that_the_provider_takes(longest, written):
    root = said(document(wait=Wait.RECORD, longest=longest))
    assert root.find("Record").get("maxLength") == written


def test_who_wants_a_person_waits_in_a_queue_with_calm_words():
    root = said(document(Line("es", "kept"), wait=Wait.PERSON, ref="a" * 32))
    assert verbs(root) == ["Say", "Enqueue"]
    enqueue = root[-1]
    assert enqueue.text == "a" * 32
    assert enqueue.attrib == {
        "action": f"{ORIGIN}/twilio/voice/s1?ref={'a' * 32}{OVERRIDES}",
        "method": "POST",
        "waitUrl": f"{ORIGIN}/twilio/voice/wait/{'a' * 32}?in=es{OVERRIDES}",
        "waitUrlMethod": "POST",
    }


def test_a_step_without_a_question_goes_on_at_once():
    root = said(document(Line("es", "kept"), wait=Wait.GO_ON))
    assert verbs(root) == ["Say", "Redirect"]
    assert (root[-1].text, root[-1].attrib) == (STEP, {"method": "POST"})


def test_an_end_hangs_up():
    assert verbs(said(document(Line("es", "good_bye"), wait=Wait.END))) == ["Say", "Hangup"]


@pytest.mark.parametrize("wait", list(Wait))
def test_a_step_without_words_is_a_document_too(wait):
    said(document(wait=wait, ref="r", longest=60))


def test_silence_follows_a_line_and_is_never_long():
    root = said(document(Line("es", "kept", pause=3), Line("es", pause=999), wait=Wait.END))
    assert [(p.tag, p.get("length")) for p in root.findall("Pause")] == [
        ("Pause", "3"),
        ("Pause", "30"),
    ]


def test_digits_are_said_one_by_one_with_time_to_write():
    root = said(document(Line("es", digits="407"), wait=Wait.END))
    assert verbs(root) == ["Say", "Pause", "Say", "Pause", "Say", "Hangup"]
    assert [say.text for say in root.findall("Say")] == [f"digit_{digit} in es" for digit in "407"]
    assert {pause.get("length") for pause in root.findall("Pause")} == {"1"}


def test_a_prompt_goes_before_its_digits():
    root = said(document(Line("es", "tell_code", digits="12"), wait=Wait.END))
    assert [say.text for say in root.findall("Say")] == [
        "tell_code in es",
        "digit_1 in es",
        "digit_2 in es",
    ]


def test_a_language_without_a_voice_is_played_by_digest():
    root = said(document(Line("ti", "start"), locale="ti", wait=Wait.END))
    assert verbs(root) == ["Play", "Hangup"]
    assert root[0].text == f"{ORIGIN}/twilio/voice/sound/{digest_of('start', 'ti')}"


def test_each_line_speaks_in_its_own_language():
    lines = Line("es", "language", digits="1"), Line("ti", "language", digits="2")
    (gather,) = said(document(*lines, wait=Wait.KEYS))
    assert verbs(gather) == ["Say", "Say", "Play", "Play"]


def test_a_recording_of_an_operator_goes_before_the_voice():
    prompts = FakePrompts(recorded={("start", "es")})
    root = said(document(Line("es", "start"), wait=Wait.END), prompts=prompts)
    assert verbs(root) == ["Play", "Hangup"]
    spoken = said(
        document(Line("es", "start"), wait=Wait.END), prompts=prompts, without_sounds=True
    )
    assert verbs(spoken) == ["Say", "Hangup"]


def test_words_that_nobody_can_say_are_left_out():
    assert verbs(said(document(Line("ti", words="selam"), locale="ti", wait=Wait.END))) == [
        "Hangup"
    ]


@pytest.mark.parametrize(
    ("words", "spoken"),
    [
        ("a < b & c > \"d\" 'e' ]]>", "a < b & c > \"d\" 'e' ]]>"),
        ("</Say><Dial>+15005550006</Dial>", "</Say><Dial>+15005550006</Dial>"),
        ("a\x00\x0b\x1b\x7f\u0085b", "a b"),
        ("\ufffe\uffff\ud800x", "x"),
        ("one\n\n two\t three ", "one two three"),
        ("مرحبا 🙂 ñ", "مرحبا 🙂 ñ"),
    ],
)
def test_what_no_document_can_carry_is_left_out_and_the_rest_is_said(words, spoken):
    (say, _) = said(document(Line("es", words=words), wait=Wait.END))
    assert say.text == spoken


@pytest.mark.parametrize("nothing", ["", " ", "\x00\x0b", "\ud800"])
def test_words_that_are_none_are_not_said(nothing):
    assert verbs(said(document(Line("es", words=nothing), wait=Wait.END))) == ["Hangup"]


def test_long_words_are_cut_behind_a_sentence():
    sentence = "It is safe to call the shelter at any hour of the night. "
    root = said(document(Line("es", words=sentence * 200), wait=Wait.END))
    pieces = [say.text for say in root.findall("Say")]
    assert len(pieces) > 1
    assert all(piece.endswith("night.") for piece in pieces)
    assert " ".join(pieces) == (sentence * 200).strip()


@pytest.mark.parametrize("letter", ["a", "&", '"', "ñ", "字", "🙂"])
@pytest.mark.parametrize("wait", list(Wait))
def test_no_document_is_larger_than_the_provider_reads(letter, wait):
    lines = [Line("es", words=letter * 10_000)] * 10 + [Line("es", digits="1" * 4000)]
    response = Calling(FakePrompts(), ORIGIN).answer(
        document(*lines, wait=wait, ref="r", longest=9, hears=True)
    )
    checked(response)
    assert len(response.data) <= LARGEST


ANYTHING = st.text(st.characters(codec="utf-8"), max_size=300) | st.text(max_size=50)
LINES = st.builds(
    Line,
    locale=st.sampled_from(["en", "es", "ti", "zh-Hans"]),
    prompt=st.sampled_from(["", "start", "wait"]),
    digits=st.text(max_size=8),
    words=ANYTHING,
    pause=st.integers(-5, 100),
)
THENS = st.builds(
    Then,
    wait=st.sampled_from(list(Wait)),
    most=st.integers(0, 99),
    seconds=st.integers(-1, 999),
    hears=st.booleans(),
    longest=st.integers(0, 10**6),
    ref=st.just("a" * 32),
)


@examples(100)
@given(lines=st.lists(LINES, max_size=6), then=THENS, locale=st.sampled_from(["es", "ti"]))
def test_every_document_is_one_that_the_provider_takes(lines, then, locale):
    root = said(Document("s1", locale, tuple(lines), then))
    assert all(len(say.text) <= LONGEST_WORDS for say in root.iter("Say"))


def test_a_person_is_connected_and_the_talk_has_an_end():
    root = checked(calling.connect("a" * 32, seconds=3600))
    assert verbs(root) == ["Dial", "Hangup"]
    assert root[0].attrib == {"answerOnBridge": "true", "timeLimit": "3600"}
    assert [(queue.tag, queue.text) for queue in root[0]] == [("Queue", "a" * 32)]


def test_leaving_and_hanging_up_say_nothing():
    assert verbs(checked(calling.leave())) == ["Leave"]
    assert verbs(checked(calling.hang_up())) == ["Hangup"]


def test_the_same_document_gives_the_same_bytes():
    one = document(Line("es", "tell_code", digits="1234"), wait=Wait.KEYS)
    writing = Calling(FakePrompts(), ORIGIN)
    assert writing.answer(one).data == writing.answer(one).data
