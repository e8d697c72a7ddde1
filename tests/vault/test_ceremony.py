"""A house is founded once, and its offline halves leave the machine."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline import audit
from hotline.domain.staff import HOUSE, Role
from hotline.errors import Conflict, Misconfigured
from hotline.migrations import create_all
from hotline.store import Store
from hotline.vault.argon import CHEAPEST
from hotline.vault.ceremony import found
from hotline.vault.epochs import EpochKeys
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.keyring import DEPTHS, Keyring
from hotline.vault.keys import PrivateKey
from hotline.vault.member import NewMember
from hotline.vault.roster import RECOVERY, ROOT
from hotline.vault.tables import epoch_wraps, rosters
from tests.vault.conftest import NOW, STAFF, House


def test_each_desk_has_an_epoch_at_each_depth(house: House) -> None:
    for desk in ("harbor", "valley"):
        assert len({house.keyring.current(desk, depth).id for depth in DEPTHS}) == 4
    assert house.keyring.current(HOUSE, "record").id
    epochs = {epoch.id for epoch in house.keyring.roster.epochs}
    assert {path.name for path in house.folder.locks.iterdir()} == epochs


def test_epochs_are_wrapped_to_the_entitled_and_to_recovery_only(house: House) -> None:
    names = {member.id: member.username for member in house.keyring.members}
    with house.store.read() as session:
        wrapped = session.execute(select(epoch_wraps.c.epoch_id, epoch_wraps.c.member_id)).all()
    owners: dict[str, set[str]] = {}
    entitled = {
        ("harbor", False): {"noor", "ines"},
        ("harbor", True): {"ines", "omar"},
        ("valley", False): {"tala"},
        ("valley", True): set(),
        (HOUSE, True): set(),
    }
    for epoch_id, member_id in wrapped:
        owners.setdefault(epoch_id, set()).add(names.get(member_id, member_id))
    for epoch in house.keyring.roster.epochs:
        assert owners[epoch.id] == entitled[epoch.desk, epoch.depth == "record"] | {RECOVERY}


def test_the_recovery_key_opens_every_epoch(house: House) -> None:
    recovery = PrivateKey(house.founding.recovery_seed)
    assert recovery.public.raw == house.keyring.roster.recovery
    keys = EpochKeys(RECOVERY, recovery, house.locks)
    with house.store.read() as session:
        for epoch in house.keyring.roster.epochs:
            assert keys.get(session, epoch.id).public.raw == epoch.public


def test_the_files_are_for_the_service_only(house: House) -> None:
    for path in house.folder.path.rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path.name


def test_the_founding_is_written_down_and_masks_its_secrets(house: House) -> None:
    with house.store.read() as session:
        lines = audit.page(session)
        assert audit.verify(session).is_whole
    assert [(line.who, line.did) for line in lines] == [(ROOT, "found")]
    shown = repr(house.founding)
    assert house.founding.staff[0].totp_secret not in shown
    assert repr(house.founding.recovery_seed) not in shown


def test_a_house_is_not_founded_twice(house: House, tmp_path: Path) -> None:
    again = {"desks": ["harbor", "valley"], "members": STAFF, "at": NOW, "profile": CHEAPEST}
    with pytest.raises(Conflict):
        found(house.store, directory=house.folder.path, **again)  # type: ignore[arg-type]
    # Nor over a database that belongs to another folder.
    with pytest.raises(Conflict):
        found(house.store, directory=tmp_path / "elsewhere", **again)  # type: ignore[arg-type]
    with pytest.raises(Misconfigured):
        KeyFolder(tmp_path / "elsewhere").root_public()


def test_a_house_begins_without_a_supervisor_too(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'small.db'}")
    create_all(store)
    folder = KeyFolder(tmp_path / "keys")
    members = [NewMember("omar", "Omar", "Lake", Role.CASEWORKER, "solo", "words and words")]
    found(store, directory=folder.path, desks=["solo"], members=members, at=NOW, profile=CHEAPEST)
    with store.read() as session:
        assert session.execute(select(rosters.c.signer)).scalar_one() == ROOT
    assert Keyring.open(store, root_public=folder.root_public(), pin=folder.pin).roster.number == 1
    assert folder.thread_keys == folder.path / "threads.key"
    store.close()
