"""Browsers that the house knows: nobody is kept from their own desk by whoever types their name."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from hotline import audit
from hotline.errors import Malformed, NotFound
from hotline.vault import argon, devices, own, sessions
from hotline.vault.argon import CHEAPEST, Argon2id
from hotline.vault.seats import COLLEAGUES, STRANGERS, Seats
from hotline.vault.staff import SignInRefused, TooSoon
from hotline.vault.sweeping import sweep_sessions
from hotline.vault.tables import devices as rows
from hotline.vault.tables import notices
from tests.vault.conftest import NOW, House

HALF_A_MINUTE = timedelta(seconds=30)


GUESSED = b"guess"


def guesses(house: House, at=NOW, device: str = "", username: str = "noor") -> type[Exception]:
    """Guess a passphrase and return how it was refused."""
    with pytest.raises(SignInRefused) as refused:
        house.door.sign_in(
            house.store,
            username=username,
            passphrase=GUESSED.decode(),
            totp="000000",
            device=device,
            at=at,
        )
    return refused.type


def staff_id(house: House, username: str) -> str:
    return next(m.id for m in house.keyring.members if m.username == username)


def heard(house: House, username: str, cookie: str) -> list[tuple[str, bool]]:
    with house.store.read() as session:
        found = devices.notices_for(session, staff_id(house, username), cookie)
    return [(notice.kind, notice.is_settleable) for notice in found]


def test_guesses_at_her_name_do_not_slow_noor_at_her_own_browser(house: House) -> None:
    device = house.enter("noor").device
    later = NOW + HALF_A_MINUTE
    for _ in range(12):
        guesses(house, later)
    assert guesses(house, later) is TooSoon
    assert house.enter("noor", later, device).device == device
    # Her coming in does not give whoever guesses new tries.
    assert guesses(house, later) is TooSoon


def test_a_browser_is_known_for_its_own_member_only(house: House) -> None:
    of_ines = house.enter("ines").device
    for _ in range(5):
        guesses(house, device=of_ines)
    assert guesses(house, device=of_ines) is TooSoon
    assert house.enter("ines", NOW + HALF_A_MINUTE, of_ines)


def test_guesses_from_a_stolen_browser_slow_that_browser_alone(house: House) -> None:
    device = house.enter("noor").device
    later = NOW + HALF_A_MINUTE
    for _ in range(5):
        assert guesses(house, later, device) is SignInRefused
    assert guesses(house, later, device) is TooSoon
    assert house.enter("noor", later)


def test_fifty_who_guess_at_her_name_cost_noor_no_turn(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = house.enter("noor").device
    gate, first_inside = threading.Event(), threading.Event()
    lock, turns, memory, peak = threading.Lock(), [], [0], [0]

    class Counted:
        """Argon2id that counts, and keeps attackers inside until the gate opens."""

        def __init__(self, **how: int) -> None:
            self._how = how

        def derive(self, secret: bytes) -> bytes:
            is_attacker = secret == GUESSED
            with lock:
                turns.append("attacker" if is_attacker else "noor")
                memory[0] += self._how["memory_cost"]
                peak[0] = max(peak[0], memory[0])
            if is_attacker:
                first_inside.set()
                assert gate.wait(20)
            with lock:
                memory[0] -= self._how["memory_cost"]
            return Argon2id(**self._how).derive(secret)

    monkeypatch.setattr(argon, "Argon2id", Counted)
    refusals: list[type[Exception]] = []
    with ThreadPoolExecutor(50, thread_name_prefix="attacker") as crowd:
        tried = [crowd.submit(guesses, house, NOW + HALF_A_MINUTE) for _ in range(50)]
        assert first_inside.wait(10)
        try:
            before = len(turns)
            assert house.enter("noor", NOW + HALF_A_MINUTE, device)
            # One turn, her own, while every stranger's place is taken.
            assert turns[before:] == ["noor"]
        finally:
            gate.set()
        refusals = [each.result() for each in tried]
    # No more than the seats were let try; no more memory than two passphrases take was ever in use.
    assert turns.count("attacker") <= 50 - refusals.count(TooSoon)
    assert peak[0] <= 2 * CHEAPEST.staff.memory


def test_seats_are_bounded_for_strangers_and_one_for_each_colleague() -> None:
    seats = Seats()

    def all_inside(enter: list[Callable[[], object]]) -> int:
        entered = []
        for each in enter:
            place = each()
            try:
                place.__enter__()  # type: ignore[attr-defined]
            except TooSoon:
                continue
            entered.append(place)
        for place in entered:
            place.__exit__(None, None, None)
        return len(entered)

    assert all_inside([seats.stranger] * 50) == STRANGERS
    assert all_inside([lambda: seats.colleague("noor")] * 50) == 1
    many = [lambda n=n: seats.colleague(f"colleague {n}") for n in range(50)]  # type: ignore[misc]
    assert all_inside(many) == COLLEAGUES
    # Whoever left made room.
    assert all_inside([seats.stranger] * 50) == STRANGERS


def test_a_new_browser_is_told_of_at_the_older_one_until_it_is_seen_there(house: House) -> None:
    laptop = house.enter("noor")
    assert heard(house, "noor", laptop.cookie) == []
    later = NOW + HALF_A_MINUTE
    thief = house.enter("noor", later)
    assert thief.device != laptop.device
    assert heard(house, "noor", laptop.cookie) == [("device", True)]
    # Whoever came in from the new browser cannot take the notice down.
    assert heard(house, "noor", thief.cookie) == [("device", False)]
    noor = staff_id(house, "noor")

    def seen_at(cookie: str) -> None:
        def write(session: object) -> None:
            ids = [row.id for row in session.execute(select(notices))]  # type: ignore[attr-defined]
            devices.settle_notices(session, noor, cookie, ids)  # type: ignore[arg-type]

        house.store.write(write)

    seen_at(thief.cookie)
    assert heard(house, "noor", laptop.cookie) == [("device", True)]
    seen_at(laptop.cookie)
    assert heard(house, "noor", laptop.cookie) == heard(house, "noor", thief.cookie) == []
    with house.store.read() as session:
        assert "device_new" in {line.did for line in audit.page(session, desks=None)}


def test_a_thief_who_changes_browsers_takes_no_notice_down(house: House) -> None:
    laptop = house.enter("noor")
    later, much_later = NOW + timedelta(hours=2), NOW + timedelta(hours=2, seconds=30)
    first, noor = house.enter("noor", later), staff_id(house, "noor")
    second = house.enter("noor", much_later)
    with house.store.read() as session:
        known = devices.find_device(session, first.device, noor)
    assert known is not None
    thief = house.door.resume(house.store, second.cookie, at=much_later)
    assert thief is not None
    house.store.write(lambda session: own.forget_browser(session, thief, known.id, at=much_later))
    assert heard(house, "noor", second.cookie) == [("device", False)] * 2
    assert heard(house, "noor", laptop.cookie) == [("device", True)] * 2
    # Were it the laptop, the log would tell those who oversee.
    with house.store.read() as session:
        lines = audit.page(session, kinds=["device_forgotten"])
    assert [(line.who, line.desk, line.what) for line in lines] == [(noor, "harbor", known.id)]


def test_a_browser_that_was_planted_is_given_a_secret_of_its_own(house: House) -> None:
    planted = devices.DeviceCookie.fresh().text
    assert house.enter("noor", device=planted).device != planted
    # Two colleagues at one computer keep the one that it has.
    shared = house.enter("ines").device
    assert house.enter("noor", NOW + HALF_A_MINUTE, shared).device == shared


def test_a_member_names_and_forgets_browsers_of_their_own_only(house: House) -> None:
    first = house.enter("noor")
    second = house.enter("noor", NOW + HALF_A_MINUTE)
    noor, ines = staff_id(house, "noor"), staff_id(house, "ines")
    with house.store.read() as session:
        kept = devices.find_device(session, first.device, noor)
        other = devices.find_device(session, second.device, noor)
    assert kept is not None
    assert other is not None
    house.store.write(lambda session: devices.label_device(session, noor, kept.id, "laptop"))
    with house.store.read() as session:
        labels = {
            each.label for each in sessions.sessions_of(session, noor, at=NOW + HALF_A_MINUTE)
        }
    assert labels == {"laptop", ""}
    with pytest.raises(Malformed):
        house.store.write(
            lambda session: devices.label_device(session, noor, kept.id, "Noor's phone")
        )
    for act in (
        lambda session: devices.label_device(session, ines, kept.id, "phone"),
        lambda session: devices.forget_device(session, ines, kept.id),
    ):
        with pytest.raises(NotFound):
            house.store.write(act)
    # Forgetting one ends its sessions, and its secret is worth nothing.
    house.store.write(lambda session: devices.forget_device(session, noor, other.id))
    at = NOW + HALF_A_MINUTE
    assert house.door.resume(house.store, second.cookie, at=at) is None
    assert house.door.resume(house.store, first.cookie, at=at) is not None


def test_the_longest_unused_of_too_many_browsers_is_forgotten(house: House) -> None:
    noor = staff_id(house, "noor")
    texts = [devices.DeviceCookie.fresh().text for _ in range(12)]
    for day, text in enumerate(texts):
        at = NOW + timedelta(days=day)
        house.store.write(
            lambda session, text=text, at=at: devices.remember_device(session, text, noor, at=at)
        )
    with house.store.read() as session:
        known = [devices.find_device(session, text, noor) is not None for text in texts]
    assert known == [False, False] + [True] * 10


def test_browsers_end_after_a_year_and_with_their_member(house: House) -> None:
    house.enter("noor")

    def left(at) -> int:
        house.store.write(lambda session: sweep_sessions(session, at=at))
        with house.store.read() as session:
            return session.execute(select(func.count()).select_from(rows)).scalar_one()

    assert left(NOW + timedelta(days=365)) == 1
    assert left(NOW + timedelta(days=367)) == 0


def test_a_table_of_browsers_knows_no_browser(house: House) -> None:
    device = house.enter("noor").device
    with house.store.read() as session:
        row = session.execute(select(rows)).one()
    assert device.encode() not in b"".join(
        part if isinstance(part, bytes) else str(part).encode() for part in row
    )
    assert repr(devices.DeviceCookie(device)) == "DeviceCookie()"
