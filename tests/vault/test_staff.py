"""Noor signs in with what she knows and what she carries; the session alone opens nothing."""

import base64
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from hotline.domain.staff import Role
from hotline.vault.argon import CHEAPEST, PRODUCTION, Cost, Stretcher
from hotline.vault.envelope import Place, Purpose, SealBroken, derive, open_field
from hotline.vault.locks import Locks
from hotline.vault.member import MemberKeys, NewMember
from hotline.vault.staff import (
    ABSOLUTE,
    IDLE,
    SignInRefused,
    TooSoon,
    sign_out,
)
from hotline.vault.sweeping import sweep_sessions
from hotline.vault.tables import members, sessions, sign_in_tries
from hotline.vault.totp import matching_step, totp_address, totp_code
from tests.vault.conftest import NOW, STAFF, House

PASSPHRASE = STAFF[0].passphrase


def tries(house: House, username: str, passphrase: str, totp: str, at=NOW) -> None:
    with pytest.raises(SignInRefused):
        house.door.sign_in(house.store, username=username, passphrase=passphrase, totp=totp, at=at)


def test_noor_signs_in_and_is_who_the_roster_says(house: House) -> None:
    noor = house.keyholder("noor")
    assert (noor.username, noor.name, noor.pseudonym) == ("noor", "Noor", "River")
    assert (noor.desk, noor.role) == ("harbor", Role.CASEWORKER)


def test_case_and_width_of_the_name_do_not_matter(house: House) -> None:
    came = house.door.sign_in(
        house.store, username=" ＮＯＯＲ ", passphrase=PASSPHRASE, totp=house.totp("noor"), at=NOW
    )
    assert house.door.resume(house.store, came.cookie, at=NOW) is not None


def test_a_wrong_passphrase_name_or_code_is_refused_alike(house: House) -> None:
    code = house.totp("noor")
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for username, passphrase, totp in (
        ("noor", "a blue kite over the boy", code),
        ("noor", PASSPHRASE, wrong),
        ("noor", PASSPHRASE, ""),
        ("nobody", PASSPHRASE, code),
        ("ines", PASSPHRASE, code),
    ):
        with pytest.raises(SignInRefused) as refused:
            house.door.sign_in(
                house.store, username=username, passphrase=passphrase, totp=totp, at=NOW
            )
        assert str(refused.value) == "these do not fit together"


def test_a_code_counts_once(house: House) -> None:
    house.sign_in("noor")
    tries(house, "noor", PASSPHRASE, house.totp("noor"))
    # Neither does the one before it, although its time has not passed.
    tries(house, "noor", PASSPHRASE, house.totp("noor", NOW - timedelta(seconds=30)))
    later = NOW + timedelta(seconds=30)
    assert house.sign_in("noor", later)


def test_a_clock_that_ran_ahead_locks_nobody_out_when_it_is_right_again(house: House) -> None:
    ahead = NOW + timedelta(days=1)
    house.sign_in("noor", ahead)
    for _ in range(6):
        tries(house, "ines", "wrong", "000000", ahead)
    assert house.sign_in("noor")
    assert house.sign_in("ines")
    # What was used now is used all the same.
    tries(house, "noor", PASSPHRASE, house.totp("noor"))
    # Two machines whose clocks are minutes apart are no reason to let a code count again.
    soon = NOW + timedelta(minutes=10)
    house.sign_in("noor", soon)
    tries(
        house,
        "noor",
        PASSPHRASE,
        house.totp("noor", NOW + timedelta(minutes=5)),
        NOW + timedelta(minutes=5),
    )


@pytest.mark.parametrize(("seconds", "fits"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off(house: House, seconds: int, fits: bool) -> None:
    secret = base64.b32decode(house.founding.staff[0].totp_secret)
    code = house.totp("noor", NOW + timedelta(seconds=seconds))
    assert (matching_step(secret, code, NOW) is not None) == fits


def test_a_code_may_be_typed_in_the_digits_of_the_keyboard(house: House) -> None:
    secret = base64.b32decode(house.founding.staff[0].totp_secret)
    arabic = house.totp("noor").translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert matching_step(secret, f"{arabic[:3]} {arabic[3:]}", NOW) is not None


def test_the_address_for_an_authenticator_holds_the_secret() -> None:
    address = totp_address(b"12345678901234567890", "noor@harbor")
    assert address.startswith("otpauth://totp/hotline:noor%40harbor?secret=GEZDGNBV")
    assert len(totp_code(b"12345678901234567890", 0)) == 6


def test_wrong_tries_slow_a_name_down_and_never_lock_it(house: House) -> None:
    for _ in range(5):
        tries(house, "noor", "wrong", "000000")
    with pytest.raises(TooSoon):
        house.sign_in("noor")
    # However often it was tried, a minute later she comes in, and the count begins anew.
    at = NOW
    for _ in range(12):
        at += timedelta(seconds=61)
        tries(house, "noor", "wrong", "000000", at)
    with pytest.raises(TooSoon):
        house.sign_in("noor", at + timedelta(seconds=59))
    assert house.sign_in("noor", at + timedelta(seconds=60))
    tries(house, "noor", "wrong", "000000", at + timedelta(seconds=90))
    assert house.sign_in("noor", at + timedelta(seconds=120))


def test_a_name_that_nobody_has_is_slowed_alike(house: House) -> None:
    for _ in range(5):
        tries(house, "nobody", "wrong", "000000")
    with pytest.raises(TooSoon):
        house.door.sign_in(
            house.store, username="Nobody", passphrase="wrong", totp="000000", at=NOW
        )
    assert house.sign_in("noor")


def test_a_name_that_nobody_has_costs_the_same_calls(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Time itself is not measured; that the costly steps are the same ones is.
    stretched: list[Cost] = []
    stretch = Stretcher.stretch

    def counted(self: Stretcher, secret: bytes, *, salt: bytes, cost: Cost) -> bytes:
        stretched.append(cost)
        return stretch(self, secret, salt=salt, cost=cost)

    monkeypatch.setattr(Stretcher, "stretch", counted)
    writes: list[int] = []
    write = house.store.write
    monkeypatch.setattr(house.store, "write", lambda work: (writes.append(1), write(work))[1])
    tries(house, "noor", "wrong", "000000")
    tries(house, "nobody", "wrong", "000000")
    assert stretched == [CHEAPEST.staff, CHEAPEST.staff]
    assert writes == [1, 1]


def test_a_session_ends_when_idle_and_ends_for_good(house: House) -> None:
    cookie = house.sign_in("noor")
    at = NOW + IDLE - timedelta(seconds=1)
    assert house.door.resume(house.store, cookie, at=at) is not None
    # It was used, so it counts from there;
    assert house.door.resume(house.store, cookie, at=at + IDLE - timedelta(seconds=1)) is not None
    assert house.door.resume(house.store, cookie, at=at + 2 * IDLE) is None
    # and however busy, it ends after twelve hours.
    cookie = house.sign_in("ines")
    at = NOW
    while at < NOW + ABSOLUTE - timedelta(minutes=20):
        at += timedelta(minutes=20)
        if at < NOW + ABSOLUTE:
            assert house.door.resume(house.store, cookie, at=at) is not None
    assert house.door.resume(house.store, cookie, at=NOW + ABSOLUTE) is None


def test_signing_out_ends_the_session(house: House) -> None:
    cookie = house.sign_in("noor")
    house.store.write(lambda session: sign_out(session, cookie))
    assert house.door.resume(house.store, cookie, at=NOW) is None
    house.store.write(lambda session: sign_out(session, "\ud800"))


def test_a_cookie_that_is_none_resumes_nothing(house: House) -> None:
    house.sign_in("noor")
    for cookie in ("", "a" * 43, "\ud800", "x" * 10_000):
        assert house.door.resume(house.store, cookie, at=NOW) is None


def test_the_session_table_alone_opens_nothing(house: House) -> None:
    cookie = house.sign_in("noor")
    with house.store.read() as session:
        row = session.execute(select(sessions)).one()
    assert cookie.encode() not in row.id + row.keys_sealed
    place = Place(Purpose.SESSION, field=row.member_id)
    for guess in (row.id, derive(row.id, "session"), bytes(32), row.id[::-1]):
        with pytest.raises(SealBroken):
            open_field(guess, row.keys_sealed, place)


def test_a_session_moved_to_another_member_opens_nothing(house: House) -> None:
    cookie, ines = house.sign_in("noor"), house.keyholder("ines")
    house.store.write(
        lambda session: session.execute(update(sessions).values(member_id=ines.staff_id))
    )
    assert house.door.resume(house.store, cookie, at=NOW) is None


def test_members_whose_rows_were_swapped_do_not_swap_rights(house: House) -> None:
    """Someone who writes to the database puts Noor's sealed keys into Ines's row."""
    noor = house.keyholder("noor")
    with house.store.read() as session:
        rows = {row.id: row for row in session.execute(select(members))}
    mine = rows[noor.staff_id]._asdict()
    ines = next(member for member in house.keyring.members if member.username == "ines")
    names = ("salt", "verifier", "keys_sealed", "totp_sealed")
    values = {name: mine[name] for name in names}
    house.store.write(
        lambda session: session.execute(
            update(members).where(members.c.id == ines.id).values(**values)
        )
    )
    later = NOW + timedelta(minutes=1)
    tries(house, "ines", PASSPHRASE, house.totp("noor", later), later)


def test_who_is_not_in_the_roster_does_not_come_in(house: House, monkeypatch) -> None:
    cookie = house.sign_in("noor")
    # Her name leaves the roster; a stand-in, because a roster's own tests sign real ones.
    monkeypatch.setattr(house.keyring, "member", lambda _id: None)
    assert house.door.resume(house.store, cookie, at=NOW) is None
    later = NOW + timedelta(minutes=1)
    tries(house, "noor", PASSPHRASE, house.totp("noor", later), later)


def test_what_ended_is_swept(house: House) -> None:
    house.sign_in("noor")
    tries(house, "nobody", "wrong", "000000")

    def left(at) -> tuple[int, int]:
        house.store.write(lambda session: sweep_sessions(session, at=at))
        with house.store.read() as session:
            count = [
                session.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (sessions, sign_in_tries)
            ]
        return count[0], count[1]

    assert left(NOW + IDLE - timedelta(seconds=1)) == (1, 1)
    assert left(NOW + IDLE) == (0, 1)
    assert left(NOW + timedelta(days=1)) == (0, 0)


def test_the_verifier_that_is_kept_does_not_open_the_keys(house: House) -> None:
    with house.store.read() as session:
        row = session.execute(select(members).limit(1)).one()
    with pytest.raises(SealBroken):
        open_field(row.verifier, row.keys_sealed, Place(Purpose.MEMBER_KEY, field=row.id))


def test_staff_come_with_masks() -> None:
    new = NewMember("noor", "Noor", "River", Role.CASEWORKER, "harbor", "secret words")
    keys = MemberKeys.fresh()
    assert repr(new) == "<NewMember caseworker>"
    assert repr(keys) == "<MemberKeys>"
    with pytest.raises(SealBroken):
        MemberKeys(bytes(63))


def test_production_costs_what_was_measured() -> None:
    assert (PRODUCTION.staff, PRODUCTION.code) == (
        Cost(96 * 1024, 3, lanes=4),
        Cost(19 * 1024, 2),
    )


def test_a_crowd_at_the_door_does_not_take_the_threads_that_receive_reports(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, inside, stretch = threading.Event(), threading.Semaphore(0), Stretcher.stretch

    def slowly(self: Stretcher, secret: bytes, **how: object) -> bytes:
        inside.release()
        assert gate.wait(10)
        return stretch(self, secret, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(Stretcher, "stretch", slowly)
    with ThreadPoolExecutor(4) as crowd:
        waiting = [crowd.submit(tries, house, f"nobody {n}", "guess", "000000") for n in range(4)]
        for _ in waiting:
            assert inside.acquire(timeout=10)
        try:
            with pytest.raises(TooSoon):
                house.sign_in("noor")
        finally:
            gate.set()
        for each in waiting:
            each.result()
    assert house.sign_in("noor")


def test_half_a_million_marks_in_a_name_or_a_passphrase_cost_no_time(house: House) -> None:
    marks = "a" + "\u0315\u0316" * 100_000
    started = time.process_time()
    for name, passphrase in ((marks, "x"), ("noor", marks)):
        with pytest.raises(SignInRefused):
            house.door.sign_in(
                house.store, username=name, passphrase=passphrase, totp="000000", at=NOW
            )
    assert time.process_time() - started < 2


@pytest.mark.parametrize("meanwhile", [{"verifier": b"another"}, {"blocked": True}])
def test_what_ended_while_a_passphrase_was_stretched_lets_nobody_in(
    house: House, monkeypatch: pytest.MonkeyPatch, meanwhile: dict[str, object]
) -> None:
    check = house.door._check

    def slowly(*args):
        proof = check(*args)
        its = update(members).where(members.c.username == "noor").values(**meanwhile)
        house.store.write(lambda session: session.execute(its))
        return proof

    monkeypatch.setattr(house.door, "_check", slowly)
    with pytest.raises(SignInRefused):
        house.sign_in("noor")
    with house.store.read() as session:
        assert session.execute(select(func.count()).select_from(sessions)).scalar_one() == 0


def test_a_supervisor_comes_in_when_no_new_period_can_be_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_locks: Locks, _epoch_id: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Locks, "create", full)
    due = NOW + timedelta(days=40)
    assert house.keyholder("ines", due)
    assert house.keyring.roster.number == 1
    monkeypatch.undo()
    assert house.keyholder("ines", due + timedelta(minutes=1))
    assert house.keyring.roster.number == 2
