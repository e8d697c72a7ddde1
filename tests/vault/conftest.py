"""A house that was just founded: two desks, and the staff of the cast."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hotline.domain.staff import Role
from hotline.migrations import create_all
from hotline.store import Store
from hotline.vault.argon import CHEAPEST
from hotline.vault.ceremony import Founding, found
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.keyring import Keyring
from hotline.vault.locks import Locks
from hotline.vault.member import NewMember
from hotline.vault.opening import Keyholder
from hotline.vault.staff import StaffDoor
from hotline.vault.totp import step_at, totp_code

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)

STAFF = (
    NewMember("noor", "Noor", "River", Role.CASEWORKER, "harbor", "a blue kite over the bay"),
    NewMember("ines", "Ines", "Hill", Role.SUPERVISOR, "harbor", "seven slow green turtles"),
    NewMember("omar", "Omar", "Lake", Role.AUDITOR, "harbor", "ledgers never sleep at all"),
    NewMember("tala", "Tala", "Field", Role.CASEWORKER, "valley", "a long road to the valley"),
)


@dataclass(frozen=True)
class House:
    """What a running service has, and what the staff have in their heads and pockets."""

    store: Store
    folder: KeyFolder
    founding: Founding
    keyring: Keyring
    locks: Locks
    door: StaffDoor

    def totp(self, username: str, at: datetime = NOW) -> str:
        texts = {member.username: member.totp_secret for member in self.founding.staff}
        return totp_code(base64.b32decode(texts[username]), step_at(at))

    def sign_in(self, username: str, at: datetime = NOW) -> str:
        passphrase = {member.username: member.passphrase for member in STAFF}[username]
        code = self.totp(username, at)
        return self.door.sign_in(
            self.store, username=username, passphrase=passphrase, totp=code, at=at
        )

    def keyholder(self, username: str, at: datetime = NOW) -> Keyholder:
        keyholder = self.door.resume(self.store, self.sign_in(username, at), at=at)
        assert keyholder is not None
        return keyholder


def founded(store: Store, keys: Path) -> House:
    """Found a house in an empty database."""
    folder = KeyFolder(keys)
    founding = found(
        store,
        directory=folder.path,
        desks=["harbor", "valley"],
        members=STAFF,
        at=NOW - timedelta(days=1),
        profile=CHEAPEST,
    )
    keyring = Keyring.open(store, root_public=folder.root_public(), pin=folder.pin)
    locks = Locks(folder.locks)
    door = StaffDoor(keyring, locks, CHEAPEST)
    return House(store, folder, founding, keyring, locks, door)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = Store(f"sqlite:///{tmp_path / 'vault.db'}")
    create_all(store)
    yield founded(store, tmp_path / "keys")
    store.close()
