"""The loopback provider behaves as the real one: the real client and our own checks cannot tell them apart."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator

from hotline.demo.network import signature
from hotline.reports.tables import messages, reports
from tests.demo.conftest import LINE, MARIA


def count(live, table):
    with live.hotline.store.read() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def said(live, phone=MARIA, line=LINE):
    return [(bubble.text, bubble.is_mine) for bubble in live.network.bubbles(phone, line)]


@pytest.mark.parametrize(
    "fields", [{}, {"Body": ""}, {"b": " x\r\n", "a": "ñ 🙂", "C": "=&"}, {"a": "1", "aa": "2"}]
)
def test_it_signs_as_the_real_one_does(fields):
    url = "https://line.example/twilio/sms"
    real = RequestValidator("token").compute_signature(url, fields)
    assert signature("token", url, fields) == real


def test_a_text_is_kept_and_its_answer_reaches_the_phone(live):
    live.network.text_us(sender=MARIA, line=LINE, body="hola")
    (mine, theirs) = said(live)
    assert mine == ("hola", True)
    assert theirs[0]
    assert count(live, reports) == 1


def test_a_webhook_that_comes_twice_is_kept_once_with_the_same_answer(live):
    live.network.weather.webhooks.append("twice")
    sid = live.network.text_us(sender=MARIA, line=LINE, body="hola")
    first = live.network.again(sid)
    assert live.network.again(sid) == first
    assert "<Message>" in first
    assert count(live, messages) == 1


def test_the_same_webhook_at_the_same_moment_is_kept_once_with_one_answer(live):
    live.network.weather.webhooks.append("lost")
    sid = live.network.text_us(sender=MARIA, line=LINE, body="hola")
    with ThreadPoolExecutor(6) as pool:
        answers = set(pool.map(live.network.again, [sid] * 12))
    assert len(answers) == 1
    assert "<Message>" in answers.pop()
    assert count(live, messages) == 1


def test_texts_of_one_person_at_the_same_moment_are_one_report(live):
    with ThreadPoolExecutor(6) as pool:
        list(
            pool.map(lambda n: live.network.text_us(sender=MARIA, line=LINE, body=str(n)), range(6))
        )
    assert (count(live, reports), count(live, messages)) == (1, 6)


def test_whatsapp_is_a_line_of_its_own(live):
    sender, line = f"whatsapp:{MARIA}", "whatsapp:+15005550009"
    live.network.text_us(sender=sender, line=line, body="hola")
    assert len(said(live, sender, line)) == 2
    assert not said(live)
    with live.hotline.store.read() as session:
        assert session.execute(select(reports.c.channel)).scalar_one() == "whatsapp"


def test_who_wrote_stop_hears_nothing_more(live):
    live.network.text_us(sender=MARIA, line=LINE, body="hola")
    live.network.text_us(sender=MARIA, line=LINE, body="STOP")
    # Of what follows, the hotline's answer to "hola" is first and the provider's own words are last.
    assert [text for text, is_mine in said(live) if is_mine] == ["hola", "STOP"]
    assert [text[:12] for text, is_mine in said(live) if not is_mine][1:] == ["You have suc"]
    assert count(live, messages) == 2
