"""A house that was just founded: two desks, and the staff of the cast."""

import base64
import shutil
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
from hotline.vault.staff import Entrance, StaffDoor
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
        return self.enter(username, at).cookie

    def enter(self, username: str, at: datetime = NOW, device: str = "") -> Entrance:
        passphrase = {member.username: member.passphrase for member in STAFF}[username]
        return self.door.sign_in(
            self.store,
            username=username,
            passphrase=passphrase,
            totp=self.totp(username, at),
            device=device,
            at=at,
        )

    def keyholder(self, username: str, at: datetime = NOW) -> Keyholder:
        keyholder = self.door.resume(self.store, self.sign_in(username, at), at=at)
        assert keyholder is not None
        return keyholder


def in_house(store: Store, folder: KeyFolder, founding: Founding) -> House:
    """Open the house that was founded with *folder* in *store*."""
    keyring = Keyring.open(store, root_public=folder.root_public(), pin=folder.pin)
    locks = Locks(folder.locks)
    door = StaffDoor(keyring, locks, CHEAPEST)
    return House(store, folder, founding, keyring, locks, door)


def founded(store: Store, keys: Path) -> Founding:
    """Found the cast's house in an empty database."""
    return found(
        store,
        directory=keys,
        desks=["harbor", "valley"],
        members=STAFF,
        at=NOW - timedelta(days=1),
        profile=CHEAPEST,
    )


@pytest.fixture(scope="session")
def new_house(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Founding]:
    """A folder with a house in it that nobody has entered yet: each test gets a copy."""
    folder = tmp_path_factory.mktemp("house")
    store = Store(f"sqlite:///{folder / 'vault.db'}")
    create_all(store)
    founding = founded(store, folder / "keys")
    store.close()
    return folder, founding


@pytest.fixture
def house(tmp_path: Path, new_house: tuple[Path, Founding]) -> Iterator[House]:
    shutil.copytree(new_house[0], tmp_path, dirs_exist_ok=True)
    store = Store(f"sqlite:///{tmp_path / 'vault.db'}")
    yield in_house(store, KeyFolder(tmp_path / "keys"), new_house[1])
    store.close()
