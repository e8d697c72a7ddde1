"""Found a house: its root, recovery key, desks, first members. Done once, with the offline halves carried away.

The private halves of root and recovery are returned and never written: whoever runs the ceremony takes them off
the machine.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert, select

from hotline import audit
from hotline.domain.report import day
from hotline.domain.staff import RIGHTS, Right
from hotline.errors import Conflict
from hotline.store import Session, Store, new_id
from hotline.vault.argon import Profile, Stretcher
from hotline.vault.epochs import wrap_epoch
from hotline.vault.keyfiles import write_private
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.keyring import CONTACT, DEPTHS, DESK, IDENTITY
from hotline.vault.keys import PrivateKey, PublicKey
from hotline.vault.locks import Locks
from hotline.vault.member import Enrolment, NewMember, enrol
from hotline.vault.pin import Pin
from hotline.vault.relay import RelayKey
from hotline.vault.reporters import SALT_LENGTH
from hotline.vault.roster import (
    RECOVERY,
    ROOT,
    Delegation,
    EpochEntry,
    MemberEntry,
    Roster,
    Signed,
    sign_delegation,
    sign_roster,
)
from hotline.vault.tables import delegations, rosters
from hotline.vault.tables import members as member_rows
from hotline.vault.totp import totp_text

_RIGHT_TO_OPEN = {DESK: Right.READ, IDENTITY: Right.REVEAL, CONTACT: Right.REPLY}


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a new member is told once: *totp_secret* for their authenticator app, in base32."""

    member_id: str
    username: str
    totp_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Founding:
    """What leaves the machine: 32 bytes of the root's Ed25519 key, 32 of the recovery key, the members' secrets."""

    root_private: bytes = field(repr=False)
    recovery_seed: bytes = field(repr=False)
    staff: tuple[Enrolled, ...]


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


def found(
    store: Store,
    *,
    directory: Path,
    desks: Sequence[str],
    members: Sequence[NewMember],
    at: datetime,
    profile: Profile,
) -> Founding:
    """Make the keys of a new house, write the public ones to *directory* and the sealed ones to *store*.

    Raises:
        Conflict: there is a house already, in the folder or in the database.
    """
    folder = KeyFolder(directory)
    if folder.root_public_path.exists():
        raise Conflict
    stretcher = Stretcher()
    root, recovery = Ed25519PrivateKey.generate(), PrivateKey.fresh()
    enrolments = [enrol(new, cost=profile.staff, stretcher=stretcher) for new in members]
    epochs = [NewEpoch.fresh(desk, depth, 1, at=at) for desk in desks for depth in DEPTHS]
    delegation, roster = _first_documents(root, recovery.public, enrolments, epochs)
    entries = tuple(enrolment.entry for enrolment in enrolments)
    locks = Locks(folder.locks)
    for epoch in epochs:
        locks.create(epoch.entry.id)

    def write(session: Session) -> None:
        keep_documents(session, delegation, roster)
        session.execute(insert(member_rows), [enrolment.row for enrolment in enrolments])
        for epoch in epochs:
            wrap_to_entitled(session, epoch, entries, recovery=recovery.public, locks=locks)
        audit.record(session, at=at, who=ROOT, did="found")

    store.write(write)
    _write_files(folder, root, delegation, roster)
    staff = tuple(enrolled(enrolment) for enrolment in enrolments)
    return Founding(root.private_bytes_raw(), recovery.seed, staff)


def keep_documents(session: Session, delegation: Signed, roster: Signed) -> None:
    """Keep the first two documents of a house.

    Raises:
        Conflict: the database holds a roster already.
    """
    if session.execute(select(rosters.c.number).limit(1)).first() is not None:
        raise Conflict
    row = {name: getattr(delegation, name) for name in ("number", "body", "signature")}
    session.execute(insert(delegations), row)
    keep_roster(session, roster)


def keep_roster(session: Session, roster: Signed) -> None:
    session.execute(insert(rosters), {name: getattr(roster, name) for name in roster.__slots__})


def may_open(member: MemberEntry, epoch: EpochEntry) -> bool:
    """Tell whether *member*'s desk and role entitle them to an epoch's key."""
    return member.desk == epoch.desk and _RIGHT_TO_OPEN[epoch.depth] in RIGHTS[member.role]


def wrap_to_entitled(
    session: Session,
    epoch: NewEpoch,
    members: Sequence[MemberEntry],
    *,
    recovery: PublicKey,
    locks: Locks,
) -> None:
    """Wrap a new epoch to recovery and to each of *members* who may open it."""
    owners = [(RECOVERY, recovery)]
    owners += [(m.id, PublicKey(m.public)) for m in members if may_open(m, epoch.entry)]
    for owner_id, owner in owners:
        wrap_epoch(
            session,
            epoch.private,
            epoch_id=epoch.entry.id,
            owner_id=owner_id,
            owner=owner,
            locks=locks,
        )


def enrolled(enrolment: Enrolment) -> Enrolled:
    entry = enrolment.entry
    return Enrolled(entry.id, entry.username, totp_text(enrolment.totp_secret))


def _first_documents(
    root: Ed25519PrivateKey,
    recovery: PublicKey,
    enrolments: Sequence[Enrolment],
    epochs: Sequence[NewEpoch],
) -> tuple[Signed, Signed]:
    """Appoint the supervisors, and let the first of them sign the roster (the root where there is none)."""
    supervisors = [e for e in enrolments if Right.KEYS in RIGHTS[e.entry.role]]
    signers = tuple((e.entry.id, e.entry.verify_key) for e in supervisors)
    entries = tuple(enrolment.entry for enrolment in enrolments)
    roster = Roster(1, tuple(epoch.entry for epoch in epochs), entries, recovery.raw)
    delegation = sign_delegation(Delegation(1, signers), root=root)
    if not supervisors:
        return delegation, sign_roster(roster, signer=ROOT, key=root)
    first = supervisors[0]
    return delegation, sign_roster(roster, signer=first.entry.id, key=first.keys.signing)


def _write_files(
    folder: KeyFolder, root: Ed25519PrivateKey, delegation: Signed, roster: Signed
) -> None:
    """Write what a running house reads; the root's public half last, because it says that all is there."""
    RelayKey.create(folder.relay_private, folder.relay_public)
    write_private(folder.code_salt, secrets.token_bytes(SALT_LENGTH))
    Pin(folder.pin).begin(delegation, roster)
    write_private(folder.root_public_path, root.public_key().public_bytes_raw())
