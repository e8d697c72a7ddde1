"""What is tried once the power was cut: the disk, the key files, and a backup of before the key periods were closed."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import requests
from sqlalchemy import LargeBinary, select

from hotline.migrations import every_table
from hotline.operate.backup import back_up, written_whole
from hotline.operate.backup_age import new_key, recipients
from hotline.operate.restore import restore
from hotline.operate.seizure import seized
from hotline.operate.seizure.browser import Unanswered
from hotline.operate.seizure.burglar import Burglar
from hotline.operate.seizure.doors import text_again
from hotline.operate.seizure.house import DESK, SMS, WHATSAPP, House
from hotline.operate.seizure.tries import Drill, Loot
from hotline.store import Session, Store
from hotline.vault.argon import PRODUCTION
from hotline.vault.erasing import older_epochs, reseal
from hotline.vault.house import House as VaultHouse
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.keyring import Keyring
from hotline.vault.locks import Locks
from hotline.vault.staff import StaffDoor

_LATER = timedelta(minutes=2)
_LONGEST_KEY = 64


def disk(drill: Drill) -> Loot:
    """Carry away everything but the key folder."""
    loot = Loot("disk", ["every byte, decoded", "every short value of the database as a key"])
    drill.reads(loot, seized.on_disk(drill.house))
    with drill.burglary(None) as burglar, drill.house.store() as store, store.read() as session:
        for value in _short_values(session):
            burglar.finds_file(value)
        drill.opens(loot, burglar, "opened with what lies in the database")
    return loot


def keys(drill: Drill, at_rest: Loot) -> Loot:
    """Carry away the key folder too, beside what the disk gave, and open whatever any 32 bytes in it open."""
    tried = [
        "every 32 bytes of each key file as a key",
        "every number of the range on the thread keys",
    ]
    loot = Loot(
        "keys",
        ["all of the above", *tried, "the provider's interface, with the token that was found"],
    )
    loot.got.update(at_rest.got)
    drill.reads(loot, seized.key_files(drill.house))
    folder = KeyFolder(drill.house.keys)
    with drill.burglary(folder.locks) as burglar:
        for _, content in seized.key_files(drill.house):
            burglar.finds_file(content)
        for plain in burglar.opens():
            loot.adds(_said("waiting", drill.search.found(plain)), "opened with the key files")
        for number in burglar.guesses(folder.thread_keys, _every_number()):
            loot.adds(
                _said("thread", drill.search.found(number.encode())), "guessed by thread keys"
            )
    loot.adds(
        _said("provider", drill.search.found(_at_the_provider(drill))), "asked for with the token"
    )
    return loot


def old_backup(drill: Drill, backup: "Backup") -> Loot:
    """Open last month's backup with its key, every passphrase of the desk, and all key files of today."""
    tried = [
        "its identity",
        "every passphrase and authenticator of the desk",
        "every key file of today",
    ]
    loot = Loot("old backup", tried)
    with TemporaryDirectory(dir=backup.folder) as folder:
        path = Path(folder) / "hotline.db"
        keys = _copied(drill.house.keys, Path(folder) / "keys")
        restore(backup.path, backup.identity, url=f"sqlite:///{path}", keys=keys)
        drill.reads(loot, [("the restored database", path.read_bytes())])
        store = Store(f"sqlite:///{path}")
        try:
            for burglar in _everybody(drill.house, store, keys):
                drill.opens(loot, burglar, "opened from the backup")
        finally:
            store.close()
    return loot


@dataclass(frozen=True)
class Backup:
    """A backup with its key, both in *folder*."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "month.age"

    @property
    def identity(self) -> Path:
        return self.folder / "identity"


def backed_up(house: House, folder: Path) -> Backup:
    """Back the house up, as every night."""
    backup = Backup(folder)
    folder.mkdir(mode=0o700)
    to = recipients([new_key(backup.identity)])
    with house.store() as store, written_whole(backup.path) as file, redirect_stderr(None):
        back_up(store, house.keys, to, file)
    return backup


def let_a_month_pass(house: House, cookie: str) -> int:
    """Let the desk's supervisor begin new key periods, seal everything to them, and close the old ones."""
    folder, at = KeyFolder(house.keys), datetime.now(UTC)
    with house.store() as store:
        keyring = Keyring.open(store, root_public=folder.root_public(), pin=folder.pin)
        locks = Locks(folder.locks)
        ines = StaffDoor(keyring, locks, PRODUCTION).resume(store, cookie, at=at)
        if ines is None:
            raise Unanswered("the supervisor is not signed in any more")
        vault = VaultHouse(store, keyring, locks)
        vault.begin_epochs(ines, at=at)
        while reseal(store, keyring, ines):
            pass
        older = older_epochs(keyring, DESK)
        for epoch in older:
            vault.close_epoch(ines, epoch.id, at=at)
        return len(older)


def _everybody(house: House, store: Store, keys: Path) -> Iterator[Burglar]:
    """Sign in as every member of the desk at a machine of one's own, and yield who has their keys."""
    folder = KeyFolder(keys)
    keyring = Keyring.open(store, root_public=folder.root_public(), pin=folder.pin)
    door = StaffDoor(keyring, Locks(folder.locks), PRODUCTION)
    at = datetime.now(UTC) + _LATER
    for member in house.members.values():
        if member.desk != DESK:
            continue
        typed = {"username": member.username, "passphrase": member.passphrase}
        entrance = door.sign_in(store, **typed, totp=member.code(at), at=at)
        with store.read() as session:
            burglar = Burglar(session, folder.locks)
            burglar.finds_cookie(entrance.cookie)
            yield burglar


def _copied(keys: Path, to: Path) -> Path:
    """Copy the key folder but the pin, which only warns the house's own machine."""
    shutil.copytree(keys, to)
    (to / "roster.pin").unlink()
    return to


def _short_values(session: Session) -> list[bytes]:
    """Return every short value of bytes in the database: it might be a key."""
    found: set[bytes] = set()
    for table in every_table()[0].sorted_tables:
        for column in table.columns:
            if isinstance(column.type, LargeBinary):
                values = session.execute(select(column).limit(500)).scalars()
                found |= {bytes(value) for value in values if value and len(value) <= _LONGEST_KEY}
    return sorted(found)


def _every_number() -> Iterator[tuple[str, str, str]]:
    """Yield the numbers of a country, as it were: the range that the canaries are from."""
    for tail in range(1000, 10_000):
        number = f"+1500555{tail}"
        yield "sms", SMS, number
        yield "whatsapp", f"whatsapp:{WHATSAPP}", f"whatsapp:{number}"


def _at_the_provider(drill: Drill) -> bytes:
    """Ask the provider for everything, with the token in the key folder; a text came just before the power went."""
    text_again(drill.house)
    account = drill.house.network.settings
    token = (drill.house.keys / "provider.token").read_text()
    url = f"{account.api_origin}/2010-04-01/Accounts/{account.account_sid}/Messages.json"
    answer = requests.get(url, {"PageSize": "1000"}, auth=(account.account_sid, token), timeout=10)
    return answer.content


def _said(where: str, labels: Iterable[str]) -> set[str]:
    """Return *labels* with where they were: a number that waits to be sent is not one that is kept."""
    return {f"{where} {label}" for label in labels}
