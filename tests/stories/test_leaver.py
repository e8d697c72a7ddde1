"""Noor leaves in anger. The night before she copied the database, she has the keys out of her session and the lock
files, and her browser is still signed in. In the morning Ines lets her go. What María texts after that, Noor cannot
open: not at her browser, not with her passphrase, not from a second copy of the database that a friend sends her."""

import shutil
from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.store import Store
from hotline.vault.argon import CHEAPEST
from hotline.vault.envelope import SealBroken, unwrap_secret
from hotline.vault.epochs import EpochKeys
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.keyring import Keyring
from hotline.vault.locks import Locks
from hotline.vault.opening import Keyholder
from hotline.vault.roster import RosterRefused
from hotline.vault.sealing import Spot
from hotline.vault.staff import SignInRefused, StaffDoor
from hotline.vault.tables import envelopes, epoch_wraps, rosters, sessions
from tests.cast import MARIA, Member, Texter
from tests.house import House


def copied(house: House, name: str) -> tuple[Store, Locks]:
    """Carry the database away as it is at this moment, and the lock files with it."""
    house.hotline.store.truncate_log()
    folder = house.var.parent / name
    shutil.copytree(house.var, folder, ignore=shutil.ignore_patterns("*-wal", "*-shm"))
    return Store(f"sqlite:///{folder / 'hotline.db'}"), Locks(folder / "keys" / "locks")


def whats_in_noors_head(house: House, noor: Member) -> Keyholder:
    """What an implant in her own session takes along: her keys."""
    cookie = next(c.value for c in noor.client._cookies.values() if len(c.value) == 43)
    keyholder = house.hotline.door.resume(house.hotline.store, cookie, at=house.clock())
    assert keyholder is not None
    return keyholder


def opens_anything_of(store: Store, keys: EpochKeys, report_id: str) -> list[str]:
    """Try every envelope of a report with every key that can be had; return which depths opened."""
    opened = []
    with store.read() as session:
        rows = session.execute(select(envelopes).where(envelopes.c.report_id == report_id)).all()
        for row in rows:
            spot = Spot(row.desk, row.report_id, row.seq)
            try:
                key = keys.get(session, row.epoch_id)
                unwrap_secret(row.wrap, key, info=spot.info(row.audience, row.epoch_id))
            except SealBroken:
                continue
            opened.append(row.audience)
    assert rows
    return opened


def test_a_leaver_opens_nothing_new(house: House) -> None:
    maria, noor, ines = Texter(house, MARIA), Member(house, "noor"), Member(house, "ines")
    maria.texts("he keeps my passport and locks the door at night")
    noor.signs_in()
    told_before = noor.first_report()
    assert "passport" in noor.opens(f"/console/report/{told_before}")
    keyholder = whats_in_noors_head(house, noor)
    copy, copied_locks = copied(house, "the-night-before")
    hers = EpochKeys(keyholder.staff_id, keyholder.keys.private, copied_locks)
    # What she could read, she can read: nobody takes that back.
    assert "desk" in opens_anything_of(copy, hers, told_before)

    ines.signs_in()
    ines.sends(f"/console/staff/{keyholder.staff_id}/dismiss")

    # Her browser is signed out at her next click, and her passphrase does not bring her back.
    assert noor.client.get("/console/", base_url="https://line.example").status_code != 200
    assert noor.signs_in().status_code != 303
    with house.hotline.store.read() as session:
        for table in (sessions, epoch_wraps):
            mine = select(table).where(table.c.member_id == keyholder.staff_id)
            assert session.execute(mine).all() == []

    # María writes again, and so does somebody else.
    maria.texts("he found out, please call me on +15005550177")
    other = Texter(house, "+15005550188")
    other.texts("they make us work at the port and take the money")
    later, later_locks = copied(house, "a-week-later")
    with later.read() as session:
        new = {
            row.report_id
            for row in session.execute(
                select(envelopes).where(envelopes.c.report_id != told_before)
            )
        }
        seqs = select(envelopes.c.seq, envelopes.c.epoch_id)
        answer = session.execute(seqs.where(envelopes.c.report_id == told_before)).all()
    assert new
    assert {seq for seq, _ in answer} >= {1, 2}

    # With her keys, her old wraps, all locks and the new database: nothing that came after her opens.
    for locks in (copied_locks, later_locks):
        old_wraps = EpochKeys(keyholder.staff_id, keyholder.keys.private, locks)
        with copy.read() as session:
            wraps = epoch_wraps.c.epoch_id
            mine = select(wraps).where(epoch_wraps.c.member_id == keyholder.staff_id)
            for epoch_id in session.execute(mine).scalars():
                old_wraps.get(session, epoch_id)
        for report_id in new:
            assert opens_anything_of(later, old_wraps, report_id) == []
        with later.read() as session:
            second = select(envelopes.c.epoch_id).where(
                envelopes.c.report_id == told_before, envelopes.c.seq == 2
            )
            for epoch_id in session.execute(second).scalars():
                with pytest.raises(SealBroken):
                    old_wraps.get(session, epoch_id)

    # Nor does an older database help, put back under the running house: the pin has seen a newer roster.
    with copy.read() as session:
        (known,) = session.execute(select(rosters.c.number)).scalars()
    folder = KeyFolder(house.hotline.config.keys)
    with pytest.raises(RosterRefused):
        Keyring.open(copy, root_public=folder.root_public(), pin=folder.pin)
    assert known < house.hotline.keyring.roster.number
    door = StaffDoor(house.hotline.keyring, later_locks, CHEAPEST)
    at = house.clock.passes(minutes=5) + timedelta(seconds=30)
    with pytest.raises(SignInRefused):
        door.sign_in(
            later,
            username="noor",
            passphrase="correct horse battery noor",
            totp=noor.code(),
            at=at,
        )
    # The desk goes on, and reads both.
    assert "found out" in ines.opens(f"/console/report/{told_before}")
    copy.close()
    later.close()
