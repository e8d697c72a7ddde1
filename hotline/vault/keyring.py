"""The public side: whom to seal to. All that a process needs which must never be able to open."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Row, func, select

from hotline.domain.staff import HOUSE
from hotline.errors import NotFound
from hotline.store import Session, Store
from hotline.vault.chain import Link, first, step
from hotline.vault.depths import (
    CONTACT,
    DEPTHS,
    DESK,
    IDENTITY,
    IDENTITY2,
    RECORD,
    depths_of,
)
from hotline.vault.keys import PublicKey
from hotline.vault.pin import Mark, Marks, Pin
from hotline.vault.roster import (
    HOUSE_DESK,
    Delegation,
    DeskEntry,
    EpochEntry,
    MemberEntry,
    Roster,
    RosterRefused,
    Signed,
    read_roster,
    verified_delegation,
)
from hotline.vault.tables import delegations, rosters

__all__ = [
    "CONTACT",
    "DEPTHS",
    "DESK",
    "IDENTITY",
    "IDENTITY2",
    "RECORD",
    "REPORTER",
    "EpochKey",
    "Keyring",
    "depths_of",
]

REPORTER = "reporter"

_NEWEST_NUMBER = select(func.max(rosters.c.number))


@dataclass(frozen=True, slots=True)
class EpochKey:
    """The key to seal to now, for one desk and depth."""

    id: str
    public: PublicKey


@dataclass(frozen=True, slots=True)
class _Attested:
    """One verified roster, made ready for look-ups."""

    link: Link
    desks: dict[str, DeskEntry]
    current: dict[tuple[str, str], EpochKey]
    members: dict[str, MemberEntry]


class Keyring:
    """The roster that was verified last. Replaced whole by `refresh`, so threads share it freely."""

    def __init__(self, store: Store, *, root_public: bytes, pin: Path) -> None:
        self._store = store
        self.root_public = root_public
        self._pin = Pin(pin)
        self._attested = self._verify()

    @classmethod
    def open(cls, store: Store, *, root_public: bytes, pin: Path) -> "Keyring":
        """Verify every roster since the last that was seen, and remember the newest.

        Raises:
            RosterRefused: what was seen is not there any more, or a later one is not what this house signed.
        """
        return cls(store, root_public=root_public, pin=pin)

    def is_newest(self, session: Session) -> bool:
        """Tell whether no other process has changed the roster since."""
        number = session.execute(_NEWEST_NUMBER).scalar_one_or_none()
        return bool(number == self.roster.number)

    def refresh(self) -> None:
        """Take over a newer roster, if there is one. Whoever changed it calls this after the commit.

        Raises:
            RosterRefused: as for `open`; the roster known so far stays in use.
        """
        with self._store.read() as session:
            is_newest = self.is_newest(session)
        if not is_newest:
            self._attested = self._verify()

    @property
    def link(self) -> Link:
        """The newest roster with its digest: what the next one follows."""
        return self._attested.link

    @property
    def roster(self) -> Roster:
        return self.link.roster

    @property
    def desks(self) -> tuple[DeskEntry, ...]:
        return self.roster.desks

    def desk(self, name: str) -> DeskEntry:
        """Return the desk of that name; the house itself is the desk without a name.

        Raises:
            NotFound: there is no such desk.
        """
        try:
            return self._attested.desks[name]
        except KeyError:
            raise NotFound from None

    @property
    def members(self) -> tuple[MemberEntry, ...]:
        return self.roster.members

    def member(self, member_id: str) -> MemberEntry | None:
        return self._attested.members.get(member_id)

    def current(self, desk: str, depth: str) -> EpochKey:
        """Return the newest epoch of *desk* at *depth*.

        Raises:
            NotFound: there is no such desk, or it has no such depth.
        """
        try:
            return self._attested.current[desk, depth]
        except KeyError:
            raise NotFound from None

    def recoveries(self) -> frozenset[bytes]:
        """Return the public half of every recovery key that a roster here names.

        Rosters from before the pinned one are not verified anew: this tells papers apart and gives them no power.
        """
        with self._store.read() as session:
            documents = _Documents(session, self.root_public)
            return frozenset(read_roster(signed).recovery for signed in documents.rosters_since(1))

    def check(self, signed: Signed, *, after: Link, delegation: Signed | None = None) -> None:
        """Do nothing when *signed* would be taken over behind *after*, so that nothing else is ever kept.

        *delegation* is one that comes into force with it.

        Raises:
            RosterRefused: its signer may not sign, or may not change this.
        """
        with self._store.read() as session:
            documents = _Documents(session, self.root_public, delegation)
            step(after, signed, documents.delegation, root_public=self.root_public)

    def verify_whole(self) -> None:
        """Verify every step since the first roster, as if nothing were pinned: for a database that came from elsewhere.

        Raises:
            RosterRefused: a step is missing, or is not what this house signed.
        """
        with self._store.read() as session:
            documents = _Documents(session, self.root_public)
            begun, *later = documents.rosters_since(1)
            link = first(begun, documents.delegation, root_public=self.root_public)
            for signed in later:
                link = step(link, signed, documents.delegation, root_public=self.root_public)
        if link != self.link:
            raise RosterRefused

    def _verify(self) -> _Attested:
        """Verify each step from the pinned roster on; that one is known by its digest."""
        with self._pin.held() as pinned, self._store.read() as session:
            documents = _Documents(session, self.root_public)
            known, *later = documents.rosters_from(pinned.roster)
            link = documents.pinned(known, pinned)
            for signed in later:
                link = step(link, signed, documents.delegation, root_public=self.root_public)
            marks = documents.marks(link)
            if marks != pinned:
                self._pin.set(marks)
        return _attest(link)


class _Documents:
    """What the database offers as delegations and rosters, believed only as far as it is signed or pinned."""

    def __init__(self, session: Session, root_public: bytes, coming: Signed | None = None) -> None:
        self._session = session
        self._root_public = root_public
        self._coming = coming

    def rosters_from(self, mark: Mark) -> Sequence[Signed]:
        """Return the roster of *mark* and all later ones."""
        found = self.rosters_since(mark.number)
        if (found[0].number, found[0].digest) != mark:
            raise RosterRefused
        return found

    def rosters_since(self, number: int) -> Sequence[Signed]:
        rows = rosters.c
        query = select(rosters).where(rows.number >= number).order_by(rows.number)
        found = [_signed(row) for row in self._session.execute(query)]
        if not found:
            raise RosterRefused
        return found

    def pinned(self, signed: Signed, pinned: Marks) -> Link:
        roster = read_roster(signed)
        link = Link(roster, signed.digest, self.delegation(roster.delegation))
        if self.marks(link) != pinned:
            raise RosterRefused
        return link

    def marks(self, link: Link) -> Marks:
        number = link.delegation.number
        return Marks(Mark(number, self._row(number).digest), Mark(link.roster.number, link.digest))

    def delegation(self, number: int) -> Delegation:
        return verified_delegation(self._row(number), root_public=self._root_public)

    def _row(self, number: int) -> Signed:
        if self._coming is not None and self._coming.number == number:
            return self._coming
        query = select(delegations).where(delegations.c.number == number)
        row = self._session.execute(query).one_or_none()
        if row is None:
            raise RosterRefused
        return _signed(row)


def _signed(row: Row[Any]) -> Signed:
    return Signed(**row._mapping)


def _attest(link: Link) -> _Attested:
    roster = link.roster
    newest = {(epoch.desk, epoch.depth): epoch for epoch in sorted(roster.epochs, key=_number)}
    return _Attested(
        link,
        {HOUSE: HOUSE_DESK, **{desk.name: desk for desk in roster.desks}},
        {place: EpochKey(epoch.id, PublicKey(epoch.public)) for place, epoch in newest.items()},
        {member.id: member for member in roster.members},
    )


def _number(epoch: EpochEntry) -> int:
    return epoch.number
