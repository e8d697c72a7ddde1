"""We call somebody back: the dialogue, the order it rests on, and what the caseworker sees of it."""

import pytest
from sqlalchemy import select, update

from hotline.contact.back_orders import Back
from hotline.contact.ringing import Ring, state
from hotline.contact.tables import call_backs, rings
from hotline.dialogue.calls.document import Wait
from hotline.dialogue.calls.turns import Event, Heard
from hotline.intake.call_settings import Call
from hotline.reports.tables import messages, reports
from hotline.triage.tables import alerts
from tests.cast import AMINA
from tests.contact.conftest import LINE, desk_in
from tests.contact.test_calling_back import Backs
from tests.intake.calls.caller import Caller


@pytest.fixture
def backs(house) -> Backs:
    backs = Backs(desk_in(house))
    backs.on_call("noor", hours=12)
    backs.amina()
    return backs


class Called(Caller):
    """Somebody whom we called, and who picked up."""

    def picks_up(self, ref: str) -> "Called":
        call = Call(self.call_id, self.sender, self.line)
        calls = self.house.hotline.calls
        self.hears = calls.call_back(call, ref, at=self.house.clock())
        return self


@pytest.fixture
def ring(backs):
    ref = backs.wants()
    backs.works()
    return ref


@pytest.fixture
def amina(backs, ring):
    return Called(backs.desk.house, sender=AMINA, line=LINE).picks_up(ring)


def test_whoever_says_the_word_talks_to_whoever_asked(backs, amina):
    assert (amina.prompts, amina.hears.locale) == (["good_time"], "es")
    assert amina.presses("1").prompts == ["enter_word"]
    # Her word is rosa: the keys that carry it.
    amina.presses("7672#")
    assert amina.hears.then.wait is Wait.PERSON
    (row,) = backs.desk.rows(select(rings))
    assert row.id == amina.hears.then.ref
    backs.works()
    assert [call.to for call in backs.calls] == [AMINA, "+15005550021"]
    amina.meets(Event.TALKED)
    assert amina.is_over
    assert backs.back().state is Back.TALKED


def test_nobody_there_after_all_is_told_to_the_caseworker(backs, amina):
    amina.presses("1", "7672#").meets(Event.NOBODY)
    assert amina.is_over
    assert backs.back().state is Back.MISSED


def test_later_is_another_time(backs, amina):
    amina.presses("2")
    assert (amina.prompts, amina.is_over) == (["later"], True)
    assert backs.back().state is Back.LATER


def test_somebody_else_hears_nothing_and_the_desk_is_told(backs, amina):
    amina.presses("1", "1111#", "2222#")
    assert amina.prompts == ["wrong_number"]
    assert backs.back().state is Back.SOMEONE_ELSE
    its = reports.c.id == backs.desk.report_id
    (report,) = backs.desk.rows(select(reports).where(its))
    assert report.duress
    assert [row.kind for row in backs.desk.rows(select(alerts))] == ["someone_else"]
    assert not backs.desk.rows(select(rings))


def test_a_machine_hears_nothing(backs, ring):
    backs.desk.hotline.calls.machine_took(ring, at=backs.clock())
    assert backs.back().state is Back.MACHINE


def test_a_call_that_nobody_waits_for_is_hung_up(backs, ring, amina):
    amina.presses("2")
    late = Called(backs.desk.house, sender=AMINA, line=LINE).picks_up(ring)
    assert late.hears is None
    assert Called(backs.desk.house, sender=AMINA, line=LINE).picks_up("0" * 32).hears is None


def test_the_first_webhook_that_comes_twice_begins_once(backs, ring, amina):
    first = amina.hears
    assert amina.picks_up(ring).hears == first
    amina.presses("1")
    assert amina.picks_up(ring).prompts == ["enter_word"]


def test_our_call_adds_nothing_to_the_account(backs, amina):
    before = len(backs.desk.rows(select(messages)))
    amina.presses("1", "7672#")
    assert len(backs.desk.rows(select(messages))) == before


def test_a_step_of_our_call_that_nobody_knows_any_more_says_nothing(backs, ring):
    lost = Call("CA" + "9" * 32, AMINA, LINE, is_ours=True)
    document = backs.desk.hotline.calls.answer(lost, Heard("5" * 32, digits="1"), at=backs.clock())
    assert (document.then.wait, document.lines) == (Wait.END, ())


def test_who_hangs_up_while_waiting_lets_the_phones_fall_silent(backs, house):
    caller = Caller(house).dials().chooses("en").is_silent().presses("1", "3", "2")
    assert caller.hears.then.wait is Wait.PERSON
    caller.hangs_up()
    with house.hotline.store.read() as session:
        assert state(session, caller.hears.then.ref, at=house.clock()) is Ring.OVER


def test_silence_after_the_question_for_the_word_is_no_wrong_word(backs, amina):
    amina.presses("1").is_silent(2)
    assert (amina.prompts, amina.is_over) == (["later"], True)
    assert backs.back().state is Back.LATER
    assert not backs.desk.rows(select(alerts))


def test_an_order_that_ends_while_they_talk_to_us_doubts_nobody(backs, amina):
    amina.presses("1")
    expires = update(call_backs).values(expires_at=backs.clock())
    backs.desk.store.write(lambda session: session.execute(expires))
    amina.presses("7672#")
    assert (amina.prompts, amina.is_over) == (["later"], True)
    its = reports.c.id == backs.desk.report_id
    (report,) = backs.desk.rows(select(reports).where(its))
    assert not report.duress


def test_nothing_that_is_said_to_our_call_is_written_down_by_the_provider(backs, amina):
    assert not amina.hears.then.hears
