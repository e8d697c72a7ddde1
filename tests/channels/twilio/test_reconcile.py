"""What the provider could not tell us is found in its list, kept once, and erased there."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from hotline.channels.twilio import reconcile
from hotline.contact.carrier import ProviderMessage
from hotline.contact.tables import erase_at_provider
from hotline.domain.report import Channel, IncomingMessage, Receipt
from hotline.errors import Unavailable
from hotline.reports.tables import messages, reports
from tests.demo.conftest import LINE, MARIA, live
from tests.fakes import FakeCarrier

__all__ = ["live"]


def count(live, table):
    with live.hotline.store.read() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def reconciles(live):
    reconcile(live.carrier, live.hotline.reception, at=live.house.clock())


def test_a_text_whose_webhook_was_lost_is_kept_once(live):
    live.network.weather.webhooks.append("lost")
    sid = live.network.text_us(sender=MARIA, line=LINE, body="estoy encerrada")
    assert count(live, reports) == 0
    for _ in range(3):
        reconciles(live)
    assert (count(live, reports), count(live, messages)) == (1, 1)

    # A webhook that comes late after all changes nothing, and gets an answer.
    assert "<Message>" in live.network.again(sid)
    assert count(live, messages) == 1


def test_what_came_by_webhook_is_not_kept_again(live):
    live.network.text_us(sender=MARIA, line=LINE, body="hola")
    live.network.text_us(sender=MARIA, line=LINE, body="estoy encerrada")
    reconciles(live)
    assert (count(live, reports), count(live, messages)) == (1, 2)


def test_in_the_end_the_provider_holds_nothing(live):
    live.network.text_us(sender=MARIA, line=LINE, body="hola")
    live.network.weather.webhooks.append("lost")
    live.network.text_us(sender=MARIA, line=LINE, body="estoy encerrada")
    live.carrier.send(channel=Channel.SMS, to=MARIA, body="aquí", line=LINE, ref="0" * 32)
    live.network.settle()
    held = live.network.texts(lambda text: text.direction != "outbound-api")
    assert len(held) == 3  # two texts, and our answer to the first.

    reconciles(live)
    live.works(minutes=3)
    assert not live.network.texts(lambda text: text.direction != "outbound-api")
    assert count(live, erase_at_provider) == 0

    # The phone keeps what it showed: nobody can erase that.
    assert len(live.network.bubbles(MARIA, LINE)) == 4


def test_pictures_stay_until_somebody_has_fetched_them(live):
    sid = live.network.text_us(sender=MARIA, line=LINE, body="mira", media=1)
    for _ in range(2):
        reconciles(live)
        live.works(minutes=3)
    assert live.network.find(sid) is not None
    assert live.network.find(sid).body == ""
    assert count(live, messages) == 1


def message(sid, text="hola"):
    incoming = IncomingMessage(Channel.SMS, text, "", sid, MARIA, LINE)
    return ProviderMessage(sid, incoming)


class Reception:
    """Refuses the texts whose ids it is told."""

    def __init__(self, store, refuses):
        self.store, self.refuses, self.kept = store, refuses, []

    def receive(self, message, *, at):
        if message.provider_id in self.refuses:
            raise Unavailable
        self.kept.append(message.provider_id)
        return Receipt("", "")


def test_a_text_that_cannot_be_kept_stops_no_other_and_is_not_erased(store):
    first, bad, last = ("SM" + digit * 32 for digit in "123")
    carrier = FakeCarrier(held=[message(first), message(bad), message(last)])
    reception = Reception(store, {bad})
    reconcile(carrier, reception, at=datetime.now(UTC))
    assert reception.kept == [first, last]
    with store.read() as session:
        asked = session.execute(select(erase_at_provider.c.provider_id)).scalars().all()
    assert sorted(asked) == [first, last]


def test_a_provider_out_of_reach_is_no_failure(store):
    carrier = FakeCarrier(out_of_reach=True)
    reconcile(carrier, Reception(store, set()), at=datetime.now(UTC))


def test_a_long_list_is_written_down_in_batches(store):
    held = [replace(message(""), provider_id=f"SM{n:032x}", incoming=None) for n in range(250)]
    reconcile(FakeCarrier(held=held), Reception(store, set()), at=datetime.now(UTC))
    with store.read() as session:
        rows = session.execute(select(func.count()).select_from(erase_at_provider)).scalar_one()
    assert rows == 250


@pytest.mark.parametrize("tries", [1, 3])
def test_the_server_that_fails_is_called_again_then_the_fallback(live, monkeypatch, tries):
    # The database fails now and then, as it would with a full disk.
    reception = live.hotline.reception
    real, failing = type(reception).receive, iter([True] * tries)

    def receive(self, message, *, at):
        if next(failing, False):
            raise Unavailable
        return real(self, message, at=at)

    monkeypatch.setattr(type(reception), "receive", receive)
    live.network.text_us(sender=MARIA, line=LINE, body="hola")
    assert count(live, messages) == 1
    assert len(live.network.bubbles(MARIA, LINE)) == 2
