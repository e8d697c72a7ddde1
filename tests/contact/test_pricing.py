"""What a text did cost is kept once the provider is done with it; which text it was there is forgotten."""

import pytest
from sqlalchemy import select

from hotline.contact import note_status, price, rate, underway
from hotline.contact.carrier import CarrierBusy
from hotline.contact.tables import sends
from tests.contact.conftest import NOW


def delivered(desk):
    desk.replies("a" * 161)
    desk.works()
    ref = desk.sends()[0].id
    desk.store.write(lambda session: note_status(session, ref=ref, state="delivered"))
    return ref


def row(desk):
    return desk.rows(select(sends.c.price, sends.c.receipt))[0]


def ask(desk, ref):
    price(desk.store, desk.carrier, desk.hotline.relay, ref)


def test_the_price_is_kept_and_the_receipt_forgotten(desk):
    ref = delivered(desk)
    desk.carrier.price = "-0.0158 USD"
    assert [job.ref for job in desk.jobs("price")] == [ref]
    ask(desk, ref)
    assert row(desk) == ("-0.0158 USD", None)
    with desk.store.read() as session:
        (text,) = underway(session, desk.report_id)
        assert (text.parts, text.price, text.state) == (2, "0.0158 USD", "delivered")
        # The next one will cost the like, per part.
        assert rate(session, desk.report_id).of(3) == "0.0237 USD"
    # Doing it again asks nobody.
    desk.carrier.out_of_reach = True
    ask(desk, ref)


def test_the_receipt_does_not_tell_which_text_it_was(desk):
    delivered(desk)
    assert b"SM0000" not in row(desk).receipt


def test_a_provider_out_of_reach_is_asked_again(desk):
    ref = delivered(desk)
    desk.carrier.out_of_reach = True
    with pytest.raises(CarrierBusy):
        ask(desk, ref)
    assert row(desk).receipt is not None


@pytest.mark.parametrize("told", ["", "None", "free", "-0.0158 USD; DROP", "9" * 40])
def test_what_is_no_price_is_not_kept(desk, told):
    ref = delivered(desk)
    desk.carrier.price = told
    ask(desk, ref)
    assert row(desk) == ("", None)


def test_news_that_overtook_the_record_asks_for_no_price(desk):
    desk.replies("hola")
    ref = desk.sends()[0].id
    desk.carrier.on_send = lambda: desk.store.write(
        lambda session: note_status(session, ref=ref, state="delivered")
    )
    desk.works(at=NOW)
    assert row(desk).receipt is None
    assert not desk.jobs("price")
