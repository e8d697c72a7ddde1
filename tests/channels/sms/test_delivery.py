"""The provider tells us at least once, sometimes late, in any order: each text is kept once, and answered alike."""

from itertools import permutations
from xml.etree import ElementTree

import pytest
from sqlalchemy import func, insert, select

from hotline.contact.tables import sends
from hotline.domain.report import Channel, Direction
from hotline.reports.tables import messages, reports
from tests.cast import MARIA, new_sid, signed
from tests.house import ACCOUNT, SMS_LINE, WHATSAPP_LINE


def text(**changes) -> dict[str, str]:
    sid = new_sid()
    fields = {
        "MessageSid": sid,
        "SmsSid": sid,
        "SmsMessageSid": sid,
        "AccountSid": ACCOUNT,
        "From": MARIA,
        "To": SMS_LINE,
        "Body": "I cannot leave the house",
        "NumMedia": "0",
        "SmsStatus": "received",
    }
    return {**fields, **changes}


def deliver(house, fields, path="/twilio/sms", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    client = house.app.test_client()
    return client.post(path, data=fields, headers={**signed(path, fields), **named})


def said(response) -> str:
    assert response.status_code == 200
    return "".join(ElementTree.fromstring(response.data).itertext())


def count(house, table) -> int:
    with house.hotline.store.read() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_retry_gets_the_same_answer_to_the_byte_and_nothing_is_kept_twice(house):
    fields = text()
    first = deliver(house, fields)
    assert said(first)
    for path in ("/twilio/sms", "/twilio/sms", "/twilio/fallback", "/twilio/sms/"):
        again = deliver(house, fields, path)
        assert (again.status_code, again.data) == (200, first.data)
    assert (count(house, reports), count(house, messages)) == (1, 1)


def test_a_retry_days_later_gets_the_same_answer(house):
    fields = text()
    first = deliver(house, fields)
    house.clock.passes(days=10)
    assert deliver(house, fields).data == first.data
    assert count(house, messages) == 1


def test_the_token_of_a_retry_is_a_hint_that_decides_nothing(house):
    # It is a header, so nobody signed it.
    one, other = text(), text(Body="another text")
    deliver(house, one, I_Twilio_Idempotency_Token="t1")
    deliver(house, one, I_Twilio_Idempotency_Token="t2")
    deliver(house, one)
    assert count(house, messages) == 1
    deliver(house, other, I_Twilio_Idempotency_Token="t1")
    assert count(house, messages) == 2


def test_the_same_words_in_another_text_are_another_text(house):
    deliver(house, text())
    deliver(house, text())
    assert (count(house, reports), count(house, messages)) == (1, 2)


def test_a_text_that_only_reaches_the_fallback_is_kept_and_answered_as_any(house):
    fields = text(ErrorCode="11200", ErrorUrl="https://line.example/twilio/sms")
    assert said(deliver(house, fields, "/twilio/fallback"))
    # The main address hears of it after all, without what the fallback adds.
    deliver(house, {name: fields[name] for name in fields if not name.startswith("Error")})
    assert count(house, messages) == 1


@pytest.mark.parametrize("missing", ["ErrorCode", "ErrorUrl", ""])
def test_a_call_that_only_reaches_the_fallback_is_taken_there(house, missing):
    fields = {
        "CallSid": new_sid("CA"),
        "AccountSid": ACCOUNT,
        "From": "ANONYMOUS",
        "To": SMS_LINE,
        "CallStatus": "ringing",
        "ErrorCode": "11205",
        "ErrorUrl": "https://line.example/twilio/voice",
    }
    fields.pop(missing, None)
    start = house.hotline.prompts.words("start", "en")
    first = deliver(house, fields, "/twilio/fallback")
    assert start in said(first)
    main = {name: fields[name] for name in fields if not name.startswith("Error")}
    assert deliver(house, main, "/twilio/voice").data == first.data
    assert count(house, messages) == 0


def test_texts_that_arrive_in_another_order_are_all_kept_in_one_report(house):
    texts = [text(Body=f"part {number}") for number in range(5)]
    for number in (3, 0, 4, 1, 2):
        deliver(house, texts[number])
    assert (count(house, reports), count(house, messages)) == (1, 5)


@pytest.mark.parametrize(
    ("sender", "line"),
    [
        ("", SMS_LINE),
        ("HARBOR", SMS_LINE),
        ("72345", SMS_LINE),
        ("+", SMS_LINE),
        ("x" * 500, SMS_LINE),
        ("not a number ☎", SMS_LINE),
        ("whatsapp:US.1234", "whatsapp:" + WHATSAPP_LINE),
        ("whatsapp:", "whatsapp:" + WHATSAPP_LINE),
        (MARIA, ""),
        (MARIA, "72345"),
    ],
)
def test_whatever_stands_for_a_number_a_text_is_kept(house, sender, line):
    assert deliver(house, text(From=sender, To=line)).status_code == 200
    assert count(house, messages) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"Body": ""},
        {"Body": "🆘"},
        {"Body": "ñ" * 1601},
        {"Body": "no puedo salir " * 400},
        {"Body": "\x00\x0b\u202e\u200d"},
        {"Body": "", "NumMedia": "1", "MediaUrl0": "https://api.twilio.com/x"},
        {"Body": "", "ButtonText": "Yes", "From": "whatsapp:" + MARIA},
        {"Body": "STOP", "OptOutType": "STOP"},
        {"Body": "HELP", "OptOutType": "HELP"},
        {"Body": "START", "OptOutType": "START"},
        {"BrandNewField": "x" * 1000},
    ],
)
def test_whatever_a_text_holds_it_is_kept(house, changes):
    response = deliver(house, text(**changes))
    assert response.status_code == 200
    assert count(house, messages) == 1
    assert deliver(house, text()).status_code == 200


REF = "c" * 32


def sent(house, ref=REF):
    """A text of ours that is on its way."""

    def keep(session):
        report_id = session.execute(select(reports.c.id)).scalars().first()
        its = {"report_id": report_id, "seq": 2}
        session.execute(
            insert(messages),
            {
                **its,
                "direction": Direction.TO_REPORTER,
                "channel": Channel.SMS,
                "day": "2026-03-02",
                "author": "Rosa",
                "state": "waiting",
                "is_read": True,
            },
        )
        session.execute(
            insert(sends),
            {
                **its,
                "id": ref,
                "channel": Channel.SMS,
                "sealed": b"x",
                "rank": 0,
                "state": "waiting",
                "expires_at": house.clock(),
            },
        )

    house.hotline.store.write(keep)


def tell(house, status, ref=REF, **more):
    fields = {
        "MessageSid": "SM" + "5" * 32,
        "SmsSid": "SM" + "5" * 32,
        "AccountSid": ACCOUNT,
        "From": SMS_LINE,
        "To": MARIA,
        "MessageStatus": status,
        "SmsStatus": status,
        **more,
    }
    response = deliver(house, fields, f"/twilio/sms/status/{ref}")
    assert (response.status_code, response.data) == (204, b"")


def state(house, ref=REF) -> str:
    with house.hotline.store.read() as session:
        return session.execute(select(sends.c.state).where(sends.c.id == ref)).scalar_one()


def test_news_only_rises_in_whatever_order_and_however_often_it_comes(house):
    deliver(house, text())
    for number, order in enumerate(permutations(["queued", "sending", "sent", "delivered"])):
        ref = f"{number:032x}"
        sent(house, ref)
        for status in (*order, *order):
            tell(house, status, ref)
        assert state(house, ref) == "delivered"
        house.hotline.store.write(lambda session: session.execute(_away()))


def _away():
    return messages.delete().where(messages.c.seq == 2)


def test_news_never_goes_backwards(house):
    deliver(house, text())
    sent(house)
    tell(house, "delivered")
    for late in ("queued", "sent", "undelivered", "failed", "canceled"):
        tell(house, late, ErrorCode="30003")
        assert state(house) == "delivered"


@pytest.mark.parametrize("word", ["", "brand new", "DELIVERED!", "received", "x" * 3000, "👍"])
def test_a_word_that_we_do_not_know_changes_nothing(house, word):
    deliver(house, text())
    sent(house)
    tell(house, "sent")
    tell(house, word)
    assert state(house) == "sent"


@pytest.mark.parametrize("ref", ["0" * 32, "Z" * 32, "-" * 32, "é" * 16 + "x" * 16])
def test_news_of_what_we_do_not_know_is_taken_and_forgotten(house, ref):
    if ref.isascii():
        tell(house, "delivered", ref)
    else:
        # Such a path is nobody's address.
        fields = {"AccountSid": ACCOUNT, "MessageStatus": "sent"}
        assert deliver(house, fields, f"/twilio/sms/status/{ref}").status_code in (403, 404)
    assert count(house, sends) == 0


def test_news_of_an_incoming_text_makes_no_report_and_no_harm(house):
    fields = text(Body=None, NumMedia=None)
    fields = {name: value for name, value in fields.items() if value is not None}
    for status in ("delivered", "read"):
        response = deliver(house, {**fields, "SmsStatus": status, "EventType": "READ"})
        assert response.status_code == 204
    assert count(house, messages) == 0
