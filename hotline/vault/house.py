"""Change who may read: new colleagues, leavers, new key periods, and the end of old ones.

Every change is a new roster, signed by a supervisor who is signed in. A newcomer costs one wrap per epoch of
their desk; a leaver costs a new epoch. What was sealed before a leaver left is not out of their head, but what
comes after is sealed to a key that they never had.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import delete, insert

from hotline import audit
from hotline.domain.staff import Right
from hotline.errors import Conflict, NotFound, Refused
from hotline.store import Session, Store
from hotline.vault.argon import Profile, Stretcher
from hotline.vault.ceremony import (
    Enrolled,
    NewEpoch,
    enrolled,
    keep_roster,
    wrap_to_entitled,
)
from hotline.vault.depths import depths_of, may_open
from hotline.vault.epochs import wrap_epoch
from hotline.vault.erasing import is_sealed_to
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PrivateKey, PublicKey
from hotline.vault.locks import EpochClosed, Locks
from hotline.vault.member import NewMember, enrol, folded
from hotline.vault.opening import Keyholder
from hotline.vault.roster import EpochEntry, MemberEntry, Roster, Signed, sign_roster
from hotline.vault.tables import epoch_wraps, members, sessions

PERIOD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class House:
    """The parts that a change of readers needs."""

    store: Store
    keyring: Keyring
    locks: Locks

    def add_member(
        self, supervisor: Keyholder, new: NewMember, *, at: datetime, profile: Profile
    ) -> Enrolled:
        """Take *new* in at the supervisor's own desk, and let them open what the desk was told so far.

        Raises:
            Refused: without the right to keys, or for another desk.
            Conflict: the name is taken, or another change came first.
        """
        supervisor.require(Right.KEYS)
        if new.desk != supervisor.desk:
            raise Refused
        if folded(new.username) in {member.username for member in self.keyring.members}:
            raise Conflict
        enrolment = enrol(new, cost=profile.staff, stretcher=Stretcher())
        entry = enrolment.entry
        opened = self._open_epochs(supervisor, entry)
        roster = self.keyring.roster
        signed = self._sign(supervisor, replace(roster, members=(*roster.members, entry)))

        def write(session: Session) -> None:
            keep_roster(session, signed)
            session.execute(insert(members), enrolment.row)
            for epoch_id, private in opened:
                owner = PublicKey(entry.public)
                wrap_epoch(
                    session,
                    private,
                    epoch_id=epoch_id,
                    owner_id=entry.id,
                    owner=owner,
                    locks=self.locks,
                )
            _write_down(session, supervisor, "admit", entry.id, at)

        self._change(write)
        return enrolled(enrolment)

    def dismiss(self, supervisor: Keyholder, member_id: str, *, at: datetime) -> None:
        """End someone's membership, and begin new epochs at their desk.

        Raises:
            Refused: without the right to keys, for another desk, or for oneself.
            NotFound: there is no such member.
        """
        supervisor.require(Right.KEYS)
        leaver = self.keyring.member(member_id)
        if leaver is None:
            raise NotFound
        if leaver.desk != supervisor.desk or member_id == supervisor.staff_id:
            raise Refused
        stay = tuple(member for member in self.keyring.members if member.id != member_id)
        fresh = self._fresh_epochs(leaver.desk, at)
        signed = self._sign(supervisor, self._with_epochs(fresh, stay))
        self._lock(fresh)

        def write(session: Session) -> None:
            keep_roster(session, signed)
            self._keep_epochs(session, fresh, stay)
            for table in (sessions, epoch_wraps):
                session.execute(delete(table).where(table.c.member_id == member_id))
            session.execute(delete(members).where(members.c.id == member_id))
            _write_down(session, supervisor, "dismiss", member_id, at)

        self._change(write)

    def begin_epochs(self, supervisor: Keyholder, *, at: datetime) -> None:
        """Begin a new key period at the supervisor's desk, at every depth.

        Raises:
            Refused: without the right to keys.
        """
        supervisor.require(Right.KEYS)
        fresh = self._fresh_epochs(supervisor.desk, at)
        signed = self._sign(supervisor, self._with_epochs(fresh, self.keyring.members))
        self._lock(fresh)

        def write(session: Session) -> None:
            keep_roster(session, signed)
            self._keep_epochs(session, fresh, self.keyring.members)
            _write_down(session, supervisor, "begin epochs", "", at)

        self._change(write)

    def begin_due_epochs(self, supervisor: Keyholder, *, at: datetime) -> bool:
        """Begin a new period if the last is 30 days old; called when a supervisor signs in."""
        newest = max(epoch.begun for epoch in self._epochs_of(supervisor.desk))
        if not supervisor.may(Right.KEYS) or at.date() < date.fromisoformat(newest) + PERIOD:
            return False
        self.begin_epochs(supervisor, at=at)
        return True

    def close_epoch(self, supervisor: Keyholder, epoch_id: str, *, at: datetime) -> None:
        """Destroy an old period's lock: what was sealed to it is gone from every backup too.

        Raises:
            Refused: without the right to keys, or for another desk.
            NotFound: there is no such epoch.
            Conflict: it is the current one, or something kept is still sealed to it (`reseal` first).
        """
        supervisor.require(Right.KEYS)
        epoch = next((e for e in self.keyring.roster.epochs if e.id == epoch_id), None)
        if epoch is None:
            raise NotFound
        if epoch.desk != supervisor.desk:
            raise Refused
        if self.keyring.current(epoch.desk, epoch.depth).id == epoch_id:
            raise Conflict
        rest = tuple(e for e in self.keyring.roster.epochs if e.id != epoch_id)
        signed = self._sign(supervisor, replace(self.keyring.roster, epochs=rest))

        def write(session: Session) -> None:
            if is_sealed_to(session, epoch_id):
                raise Conflict
            keep_roster(session, signed)
            session.execute(delete(epoch_wraps).where(epoch_wraps.c.epoch_id == epoch_id))
            _write_down(session, supervisor, "close epoch", epoch_id, at)
            # Before the commit: a lock destroyed too early loses nothing, as nothing is sealed to it
            # any more, and one that outlives a crash would break the promise.
            self.locks.destroy(epoch_id)

        self._change(write)

    def _change(self, write: Callable[[Session], None]) -> None:
        self.store.write(write)
        self.keyring.refresh()

    def _sign(self, supervisor: Keyholder, roster: Roster) -> Signed:
        """Sign the next roster; one that nobody would accept must not be kept."""
        link = self.keyring.link
        roster = replace(roster, number=link.roster.number + 1, previous=link.digest)
        signed = sign_roster(roster, signer=supervisor.staff_id, key=supervisor.keys.signing)
        self.keyring.check(signed, after=link)
        return signed

    def _epochs_of(self, desk: str) -> list[EpochEntry]:
        return [epoch for epoch in self.keyring.roster.epochs if epoch.desk == desk]

    def _open_epochs(
        self, supervisor: Keyholder, entry: MemberEntry
    ) -> list[tuple[str, PrivateKey]]:
        """Return the private halves that *entry* may open; closed periods stay closed."""
        opened = []
        with self.store.read() as session:
            for epoch in self._epochs_of(entry.desk):
                if not may_open(entry, epoch):
                    continue
                try:
                    opened.append((epoch.id, supervisor.epochs.get(session, epoch.id)))
                except EpochClosed:
                    continue
        return opened

    def _fresh_epochs(self, desk: str, at: datetime) -> list[NewEpoch]:
        number = 1 + max(epoch.number for epoch in self._epochs_of(desk))
        depths = depths_of(self.keyring.desk(desk))
        return [NewEpoch.fresh(desk, depth, number, at=at) for depth in depths]

    def _lock(self, fresh: Sequence[NewEpoch]) -> None:
        for epoch in fresh:
            self.locks.create(epoch.entry.id)

    def _with_epochs(self, fresh: Sequence[NewEpoch], stay: tuple[MemberEntry, ...]) -> Roster:
        epochs = (*self.keyring.roster.epochs, *(epoch.entry for epoch in fresh))
        return replace(self.keyring.roster, epochs=epochs, members=stay)

    def _keep_epochs(
        self, session: Session, fresh: Sequence[NewEpoch], stay: Sequence[MemberEntry]
    ) -> None:
        recovery = PublicKey(self.keyring.roster.recovery)
        for epoch in fresh:
            wrap_to_entitled(session, epoch, stay, recovery=recovery, locks=self.locks)


def _write_down(session: Session, by: Keyholder, did: str, what: str, at: datetime) -> None:
    audit.record(session, at=at, who=by.staff_id, did=did, what=what)
