"""What a document says is heard in its order, in its language, for as long as it takes."""

import pytest

from hotline.demo.calling.heard import seconds_of_sound, seconds_of_words
from hotline.demo.calls import Recording
from tests.demo.station import ACCOUNT, MARIA, VOICE


def said(phone):
    return [(heard.words, heard.locale) for heard in phone.hears]


def test_lines_follow_each_other_and_the_call_ends_behind_the_last(board):
    board.writes('<Say language="es-US">Hola.</Say><Pause length="2"/><Say>Hello.</Say>')
    phone = board.dials()
    assert said(phone) == [("Hola.", "es-US")]
    phone.waits(20)
    first, second = phone.hears
    assert (second.words, second.locale) == ("Hello.", "en-US")
    assert second.from_second == pytest.approx(first.to_second + 2)
    assert phone.is_over
    assert phone.status == "completed"


def test_what_was_heard_by_a_second_is_known(board):
    board.writes('<Say language="es-US">Uno.</Say><Pause length="10"/><Say>Two.</Say><Pause/>')
    phone = board.dials()
    phone.listens_until(15)
    assert [heard.locale for heard in phone.heard_by(5)] == ["es-US"]
    assert [heard.locale for heard in phone.heard_by(15)] == ["es-US", "en-US"]


def test_a_line_may_be_said_twice_and_hold_a_break(board):
    board.writes('<Say loop="2">Hello<break time="1500ms"/></Say>')
    phone = board.dials()
    phone.waits(10)
    first, second = phone.hears
    assert first.to_second == pytest.approx(1.5 + seconds_of_words("Hello"))
    assert second.from_second == pytest.approx(first.to_second)


def test_a_sound_lasts_as_long_as_it_is_and_is_known_by_its_digest(board):
    board.sounds["sound/abc123"] = b"".join(Recording("", 3, "completed").pieces())
    board.network.exchange.sounds.knows = lambda digest: (
        ("Hola", "es") if digest == "abc123" else ("", "")
    )
    board.writes("<Play>/sound/abc123</Play><Say>Hello</Say>")
    phone = board.dials()
    phone.waits(10)
    sound, after = phone.hears
    assert (sound.sound, sound.words, sound.locale) == ("abc123", "Hola", "es")
    assert (sound.from_second, sound.to_second) == (0, 3)
    assert after.from_second == 3


def test_a_sound_that_is_not_there_is_passed_over_and_noted(board):
    board.writes("<Play>/sound/none</Play><Say>Hello</Say>")
    phone = board.dials()
    assert said(phone) == [("Hello", "en-US")]
    assert board.alerts() == [11200]


def test_a_webhook_of_a_call_says_what_the_real_one_says(board):
    board.writes("<Say>Hello</Say>")
    phone = board.dials()
    (asked,) = board.asked
    assert asked.signed
    assert asked.form["CallSid"] == phone.sid
    assert asked.form["AccountSid"] == ACCOUNT
    assert asked.form["From"] == asked.form["Caller"] == MARIA
    assert asked.form["To"] == asked.form["Called"] == VOICE
    assert (asked.form["CallStatus"], asked.form["Direction"]) == ("ringing", "inbound")
    assert {"FromCity", "CallerZip", "ToCountry", "CalledState", "ApiVersion"} <= set(asked.form)


@pytest.mark.parametrize(
    "sender", ["anonymous", "+266696687", "RESTRICTED", "sip:+26012@example.org"]
)
def test_a_number_may_be_withheld_or_none(board, sender):
    board.writes("<Say>Hello</Say>")
    board.dials(sender)
    (asked,) = board.asked
    assert asked.form["From"] == sender
    assert asked.form["FromZip"] == ""


def test_the_end_of_a_call_is_told_with_its_length(board):
    board.writes('<Pause length="61"/>')
    phone = board.dials()
    phone.waits(100)
    board.network.settle()
    (form,) = board.forms("over")
    assert form["CallStatus"] == "completed"
    assert (form["CallDuration"], form["Duration"]) == ("61", "2")
    assert form["CallSid"] == phone.sid


def test_redirects_and_hang_ups_are_followed(board):
    board.writes(
        '<Redirect method="GET">/there?a=b</Redirect><Say>never</Say>',
        there="<Say>Here.</Say><Hangup/>",
    )
    phone = board.dials()
    assert said(phone) == [("Here.", "en-US")]
    assert board.asked[1].method == "GET"
    assert board.asked[1].signed
    assert board.asked[1].form["a"] == "b"
    phone.waits(5)
    assert phone.is_over


@pytest.mark.parametrize(("reason", "status"), [("busy", "busy"), ("rejected", "no-answer")])
def test_a_call_may_be_rejected(board, reason, status):
    board.writes(f'<Reject reason="{reason}"/>')
    assert board.dials().status == status


def test_documents_that_lead_to_each_other_without_end_are_ended(board):
    board.writes("<Redirect>/start</Redirect>")
    assert board.dials().status == "failed"


def test_whoever_hangs_up_hears_no_more(board):
    board.writes('<Pause length="5"/><Say>Hello</Say>')
    phone = board.dials()
    phone.waits(3)
    phone.hangs_up()
    phone.waits(10)
    assert not phone.hears
    board.network.settle()
    assert board.forms("over")[0]["CallDuration"] == "3"


def test_two_calls_at_once_are_two(board):
    board.writes('<Gather action="/got" numDigits="1"/>', got="<Say>Thanks</Say>")
    one, other = board.dials(), board.dials("+15005550143")
    one.presses("1")
    assert said(one) == [("Thanks", "en-US")]
    assert not other.hears
    assert not other.is_over
    assert one.sid != other.sid


@pytest.mark.parametrize(
    ("words", "least", "most"),
    [
        ("Hello there, this is a line.", 1.5, 4),
        ("你好，这里是热线", 1.2, 3),
        ("1234", 1, 3),
        ("", 0, 0),
    ],
)
def test_words_take_about_as_long_as_they_take(words, least, most):
    assert least <= seconds_of_words(words) <= most


def test_mp3_and_wav_are_measured():
    assert seconds_of_sound(b"".join(Recording("", 7, "completed").pieces())) == 7
    # A frame of MPEG 2, layer III: 32 kbit/s, 24 kHz, 96 bytes, 24 ms.
    frame = bytes([0xFF, 0xF3, 0x44, 0x00]) + bytes(92)
    assert seconds_of_sound(
        b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10) + frame * 100
    ) == pytest.approx(2.4)
    assert seconds_of_sound(b"no sound") == 0
