"""Amina asked to be called in the evening. Noor has her called: Amina says that it is a good time, types her word on
the keys, and only then Noor's phone rings. They talk, and neither ever sees the other's number."""

from datetime import timedelta

import pytest

from hotline.contact.back_orders import Back
from hotline.contact.call_backs import ask_call_back, call_backs_of
from hotline.domain.identity import Address
from hotline.domain.urgency import Urgency
from hotline.reports.tables import reports
from hotline.triage.on_call import go_on_call
from tests.cast import AMINA
from tests.contact.conftest import Desk, signs_in
from tests.demo.conftest import LINE, live

__all__ = ["live"]

NOOR = "+15005550021"

WORD, KEYS = "rosa", "7672#"
pytestmark = pytest.mark.xdist_group("calls")


class Evening:
    """Noor on call, and Amina's report before her."""

    def __init__(self, live):
        self.live = live
        self.noor = signs_in(live.house, "noor")
        self.desk = Desk(live.house, self.noor)
        self.store, self.clock = live.hotline.store, live.house.clock
        at = self.clock()
        self.store.write(
            lambda session: go_on_call(
                session,
                self.noor,
                live.hotline.relay_public,
                number=NOOR,
                until=at + timedelta(hours=3),
                locale="en",
                languages=["es"],
                at=at,
            )
        )
        ways = {"how": "call", "word": WORD, "line": LINE}
        self.report = self.desk.opens_report(Address("voice", AMINA), **ways)

    def calls_back(self):
        """Have Amina called, and return her phone, which rings."""
        ask_call_back(
            self.store,
            self.noor,
            self.live.hotline.relay_public,
            report_id=self.report,
            now=True,
            at=self.clock(),
        )
        self.live.works()
        (phone,) = self.live.network.exchange.on_phone(AMINA)
        assert phone.is_ringing
        return phone

    def rings_noor(self):
        self.live.works()
        (phone,) = self.live.network.exchange.on_phone(NOOR)
        assert phone.is_ringing
        return phone

    def state(self) -> Back:
        with self.store.read() as session:
            (call,) = call_backs_of(session, self.report)
        return call.state

    def hears(self, phone, prompt: str) -> None:
        said = self.live.hotline.prompts.words(prompt, "es")
        phone.hears_out()
        assert said in [one.words for one in phone.hears], prompt


@pytest.fixture
def evening(live):
    return Evening(live)


def test_amina_and_noor_talk(evening):
    amina = evening.calls_back()
    assert amina.caller_shown == LINE
    amina.picks_up()
    evening.hears(amina, "good_time")
    amina.presses("1")
    evening.hears(amina, "enter_word")
    # Until the word is right nobody at the desk is rung.
    assert evening.live.network.exchange.on_phone(NOOR) == []
    amina.presses(KEYS)
    noor = evening.rings_noor()
    assert noor.caller_shown == LINE
    noor.picks_up()
    noor.hears_out()
    said = " ".join(one.words for one in noor.hears)
    assert "Somebody is waiting. It is urgent. Their language: Spanish." in said
    assert AMINA not in said
    noor.presses("1")
    amina.says("Soy yo", locale="es")
    assert noor.hears[-1].words == "Soy yo"
    noor.says("Here I am", locale="en")
    assert amina.hears[-1].words == "Here I am"
    noor.hangs_up()
    evening.live.network.settle()
    evening.live.works()
    assert evening.state() is Back.TALKED


def test_a_wrong_word_gets_a_cover_story_and_nobody(evening):
    amina = evening.calls_back()
    amina.picks_up()
    amina.hears_out()
    amina.presses("1")
    amina.hears_out()
    for _ in range(3):
        amina.presses("4444#")
        amina.hears_out()
    evening.live.works()
    assert evening.live.network.exchange.on_phone(NOOR) == []
    assert evening.state() is Back.SOMEONE_ELSE
    (row,) = evening.desk.rows(reports.select())
    assert row.duress
    assert row.urgency == Urgency.HIGH.rank


def test_a_machine_hears_nothing_and_amina_is_called_another_day(evening):
    amina = evening.calls_back()
    amina.picks_up(is_machine=True)
    amina.waits(60)
    assert amina.is_over
    assert [one.words for one in amina.hears if one.words] == []
    evening.live.network.settle()
    evening.live.works()
    assert evening.state() is Back.MACHINE
    assert evening.live.network.exchange.on_phone(NOOR) == []


def test_later_means_later(evening):
    amina = evening.calls_back()
    amina.picks_up()
    amina.hears_out()
    amina.presses("2")
    amina.waits(30)
    assert amina.is_over
    evening.live.works()
    assert evening.state() is Back.LATER


def test_nobody_picks_up(evening):
    amina = evening.calls_back()
    amina.waits(40)
    assert amina.is_over
    evening.live.network.settle()
    evening.live.works()
    assert evening.state() is Back.NOBODY


def test_amina_answers_and_noor_does_not(evening):
    amina = evening.calls_back()
    amina.picks_up()
    amina.hears_out()
    amina.presses("1")
    amina.hears_out()
    amina.presses(KEYS)
    noor = evening.rings_noor()
    noor.declines()
    for _ in range(12):
        amina.waits(8)
        evening.live.works(seconds=8)
        for phone in evening.live.network.exchange.ringing():
            phone.declines()
        if amina.is_over:
            break
    assert evening.state() is Back.MISSED


def test_amina_hangs_up_while_noors_phone_rings(evening):
    amina = evening.calls_back()
    amina.picks_up()
    amina.hears_out()
    amina.presses("1")
    amina.hears_out()
    amina.presses(KEYS)
    noor = evening.rings_noor()
    amina.hangs_up()
    evening.live.network.settle()
    evening.live.works()
    assert noor.is_over
    assert not noor.was_picked_up
