"""A caller wants a person. Phones ring at the desk; one takes the call, and no phone rings for nobody."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import insert, select, update

from hotline import audit
from hotline.contact import ringing
from hotline.contact.carrier import (
    CarrierBusy,
    CarrierMisconfigured,
    CarrierRefused,
    CarrierUnsure,
)
from hotline.contact.legs import Whom
from hotline.contact.on_call import is_anyone_on_call, is_on_call
from hotline.contact.ringing import Ring
from hotline.contact.tables import erase_at_provider, on_call, ring_calls, rings
from hotline.domain.urgency import Urgency
from hotline.vault.keys import PrivateKey
from hotline.vault.people import block, let_go
from hotline.vault.relay import RelayKey, seal_for_relay
from tests.contact.conftest import LINE, desk_in
from tests.contact.rings import PHONES, Rings
from tests.fakes import call_id
from tests.house import found_house


@pytest.fixture
def at_desk(desk) -> Rings:
    return Rings(desk)


def anyone(rings_: Rings) -> bool:
    with rings_.desk.store.read() as session:
        return is_anyone_on_call(session, "main", at=rings_.clock())


def test_nobody_on_call_is_said_at_once(at_desk):
    assert not anyone(at_desk)
    ref = at_desk.asks()
    assert at_desk.state(ref) == "waiting"
    at_desk.works()
    assert at_desk.state(ref) == "over"
    assert at_desk.calls == []


def test_up_to_three_phones_ring_at_once_from_our_own_line(at_desk):
    at_desk.on_call("noor", "omar", "ines")
    assert anyone(at_desk)
    at_desk.asks()
    at_desk.works()
    assert sorted(at_desk.rung()) == ["ines", "noor", "omar"]
    assert {call.line for call in at_desk.calls} == {LINE}
    assert all(call.detects_machine for call in at_desk.calls)
    assert all(call.path.startswith("/twilio/voice/person/") for call in at_desk.calls)


def test_who_speaks_the_language_is_rung_first(at_desk, monkeypatch):
    # One phone at a time shows the order.
    monkeypatch.setattr("hotline.contact.sharing.AT_ONCE", 1)
    at_desk.on_call("noor", "ines", languages=["fr"])
    at_desk.on_call("omar", languages=["es-MX"])
    at_desk.asks(locale="es")
    at_desk.works()
    assert at_desk.rung() == ["omar"]
    at_desk.declines(at_desk.leg())
    at_desk.clock.passes(seconds=5)
    at_desk.works()
    assert at_desk.rung()[1] in ("noor", "ines")


def test_only_whom_the_caller_is_for_is_rung(at_desk):
    at_desk.on_call("noor", "omar")
    at_desk.asks(only=at_desk.desk.noor.staff_id)
    at_desk.works()
    assert at_desk.rung() == ["noor"]


def test_another_desk_is_not_rung(at_desk):
    tala = at_desk.signs_in("tala")
    at_desk.on_call("noor")
    at_desk.desk.store.write(
        lambda session: session.execute(update(on_call).values(desk=tala.desk))
    )
    assert not anyone(at_desk)
    ref = at_desk.asks()
    at_desk.works()
    assert at_desk.state(ref) == "over"
    assert at_desk.calls == []


def test_the_first_who_says_yes_takes_the_call(at_desk):
    at_desk.on_call("noor", "omar")
    ref = at_desk.asks(urgency=Urgency.IMMEDIATE)
    at_desk.works()
    first, second = at_desk.leg(0), at_desk.leg(1)
    whisper = at_desk.hears(first)
    assert (whisper.urgency, whisper.locale, whisper.speaks) == ("immediate", "es", "en")
    taken = at_desk.takes(first)
    assert taken.ring_id == ref
    assert taken.report_id == at_desk.desk.report_id
    assert at_desk.state(ref) == "taken"
    # The other phone falls silent, and whoever picked it up just before gets nothing.
    at_desk.works()
    assert at_desk.desk.carrier.hung_up == [call_id(2)]
    assert at_desk.takes(second) is None
    # The provider may tell of the same key twice.
    assert at_desk.takes(first).ring_id == ref
    # What was sealed for the ring is gone, and the log says who took whose call.
    assert at_desk.row(ref).sealed is None
    with at_desk.desk.store.read() as session:
        (line,) = audit.page(session, desks=("main",), kinds=("call_taken",), limit=5)
    assert (line.who, line.report_id) == (taken.staff_id, at_desk.desk.report_id)


def test_who_picked_up_too_late_is_told_so(at_desk):
    at_desk.on_call("noor", "omar")
    at_desk.asks()
    at_desk.works()
    at_desk.hears(at_desk.leg(0))
    at_desk.takes(at_desk.leg(0))
    late = at_desk.hears(at_desk.leg(1))
    assert (late.ring, late.speaks, late.urgency, late.locale) == (Ring.TAKEN, "en", "", "")


def test_of_many_who_press_at_once_one_gets_the_call(at_desk):
    press_at_once(at_desk)


def test_of_many_who_press_at_once_one_gets_the_call_on_postgres(tmp_path, postgres_url):
    house = found_house(tmp_path, database_url=postgres_url)
    try:
        press_at_once(Rings(desk_in(house)))
    finally:
        house.close()


def press_at_once(at_desk: Rings) -> None:
    at_desk.on_call("noor", "omar", "ines")
    ref = at_desk.asks()
    at_desk.works()
    for place in range(3):
        at_desk.hears(at_desk.leg(place))
    with ThreadPoolExecutor(3) as pool:
        taken = [one for one in pool.map(at_desk.takes, map(at_desk.leg, range(3))) if one]
    assert len(taken) == 1
    assert [leg.state for leg in at_desk.legs()].count("taken") == 1
    assert at_desk.state(ref) == "taken"


def test_all_busy_means_that_nobody_is_free(at_desk):
    at_desk.on_call("noor", "omar")
    ref = at_desk.asks()
    at_desk.works()
    for place in (0, 1):
        at_desk.ends(at_desk.leg(place), "busy")
    assert at_desk.state(ref) == "waiting"
    at_desk.clock.passes(seconds=5)
    at_desk.works()
    # Each is tried once more,
    assert len(at_desk.calls) == 4
    for place in (2, 3):
        at_desk.ends(at_desk.leg(place), "no-answer")
    at_desk.clock.passes(seconds=5)
    at_desk.works()
    # and then it is over, long before the caller's patience is.
    assert at_desk.state(ref) == "over"
    assert len(at_desk.calls) == 4


def test_who_says_no_is_not_asked_again(at_desk):
    at_desk.on_call("noor")
    ref = at_desk.asks()
    at_desk.works()
    at_desk.hears(at_desk.leg())
    at_desk.declines(at_desk.leg())
    at_desk.clock.passes(seconds=5)
    at_desk.works()
    assert at_desk.state(ref) == "over"
    assert len(at_desk.calls) == 1


def test_who_picks_up_and_hangs_up_said_no(at_desk):
    at_desk.on_call("noor")
    ref = at_desk.asks()
    at_desk.works()
    at_desk.hears(at_desk.leg())
    at_desk.ends(at_desk.leg(), "completed")
    at_desk.clock.passes(seconds=5)
    at_desk.works()
    assert at_desk.state(ref) == "over"
    assert len(at_desk.calls) == 1


@pytest.mark.parametrize("word", ["machine_start", "machine_end_beep", "fax"])
def test_a_machine_hears_nothing_and_takes_nothing(at_desk, word):
    at_desk.on_call("noor")
    ref = at_desk.asks()
    at_desk.works()
    heard = at_desk.hears(at_desk.leg(), word)
    assert heard.whom is Whom.MACHINE
    assert not heard.urgency
    assert not heard.locale
    assert at_desk.state(ref) == "waiting"
    at_desk.clock.passes(seconds=5)
    at_desk.works()
    assert len(at_desk.calls) == 2


def test_what_may_be_a_machine_is_told_nothing_of_the_caller(at_desk):
    at_desk.on_call("noor")
    at_desk.asks()
    at_desk.works()
    heard = at_desk.hears(at_desk.leg(), "unknown")
    assert heard.whom is Whom.UNSURE
    assert not heard.urgency
    assert not heard.locale
    assert at_desk.takes(at_desk.leg())


def test_a_caller_who_hangs_up_lets_the_phones_fall_silent(at_desk):
    at_desk.on_call("noor", "omar")
    ref = at_desk.asks()
    at_desk.works()
    at_desk.hangs_up(ref)
    at_desk.works()
    assert sorted(at_desk.desk.carrier.hung_up) == [call_id(1), call_id(2)]
    assert at_desk.takes(at_desk.leg(0)) is None
    assert at_desk.row(ref).sealed is None


def test_a_caller_who_hangs_up_before_anything_rang_makes_nothing_ring(at_desk):
    at_desk.on_call("noor")
    at_desk.hangs_up(at_desk.asks())
    at_desk.works()
    assert at_desk.calls == []


def test_a_phone_that_began_to_ring_as_the_caller_left_falls_silent(at_desk):
    at_desk.on_call("noor")
    ref = at_desk.asks()
    call = at_desk.desk.carrier.call

    def slow(**facts):
        provider_id = call(**facts)
        at_desk.hangs_up(ref)
        return provider_id

    at_desk.desk.carrier.call = slow
    at_desk.works()
    at_desk.works()
    assert at_desk.desk.carrier.hung_up == [call_id(1)]


def test_it_is_over_after_75_seconds(at_desk):
    at_desk.on_call("noor")
    ref = at_desk.asks()
    at_desk.works()
    at_desk.clock.passes(seconds=74)
    assert at_desk.state(ref) == "waiting"
    at_desk.clock.passes(seconds=1)
    assert at_desk.state(ref) == "over"
    assert at_desk.takes(at_desk.leg()) is None
    at_desk.works()
    assert at_desk.row(ref).state == "over"
    assert at_desk.row(ref).sealed is None
    assert at_desk.desk.carrier.hung_up == [call_id(1)]


def test_who_talks_to_one_caller_is_not_rung_for_another(at_desk):
    at_desk.on_call("noor")
    at_desk.asks()
    at_desk.works()
    at_desk.takes(at_desk.leg())
    assert not anyone(at_desk)
    second = at_desk.asks()
    at_desk.works()
    assert at_desk.state(second) == "over"
    assert len(at_desk.calls) == 1
    # Once the talk is over they can be rung again.
    at_desk.ends(at_desk.leg(), "completed")
    assert anyone(at_desk)


def test_two_callers_at_once_get_two_people(at_desk, monkeypatch):
    # One phone at a time, so that the second caller finds a silent one.
    monkeypatch.setattr("hotline.contact.sharing.AT_ONCE", 1)
    at_desk.on_call("noor", "omar")
    first, second = at_desk.asks(), at_desk.asks()
    at_desk.works()
    assert sorted(at_desk.rung()) == ["noor", "omar"]
    at_desk.takes(at_desk.leg(0))
    at_desk.takes(at_desk.leg(1))
    assert at_desk.state(first) == at_desk.state(second) == "taken"


def test_a_talk_that_is_over_ends_the_ring(at_desk):
    at_desk.on_call("noor")
    ref = at_desk.asks()
    at_desk.works()
    at_desk.takes(at_desk.leg())
    at_desk.ends(at_desk.leg(), "completed")
    assert at_desk.state(ref) == "over"


def test_a_provider_that_is_down_is_asked_again(at_desk):
    at_desk.on_call("noor")
    ref = at_desk.asks()
    at_desk.desk.carrier.fails = [CarrierBusy()]
    at_desk.works()
    assert at_desk.state(ref) == "waiting"
    assert at_desk.calls == []
    at_desk.clock.passes(seconds=1)
    at_desk.works()
    assert at_desk.rung() == ["noor"]


def test_what_only_operators_can_mend_is_told_to_them(at_desk):
    at_desk.on_call("noor")
    at_desk.asks()
    at_desk.desk.carrier.fails = [CarrierMisconfigured(ref="21215")]
    at_desk.works()
    assert at_desk.troubles == [("uncallable", "21215")]


def test_a_number_that_cannot_be_rung_is_not_tried_again(at_desk):
    at_desk.on_call("noor", "omar")
    ref = at_desk.asks()
    at_desk.desk.carrier.fails = [CarrierRefused(ref="21211")]
    at_desk.works()
    assert len(at_desk.calls) == 1
    at_desk.works()
    at_desk.declines(at_desk.leg())
    at_desk.clock.passes(seconds=5)
    at_desk.works()
    assert at_desk.state(ref) == "over"
    assert len(at_desk.calls) == 1


def test_nobody_is_rung_twice_because_the_provider_did_not_say(at_desk):
    at_desk.on_call("noor")
    ref = at_desk.asks()
    at_desk.desk.carrier.loses = 1
    at_desk.works()
    at_desk.clock.passes(seconds=15)
    at_desk.works()
    assert len(at_desk.calls) == 1
    assert [leg.state for leg in at_desk.legs()] == ["rings"]
    # What was found again can be ended, and is erased there.
    at_desk.hangs_up(ref)
    at_desk.works()
    assert at_desk.desk.carrier.hung_up == [call_id(1)]
    (asked,) = at_desk.desk.rows(select(erase_at_provider))
    assert (asked.kind, asked.provider_id) == ("call", call_id(1))


def test_a_call_that_never_came_about_is_made_again(at_desk):
    at_desk.on_call("noor")
    at_desk.asks()
    at_desk.desk.carrier.fails = [CarrierUnsure()]
    at_desk.works()
    at_desk.clock.passes(seconds=15)
    at_desk.works()
    assert at_desk.rung() == ["noor"]


def test_without_the_relay_key_nobody_is_free(at_desk):
    at_desk.on_call("noor")
    ref = at_desk.asks()
    lost = replace(at_desk.desk.hotline, relay=RelayKey(PrivateKey.fresh()))
    at_desk.desk.house.hotline = lost
    at_desk.works()
    assert at_desk.state(ref) == "over"
    assert at_desk.calls == []


def test_a_member_who_left_or_was_blocked_is_rung_no_more(at_desk):
    at_desk.on_call("noor", "omar")
    house = at_desk.desk.house
    hotline, ines, ada = house.hotline, at_desk.signs_in("ines"), at_desk.signs_in("ada")
    omar = at_desk.signs_in("omar").staff_id
    let_go(hotline.store, hotline.door, ines, omar, at=house.clock())
    at_desk.asks()
    at_desk.works()
    assert at_desk.rung() == ["noor"]
    block(hotline.store, hotline.door, ada, at_desk.desk.noor.staff_id, at=house.clock())
    assert not anyone(at_desk)
    # Also with the phone in their hand.
    at_desk.hears(at_desk.leg())
    assert at_desk.takes(at_desk.leg()) is None


def test_being_on_call_ends_by_itself(at_desk):
    at_desk.on_call("noor", hours=1)
    noor, store = at_desk.desk.noor.staff_id, at_desk.desk.store
    with store.read() as session:
        assert is_on_call(session, noor, at=at_desk.clock())
    at_desk.clock.passes(hours=1)
    assert not anyone(at_desk)
    store.write(lambda session: ringing.sweep(session, at=at_desk.clock()))
    assert at_desk.desk.rows(select(on_call)) == []


def test_rings_are_forgotten_within_minutes(at_desk):
    at_desk.on_call("noor")
    at_desk.asks()
    at_desk.works()
    at_desk.clock.passes(minutes=7)
    at_desk.desk.store.write(lambda session: ringing.sweep(session, at=at_desk.clock()))
    assert at_desk.desk.rows(select(rings)) == at_desk.desk.rows(select(ring_calls)) == []


def test_a_ring_of_nobody_is_over(at_desk):
    assert at_desk.state("0" * 32) == "over"
    assert at_desk.hears("0" * 32) is None
    assert at_desk.takes("0" * 32) is None
    at_desk.declines("0" * 32)
    at_desk.ends("0" * 32, "completed")


def test_neither_numbers_nor_reports_stand_in_the_clear(at_desk):
    at_desk.on_call("noor")
    at_desk.asks()
    at_desk.works()
    every_byte = at_desk.desk.every_byte()
    for number in (*PHONES.values(), PHONES["noor"][-7:]):
        assert number.encode() not in every_byte
    for row in at_desk.desk.rows(select(rings)) + at_desk.desk.rows(select(ring_calls)):
        assert at_desk.desk.report_id not in str(row)
        assert call_id(1) not in str(row)


def test_words_that_were_sealed_for_something_else_are_no_number(at_desk):
    at_desk.on_call("noor")
    other = at_desk.desk.hotline.relay_public
    at_desk.desk.store.write(
        lambda session: session.execute(
            update(on_call).values(sealed=seal_for_relay(other, b'["ring", 1]'))
        )
    )
    ref = at_desk.asks()
    at_desk.works()
    assert at_desk.state(ref) == "over"
    at_desk.desk.store.write(
        lambda session: session.execute(
            insert(rings).values(
                id="f" * 32, desk="main", state="waiting", sealed=None, expires_at=at_desk.clock()
            )
        )
    )
    assert at_desk.state("f" * 32) == "over"
