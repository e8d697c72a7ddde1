"""A text is read from the provider's form as it was meant, whoever sent it, in whatever script."""

import base64

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hotline.channels.twilio.reading import from_form, incoming_message, is_news, is_text, readable
from hotline.domain.report import Channel
from tests.channels.twilio.signing import LINE, MARIA, sms_fields
from tests.examples import examples

# One plain sentence in each of many scripts: what people write must survive being packed, and not being.
SENTENCES = (
    "No puedo salir de la casa y no me pagan nada desde hace tres meses.",
    "They took my papers and I do not know which town this is.",
    "لا أستطيع الخروج من البيت ولا يدفعون لي شيئا منذ ثلاثة أشهر",
    "Я не могу выйти из дома, и мне не платят уже три месяца.",
    "我不能离开这个房子已经三个月没有拿到工资了请帮帮我我很害怕",
    "ฉันออกจากบ้านไม่ได้และไม่ได้รับเงินมาสามเดือนแล้ว",
    "እኔ ከቤት መውጣት አልችልም ለሦስት ወራትም አልተከፈለኝም",
    "मैं घर से बाहर नहीं जा सकती और तीन महीने से पैसे नहीं मिले",
    "🙏🙏🙏 help 🆘 we are four people here 🏠🔒",
)
WORDS_WITHOUT_SPACES = (
    "ellaellaellaellaellaellaellaellaellaellaellaellaellaellaella",
    "HELPHELPHELPHELPHELPHELPHELPHELPHELPHELPHELPHELPHELPHELPHELP",
    "a" * 64,
    "Z" * 1600,
    "0" * 60,
    "1234567890" * 6,
    "AB12CD34" * 10,
    "hahahaHAHAHA" * 5,
    "MimadreMipadreMishermanosTodosEstanAquiYnoPodemosSalirDeEsta",
    "/home/on/the/left/side/behind/the/river/past/the/second/gate",
    "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\neleven\ntwelve",
)


def packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("said", SENTENCES)
def test_a_text_that_came_as_base64_is_read(said):
    assert readable(packed(said)) == said
    body = packed(said)
    lines = [body[start : start + 76] for start in range(0, len(body), 76)]
    for end in ("\n", "\r\n"):
        assert readable(end.join(lines) + end) == said


@pytest.mark.parametrize("said", SENTENCES)
def test_a_text_is_never_decoded_that_was_not_packed(said):
    for body in (said, said.upper(), said * 20, said.replace(" ", ""), said.replace(" ", "\n")):
        assert readable(body) == body


@pytest.mark.parametrize("body", WORDS_WITHOUT_SPACES)
def test_letters_alone_do_not_make_base64(body):
    assert readable(body) == body


@pytest.mark.parametrize(
    "body",
    [
        packed("short"),
        packed(SENTENCES[0])[:-1],
        packed(SENTENCES[0]) + " see you",
        packed(SENTENCES[0]).replace("a", "-", 1),
        base64.b64encode(bytes(range(256))).decode(),
        base64.b64encode(b"\x00\x01 \x02" * 40).decode(),
        base64.b64encode("ñandú y más palabras".encode("utf-16") * 3).decode(),
    ],
)
def test_what_does_not_come_out_as_writing_stays(body):
    assert readable(body) == body


@examples(400)
@given(st.text(st.characters(codec="utf-8"), max_size=400))
@example("")
def test_no_ordinary_text_is_changed(body):
    # Whoever writes sixty letters without a space does not hit upon writing by chance.
    assert readable(body) == body


@examples(300)
@given(
    st.lists(
        st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789+/\n"), min_size=1),
        min_size=1,
        max_size=30,
    )
)
def test_no_words_in_letters_of_base64_are_changed(words):
    body = "".join(words)
    assert readable(body) == body


@examples(300)
@given(
    st.lists(
        st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=12),
        min_size=8,
        max_size=60,
    )
)
def test_what_a_network_packed_is_unpacked(words):
    said = " ".join(words)
    body = packed(said)
    # Sixty characters that lack a whole kind of letter are too likely to be something else.
    expected = said if len(body) >= 60 and _is_varied(body) else body
    assert readable(body) == expected


def _is_varied(body: str) -> bool:
    return (
        any(letter.isupper() for letter in body)
        and any(letter.islower() for letter in body)
        and any(letter in "0123456789+/=" for letter in body)
    )


@pytest.mark.parametrize("length", [0, 1, 160, 1599, 1600, 1601, 5000, 60_000])
def test_a_text_of_any_length_is_kept_whole(length):
    body = ("ñ no puedo salir " * (length // 17 + 1))[:length]
    assert from_form(sms_fields(Body=body)).text == body


@pytest.mark.parametrize("body", ["🆘", "🆘🙏🏽👩‍👧", "❤", "\u200d", "?", " ", "\n"])
def test_a_text_without_a_word_is_a_text(body):
    assert from_form(sms_fields(Body=body)).text == body


@pytest.mark.parametrize("body", ["", None])
def test_a_picture_alone_is_a_text(body):
    fields = sms_fields(
        Body=body, NumMedia="2", MediaUrl0="https://x", MediaContentType0="image/jpeg"
    )
    message = from_form(fields)
    assert (message.text, message.media) == ("", 2)


@pytest.mark.parametrize("count", ["-1", "x", "", "1000", "1.5", "١", " 1"])
def test_a_strange_count_of_pictures_is_none(count):
    assert from_form(sms_fields(NumMedia=count)).media == 0


@pytest.mark.parametrize(
    ("word", "opted", "wants_answer"),
    [
        ("", "", True),
        (" ", "", True),
        ("STOP", "stop", False),
        ("stop", "stop", False),
        ("HELP", "help", False),
        ("START", "start", True),
        ("start ", "start", True),
        # One that we do not know: the provider did something, and answered.
        ("PAUSE", "", False),
    ],
)
def test_what_the_provider_took_a_text_for_is_told(word, opted, wants_answer):
    message = from_form(sms_fields(OptOutType=word))
    assert (message.opted, message.wants_answer) == (opted, wants_answer)


def test_a_text_that_only_says_stop_is_no_word_of_the_providers():
    # Where the provider takes no part, the dialogue hears the word itself.
    message = from_form(sms_fields(Body="STOP"))
    assert (message.opted, message.wants_answer, message.text) == ("", True, "STOP")


@pytest.mark.parametrize(
    ("sender", "channel"),
    [
        (MARIA, Channel.SMS),
        ("72345", Channel.SMS),
        ("HARBOR", Channel.SMS),
        ("+", Channel.SMS),
        ("", Channel.SMS),
        ("rcs:harbor_agent", Channel.SMS),
        ("whatsapp:" + MARIA, Channel.WHATSAPP),
        ("whatsapp:US.1234", Channel.WHATSAPP),
    ],
)
def test_a_sender_stays_as_the_network_named_it(sender, channel):
    message = from_form(sms_fields(From=sender))
    assert (message.sender, message.channel) == (sender, channel)


def test_whoever_has_no_number_is_named_by_the_id_that_only_we_know():
    to = "whatsapp:" + LINE
    for scoped in ("US.1234", "whatsapp:US.1234"):
        message = from_form(sms_fields(From="", To=to, ExternalUserId=scoped))
        assert (message.sender, message.channel) == ("whatsapp:US.1234", Channel.WHATSAPP)
    # A number that is there stays: answers go to it, and an earlier thread is found by it.
    fields = sms_fields(From="whatsapp:" + MARIA, To=to, ExternalUserId="US.1234")
    assert from_form(fields).sender == "whatsapp:" + MARIA


@pytest.mark.parametrize(
    ("body", "button", "said"),
    [
        ("", "Yes, now", "Yes, now"),
        (None, "Yes, now", "Yes, now"),
        (" ", "Yes, now", "Yes, now"),
        ("not now", "Yes, now", "not now"),
        ("", "", ""),
        (" ", "", " "),
    ],
)
def test_a_button_says_what_stands_on_it(body, button, said):
    assert from_form(sms_fields(Body=body, ButtonText=button)).text == said


def test_where_the_phone_is_and_who_they_say_they_are_is_not_read():
    private = {
        "FromCity": "ANTOFAGASTA",
        "FromState": "QX",
        "FromZip": "94105",
        "FromCountry": "ZZ",
        "ProfileName": "Valentina",
        "WaId": "15005550199",
    }
    message = from_form(sms_fields(**private))
    everything = " ".join(str(getattr(message, name)) for name in message.__slots__)
    assert [value for value in private.values() if value in everything] == []


@pytest.mark.parametrize("missing", ["MessageSid", "From", "To"])
def test_a_form_that_does_not_name_these_is_no_text(missing):
    assert not is_text(sms_fields(**{missing: None}))
    assert is_text(sms_fields())


@pytest.mark.parametrize("fate", ["sent", "delivered", "undelivered", "failed", "read", "Queued"])
def test_news_of_a_text_of_ours_is_no_text(fate):
    assert is_news(sms_fields(Body=None, SmsStatus=fate, MessageStatus=fate))
    assert is_news(sms_fields(Body="", SmsStatus=fate))


@pytest.mark.parametrize(
    "changes",
    [
        {"SmsStatus": "received"},
        {"SmsStatus": "receiving"},
        {"SmsStatus": None},
        {"SmsStatus": "brand new", "Body": ""},
        {"SmsStatus": "sent", "Body": "but there are words"},
        {"SmsStatus": "sent", "Body": "", "NumMedia": "1"},
    ],
)
def test_what_has_words_or_pictures_is_a_text_whatever_its_status(changes):
    assert not is_news(sms_fields(**changes))


def test_a_text_of_the_providers_list_reads_the_same():
    fields = sms_fields(Body=packed(SENTENCES[0]))
    listed = incoming_message(
        provider_id=fields["MessageSid"], sender=MARIA, line=LINE, body=fields["Body"], media="0"
    )
    assert listed == from_form(fields)
