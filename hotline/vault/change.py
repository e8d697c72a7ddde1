"""One change of the roster: built on one roster, signed once, and kept whole or not at all.

Whoever else changes the roster meanwhile gets the number first, and this change is a conflict: then nothing of it
stays, neither rows nor locks. Locks of a process that was killed in between are swept by a later change.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, func, insert, select

from hotline.domain.report import day
from hotline.errors import Conflict, HotlineError
from hotline.store import Session, Store, new_id
from hotline.vault import devices, handed
from hotline.vault.chain import Link
from hotline.vault.depths import is_half, may_open
from hotline.vault.envelope import SealBroken
from hotline.vault.epochs import EpochKeys, holders, wrap_epoch
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PrivateKey, PublicKey
from hotline.vault.locks import Locks
from hotline.vault.member import Candidate
from hotline.vault.recovery import keep_checks
from hotline.vault.roster import (
    RECOVERY,
    EpochEntry,
    MemberEntry,
    Roster,
    Signed,
    sign_roster,
)
from hotline.vault.tables import delegations, epoch_wraps, members, rosters, sessions

Opened = Sequence[tuple[str, PrivateKey]]
"""Epoch ids with their private halves, for as long as they are handed on."""


@dataclass(frozen=True, slots=True)
class NewEpoch:
    """An epoch with its private half, which lives only until it is wrapped."""

    entry: EpochEntry
    private: PrivateKey = field(repr=False)

    @classmethod
    def fresh(cls, desk: str, depth: str, number: int, *, at: datetime) -> "NewEpoch":
        private = PrivateKey.fresh()
        entry = EpochEntry(new_id(), desk, depth, number, day(at), private.public.raw)
        return cls(entry, private)


@dataclass(frozen=True, slots=True)
class Hand:
    """Who signs a change: a member of staff, or the root."""

    signer: str
    key: Ed25519PrivateKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """A change that follows *link*. Whatever it is made of is read from there, never from the keyring again."""

    store: Store
    keyring: Keyring
    locks: Locks
    link: Link

    @property
    def roster(self) -> Roster:
        return self.link.roster

    def epochs_of(self, desk: str) -> list[EpochEntry]:
        return self.roster.epochs_of(desk)

    def fresh_epochs(self, desk: str, depths: Collection[str], *, at: datetime) -> list[NewEpoch]:
        """Return new epochs of *desk*, with the number after its highest; depths that were behind catch up to that."""
        epochs = self.epochs_of(desk)
        highest = max((epoch.number for epoch in epochs), default=0)
        is_ahead = any(e.number == highest for e in epochs if e.depth in depths)
        return [NewEpoch.fresh(desk, depth, highest + is_ahead, at=at) for depth in depths]

    def opened(self, keys: EpochKeys, epochs: Iterable[EpochEntry]) -> Opened:
        """Return the private halves of *epochs*, as far as *keys* opens them.

        Closed periods stay closed, and a wrap that somebody broke must not keep the others back.
        """
        found = []
        with self.store.read() as session:
            for epoch in epochs:
                with suppress(SealBroken):
                    found.append((epoch.id, keys.get(session, epoch.id)))
        return found

    def require_newest(self, session: Session) -> None:
        """Do nothing unless the roster has changed since.

        Raises:
            Conflict: it has.
        """
        newest = session.execute(select(func.max(rosters.c.number))).scalar_one()
        if newest != self.roster.number:
            raise Conflict

    def keep(
        self,
        roster: Roster,
        hand: Hand,
        write: Callable[[Session], None],
        *,
        fresh: Sequence[NewEpoch] = (),
        delegation: Signed | None = None,
    ) -> None:
        """Sign *roster* with the *fresh* epochs in it, and keep it; *write* runs before their keys are wrapped.

        Raises:
            RosterRefused: the signer may not change this; nothing was kept.
            Conflict: another change came first; nothing was kept.
        """
        signed = self._signed(roster, hand, fresh)
        self.keyring.check(signed, after=self.link, delegation=delegation)
        for epoch in fresh:
            self.locks.create(epoch.entry.id)

        def keep_all(session: Session) -> None:
            if delegation is not None:
                keep_delegation(session, delegation)
            keep_roster(session, signed)
            write(session)
            recovery = PublicKey(roster.recovery)
            for epoch in fresh:
                readers = self._readers(session, epoch.entry, roster, hand)
                wrap_to_entitled(session, epoch, readers, recovery=recovery, locks=self.locks)

        try:
            self.store.write(keep_all)
        except HotlineError:
            self._undo(signed, fresh)
            raise
        self.keyring.refresh()
        self.locks.sweep({epoch.id for epoch in self.keyring.roster.epochs})

    def _readers(
        self, session: Session, fresh: EpochEntry, roster: Roster, hand: Hand
    ) -> Sequence[MemberEntry]:
        """Return to whom a new key may go: one of a half of identities to those who held that half before, alone.

        Otherwise whoever holds one half could let an accomplice in for the other, and only wait for the next period.
        """
        desk = roster.desk(fresh.desk)
        before = [e for e in self.epochs_of(fresh.desk) if e.depth == fresh.depth]
        if not before or not is_half(desk, fresh.depth):
            return roster.members
        newest = max(before, key=lambda epoch: epoch.number)
        held = holders(session, newest.id, roster.members, self.locks)
        return [m for m in roster.members if m.id in held or m.id == hand.signer]

    def _signed(self, roster: Roster, hand: Hand, fresh: Sequence[NewEpoch]) -> Signed:
        epochs = (*roster.epochs, *(epoch.entry for epoch in fresh))
        number = self.roster.number + 1
        following = replace(roster, number=number, previous=self.link.digest, epochs=epochs)
        return sign_roster(following, signer=hand.signer, key=hand.key)

    def _undo(self, signed: Signed, fresh: Sequence[NewEpoch]) -> None:
        """Destroy the locks of what was not kept.

        A commit whose answer was lost may have been kept after all, and then its locks are all that opens it: so
        the database is asked, and where it does not answer, the locks stay until they are swept.
        """
        with suppress(HotlineError):
            with self.store.read() as session:
                rows = rosters.c
                kept = session.execute(
                    select(rows.body).where(rows.number == signed.number)
                ).scalar_one_or_none()
            if kept != signed.body:
                for epoch in fresh:
                    self.locks.destroy(epoch.entry.id)
            self.keyring.refresh()


def keep_delegation(session: Session, delegation: Signed) -> None:
    row = {name: getattr(delegation, name) for name in ("number", "body", "signature")}
    session.execute(insert(delegations), row)


def keep_roster(session: Session, roster: Signed) -> None:
    session.execute(insert(rosters), {name: getattr(roster, name) for name in roster.__slots__})


def wrap_to_entitled(
    session: Session,
    epoch: NewEpoch,
    entries: Sequence[MemberEntry],
    *,
    recovery: PublicKey,
    locks: Locks,
) -> None:
    """Wrap a new epoch to recovery and to each of *entries* who may open it."""
    owners = [(RECOVERY, recovery)]
    owners += [(m.id, PublicKey(m.public)) for m in entries if may_open(m, epoch.entry)]
    for owner_id, owner in owners:
        wrap_epoch(
            session,
            epoch.private,
            epoch_id=epoch.entry.id,
            owner_id=owner_id,
            owner=owner,
            locks=locks,
        )


def keep_member(
    session: Session,
    candidate: Candidate,
    opened: Opened,
    locks: Locks,
    *,
    is_blocked: bool = False,
) -> None:
    """Insert a member's row and the checks of their recovery codes, and let them open what was *opened* for them."""
    session.execute(insert(members), {**candidate.row, "blocked": is_blocked})
    keep_checks(session, candidate.entry.id, candidate.checks)
    owner = PublicKey(candidate.entry.public)
    for epoch_id, private in opened:
        wrap_epoch(
            session,
            private,
            epoch_id=epoch_id,
            owner_id=candidate.entry.id,
            owner=owner,
            locks=locks,
        )


def drop_member(session: Session, member_id: str) -> bool:
    """Delete a member's row, sessions, wraps, and all that was for their old keys; tell whether they were blocked."""
    for table in (sessions, epoch_wraps):
        session.execute(delete(table).where(table.c.member_id == member_id))
    devices.forget_member(session, member_id)
    handed.forget_member(session, member_id)
    keep_checks(session, member_id, ())
    its = delete(members).where(members.c.id == member_id).returning(members.c.blocked)
    return bool(session.execute(its).scalar_one_or_none())
