"""Whoever holds one half of identities cannot make themselves a second person who comes to hold the other."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from hotline.domain.staff import Role
from hotline.migrations import create_all
from hotline.store import Store
from hotline.vault.argon import CHEAPEST, Stretcher
from hotline.vault.ceremony import found
from hotline.vault.depths import IDENTITY, IDENTITY2
from hotline.vault.envelope import SealBroken
from hotline.vault.epochs import EpochKeys
from hotline.vault.house import House as Changes
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.member import Enrolment, NewMember, enrol
from hotline.vault.roster import DeskEntry
from hotline.vault.tables import epoch_wraps
from tests.vault.conftest import NOW, House, in_house
from tests.vault.looks import signed_in

PASSPHRASE = "the tide comes in at nine"
STAFF = (
    NewMember("vera", "Vera", "Moor", Role.SUPERVISOR, "harbor", PASSPHRASE, half="a"),
    NewMember("ines", "Ines", "Hill", Role.SUPERVISOR, "harbor", PASSPHRASE, half="b"),
    NewMember("sol", "Sol", "Moss", Role.CASEWORKER, "harbor", PASSPHRASE, half="b"),
)
ZED = NewMember("zed", "Zed", "Reed", Role.CASEWORKER, "harbor", PASSPHRASE, half="b")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = Store(f"sqlite:///{tmp_path / 'vault.db'}")
    create_all(store)
    founding = found(
        store,
        directory=tmp_path / "keys",
        desks=[DeskEntry("harbor", four_eyes=True)],
        members=STAFF,
        at=NOW - timedelta(days=1),
        profile=CHEAPEST,
    )
    yield in_house(store, KeyFolder(tmp_path / "keys"), founding)
    store.close()


@pytest.fixture
def changes(house: House) -> Changes:
    return Changes(house.store, house.keyring, house.locks)


def comes_in(house: House, username: str) -> None:
    """Sign in, and so do what waits: a half of which there is a newer other half begins anew."""
    signed_in(house, username, PASSPHRASE)


def has(house: House, member: Enrolment, depth: str = IDENTITY2) -> bool:
    """Tell whether the keys of *member* open the newest period of a half."""
    keys = EpochKeys(member.entry.id, member.keys.private, house.locks)
    with house.store.read() as session:
        try:
            keys.get(session, house.keyring.current("harbor", depth).id)
        except SealBroken:
            return False
    return True


def test_a_half_goes_to_a_newcomer_by_its_holder_alone(house: House, changes: Changes) -> None:
    vera = signed_in(house, "vera", PASSPHRASE)
    zed = enrol(ZED, cost=CHEAPEST.staff, stretcher=Stretcher())
    changes.admit(vera, zed.candidate, at=NOW)
    changes.begin_epochs(vera, at=NOW)
    comes_in(house, "ines")
    newest = {e.depth: e.number for e in house.keyring.roster.epochs}
    assert newest[IDENTITY2] == newest[IDENTITY] == 2
    assert not has(house, zed)
    # Ines and Sol went along, and Ines gives Zed the half when she wants to; then Zed goes along, too.
    ines = signed_in(house, "ines", PASSPHRASE)
    with house.store.read() as session:
        assert ines.epochs.get(session, house.keyring.current("harbor", IDENTITY2).id)
        assert [m.name for m in changes.without_half(session, ines)] == ["Zed"]
    assert changes.hand_half(ines, zed.entry.id, at=NOW) == 2
    assert has(house, zed)
    changes.begin_epochs(ines, at=NOW)
    assert has(house, zed)


def test_who_comes_back_waits_for_their_half(house: House, changes: Changes) -> None:
    vera, sol = signed_in(house, "vera", PASSPHRASE), signed_in(house, "sol", PASSPHRASE)
    again = NewMember("sol", "Sol", "Moss", Role.CASEWORKER, "harbor", PASSPHRASE, half="b")
    back = enrol(again, cost=CHEAPEST.staff, stretcher=Stretcher(), member_id=sol.staff_id)
    with house.store.read() as session:
        hers = epoch_wraps.c.member_id == sol.staff_id
        old = [row._asdict() for row in session.execute(select(epoch_wraps).where(hers))]
    changes.admit(vera, back.candidate, at=NOW, replaces=sol.staff_id)
    # Somebody who writes to the database puts back the wraps to the keys that ended.
    second = house.keyring.current("harbor", IDENTITY2).id
    row = next(one for one in old if one["epoch_id"] == second)
    house.store.write(lambda session: session.execute(insert(epoch_wraps), row))
    comes_in(house, "ines")
    assert house.keyring.current("harbor", IDENTITY2).id != second
    assert not has(house, back)


def test_a_row_that_somebody_wrote_makes_no_holder(house: House, changes: Changes) -> None:
    vera = signed_in(house, "vera", PASSPHRASE)
    zed = enrol(ZED, cost=CHEAPEST.staff, stretcher=Stretcher())
    changes.admit(vera, zed.candidate, at=NOW)
    first, second = (house.keyring.current("harbor", d).id for d in (IDENTITY, IDENTITY2))
    sol = next(m for m in house.keyring.members if m.username == "sol")
    with house.store.read() as session:
        its = (epoch_wraps.c.epoch_id == second) & (epoch_wraps.c.member_id == sol.id)
        copied = session.execute(select(epoch_wraps.c.wrap).where(its)).scalar_one()
    row = {"epoch_id": second, "member_id": zed.entry.id, "wrap": copied}
    house.store.write(lambda session: session.execute(insert(epoch_wraps), row))
    changes.begin_epochs(vera, at=NOW)
    comes_in(house, "ines")
    assert house.keyring.current("harbor", IDENTITY).id != first
    assert house.keyring.current("harbor", IDENTITY2).id != second
    assert not has(house, zed)
    # Nor does a broken row of her own keep Vera from the half that she begins.
    house.store.write(
        lambda session: session.execute(
            update(epoch_wraps).where(epoch_wraps.c.member_id == vera.staff_id).values(wrap=b"x")
        )
    )
    changes.begin_epochs(vera, at=NOW)
    with house.store.read() as session:
        assert vera.epochs.get(session, house.keyring.current("harbor", IDENTITY).id)
