"""Several callers want a person at once. No phone rings for two of them, and none rings all evening for one."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.contact import dialing, ring_hours, ringing
from hotline.contact.carrier import CarrierBusy
from hotline.contact.tables import ring_hours as counted
from hotline.domain.urgency import Urgency
from tests.contact.conftest import desk_in
from tests.contact.rings import Rings
from tests.house import found_house


@pytest.fixture
def at_desk(desk) -> Rings:
    return Rings(desk)


def waits(at_desk: Rings, seconds: int = 3) -> None:
    at_desk.clock.passes(seconds=seconds)
    at_desk.works()


def whom(at_desk: Rings) -> dict[str, str]:
    """Return for which caller the phones ring now, by the id of the ring."""
    live = ("asked", "rings", "heard")
    return {leg.staff_id: leg.ring_id for leg in at_desk.legs() if leg.state in live}


def test_ten_callers_at_once_ring_each_phone_once(at_desk):
    at_desk.on_call("noor", "omar", "ines")
    refs = [at_desk.asks() for _ in range(10)]
    at_desk.works()
    waits(at_desk)
    assert Counter(at_desk.rung()) == {"noor": 1, "omar": 1, "ines": 1}
    assert len(set(whom(at_desk).values())) == 3
    # The others wait.
    assert {at_desk.state(ref) for ref in refs} == {"waiting"}


def test_who_waits_is_rung_when_a_phone_is_free(at_desk):
    at_desk.on_call("noor", "omar")
    first = at_desk.asks()
    at_desk.works()
    second = at_desk.asks()
    at_desk.works()
    assert len(at_desk.calls) == 2
    at_desk.takes(at_desk.leg(0))
    waits(at_desk, 0)
    waits(at_desk)
    assert (at_desk.state(first), at_desk.state(second)) == ("taken", "waiting")
    assert len(at_desk.calls) == 3
    assert at_desk.takes(at_desk.leg()).ring_id == second


def test_the_most_urgent_comes_first_and_then_who_waits_longest(at_desk):
    at_desk.on_call("noor")
    begun = at_desk.asks(urgency=Urgency.NORMAL)
    at_desk.works()
    refs = []
    for urgency in (Urgency.NORMAL, Urgency.HIGH, Urgency.IMMEDIATE, Urgency.HIGH):
        at_desk.clock.passes(seconds=1)
        refs.append(at_desk.asks(urgency=urgency))
    at_desk.works()
    normal, high, immediate, later_high = refs
    for ref in (begun, immediate, high, later_high, normal):
        assert set(whom(at_desk).values()) == {ref}
        at_desk.hangs_up(ref)
        waits(at_desk, 0)
        waits(at_desk)
    assert len(at_desk.calls) == 5


def test_each_caller_gets_a_phone_before_any_gets_a_second(at_desk):
    at_desk.on_call("noor", "omar", "ines")
    first, second = at_desk.asks(urgency=Urgency.IMMEDIATE), at_desk.asks(urgency=Urgency.NORMAL)
    at_desk.works()
    assert Counter(whom(at_desk).values()) == {first: 2, second: 1}


def test_who_is_called_back_waits_for_the_one_who_asked_and_gets_them(at_desk):
    at_desk.on_call("noor", "omar")
    other = at_desk.asks()
    at_desk.works()
    mine = at_desk.asks(only=at_desk.desk.noor.staff_id)
    at_desk.works()
    assert at_desk.state(mine) == "waiting"
    at_desk.hangs_up(other)
    waits(at_desk, 0)
    waits(at_desk)
    assert whom(at_desk) == {at_desk.desk.noor.staff_id: mine}


def test_who_waits_in_vain_for_a_phone_is_told_so_in_time(at_desk):
    at_desk.on_call("noor")
    first = at_desk.asks()
    at_desk.works()
    second = at_desk.asks()
    at_desk.works()
    at_desk.takes(at_desk.leg())
    waits(at_desk)
    # Noor talks now.
    assert (at_desk.state(first), at_desk.state(second)) == ("taken", "over")


def test_a_phone_whose_end_nobody_tells_of_is_rung_again(at_desk):
    at_desk.on_call("noor")
    at_desk.asks()
    at_desk.works()
    at_desk.clock.passes(seconds=91)
    ref = at_desk.asks()
    at_desk.works()
    assert set(whom(at_desk).values()) >= {ref}


def test_workers_at_once_ring_no_phone_twice(at_desk):
    ring_at_once(at_desk)


def test_workers_at_once_ring_no_phone_twice_on_postgres(tmp_path, postgres_url):
    house = found_house(tmp_path, database_url=postgres_url)
    try:
        ring_at_once(Rings(desk_in(house)))
    finally:
        house.close()


def ring_at_once(at_desk: Rings) -> None:
    at_desk.on_call("noor", "omar", "ines")
    refs = [at_desk.asks() for _ in range(4)]
    hotline = at_desk.desk.hotline

    def ring(ref: str) -> None:
        dialing.ring_people(
            hotline.store,
            at_desk.desk.carrier,
            hotline.relay,
            ref,
            roster=hotline.keyring.member,
            at=at_desk.clock,
        )

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ring, refs))
    assert max(Counter(at_desk.rung()).values()) == 1


# One caller who would let the phones ring all evening.


def rings_again_and_again(at_desk: Rings, times: int, **facts) -> list[str]:
    """Let somebody ask for a person, hang up once it rings, and ask again; return how each ended."""
    fates = []
    for _ in range(times):
        ref = at_desk.asks(**facts)
        at_desk.works()
        fates.append(at_desk.state(ref))
        at_desk.hangs_up(ref)
        at_desk.works()
    return fates


def test_phones_ring_only_so_often_for_callers_of_whom_nothing_is_proved(at_desk, monkeypatch):
    monkeypatch.setattr(ring_hours, "MOST", 4)
    at_desk.on_call("noor", "omar")
    fates = rings_again_and_again(at_desk, 6)
    assert fates == ["waiting"] * 4 + ["over"] * 2
    assert len(at_desk.calls) == 8
    # Operators hear of it, and the phones still ring for those whom we know.
    assert set(at_desk.troubles) == {("rung_often", "")}
    assert rings_again_and_again(at_desk, 1, is_known=True) == ["waiting"]
    assert rings_again_and_again(at_desk, 1, only=at_desk.desk.noor.staff_id) == ["waiting"]
    # In the next hour they ring for everybody.
    at_desk.clock.passes(hours=1)
    assert rings_again_and_again(at_desk, 1) == ["waiting"]


def test_callers_whom_we_know_use_nothing_up(at_desk, monkeypatch):
    monkeypatch.setattr(ring_hours, "MOST", 2)
    at_desk.on_call("noor")
    assert rings_again_and_again(at_desk, 5, is_known=True) == ["waiting"] * 5
    assert at_desk.troubles == []
    assert rings_again_and_again(at_desk, 3) == ["waiting"] * 2 + ["over"]


def test_nobody_is_told_while_it_is_an_ordinary_evening(at_desk):
    at_desk.on_call("noor", "omar", "ines")
    assert rings_again_and_again(at_desk, 20) == ["waiting"] * 20
    assert at_desk.troubles == []


def test_a_phone_that_did_not_ring_is_not_counted(at_desk, monkeypatch):
    monkeypatch.setattr(ring_hours, "MOST", 1)
    at_desk.on_call("noor")
    at_desk.asks()
    at_desk.desk.carrier.fails = [CarrierBusy()]
    at_desk.works()
    waits(at_desk, 1)
    assert at_desk.rung() == ["noor"]


def test_what_was_counted_is_forgotten(at_desk):
    at_desk.on_call("noor")
    rings_again_and_again(at_desk, 1)
    store, at = at_desk.desk.store, at_desk.clock()
    for hours, kept in ((1, 1), (2, 0)):
        later = at + timedelta(hours=hours)
        store.write(lambda session, later=later: ringing.sweep(session, at=later))
        assert len(at_desk.desk.rows(select(counted))) == kept
