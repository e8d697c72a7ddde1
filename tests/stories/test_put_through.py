"""María calls and wants a person. Noor's and Ines's phones ring; Noor takes the call, Ines's falls silent. On another
night nobody can, and María is told so and goes on without a person."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.contact.tables import rings
from hotline.triage.on_call import go_on_call
from tests.cast import MARIA
from tests.contact.conftest import signs_in
from tests.demo.conftest import LINE, live

__all__ = ["live"]

PHONES = {"noor": "+15005550021", "ines": "+15005550022"}
PERSON = "7"
pytestmark = pytest.mark.xdist_group("calls")


def is_on_call(live, name: str) -> None:
    live.house.clock.passes(seconds=30)
    keyholder, at = signs_in(live.house, name), live.house.clock()
    live.hotline.store.write(
        lambda session: go_on_call(
            session,
            keyholder,
            live.hotline.relay_public,
            number=PHONES[name],
            until=at + timedelta(hours=3),
            locale="en",
            languages=(),
            at=at,
        )
    )


def wants_a_person(live):
    """Let María call in English and ask for a person; return her phone."""
    phone = live.network.dial(sender=MARIA, line=LINE)
    phone.hears_out()
    phone.presses("1")
    phone.hears_out()
    phone.presses(PERSON)
    live.works()
    return phone


def phone_of(live, name: str):
    return live.network.exchange.on_phone(PHONES[name])[-1]


def heard(live, phone) -> list[str]:
    prompts = live.hotline.prompts
    names = {prompts.words(name, "en"): name for name in prompts.names}
    return [names.get(one.words, one.words) for one in phone.hears]


def ring(live):
    with live.hotline.store.read() as session:
        return session.execute(select(rings)).one()


def test_the_first_who_says_yes_talks_to_her(live):
    is_on_call(live, "noor")
    is_on_call(live, "ines")
    maria = wants_a_person(live)
    noor, ines = phone_of(live, "noor"), phone_of(live, "ines")
    assert noor.is_ringing
    assert ines.is_ringing
    assert noor.caller_shown == ines.caller_shown == LINE
    maria.waits(10)
    assert "wait" in heard(live, maria)
    noor.picks_up()
    noor.waits(15)
    noor.presses("1")
    live.works()
    assert ines.is_over
    assert not ines.was_picked_up
    maria.says("hello", locale="en")
    assert noor.hears[-1].words == "hello"
    maria.hangs_up()
    live.network.settle()
    live.works()
    assert noor.is_over
    assert ring(live).state == "over"
    assert ring(live).sealed is None


def test_when_nobody_can_she_is_told_so_and_goes_on(live):
    is_on_call(live, "noor")
    maria = wants_a_person(live)
    for _ in range(12):
        for phone in live.network.exchange.ringing():
            phone.declines()
        maria.waits(8)
        live.works(seconds=8)
        if "no_person" in heard(live, maria):
            break
    assert "no_person" in heard(live, maria)
    assert not maria.is_over


def test_who_hangs_up_while_she_waits_lets_the_phones_fall_silent(live):
    is_on_call(live, "noor")
    maria = wants_a_person(live)
    noor = phone_of(live, "noor")
    maria.hangs_up()
    live.network.settle()
    live.works()
    assert noor.is_over
    assert not noor.was_picked_up


def test_with_nobody_on_call_she_does_not_wait(live):
    maria = wants_a_person(live)
    maria.hears_out()
    assert "wait" not in heard(live, maria)
    assert live.network.exchange.ringing() == []
