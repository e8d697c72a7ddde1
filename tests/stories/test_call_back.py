"""María asked to be called back. Noor calls: María's phone shows the line, is asked whether it is a good time and for
her word, and then Noor's phone rings. A machine that picks up hears nothing."""

import pytest

from hotline.demo.calling.outgoing import Manners
from tests.cast import MARIA, Member
from tests.demo.conftest import live  # noqa: F401 - a fixture.
from tests.stories.test_call import LINE, Maria

NOORS = "+15005550160"
pytestmark = pytest.mark.xdist_group("calls")


@pytest.fixture
def noor(live):  # noqa: F811 - the fixture.
    """Noor, on call, who reads that María wants to be called back, and lets that be done."""
    maria = Maria(live)
    maria.chooses_spanish()
    maria.answers()
    live.network.settle()
    live.works()
    member = Member(live.house, "noor")
    member.signs_in()
    member.sends("/console/on-call", number=NOORS, until="23:30", language=["es"])
    return member


def calls_back(live, noor):  # noqa: F811 - the fixture.
    noor.sends(f"/console/report/{noor.first_report()}/call", when="now")
    live.works()
    live.network.settle()


def heard(phone):
    return [one.words for one in phone.hears]


def test_her_word_opens_the_way_to_noor(live, noor):  # noqa: F811 - the fixture.
    calls_back(live, noor)
    (maria,) = live.network.exchange.on_phone(MARIA)
    assert maria.caller_shown == LINE
    maria.picks_up()
    maria.waits(6)
    maria.hears_out()
    words = live.hotline.prompts.words
    assert heard(maria)[-1] == words("good_time", "es")
    maria.presses("1")
    maria.hears_out()
    assert heard(maria)[-1] == words("enter_word", "es")
    maria.presses("4471#")
    for _ in range(10):
        live.works()
        live.network.exchange.waits(1)
    (phone,) = live.network.exchange.on_phone(NOORS)
    phone.picks_up()
    phone.waits(6)
    phone.presses("1")
    phone.waits(1)
    assert maria.listens == phone.listens == "talk"


def test_a_machine_hears_nothing(live, noor):  # noqa: F811 - the fixture.
    live.network.exchange.manners[MARIA] = Manners("machine")
    calls_back(live, noor)
    live.network.exchange.waits(60)
    machine = live.network.exchange.calls_of(MARIA)[0]
    assert machine.caller_shown == LINE
    assert machine.is_over
    assert not machine.hears
    assert not live.network.exchange.calls_of(NOORS)
