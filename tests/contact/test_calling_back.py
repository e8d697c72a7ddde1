"""A caseworker has somebody called back: in their hours, once, and only while she is there to talk."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from hotline import audit, contact
from hotline.contact import call_backs as asking
from hotline.contact import calling_back, ringing_back
from hotline.contact.alone import alone
from hotline.contact.back_orders import Back, BackOrder
from hotline.contact.call_backs import ask_call_back, call_backs_of, stop_call_back
from hotline.contact.calling_back import Came
from hotline.contact.carrier import (
    CarrierBusy,
    CarrierMisconfigured,
    CarrierRefused,
    CarrierUnsure,
)
from hotline.contact.tables import call_backs, erase_at_provider
from hotline.domain.identity import Address
from hotline.errors import Refused
from hotline.jobs import Priority, claim, done
from hotline.reports.tables import reports
from hotline.store import new_id
from hotline.vault.keys import PrivateKey
from hotline.vault.relay import RelayKey
from tests.cast import AMINA
from tests.contact.conftest import LINE, desk_in
from tests.contact.rings import Rings
from tests.fakes import call_id
from tests.house import Clock, found_house

EVENING = {"hours": "18:00-20:00", "zone": "Europe/Madrid"}


class Backs(Rings):
    """Noor's desk, and Amina, who may be called."""

    def amina(self, **ways: str) -> str:
        """Keep a report of Amina, who said that she may be called."""
        told = {"how": "call", "line": LINE, "word": "rosa", **ways}
        self.desk.report_id = self.desk.opens_report(Address("voice", AMINA), **told)
        return self.desk.report_id

    def wants(self, *, now: bool = True, **more) -> str:
        return ask_call_back(
            self.desk.store,
            more.pop("by", self.desk.noor),
            self.desk.hotline.relay_public,
            report_id=self.desk.report_id,
            now=now,
            at=self.clock(),
            **more,
        )

    def _do(self, hotline, job) -> None:
        if job.name == "call_back":
            ringing_back.call_back(
                hotline.store,
                self.desk.carrier,
                hotline.relay,
                job.ref,
                at=self.clock(),
                tell=lambda _session, trouble, code: self.troubles.append((trouble, code)),
            )
        elif job.name == "end_call_back":
            ringing_back.end_call_back(hotline.store, job.ref, at=self.clock())
        else:
            super()._do(hotline, job)

    def back(self):
        with self.desk.store.read() as session:
            (found,) = call_backs_of(session, self.desk.report_id)
        return found

    def order(self, ref: str) -> BackOrder | None:
        with self.desk.store.read() as session:
            return calling_back.order_of(session, self.desk.hotline.relay, ref, at=self.clock())

    def fate(self, ref: str, status: str) -> None:
        relay, at = self.desk.hotline.relay, self.clock()
        self.desk.store.write(
            lambda session: calling_back.note_fate(session, relay, ref, status=status, at=at)
        )

    def came(self, ref: str, what: Came, **more) -> None:
        relay, at = self.desk.hotline.relay, self.clock()
        self.desk.store.write(
            lambda session: calling_back.came(session, relay, ref, what, at=at, **more)
        )

    def until(self, at: datetime) -> None:
        self.clock.at = at
        self.works()


@pytest.fixture
def at_desk(desk) -> Backs:
    backs = Backs(desk)
    backs.on_call("noor", hours=12)
    return backs


def test_she_is_called_now_where_now_is_good(at_desk):
    at_desk.amina()
    ref = at_desk.wants()
    at_desk.works()
    (call,) = at_desk.calls
    assert (call.to, call.line, call.path) == (AMINA, LINE, f"/twilio/voice/back/{ref}")
    assert call.detects_machine
    assert at_desk.back().state is Back.CALLING
    order = at_desk.order(ref)
    assert (order.report_id, order.locale, order.word) == (at_desk.desk.report_id, "es", "rosa")
    assert order.by == at_desk.desk.noor.staff_id
    (asked,) = at_desk.desk.rows(select(erase_at_provider))
    assert (asked.kind, asked.provider_id) == ("call", call_id(1))


def test_a_talk_is_told_and_everything_of_the_call_is_forgotten(at_desk):
    report = at_desk.amina()
    ref = at_desk.wants()
    at_desk.works()
    at_desk.came(ref, Came.TALKED)
    at_desk.fate(ref, "completed")
    assert (at_desk.back().state, at_desk.back().is_open) == (Back.TALKED, False)
    assert at_desk.order(ref) is None
    (row,) = at_desk.desk.rows(select(call_backs))
    assert row.sealed is row.receipt is row.open_for is None
    with at_desk.desk.store.read() as session:
        lines = audit.page(session, desks=("main",), limit=20)
    assert {("call_back_asked", report), ("call_back_talked", report)} <= {
        (line.did, line.report_id) for line in lines
    }


def test_nobody_is_called_outside_their_hours(at_desk):
    at_desk.amina(**EVENING)
    with pytest.raises(asking.OutsideHours):
        at_desk.wants()
    at_desk.wants(now=False)
    assert at_desk.back().state is Back.HOURS
    # It is noon UTC; their evening begins at 17:00 UTC.
    at_desk.until(datetime(2026, 3, 2, 16, 59, tzinfo=UTC))
    assert at_desk.calls == []
    at_desk.until(datetime(2026, 3, 2, 17, 0, 3, tzinfo=UTC))
    assert len(at_desk.calls) == 1


def test_a_job_that_comes_late_waits_for_the_next_hours(at_desk):
    at_desk.amina(**EVENING)
    ref = at_desk.wants(now=False)
    # Nobody worked until two minutes before the end, and a call in the last minute would reach out of the hours.
    at_desk.until(datetime(2026, 3, 2, 18, 59, tzinfo=UTC))
    assert at_desk.calls == []
    at_desk.until(datetime(2026, 3, 3, 16, 59, tzinfo=UTC))
    assert at_desk.calls == []
    at_desk.on_call("noor", hours=12)
    at_desk.until(datetime(2026, 3, 3, 17, 0, tzinfo=UTC))
    assert at_desk.order(ref)


@pytest.mark.parametrize(
    ("asked", "called"),
    [
        # Clocks go forward on 29 March in Madrid: 18:00 there is an hour earlier from then on.
        (datetime(2026, 3, 28, 22, 0, tzinfo=UTC), datetime(2026, 3, 29, 16, 0, 3, tzinfo=UTC)),
        # And back on 25 October.
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), datetime(2026, 10, 25, 17, 0, 3, tzinfo=UTC)),
    ],
)
def test_their_hours_are_those_of_the_clock_on_their_wall(tmp_path, asked, called):
    house = found_house(tmp_path, clock=Clock(asked - timedelta(minutes=5)))
    try:
        backs = Backs(desk_in(house))
        backs.on_call("noor", hours=16)
        backs.amina(**EVENING)
        backs.wants(now=False)
        backs.until(called - timedelta(minutes=1))
        backs.on_call("noor", hours=16)
        backs.until(called - timedelta(seconds=4))
        assert backs.calls == []
        backs.until(called)
        assert len(backs.calls) == 1
    finally:
        house.close()


def test_whoever_did_not_ask_for_calls_is_never_called(at_desk):
    for ways in ({"how": "text"}, {"how": "code"}, {"how": ""}):
        at_desk.amina(**ways)
        with pytest.raises(asking.NotToBeCalled):
            at_desk.wants()
    for address in (None, Address("voice", "sip:amina@example.org"), Address("sms", "HARBOR")):
        at_desk.desk.report_id = at_desk.desk.opens_report(address, how="call")
        with pytest.raises(asking.NotToBeCalled):
            at_desk.wants()


@pytest.mark.parametrize("address", [None, Address("sms", "+15005550199")])
def test_the_number_that_they_told_us_is_called(at_desk, address):
    typed = "00 1 500 555-01 43"
    at_desk.desk.report_id = at_desk.desk.opens_report(address, how="call", number=typed)
    at_desk.wants()
    at_desk.works()
    assert [call.to for call in at_desk.calls] == [AMINA]


def test_a_withheld_number_has_no_call_back(at_desk):
    at_desk.desk.report_id = at_desk.desk.opens_report(Address("voice", ""), how="call")
    with pytest.raises(asking.NotToBeCalled):
        at_desk.wants()


def test_a_closed_line_is_never_called(at_desk):
    report = at_desk.amina()
    at_desk.desk.store.write(lambda session: contact.close_line(session, report))
    with pytest.raises(contact.LineClosed):
        at_desk.wants()


def test_a_line_that_closes_while_a_call_waits_is_not_called(at_desk):
    report = at_desk.amina()
    at_desk.wants()
    at_desk.desk.store.write(lambda session: contact.close_line(session, report))
    at_desk.works()
    assert at_desk.calls == []
    assert at_desk.back().state is Back.CLOSED


def test_a_phone_that_somebody_else_may_hold_is_not_called(at_desk):
    report = at_desk.amina()
    at_desk.wants()
    its = update(reports).where(reports.c.id == report)
    at_desk.desk.store.write(lambda session: session.execute(its.values(duress=True)))
    at_desk.works()
    assert at_desk.calls == []
    assert at_desk.back().state is Back.CLOSED
    with pytest.raises(asking.InDoubt):
        at_desk.wants()


def test_once_a_report_is_closed_nobody_is_called_for_it(at_desk):
    report = at_desk.amina()
    at_desk.wants()
    its = update(reports).where(reports.c.id == report)
    at_desk.desk.store.write(lambda session: session.execute(its.values(status="closed")))
    at_desk.works()
    assert at_desk.calls == []
    assert at_desk.back().state is Back.STOPPED


def test_hours_in_words_must_be_read(at_desk):
    at_desk.amina(hours="when he sleeps")
    for now in (True, False):
        with pytest.raises(contact.HoursUnread):
            at_desk.wants(now=now)
    at_desk.wants(minds_hours=True)
    at_desk.works()
    assert len(at_desk.calls) == 1


def test_whoever_asks_must_be_there_to_talk(at_desk):
    at_desk.amina(**EVENING)
    omar = at_desk.signs_in("omar")
    at_desk.clock.at = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
    with pytest.raises(asking.NotOnCall):
        at_desk.wants(by=omar)
    at_desk.wants(by=omar, now=False)
    at_desk.clock.passes(seconds=3)
    at_desk.works()
    assert at_desk.back().state is Back.AWAY
    assert at_desk.calls == []
    # Omar comes to the desk in their hours.
    at_desk.on_call("omar")
    at_desk.clock.passes(minutes=1)
    at_desk.works()
    assert len(at_desk.calls) == 1


def test_one_caseworker_has_one_person_called_at_a_time(at_desk):
    at_desk.amina()
    at_desk.wants()
    at_desk.works()
    at_desk.amina()
    at_desk.wants()
    at_desk.works()
    assert len(at_desk.calls) == 1
    assert at_desk.back().state is Back.AWAY


def test_of_two_who_ask_at_once_one_is_told_so(at_desk):
    at_desk.amina()
    at_desk.wants()
    with pytest.raises(asking.AskedAlready):
        at_desk.wants(now=False)


def test_a_call_that_waits_can_be_stopped(at_desk):
    report = at_desk.amina(**EVENING)
    at_desk.wants(now=False)
    stop = partial(stop_call_back, report_id=report, at=at_desk.clock())
    at_desk.desk.store.write(lambda session: stop(session, at_desk.desk.noor))
    assert at_desk.back().state is Back.STOPPED
    at_desk.until(datetime(2026, 3, 2, 17, 30, tzinfo=UTC))
    assert at_desk.calls == []


def test_an_interpreter_has_nobody_called(at_desk):
    at_desk.amina()
    with pytest.raises(Refused):
        at_desk.wants(by=at_desk.signs_in("ivo"))


@pytest.mark.parametrize("status", ["no-answer", "busy", "failed", "canceled"])
def test_nobody_there_is_called_again_in_the_next_hours_at_most_twice(at_desk, status):
    at_desk.amina(**EVENING)
    ref = at_desk.wants(now=False)
    for day in (2, 3, 4):
        at_desk.clock.at = datetime(2026, 3, day, 16, 50, tzinfo=UTC)
        at_desk.on_call("noor", hours=12)
        at_desk.until(datetime(2026, 3, day, 17, 1, tzinfo=UTC))
        assert len(at_desk.calls) == day - 1
        at_desk.fate(ref, status)
        # Once in each of their evenings,
        at_desk.until(datetime(2026, 3, day, 18, 30, tzinfo=UTC))
        assert len(at_desk.calls) == day - 1
    # and after the third it is over.
    assert (at_desk.back().state, at_desk.back().is_open) == (Back.NOBODY, False)
    at_desk.until(datetime(2026, 3, 5, 17, 30, tzinfo=UTC))
    assert len(at_desk.calls) == 3


def test_a_machine_is_called_again_like_nobody(at_desk):
    at_desk.amina()
    ref = at_desk.wants()
    at_desk.works()
    at_desk.came(ref, Came.MACHINE)
    at_desk.fate(ref, "completed")
    assert (at_desk.back().state, at_desk.back().is_open) == (Back.MACHINE, True)
    at_desk.clock.passes(hours=23)
    at_desk.works()
    assert len(at_desk.calls) == 1
    at_desk.on_call("noor")
    at_desk.clock.passes(hours=1)
    at_desk.works()
    assert len(at_desk.calls) == 2


def test_later_keeps_everything_quiet_until_then(at_desk):
    report = at_desk.amina()
    at_desk.desk.is_there(at=at_desk.clock())
    ref = at_desk.wants()
    at_desk.works()
    at_desk.came(ref, Came.LATER)
    assert (at_desk.back().state, at_desk.back().is_open) == (Back.LATER, True)
    with at_desk.desk.store.read() as session:
        now = contact.standing(session, report, at=at_desk.clock())
    assert now.quiet_until == at_desk.clock() + timedelta(hours=12)
    at_desk.clock.passes(hours=23)
    at_desk.works()
    assert len(at_desk.calls) == 1


def test_a_wrong_word_is_somebody_else(at_desk):
    report, raised = at_desk.amina(), []
    ref = at_desk.wants()
    at_desk.works()
    at_desk.came(ref, Came.WRONG_WORD, alarm=lambda _session, *what: raised.append(what))
    assert at_desk.back().state is Back.SOMEONE_ELSE
    assert raised == [("someone_else", report, at_desk.clock())]
    (row,) = at_desk.desk.rows(select(reports.c.duress).where(reports.c.id == report))
    assert row.duress


def test_who_picks_up_and_hangs_up_is_not_called_again(at_desk):
    at_desk.amina()
    ref = at_desk.wants()
    at_desk.works()
    at_desk.fate(ref, "completed")
    assert (at_desk.back().state, at_desk.back().is_open) == (Back.HUNG_UP, False)


def test_who_answers_and_gets_nobody_is_told_of(at_desk):
    at_desk.amina()
    ref = at_desk.wants()
    at_desk.works()
    at_desk.came(ref, Came.MISSED)
    assert at_desk.back().state is Back.MISSED


def test_a_call_that_broke_off_is_looked_for_before_it_is_made_again(at_desk):
    at_desk.amina()
    ref = at_desk.wants()
    at_desk.desk.carrier.loses = 1
    at_desk.works()
    assert at_desk.order(ref)
    at_desk.clock.passes(minutes=1)
    at_desk.works()
    assert at_desk.desk.carrier.lookups == 1
    assert len(at_desk.calls) == 1
    (row,) = at_desk.desk.rows(select(call_backs))
    assert row.receipt


def test_a_call_that_broke_off_and_never_rang_is_made_once_more(at_desk):
    at_desk.amina()
    at_desk.wants()
    at_desk.desk.carrier.fails = [CarrierUnsure()]
    at_desk.works()
    at_desk.clock.passes(minutes=1)
    at_desk.works()
    assert len(at_desk.calls) == 1
    assert at_desk.back().rung == 1


def test_nobody_calls_whom_another_worker_is_just_calling(at_desk):
    at_desk.amina()
    ref = at_desk.wants()
    desk = at_desk.desk
    with alone(desk.store, ref), pytest.raises(CarrierBusy):
        ringing_back.call_back(
            desk.store, desk.carrier, desk.hotline.relay, ref, at=at_desk.clock()
        )
    assert not at_desk.calls
    at_desk.works()
    assert len(at_desk.calls) == 1


def test_while_the_list_is_out_of_reach_nobody_is_called(at_desk):
    at_desk.amina()
    at_desk.wants()
    at_desk.desk.carrier.loses = 1
    at_desk.works()
    at_desk.desk.carrier.out_of_reach = True
    at_desk.clock.passes(minutes=1)
    at_desk.works()
    assert len(at_desk.calls) == 1


@pytest.mark.parametrize("moment", ["before the call", "after the call"])
def test_a_worker_that_dies_rings_nobody_twice(at_desk, moment):
    at_desk.amina()
    at_desk.wants()
    at_desk.desk.carrier.kills = moment
    with pytest.raises(KeyboardInterrupt):
        at_desk.works()
    at_desk.desk.carrier.kills = ""
    at_desk.clock.passes(minutes=3)
    at_desk.works()
    assert len(at_desk.calls) == 1


def test_what_only_operators_can_mend_is_told_to_them(at_desk):
    at_desk.amina()
    at_desk.wants()
    at_desk.desk.carrier.fails = [CarrierMisconfigured(ref="21215"), CarrierBusy()]
    at_desk.works()
    assert at_desk.troubles == [("uncallable", "21215")]
    assert at_desk.back().state is Back.STUCK
    at_desk.clock.passes(minutes=1)
    at_desk.works()
    at_desk.clock.passes(minutes=1)
    at_desk.works()
    assert len(at_desk.calls) == 1
    assert at_desk.back().rung == 1


def test_a_number_that_is_none_is_given_up(at_desk):
    at_desk.amina()
    at_desk.wants()
    at_desk.desk.carrier.fails = [CarrierRefused(ref="21211")]
    at_desk.works()
    assert (at_desk.back().state, at_desk.back().code) == (Back.FAILED, "21211")


def test_an_order_that_expires_is_let_go(at_desk):
    at_desk.amina(**EVENING)
    ref = at_desk.wants(now=False)
    at_desk.until(at_desk.clock() + timedelta(hours=72))
    assert at_desk.back().state is Back.EXPIRED
    assert at_desk.order(ref) is None
    at_desk.desk.store.write(lambda session: calling_back.sweep(session, at=at_desk.clock()))
    assert at_desk.desk.rows(select(call_backs)) == []


def test_without_the_relay_key_it_fails(at_desk):
    at_desk.amina()
    ref = at_desk.wants()
    hotline = at_desk.desk.hotline
    lost = RelayKey(PrivateKey.fresh())
    ringing_back.call_back(hotline.store, at_desk.desk.carrier, lost, ref, at=at_desk.clock())
    assert at_desk.back().state is Back.FAILED
    assert at_desk.calls == []


def test_a_call_of_which_no_news_came_is_in_doubt(at_desk):
    at_desk.amina()
    at_desk.wants()
    at_desk.works()
    at_desk.clock.passes(hours=4)
    at_desk.desk.store.write(lambda session: calling_back.sweep(session, at=at_desk.clock()))
    assert at_desk.back().state is Back.UNSURE


def test_a_lost_job_is_asked_for_again(at_desk):
    at_desk.amina()
    at_desk.wants()
    at = at_desk.clock()
    for job in at_desk.desk.store.write(lambda session: claim(session, Priority.PEOPLE, at=at)):
        at_desk.desk.store.write(lambda session, job=job: done(session, job))
    at_desk.desk.store.write(lambda session: calling_back.sweep(session, at=at))
    at_desk.works()
    assert len(at_desk.calls) == 1


def test_a_report_that_is_erased_takes_its_calls_along(at_desk):
    report = at_desk.amina()
    at_desk.wants()
    at_desk.desk.store.write(lambda session: contact.forget(session, report))
    at_desk.works()
    assert at_desk.desk.rows(select(call_backs)) == at_desk.calls == []


def test_neither_number_nor_word_stands_in_the_clear(at_desk):
    at_desk.amina(word="mandarina", **EVENING)
    at_desk.wants(now=False)
    every_byte = at_desk.desk.every_byte()
    for secret in (AMINA, AMINA[-7:], "mandarina", "18:00", call_id(1)):
        assert secret.encode() not in every_byte


def test_news_of_a_call_of_nobody_change_nothing(at_desk):
    at_desk.fate(new_id(), "completed")
    at_desk.came(new_id(), Came.TALKED)
    assert at_desk.order(new_id()) is None
