"""The public side: whom to seal to. All that a process needs which must never be able to open."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Select, Table, func, select

from hotline.errors import NotFound
from hotline.store import Session, Store
from hotline.vault.keys import PublicKey
from hotline.vault.pin import Pin
from hotline.vault.roster import (
    Delegation,
    EpochEntry,
    MemberEntry,
    Roster,
    RosterRefused,
    Signed,
    verified_delegation,
    verified_roster,
)
from hotline.vault.tables import delegations, rosters

DESK = "desk"
IDENTITY = "identity"
CONTACT = "contact"
REPORTER = "reporter"
DEPTHS = (DESK, IDENTITY, CONTACT)

_NEWEST_NUMBER = select(func.max(rosters.c.number))


@dataclass(frozen=True, slots=True)
class EpochKey:
    """The key to seal to now, for one desk and depth."""

    id: str
    public: PublicKey


@dataclass(frozen=True, slots=True)
class _Attested:
    """One verified roster, made ready for look-ups."""

    delegation: Delegation
    roster: Roster
    current: dict[tuple[str, str], EpochKey]
    members: dict[str, MemberEntry]


class Keyring:
    """The roster that was verified last. Replaced whole by `refresh`, so threads share it freely."""

    def __init__(self, store: Store, *, root_public: bytes, pin: Path) -> None:
        self._store = store
        self._root_public = root_public
        self._pin = Pin(pin)
        self._attested = self._verify()

    @classmethod
    def open(cls, store: Store, *, root_public: bytes, pin: Path) -> "Keyring":
        """Verify the newest roster and remember its number.

        Raises:
            RosterRefused: its signature or its number is not what this house has seen and signed.
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
    def roster(self) -> Roster:
        return self._attested.roster

    @property
    def members(self) -> tuple[MemberEntry, ...]:
        return self.roster.members

    def member(self, member_id: str) -> MemberEntry | None:
        return self._attested.members.get(member_id)

    def current(self, desk: str, depth: str) -> EpochKey:
        """Return the newest epoch of *desk* at *depth* (desk, identity or contact).

        Raises:
            NotFound: there is no such desk.
        """
        try:
            return self._attested.current[desk, depth]
        except KeyError:
            raise NotFound from None

    def _verify(self) -> _Attested:
        with self._store.read() as session:
            delegation, roster = newest_documents(session)
        appointed = verified_delegation(delegation, root_public=self._root_public)
        verified = verified_roster(roster, appointed, root_public=self._root_public)
        self._pin.admit(delegation, roster)
        return _attest(appointed, verified)

    def check(self, signed: Signed) -> None:
        """Do nothing when *signed* would be taken over by `refresh`, so that nothing else is ever kept.

        Raises:
            RosterRefused: its signer was not appointed.
        """
        verified_roster(signed, self._attested.delegation, root_public=self._root_public)


def newest_documents(session: Session) -> tuple[Signed, Signed]:
    """Return the newest delegation and roster, not yet verified.

    Raises:
        RosterRefused: there are none.
    """
    delegation = session.execute(_newest(delegations)).one_or_none()
    roster = session.execute(_newest(rosters)).one_or_none()
    if delegation is None or roster is None:
        raise RosterRefused
    return _signed(delegation), _signed(roster)


def _newest(table: Table) -> Select[Any]:
    return select(table).order_by(table.c.number.desc()).limit(1)


def _signed(row: Row[Any]) -> Signed:
    return Signed(**row._mapping)


def _attest(delegation: Delegation, roster: Roster) -> _Attested:
    newest = {(epoch.desk, epoch.depth): epoch for epoch in sorted(roster.epochs, key=_number)}
    return _Attested(
        delegation,
        roster,
        {place: EpochKey(epoch.id, PublicKey(epoch.public)) for place, epoch in newest.items()},
        {member.id: member for member in roster.members},
    )


def _number(epoch: EpochEntry) -> int:
    return epoch.number
