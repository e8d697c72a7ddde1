"""Noor answers María, and the answer reaches her phone: once, whatever the network does on the way."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from hotline.channels.twilio import reconcile
from hotline.contact import LineClosed, reply
from hotline.contact.tables import conversations, erase_at_provider, sends
from hotline.reports.tables import messages, reports
from tests.contact.conftest import signs_in
from tests.demo.conftest import LINE, MARIA

WORDS = "Estamos aquí. ¿Puedes hablar mañana?"


@pytest.fixture
def noor(live):
    return signs_in(live.house, "noor")


def answers(live, noor, text=WORDS):
    with live.hotline.store.read() as session:
        report_id = session.execute(select(reports.c.id)).scalar_one()
    # She is there, and has said that it is safe.
    is_there = update(conversations).values(open_until=live.house.clock() + timedelta(minutes=30))
    live.hotline.store.write(lambda session: session.execute(is_there))
    return reply(
        live.hotline.store,
        noor,
        live.hotline.keyring,
        live.hotline.relay_public,
        languages=live.hotline.languages,
        house_public=live.hotline.log_key.public,
        report_id=report_id,
        text=text,
        at=live.house.clock(),
    )


def received(live):
    return [b.text for b in live.network.bubbles(MARIA, LINE) if not b.is_mine]


def state(live):
    with live.hotline.store.read() as session:
        query = select(messages.c.state).where(messages.c.direction == "out")
        return session.execute(query).scalar_one()


def test_the_answer_reaches_her_phone_from_the_number_she_texted(live, noor):
    live.network.text_us(sender=MARIA, line=LINE, body="hola")
    answers(live, noor)
    live.works()
    live.network.settle()
    assert received(live)[-1] == WORDS
    assert state(live) == "delivered"

    # A few minutes later nothing of it is left at the provider, and no number here.
    live.works(minutes=5)
    reconcile(live.carrier, live.hotline.reception, at=live.house.clock())
    live.works(minutes=5)
    assert not live.network.texts(lambda text: True)
    with live.hotline.store.read() as session:
        assert session.execute(select(sends.c.sealed)).scalar_one() is None
        assert not session.execute(select(erase_at_provider)).all()


@pytest.mark.parametrize("mishap", ["busy", "down", "hangs", "taken and silent"])
def test_it_comes_once_whatever_the_network_does(live, noor, mishap):
    live.network.weather.hang = 2.5
    live.network.text_us(sender=MARIA, line=LINE, body="hola")
    answers(live, noor)
    live.network.weather.requests.append(mishap)
    for _ in range(4):
        live.works(minutes=1)
    live.network.settle()
    assert received(live).count(WORDS) == 1
    assert state(live) == "delivered"


def test_who_closed_the_line_is_not_written_to(live, noor):
    live.network.text_us(sender=MARIA, line=LINE, body="hola")
    live.network.text_us(sender=MARIA, line=LINE, body="STOP")
    with pytest.raises(LineClosed):
        answers(live, noor)


def test_who_closed_the_line_unheard_is_not_texted_and_noor_is_told(live, noor):
    live.network.text_us(sender=MARIA, line=LINE, body="hola")
    live.network.weather.webhooks.append("lost")
    live.network.text_us(sender=MARIA, line=LINE, body="STOP")
    answers(live, noor)
    live.works()
    assert WORDS not in received(live)
    assert state(live) == "closed"
