"""Texts of every shape are kept and answered; nothing about them makes us refuse a person."""

import xml.dom.minidom

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.domain.report import Channel, Receipt
from hotline.errors import Conflict, Malformed, Refused, Unavailable
from tests.cast import new_sid, signed
from tests.channels.twilio.signing import ACCOUNT as ACCOUNT_OF_THE_ROOM
from tests.channels.twilio.signing import LINE, MARIA, FakeReception, application, post, sms_fields
from tests.examples import examples
from tests.house import ACCOUNT, SMS_LINE

PATH = "/twilio/sms"


@pytest.fixture
def reception():
    return FakeReception()


@pytest.fixture
def client(reception):
    return application(reception=reception).test_client()


def answered(response):
    """The text of an answer; None for silence. It must be well-formed XML."""
    assert response.mimetype == "text/xml"
    document = xml.dom.minidom.parseString(response.data)
    assert document.documentElement.tagName == "Response"
    messages = document.getElementsByTagName("Message")
    return messages[0].firstChild.data if messages else None


def test_a_text_becomes_a_message_and_its_answer_goes_back(client, reception):
    assert answered(post(client, PATH, sms_fields())) == "Got it."
    (message,) = reception.kept
    assert message.channel is Channel.SMS
    assert (message.sender, message.line) == (MARIA, LINE)
    assert message.provider_id == "SM" + "1" * 32
    assert message.wants_answer


def test_where_the_phone_is_from_is_not_kept(client, reception):
    post(client, PATH, sms_fields(FromZip="94105", FromCity="SAN FRANCISCO"))
    (message,) = reception.kept
    everything = "".join(str(getattr(message, name)) for name in message.__slots__)
    assert "94105" not in everything
    assert "SAN FRANCISCO" not in everything


@pytest.mark.parametrize(
    "sender", ["HARBOR", "72345", "+", "whatsapp:US.1234", "ANONYMOUS", "x" * 500]
)
def test_a_sender_may_be_anything(client, reception, sender):
    assert post(client, PATH, sms_fields(From=sender)).status_code == 200
    assert reception.kept[0].sender == sender


def test_whatsapp_is_told_by_its_addresses(client, reception):
    post(client, PATH, sms_fields(From="whatsapp:" + MARIA, To="whatsapp:" + LINE))
    assert reception.kept[0].channel is Channel.WHATSAPP


@pytest.mark.parametrize(
    "body", ["", " ", None, "x" * 1600, "x" * 5000, "\x00\x0b\u202e", "' OR 1=1 --", "<b>&"]
)
def test_a_body_may_be_anything(client, reception, body):
    assert answered(post(client, PATH, sms_fields(Body=body))) == "Got it."
    assert reception.kept[0].text == (body or "")


def test_pictures_are_counted(client, reception):
    post(client, PATH, sms_fields(Body="", NumMedia="3", MessageSid="MM" + "2" * 32))
    assert reception.kept[0].media == 3


@pytest.mark.parametrize("count", ["-1", "x", "", "999999999999"])
def test_a_strange_count_of_pictures_is_none(client, reception, count):
    assert post(client, PATH, sms_fields(NumMedia=count)).status_code == 200
    assert reception.kept[0].media == 0


def test_who_wrote_stop_is_kept_and_not_answered(client, reception):
    assert answered(post(client, PATH, sms_fields(Body="STOP", OptOutType="STOP"))) is None
    assert reception.kept[0].text == "STOP"


def test_who_asked_the_provider_for_help_is_kept_and_has_its_answer_already(client, reception):
    assert answered(post(client, PATH, sms_fields(Body="HELP", OptOutType="HELP"))) is None
    assert (reception.kept[0].text, reception.kept[0].opted) == ("HELP", "help")


def test_who_opens_the_line_again_is_answered(client, reception):
    assert answered(post(client, PATH, sms_fields(Body="START", OptOutType="START"))) == "Got it."
    assert reception.kept[0].opted == "start"


def test_a_text_on_whatsapp_is_kept_and_not_answered_where_the_operator_is_not_there(reception):
    client = application(reception=reception, whatsapp="").test_client()
    fields = sms_fields(From="whatsapp:" + MARIA, To="whatsapp:" + LINE)
    assert answered(post(client, PATH, fields)) is None
    assert reception.kept[0].text == fields["Body"]
    assert not reception.kept[0].wants_answer
    assert answered(post(client, PATH, sms_fields())) == "Got it."


def test_what_must_not_be_answered_is_not_even_where_an_answer_is_remembered(reception):
    # A reconciler met the text first, and could not know.
    reception.receive = lambda message, *, at: Receipt("", "An answer of before.")
    client = application(reception=reception, whatsapp="").test_client()
    for changes in ({"From": "whatsapp:" + MARIA}, {"OptOutType": "STOP"}):
        assert answered(post(client, PATH, sms_fields(**changes))) is None


def test_an_answer_of_several_texts_goes_out_as_several(reception, client):
    reception.answer = "first\fsecond"
    document = xml.dom.minidom.parseString(post(client, PATH, sms_fields()).data)
    texts = [text.firstChild.data for text in document.getElementsByTagName("Message")]
    assert texts == ["first", "second"]


@pytest.mark.parametrize("fate", ["sent", "delivered", "undelivered", "failed", "read"])
def test_news_of_a_text_of_ours_that_went_astray_is_no_report(client, reception, fate):
    fields = sms_fields(Body=None, NumMedia=None, From=LINE, To=MARIA, SmsStatus=fate)
    response = post(client, PATH, {**fields, "MessageStatus": fate})
    assert (response.status_code, response.data) == (204, b"")
    assert not reception.kept


def test_a_blank_sender_is_somebody_too(client, reception):
    assert answered(post(client, PATH, sms_fields(From=""))) == "Got it."
    assert reception.kept[0].sender == ""


def test_an_answer_is_well_formed_whatever_it_holds(reception, client):
    reception.answer = 'a < b & c > "d" \x0b\x00\ufffe ñ 🙂 \ud800 ]]>'
    assert answered(post(client, PATH, sms_fields())) == 'a < b & c > "d"  ñ 🙂  ]]>'


def test_silence_is_an_empty_response(reception, client):
    reception.answer = ""
    assert answered(post(client, PATH, sms_fields())) is None


@pytest.mark.parametrize("missing", ["MessageSid", "From", "To"])
def test_a_form_that_is_no_text_is_malformed(client, reception, missing):
    assert post(client, PATH, sms_fields(**{missing: None})).status_code == 400
    assert not reception.kept


@pytest.mark.parametrize(
    "failure", [Unavailable(), Refused(), Malformed(), Conflict(), MemoryError()]
)
def test_what_cannot_be_kept_is_sent_again_by_the_provider(client, reception, failure):
    reception.fails = failure
    assert post(client, PATH, sms_fields()).status_code == 503


def test_the_fallback_keeps_a_text_like_any_other(client, reception):
    fields = sms_fields(ErrorCode="11200", ErrorUrl="https://line.example/twilio/sms")
    assert answered(post(client, "/twilio/fallback", fields)) == "Got it."
    assert len(reception.kept) == 1


def test_a_fallback_that_is_neither_a_text_nor_a_call_is_malformed(client, reception):
    fields = {"AccountSid": ACCOUNT_OF_THE_ROOM, "ErrorCode": "11200"}
    assert post(client, "/twilio/fallback", fields).status_code == 400
    assert not reception.kept


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", [PATH, "/twilio/fallback", "/twilio/sms/status/" + "0" * 32])
def test_other_methods_do_nothing_and_redirect_nowhere(client, reception, path, method):
    response = client.open(path, method=method)
    assert response.status_code in (405, 415)
    assert "Location" not in response.headers
    assert not reception.kept


def test_news_that_cannot_be_kept_is_asked_for_again():
    class Broken:
        def write(self, work):
            raise Unavailable

    client = application(store=Broken()).test_client()
    fields = {"AccountSid": ACCOUNT_OF_THE_ROOM, "MessageStatus": "sent"}
    assert post(client, "/twilio/sms/status/" + "0" * 32, fields).status_code == 503


def test_a_call_that_cannot_be_taken_hears_one_sentence(house):
    fields = {
        "CallSid": new_sid("CA"),
        "AccountSid": ACCOUNT,
        "From": MARIA,
        "To": SMS_LINE,
        "CallStatus": "ringing",
        "ErrorCode": "12100",
        "ErrorUrl": "https://line.example/twilio/voice",
    }
    path = "/twilio/fallback"
    response = house.app.test_client().post(path, data=fields, headers=signed(path, fields))
    document = xml.dom.minidom.parseString(response.data)
    (say,) = document.getElementsByTagName("Say")
    assert say.firstChild.data
    assert say.getAttribute("language") == "en-US"
    assert document.getElementsByTagName("Hangup")


FIELDS = st.sampled_from(["Body", "From", "To", "NumMedia", "OptOutType", "FromCity", "Unknown"])
# What UTF-8 cannot carry no provider sends.
TEXT = st.text(st.characters(codec="utf-8"), max_size=200)


@examples(150)
@given(changes=st.dictionaries(FIELDS, TEXT))
def test_whatever_stands_in_a_signed_text_is_kept_and_answered(changes):
    reception = FakeReception(answer="a <&> \x00 b")
    client = application(reception=reception).test_client()
    fields = sms_fields(**changes)
    response = post(client, PATH, fields)
    assert answered(response) in ("a <&>  b", None)
    assert len(reception.kept) == 1


@examples(150)
@given(body=st.binary(max_size=300), query=st.text(max_size=20), signed=st.text(max_size=40))
def test_whatever_a_stranger_posts_is_refused(body, query, signed):
    reception = FakeReception()
    client = application(reception=reception).test_client()
    for kind in ("application/x-www-form-urlencoded", "application/json"):
        response = client.post(
            PATH,
            data=body,
            query_string=query,
            content_type=kind,
            headers={"X-Twilio-Signature": signed.replace("\r", "").replace("\n", "")},
        )
        assert response.status_code == 403
    assert not reception.kept
