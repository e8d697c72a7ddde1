"""What only the offline root can do: new desks, the power to sign, new papers, the way back when all keepers are gone.

Each is one roster that the root signs; where it gives the power to sign, with a new delegation that comes into
force by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hotline import audit
from hotline.domain.staff import HOUSE, Role
from hotline.errors import Conflict, Malformed, Misconfigured, NotFound
from hotline.store import Session, Store
from hotline.vault.argon import Profile, Stretcher
from hotline.vault.ceremony import Enrolled, enrolled, first_epochs, signers_of
from hotline.vault.chain import Link, is_sound, may_sign, still_signs
from hotline.vault.change import Change, Hand, keep_member
from hotline.vault.depths import SECOND_HALF, depths_of, may_open
from hotline.vault.epochs import EpochKeys
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PrivateKey, PublicKey
from hotline.vault.locks import Locks
from hotline.vault.member import Enrolment, NewMember, enrol, folded
from hotline.vault.renewing import hand_to_papers
from hotline.vault.roster import (
    RECOVERY,
    ROOT,
    Delegation,
    DeskEntry,
    EpochEntry,
    MemberEntry,
    Roster,
    Signed,
    sign_delegation,
)

_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Recovered:
    """Who came in, and how many key periods of the desk opened.

    Of the others some were *closed* for good before, and *waiting* ones nobody had handed on to these papers.
    """

    staff: tuple[Enrolled, ...]
    opened: int
    closed: int
    waiting: int


class Root:
    """The offline root at work on a house, for as long as its key is on this machine."""

    def __init__(
        self, store: Store, keyring: Keyring, locks: Locks, *, private: bytes, profile: Profile
    ) -> None:
        self._store = store
        self._keyring = keyring
        self._locks = locks
        self._key = _root_key(private)
        self._profile = profile
        if self._key.public_key().public_bytes_raw() != keyring.root_public:
            raise Misconfigured("this root key is that of another house")

    def open_desk(
        self, desk: DeskEntry, members: Sequence[NewMember], *, at: datetime
    ) -> tuple[Enrolled, ...]:
        """Make a desk with its first members and keys; its supervisors may sign from now on.

        Raises:
            Conflict: there is a desk of that name, or a member of one of these names.
            Misconfigured: somebody's role is none of a desk, or there is no supervisor among them.
        """
        change = self._change()
        if not 0 < len(desk.name.strip()) <= _LONGEST_NAME:
            raise Misconfigured("a desk has a name of 1 to 40 characters")
        if desk.name in {d.name for d in change.roster.desks}:
            raise Conflict("there is a desk of that name already")
        enrolments = self._enrol(change, members)
        entries = tuple(enrolment.entry for enrolment in enrolments)
        halves = {entry.half == SECOND_HALF for entry in entries if may_sign(entry)}
        if len(halves) < (2 if desk.four_eyes else 1):
            raise Misconfigured("a desk needs a supervisor; one with four eyes, one of each half")
        roster = replace(
            change.roster,
            desks=(*change.roster.desks, desk),
            members=(*change.roster.members, *entries),
        )
        fresh = first_epochs(desk, at=at)
        _refuse_unsound(roster, [epoch.entry for epoch in fresh])

        def write(session: Session) -> None:
            for enrolment in enrolments:
                keep_member(session, enrolment.candidate, (), self._locks)
            _write_down(session, "open desk", desk.name, "", at)

        delegation = self._delegate(change.link, entries)
        roster = replace(roster, delegation=delegation.number)
        change.keep(roster, self._hand, write, fresh=fresh, delegation=delegation)
        return tuple(enrolled(enrolment) for enrolment in enrolments)

    def appoint(self, username: str, *, at: datetime) -> tuple[MemberEntry, ...]:
        """Make a member a supervisor of their desk (an administrator, at the house); return all who may sign.

        Raises:
            NotFound: there is nobody of that name.
        """
        change = self._change()
        name = folded(username)
        member = next((m for m in change.roster.members if m.username == name), None)
        if member is None:
            raise NotFound("nobody has that name")
        role = Role.ADMINISTRATOR if member.desk == HOUSE else Role.SUPERVISOR
        risen = replace(member, role=role)
        members = tuple(risen if m.id == member.id else m for m in change.roster.members)
        delegation = self._delegate(change.link, (risen,))
        roster = replace(change.roster, members=members, delegation=delegation.number)

        def write(session: Session) -> None:
            _write_down(session, "appoint", member.desk, member.id, at)

        change.keep(roster, self._hand, write, delegation=delegation)
        signers = {signer.member_id for signer in self._keyring.link.delegation.signers}
        return tuple(m for m in self._keyring.members if m.id in signers)

    def recover(
        self,
        desk_name: str,
        members: Sequence[NewMember],
        *,
        recovery: PrivateKey,
        at: datetime,
    ) -> Recovered:
        """Let new supervisors in where nobody is left who opens anything: what the papers open goes to them.

        New key periods begin as well. Who was a member stays one until a supervisor dismisses them.

        Raises:
            NotFound: there is no such desk.
            Conflict: one of the names is taken.
            Misconfigured: *recovery* is another house's, or somebody is no supervisor.
        """
        change = self._change()
        desk = self._keyring.desk(desk_name)
        if recovery.public.raw != change.roster.recovery:
            raise Misconfigured("this recovery key is that of another house")
        enrolments = self._enrol(change, members)
        entries = _supervisors(enrolments, desk_name)
        epochs = change.epochs_of(desk_name)
        opened = change.opened(EpochKeys(RECOVERY, recovery, self._locks), epochs)
        delegation = self._delegate(change.link, entries)
        everybody = (*change.roster.members, *entries)
        roster = replace(change.roster, members=everybody, delegation=delegation.number)
        _refuse_unsound(roster, ())
        by_id = {epoch.id: epoch for epoch in epochs}

        def write(session: Session) -> None:
            for enrolment in enrolments:
                theirs = [(i, key) for i, key in opened if may_open(enrolment.entry, by_id[i])]
                keep_member(session, enrolment.candidate, theirs, self._locks)
                _write_down(session, "recover", desk_name, enrolment.entry.id, at)

        fresh = change.fresh_epochs(desk_name, depths_of(desk), at=at)
        change.keep(roster, self._hand, write, fresh=fresh, delegation=delegation)
        shut = by_id.keys() - {epoch_id for epoch_id, _ in opened}
        waiting = sum(self._locks.is_open(epoch_id) for epoch_id in shut)
        staff = tuple(map(enrolled, enrolments))
        return Recovered(staff, len(opened), len(shut) - waiting, waiting)

    def renew_papers(self, recovery: PublicKey, *, at: datetime) -> None:
        """Name another recovery key, for which there are papers, and begin new key periods everywhere.

        What is told from now on the old papers do not open; what was told before the new ones open as far as its
        key periods are handed on. Nothing is done where the house names this key already.

        Raises:
            Conflict: another change came first, or the key is one that was replaced.
        """
        change = self._change()
        if change.roster.recovery == recovery.raw:
            return
        if recovery.raw in self._keyring.recoveries():
            raise Conflict("these papers were replaced by others; make new ones in an empty folder")

        def write(session: Session) -> None:
            _write_down(session, "renew papers", HOUSE, recovery.id.hex(), at)

        fresh = [
            epoch
            for desk in (self._keyring.desk(HOUSE), *change.roster.desks)
            for epoch in change.fresh_epochs(desk.name, depths_of(desk), at=at)
        ]
        change.keep(replace(change.roster, recovery=recovery.raw), self._hand, write, fresh=fresh)

    def hand_on(self, old: PrivateKey, *, at: datetime) -> int:
        """Hand on to the papers in force what the *old* ones open, and return how many key periods that were.

        Raises:
            Conflict: someone else did it at this very moment.
        """
        change, keys = self._change(), EpochKeys(RECOVERY, old, self._locks)
        return hand_to_papers(change, keys, change.roster.epochs, who=ROOT, at=at)

    @property
    def _hand(self) -> Hand:
        return Hand(ROOT, self._key)

    def _change(self) -> Change:
        self._keyring.refresh()
        return Change(self._store, self._keyring, self._locks, self._keyring.link)

    def _enrol(self, change: Change, members: Sequence[NewMember]) -> list[Enrolment]:
        taken = {member.username for member in change.roster.members}
        if taken & {folded(new.username) for new in members}:
            raise Conflict("someone has that name already")
        stretcher = Stretcher()
        return [enrol(new, cost=self._profile.staff, stretcher=stretcher) for new in members]

    def _delegate(self, link: Link, entries: Sequence[MemberEntry]) -> Signed:
        """Sign the next delegation: whoever signs now and still is who they were, and those of *entries* who may."""
        named = {entry.id for entry in entries}
        stay = [
            signer
            for signer in link.delegation.signers
            if signer.member_id not in named and still_signs(signer, link.roster)
        ]
        delegation = Delegation(link.roster.delegation + 1, (*stay, *signers_of(entries)))
        return sign_delegation(delegation, root=self._key)


def _supervisors(enrolments: Sequence[Enrolment], desk: str) -> tuple[MemberEntry, ...]:
    entries = tuple(enrolment.entry for enrolment in enrolments)
    if not entries or not all(may_sign(entry) and entry.desk == desk for entry in entries):
        raise Misconfigured("who comes in by the papers must be a supervisor of that desk")
    return entries


def _refuse_unsound(roster: Roster, fresh: Sequence[EpochEntry]) -> None:
    if not is_sound(replace(roster, epochs=(*roster.epochs, *fresh))):
        raise Misconfigured("the members do not fit the desk, or two have one name")


def _root_key(private: bytes) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(private)
    except ValueError:
        raise Malformed("this is no root key") from None


def _write_down(session: Session, did: str, desk: str, what: str, at: datetime) -> None:
    audit.record(session, at=at, who=ROOT, did=did, desk=desk, what=what)
