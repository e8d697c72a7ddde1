"""Bring the offline root's key to the house for one act: a new desk, an appointment, a recovery."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hotline.config import Config
from hotline.operate.founding import read_members
from hotline.operate.keys_ceremony import read_root
from hotline.store import Store
from hotline.vault.appointing import Root
from hotline.vault.argon import PRODUCTION, Profile
from hotline.vault.ceremony import Enrolled
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.keyring import Keyring
from hotline.vault.locks import Locks
from hotline.vault.papers import read_papers, recovery_key
from hotline.vault.roster import DeskEntry, MemberEntry


@dataclass(frozen=True, slots=True)
class Found:
    """Who came in by the papers, with their authenticators' secrets, and how many key periods opened."""

    staff: dict[str, str]
    opened: int
    closed: int


class RootAtWork:
    """The root, and what its acts are told in: names, files, what someone typed."""

    def __init__(self, root: Root, keyring: Keyring) -> None:
        self._root = root
        self._keyring = keyring

    def open_desk(self, name: str, members: Path, *, four_eyes: bool) -> dict[str, str]:
        """Open a desk and return its members' secrets by their names."""
        newcomers = read_members(members, name)
        desk = DeskEntry(name, four_eyes=four_eyes)
        return _secrets(self._root.open_desk(desk, newcomers, at=datetime.now(UTC)))

    def appoint(self, username: str) -> tuple[MemberEntry, ...]:
        """Let a member sign, and return all who may."""
        return self._root.appoint(username, at=datetime.now(UTC))

    def recover(self, desk: str, member: Path, *, papers: str) -> Found:
        """Let in whoever stands in the file *member*, by the words of the *papers*."""
        newcomers = read_members(member, desk)
        key = recovery_key(read_papers(papers), public=self._keyring.roster.recovery)
        recovered = self._root.recover(desk, newcomers, recovery=key, at=datetime.now(UTC))
        return Found(_secrets(recovered.staff), recovered.opened, recovered.closed)


@contextmanager
def opened(
    env: Mapping[str, str], root: Path, *, profile: Profile = PRODUCTION
) -> Iterator[RootAtWork]:
    """Yield the root at work on the house of *env*.

    Raises:
        Malformed: *root* is no root key.
        Misconfigured: it is another house's, or a setting is missing.
        RosterRefused: the house is not what it was when last seen.
    """
    private = read_root(root)
    with house(env) as (store, keyring, locks):
        yield RootAtWork(Root(store, keyring, locks, private=private, profile=profile), keyring)


@contextmanager
def house(env: Mapping[str, str]) -> Iterator[tuple[Store, Keyring, Locks]]:
    """Yield the parts of the house of *env* that its keys need."""
    config = Config.from_env(env)
    folder = KeyFolder(config.keys)
    store = Store(config.database_url)
    try:
        keyring = Keyring.open(store, root_public=folder.root_public(), pin=folder.pin)
        yield store, keyring, Locks(folder.locks)
    finally:
        store.close()


def recovery_public(env: Mapping[str, str]) -> bytes:
    """Return the public half of the recovery key of the house of *env*."""
    with house(env) as (_, keyring, _locks):
        return keyring.roster.recovery


def _secrets(staff: Sequence[Enrolled]) -> dict[str, str]:
    return {enrolled.username: enrolled.totp_secret for enrolled in staff}
