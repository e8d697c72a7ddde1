"""Change who may read: new colleagues, leavers, new key periods, and the end of old ones.

Every change is a new roster, signed by who is signed in: a supervisor for their desk, an administrator for the
people of the house. A newcomer costs one wrap per epoch of their desk; a leaver costs a new epoch. What was sealed
before a leaver left is not out of their head, but what comes after is sealed to a key that they never had.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import delete

from hotline import audit
from hotline.domain.staff import HOUSE, Right
from hotline.errors import Conflict, NotFound, Refused
from hotline.store import Session, Store
from hotline.vault.argon import Profile, Stretcher
from hotline.vault.ceremony import Enrolled, enrolled
from hotline.vault.change import Change, Hand, NewEpoch, Opened, drop_member, keep_member
from hotline.vault.depths import depths_of, is_half, may_begin, may_open
from hotline.vault.erasing import is_sealed_to
from hotline.vault.handing import hand_on, surplus, take_back, without_half
from hotline.vault.keyring import Keyring
from hotline.vault.locks import Locks
from hotline.vault.member import Candidate, NewMember, enrol
from hotline.vault.opening import Keyholder
from hotline.vault.renewing import hand_to_papers
from hotline.vault.roster import EpochEntry, MemberEntry, RosterRefused
from hotline.vault.tables import epoch_wraps

PERIOD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class House:
    """The parts that a change of readers needs."""

    store: Store
    keyring: Keyring
    locks: Locks

    def add_member(
        self, by: Keyholder, new: NewMember, *, at: datetime, profile: Profile
    ) -> Enrolled:
        """Make keys for *new* and admit them; raises as `admit` does."""
        _require_over(by, new.desk)
        enrolment = enrol(new, cost=profile.staff, stretcher=Stretcher())
        self.admit(by, enrolment.candidate, at=at)
        return enrolled(enrolment)

    def admit(
        self,
        by: Keyholder,
        candidate: Candidate,
        *,
        at: datetime,
        replaces: str | None = None,
        beside: Callable[[Session], object] = lambda _session: None,
    ) -> None:
        """Take *candidate* in at the desk of *by*, and let them open what *by* can open of what it was told.

        With *replaces*, the id of a member, they come back as that member with new keys: the old ones, and every
        session, end at once, and new epochs begin, because the old keys may be in wrong hands; who was blocked
        stays so. Halves of identities are not given here: somebody who holds that half does so (`hand_half`).
        What is done *beside* it is kept with it or not at all.

        Raises:
            Refused: without the right to this desk, or for a role that only the root gives.
            NotFound: *replaces* is nobody of this desk.
            Conflict: the name is taken, or another change came first.
        """
        entry = candidate.entry
        _require_over(by, entry.desk)
        change = self._change()
        stay = _without(change, by, replaces)
        if entry.username in {member.username for member in stay}:
            raise Conflict
        roster = replace(change.roster, members=(*stay, entry))
        fresh = [] if replaces is None else self._fresh(change, by, at)
        opened = self._opened_for(change, by, entry)

        def write(session: Session) -> None:
            is_blocked = replaces is not None and drop_member(session, replaces)
            keep_member(session, candidate, opened, self.locks, is_blocked=is_blocked)
            beside(session)
            _write_down(session, by, "admit" if replaces is None else "readmit", entry.id, at)

        change.keep(roster, _hand(by), write, fresh=fresh)

    def dismiss(self, by: Keyholder, member_id: str, *, at: datetime) -> None:
        """End someone's membership and sessions, and begin new epochs at their desk.

        Raises:
            Refused: without the right to their desk, or for oneself.
            NotFound: there is no such member.
        """
        change = self._change()
        leaver = change.roster.member(member_id)
        if leaver is None:
            _require_any(by)
            raise NotFound
        _require_over(by, leaver.desk)
        if member_id == by.staff_id:
            raise Refused
        roster = replace(change.roster, members=_without(change, by, member_id))

        def write(session: Session) -> None:
            drop_member(session, member_id)
            _write_down(session, by, "dismiss", member_id, at)

        change.keep(roster, _hand(by), write, fresh=self._fresh(change, by, at))

    def begin_epochs(self, by: Keyholder, *, at: datetime) -> None:
        """Begin a new key period at the desk of *by*, at every depth that they may begin.

        Raises:
            Refused: without the right to keys.
            Conflict: another change came first.
        """
        _require_over(by, by.desk)
        change = self._change()
        fresh = self._fresh(change, by, at)
        self._begin(change, by, fresh, at)

    def begin_due_epochs(self, by: Keyholder, *, at: datetime) -> bool:
        """Begin what is due: a period of 30 days is over, or the other half of identities has a newer one."""
        if not _is_over(by, by.desk):
            return False
        change = self._change()
        due = due_depths(change.epochs_of(by.desk), at)
        fresh = self._fresh(change, by, at, only=due)
        if not fresh:
            return False
        self._begin(change, by, fresh, at)
        return True

    def tend(self, by: Keyholder, *, at: datetime) -> None:
        """Do what waits for someone's coming in: begin what is due, hand on what colleagues and new papers lack.

        Raises:
            Conflict: a colleague did it at this very moment.
        """
        self.take_back(by, at=at)
        self.begin_due_epochs(by, at=at)
        change = self._change()
        hand_on(change, by, at=at)
        hand_to_papers(change, by.epochs, change.epochs_of(by.desk), who=by.staff_id, at=at)

    def take_back(self, by: Keyholder, *, at: datetime) -> int:
        """Take keys of their desk from colleagues whose role does not open them, and return how many.

        As after a leaver, new periods begin with it: what was taken back may have been opened and kept before. Only
        who may begin them does it.

        Raises:
            Conflict: another change came first.
        """
        if not _is_over(by, by.desk):
            return 0
        change = self._change()
        with self.store.read() as session:
            keys = surplus(session, change, by.desk)
        if keys:

            def write(session: Session) -> None:
                take_back(session, by, keys, at=at)
                _write_down(session, by, "begin epochs", "", at)

            change.keep(change.roster, _hand(by), write, fresh=self._fresh(change, by, at))
        return len(keys)

    def hand_half(self, by: Keyholder, member_id: str, *, at: datetime) -> int:
        """Give *member_id* the half of identities that *by* holds too; return how many keys they lacked.

        At a desk with four eyes nobody gets a half by being admitted: its holder must want it.

        Raises:
            Refused: without the right to reveal.
            NotFound: there is no such member at this desk.
        """
        by.require(Right.REVEAL)
        change = self._change()
        member = change.roster.member(member_id)
        if member is None or member.desk != by.desk:
            raise NotFound
        return hand_on(change, by, at=at, half_to=member_id)

    def without_half(self, session: Session, by: Keyholder) -> list[MemberEntry]:
        """Return the colleagues whom *by* may give the half that they hold, and who lack it."""
        return without_half(session, self._change(), by)

    def close_epoch(self, by: Keyholder, epoch_id: str, *, at: datetime) -> None:
        """Destroy an old period's lock: what was sealed to it is gone from every backup too.

        Raises:
            Refused: without the right to this desk.
            NotFound: there is no such epoch.
            Conflict: it is the current one, or something kept is still sealed to it (`reseal` first).
        """
        change = self._change()
        epoch = next((e for e in change.roster.epochs if e.id == epoch_id), None)
        if epoch is None:
            _require_any(by)
            raise NotFound
        _require_over(by, epoch.desk)
        if self.keyring.current(epoch.desk, epoch.depth).id == epoch_id:
            raise Conflict
        rest = tuple(e for e in change.roster.epochs if e.id != epoch_id)

        def write(session: Session) -> None:
            if is_sealed_to(session, epoch_id):
                raise Conflict
            session.execute(delete(epoch_wraps).where(epoch_wraps.c.epoch_id == epoch_id))
            _write_down(session, by, "close epoch", epoch_id, at)
            # Before the commit: a lock destroyed too early loses nothing, as nothing is sealed to it
            # any more, and one that outlives a crash would break the promise.
            self.locks.destroy(epoch_id)

        change.keep(replace(change.roster, epochs=rest), _hand(by), write)

    def _begin(self, change: Change, by: Keyholder, fresh: list[NewEpoch], at: datetime) -> None:
        def write(session: Session) -> None:
            _write_down(session, by, "begin epochs", "", at)

        change.keep(change.roster, _hand(by), write, fresh=fresh)

    def _change(self) -> Change:
        return Change(self.store, self.keyring, self.locks, self.keyring.link)

    def _fresh(
        self, change: Change, by: Keyholder, at: datetime, *, only: Collection[str] | None = None
    ) -> list[NewEpoch]:
        """Return new epochs of the desk of *by*, as far as they may make them."""
        desk, me = self.keyring.desk(by.desk), self._entry(by)
        depths = [d for d in depths_of(desk) if may_begin(me, desk, d)]
        wanted = [depth for depth in depths if only is None or depth in only]
        return change.fresh_epochs(by.desk, wanted, at=at)

    def _opened_for(self, change: Change, by: Keyholder, entry: MemberEntry) -> Opened:
        desk, me = self.keyring.desk(entry.desk), self._entry(by)
        epochs = [
            epoch
            for epoch in change.epochs_of(entry.desk)
            if may_open(entry, epoch) and may_open(me, epoch) and not is_half(desk, epoch.depth)
        ]
        return change.opened(by.epochs, epochs)

    def _entry(self, by: Keyholder) -> MemberEntry:
        entry = self.keyring.member(by.staff_id)
        if entry is None:
            raise RosterRefused
        return entry


def due_depths(epochs: Collection[EpochEntry], at: datetime) -> set[str]:
    """Return the depths of a desk with *epochs* at which a new period is due.

    A clock that went back makes nothing due, unless a period claims to begin more than a period from now.
    """
    newest: dict[str, EpochEntry] = {}
    for epoch in sorted(epochs, key=lambda epoch: epoch.number):
        newest[epoch.depth] = epoch
    last = max((epoch.number for epoch in newest.values()), default=0)
    return {
        depth
        for depth, epoch in newest.items()
        if epoch.number < last or abs(at.date() - date.fromisoformat(epoch.begun)) >= PERIOD
    }


def _is_over(by: Keyholder, desk: str) -> bool:
    """Tell whether *by* takes people in and lets them go at *desk*."""
    return by.desk == desk and by.may(Right.STAFF if desk == HOUSE else Right.KEYS)


def _require_over(by: Keyholder, desk: str) -> None:
    if not _is_over(by, desk):
        raise Refused


def _require_any(by: Keyholder) -> None:
    _require_over(by, by.desk)


def _without(change: Change, by: Keyholder, member_id: str | None) -> tuple[MemberEntry, ...]:
    """Return the members but the one of *member_id*, who must be of the desk of *by*."""
    if member_id is None:
        return change.roster.members
    leaver = change.roster.member(member_id)
    if leaver is None or leaver.desk != by.desk:
        raise NotFound
    return tuple(member for member in change.roster.members if member != leaver)


def _hand(by: Keyholder) -> Hand:
    return Hand(by.staff_id, by.keys.signing)


def _write_down(session: Session, by: Keyholder, did: str, what: str, at: datetime) -> None:
    audit.record(session, at=at, who=by.staff_id, did=did, desk=by.desk, what=what)
