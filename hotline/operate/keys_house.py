"""Bring the offline root's key to the house for one act: a new desk, an appointment, new papers, a recovery."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hotline.config import Config
from hotline.operate.founding import read_members
from hotline.operate.keys_ceremony import read_root
from hotline.operate.keys_papers import make_papers
from hotline.store import Session, Store
from hotline.vault.appointing import Root
from hotline.vault.argon import PRODUCTION, Profile
from hotline.vault.ceremony import Enrolled
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PrivateKey, PublicKey
from hotline.vault.locks import Locks
from hotline.vault.papers import any_recovery_key, read_papers, recovery_key
from hotline.vault.renewing import not_on_paper
from hotline.vault.roster import DeskEntry, EpochEntry, MemberEntry


@dataclass(frozen=True, slots=True)
class Found:
    """Who came in by the papers, with their authenticators' secrets, and how many key periods opened.

    Of the others some were *closed* for good before, and *waiting* ones nobody had handed on to these papers.
    """

    staff: dict[str, str]
    opened: int
    closed: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Renewed:
    """How many key periods the old papers handed on, and how many wait for those who hold them."""

    handed_on: int
    waiting: int


class RootAtWork:
    """The root, and what its acts are told in: names, files, what someone typed."""

    def __init__(self, root: Root, store: Store, keyring: Keyring, locks: Locks) -> None:
        self._root = root
        self._store = store
        self._keyring = keyring
        self._locks = locks

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
        key = own_recovery_key(self._keyring, papers)
        found = self._root.recover(desk, newcomers, recovery=key, at=datetime.now(UTC))
        return Found(_secrets(found.staff), found.opened, found.closed, found.waiting)

    def renew_papers(
        self, out: Path, *, papers: int, threshold: int, house: str, old: str | None
    ) -> Renewed:
        """Put new papers, whose pages lie in *out*, in the place of those there were.

        With the words of *old* papers everything that they open is handed on at once.
        """
        known = self._keyring.recoveries()
        # Read before anything is made, so that a mistyped word changes nothing.
        key = None if old is None else any_recovery_key(read_papers(old), known=known)
        root = self._keyring.root_public
        made = make_papers(out, root=root, papers=papers, threshold=threshold, house=house)
        at = datetime.now(UTC)
        self._root.renew_papers(PublicKey(made.recovery), at=at)
        handed_on = 0 if key is None else self._root.hand_on(key, at=at)
        with self._store.read() as session:
            waiting = waiting_for_papers(session, self._keyring, self._locks)
        return Renewed(handed_on, len(waiting))


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
        at_work = Root(store, keyring, locks, private=private, profile=profile)
        yield RootAtWork(at_work, store, keyring, locks)


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


def drilled(env: Mapping[str, str], papers: str) -> PrivateKey:
    """Return the recovery key that the words of *papers* give, when it is the one of the house of *env*."""
    with house(env) as (_, keyring, _locks):
        return own_recovery_key(keyring, papers)


def own_recovery_key(keyring: Keyring, papers: str) -> PrivateKey:
    """Return the recovery key that the words of *papers* give, when it is the one in force.

    Raises:
        PapersRefused: they are another house's, were replaced, or do not fit; the class and its sentence say which.
    """
    recovery = keyring.roster.recovery
    return recovery_key(read_papers(papers), public=recovery, earlier=keyring.recoveries())


def waiting_for_papers(session: Session, keyring: Keyring, locks: Locks) -> list[EpochEntry]:
    """Return the open key periods that the papers in force do not open yet."""
    roster = keyring.roster
    return not_on_paper(session, roster.epochs, recovery=roster.recovery, locks=locks)


def _secrets(staff: Sequence[Enrolled]) -> dict[str, str]:
    return {enrolled.username: enrolled.totp_secret for enrolled in staff}
