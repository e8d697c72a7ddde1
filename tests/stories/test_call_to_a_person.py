"""Amina calls and wants to talk. Noor is on call: her phone rings, she hears how urgent it is, presses 1, and they talk.
Where a machine or nobody takes it, Amina leaves a message instead; nobody's number is ever shown."""

import pytest

from hotline.demo.calling.outgoing import Manners
from tests.cast import AMINA, Member
from tests.demo.conftest import live  # noqa: F401 - a fixture.

LINE = "+15005550007"
NOORS = "+15005550160"
pytestmark = pytest.mark.xdist_group("calls")


@pytest.fixture
def noor(live):  # noqa: F811 - the fixture.
    member = Member(live.house, "noor")
    member.signs_in()
    member.sends("/console/on-call", number=NOORS, until="23:30", language=["en"])
    live.network.exchange.when_time_passes = lambda seconds: live.house.clock.passes(
        seconds=seconds
    )
    return member


def asks_for_a_person(live):  # noqa: F811 - the fixture.
    """Call, say nothing until the ways to go are told, and take the one to a person."""
    phone = live.network.dial(sender=AMINA, line=LINE)
    prompts = live.hotline.prompts
    names = {prompts.words(name, "en"): name for name in prompts.names}
    for _ in range(30):
        phone.hears_out()
        if phone.listens == "queue" or phone.is_over:
            break
        asked = names.get(phone.hears[-1].words, "")
        if asked in ("hear_promise", "cut") or asked.startswith("ask_"):
            phone.presses("1")
        else:
            phone.waits(7)
    return phone


def works_until(live, is_so, seconds=90):  # noqa: F811 - the fixture.
    """Let time pass for calls and for those who work behind them."""
    for _ in range(seconds):
        if is_so():
            return
        live.network.exchange.waits(1)
        live.network.settle()
        live.works(seconds=0)
    raise AssertionError("it never happened")


def rings(live):  # noqa: F811 - the fixture.
    return live.network.exchange.on_phone(NOORS)


def words(phone):
    return " ".join(one.words for one in phone.hears)


def test_noor_takes_the_call_and_they_talk(live, noor):  # noqa: F811 - the fixture.
    amina = asks_for_a_person(live)
    assert amina.listens == "queue", words(amina)
    works_until(live, lambda: rings(live))
    (phone,) = rings(live)

    # Her phone shows the line's number, never Amina's.
    assert phone.caller_shown == LINE
    phone.picks_up()
    works_until(live, lambda: phone.hears)
    phone.hears_out()
    assert AMINA not in words(phone)
    phone.presses("1")
    works_until(live, lambda: amina.listens == "talk")
    phone.says("Hello, you can talk to me.")
    assert amina.hears[-1].by == "person"

    # When they have talked, Amina's call goes on by itself.
    phone.hangs_up()
    assert amina.listens != "talk"
    assert not live.network.webhooks.alerts


@pytest.mark.parametrize("word", ["machine", "busy", "no answer", "drops"])
def test_where_nobody_takes_it_she_goes_on_without(live, noor, word):  # noqa: F811 - the fixture.
    live.network.exchange.manners[NOORS] = Manners(word)
    amina = asks_for_a_person(live)
    assert amina.listens == "queue", words(amina)
    works_until(live, lambda: amina.listens != "queue", seconds=180)
    assert not amina.is_over
    amina.hears_out()
    told = live.hotline.prompts.words("no_person", "en")
    assert told in words(amina)

    # A machine has heard nothing.
    noors = live.network.exchange.calls_of(NOORS)
    assert noors
    if word == "machine":
        assert not any(phone.hears for phone in noors)


def test_amina_hangs_up_and_noors_phone_stops(live, noor):  # noqa: F811 - the fixture.
    amina = asks_for_a_person(live)
    works_until(live, lambda: rings(live))
    amina.hangs_up()
    works_until(live, lambda: not rings(live), seconds=40)
