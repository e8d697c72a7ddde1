"""A session opens for its own cookie, its own member, its own time, and nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, func, select, update

from hotline.errors import NotFound
from hotline.vault import sessions as kept
from hotline.vault.sessions import ABSOLUTE, IDLE, Cookie
from hotline.vault.staff import SignInRefused
from hotline.vault.tables import members, sessions
from tests.vault.conftest import NOW, House


def change(house: House, cookie: str, **values: object) -> None:
    mine = sessions.c.id == Cookie(cookie).id
    house.store.write(
        lambda session: session.execute(update(sessions).where(mine).values(**values))
    )


def row_of(house: House, cookie: str):
    with house.store.read() as session:
        return session.execute(select(sessions).where(sessions.c.id == Cookie(cookie).id)).one()


def resumes(house: House, cookie: str, at: datetime = NOW) -> str:
    keyholder = house.door.resume(house.store, cookie, at=at)
    return keyholder.username if keyholder else ""


def test_keys_of_one_session_do_not_open_in_the_row_of_another(house: House) -> None:
    noor, ines = house.sign_in("noor"), house.sign_in("ines")
    of_noor, of_ines = row_of(house, noor), row_of(house, ines)
    change(house, noor, keys_sealed=of_ines.keys_sealed)
    assert resumes(house, noor) == ""
    # Nor with all of the row but its id.
    change(house, noor, keys_sealed=of_ines.keys_sealed, member_id=of_ines.member_id)
    assert resumes(house, noor) == ""
    change(house, noor, keys_sealed=of_noor.keys_sealed, member_id=of_noor.member_id)
    assert resumes(house, noor) == "noor"


def test_every_flipped_byte_and_every_cut_ends_it(house: House) -> None:
    cookie = house.sign_in("noor")
    sealed = row_of(house, cookie).keys_sealed
    places = [*range(0, len(sealed), 29), len(sealed) - 1]
    for place in places:
        flipped = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        change(house, cookie, keys_sealed=flipped)
        assert resumes(house, cookie) == "", place
        change(house, cookie, keys_sealed=sealed[:place])
        assert resumes(house, cookie) == "", place
    change(house, cookie, keys_sealed=sealed)
    assert resumes(house, cookie) == "noor"


def test_a_session_cannot_be_made_younger(house: House) -> None:
    cookie = house.sign_in("noor")
    change(house, cookie, begun_at=NOW + ABSOLUTE, seen_at=NOW + ABSOLUTE)
    assert resumes(house, cookie, NOW + ABSOLUTE + IDLE / 2) == ""


def test_a_clock_that_was_put_back_ends_what_was_seen_in_its_future(house: House) -> None:
    cookie = house.sign_in("noor")
    # Two machines of one house may be some minutes apart;
    assert resumes(house, cookie, NOW - timedelta(minutes=4)) == "noor"
    # from further ahead nobody comes, and it does not help that the clock is right again.
    assert resumes(house, cookie, NOW - timedelta(hours=1)) == ""
    assert resumes(house, cookie, NOW) == ""
    later = NOW + timedelta(hours=1)
    other = house.sign_in("ines", later)
    house.store.write(lambda session: kept.sweep_ended(session, at=NOW))
    assert resumes(house, other, later) == ""


def test_who_is_blocked_is_out_at_once_and_does_not_come_in(house: House) -> None:
    cookie = house.sign_in("noor")

    def block(is_blocked: bool) -> None:
        its = update(members).where(members.c.username == "noor")
        house.store.write(lambda session: session.execute(its.values(blocked=is_blocked)))

    block(True)
    assert resumes(house, cookie) == ""
    with pytest.raises(SignInRefused):
        house.sign_in("noor", NOW + timedelta(seconds=30))
    block(False)
    assert house.sign_in("noor", NOW + timedelta(seconds=60))


def test_one_sees_and_ends_ones_own_sessions_only(house: House) -> None:
    at = NOW + timedelta(minutes=17)
    first, second, of_ines = (
        house.sign_in("noor"),
        house.sign_in("noor", at),
        house.sign_in("ines", at),
    )
    noor = row_of(house, first).member_id
    with house.store.read() as session:
        mine = kept.sessions_of(session, noor, at=at)
    # When it began is told to the hour, and nothing of the browser.
    assert [(each.begun_at, each.label) for each in mine] == [(NOW, ""), (NOW, "")]
    foreign = kept.handle_of(Cookie(of_ines).id)
    for handle in (foreign, "", "zz", "00" * 32):
        with pytest.raises(NotFound):
            house.store.write(
                lambda session, handle=handle: kept.end_session(session, noor, handle)
            )
    handle = kept.handle_of(Cookie(second).id)
    house.store.write(lambda session: kept.end_session(session, noor, handle))
    assert (resumes(house, first, at), resumes(house, second, at)) == ("noor", "")
    assert house.store.write(lambda session: kept.end_sessions(session, noor)) == 1
    assert (resumes(house, first, at), resumes(house, of_ines, at)) == ("", "ines")


@dataclass
class Expected:
    """What a session should be, whatever was done to others."""

    member: str
    begun: datetime
    seen: datetime
    stands: bool = True


def machine_of(house: House) -> type[RuleBasedStateMachine]:
    """Return a machine that signs people in and out, moves the clock, and writes into the table."""
    keyholders = {name: house.keyholder(name) for name in ("noor", "ines")}

    class Sessions(RuleBasedStateMachine):
        cookies = Bundle("cookies")

        def __init__(self) -> None:
            super().__init__()
            self.at = NOW
            self.expected: dict[str, Expected] = {}
            house.store.write(lambda session: session.execute(delete(sessions)))

        @rule(target=cookies, member=st.sampled_from(sorted(keyholders)))
        def begin(self, member: str) -> str:
            keyholder, at = keyholders[member], self.at
            cookie = house.store.write(
                lambda session: kept.begin_session(
                    session, keyholder.staff_id, keyholder.keys, device_id="", at=at
                )
            ).text
            self.expected[cookie] = Expected(member, at, at)
            return cookie

        @rule(minutes=st.sampled_from([1, 5, 29, 30, 31, 240, -3, -6, -60]))
        def time_passes(self, minutes: int) -> None:
            self.at += timedelta(minutes=minutes)

        @rule(cookie=cookies)
        def resume(self, cookie: str) -> None:
            one, at = self.expected[cookie], self.at
            ahead = max(one.begun, one.seen) - timedelta(minutes=5)
            in_time = ahead <= at < one.begun + ABSOLUTE and at < one.seen + IDLE
            one.stands = one.stands and in_time
            assert resumes(house, cookie, at) == (one.member if one.stands else "")
            if one.stands and at >= one.seen + timedelta(minutes=1):
                one.seen = at

        @rule(cookie=cookies)
        def sign_out(self, cookie: str) -> None:
            house.store.write(lambda session: kept.sign_out(session, cookie))
            self.expected[cookie].stands = False

        @rule(cookie=consumes(cookies), place=st.integers(0, 10_000), bit=st.integers(0, 7))
        def flip(self, cookie: str, place: int, bit: int) -> None:
            if self.expected[cookie].stands and self._is_there(cookie):
                sealed = bytearray(row_of(house, cookie).keys_sealed)
                sealed[place % len(sealed)] ^= 1 << bit
                change(house, cookie, keys_sealed=bytes(sealed))
            assert resumes(house, cookie, self.at) == ""

        @rule(cookie=consumes(cookies), other=cookies)
        def swap(self, cookie: str, other: str) -> None:
            if cookie != other and self._is_there(cookie) and self._is_there(other):
                theirs = row_of(house, other)
                change(
                    house,
                    cookie,
                    keys_sealed=theirs.keys_sealed,
                    member_id=theirs.member_id,
                    begun_at=theirs.begun_at,
                    seen_at=theirs.seen_at,
                )
                assert resumes(house, cookie, self.at) == ""

        @rule(text=st.text(max_size=60))
        def guess(self, text: str) -> None:
            assert resumes(house, text, self.at) == ""

        @rule()
        def sweep(self) -> None:
            at = self.at
            house.store.write(lambda session: kept.sweep_ended(session, at=at))
            for one in self.expected.values():
                ahead = max(one.begun, one.seen) - timedelta(minutes=5)
                one.stands = (
                    one.stands and ahead <= at < one.begun + ABSOLUTE and at < one.seen + IDLE
                )

        def _is_there(self, cookie: str) -> bool:
            mine = select(func.count()).where(sessions.c.id == Cookie(cookie).id)
            with house.store.read() as session:
                return session.execute(mine).scalar_one() == 1

    return Sessions


def test_whatever_is_done_only_its_own_cookie_opens_a_session(house: House) -> None:
    run_state_machine_as_test(
        machine_of(house),
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
