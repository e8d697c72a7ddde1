"""Found a house: its root, recovery key, desks, first members. Done once, with the offline halves carried away.

The private halves of root and recovery are returned and never written: whoever runs the ceremony takes them off
the machine.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert, select

from hotline import audit
from hotline.errors import Conflict, HotlineError, Misconfigured
from hotline.store import Session, Store
from hotline.vault.argon import Profile, Stretcher
from hotline.vault.chain import is_sound, may_sign
from hotline.vault.change import NewEpoch, keep_delegation, keep_roster, wrap_to_entitled
from hotline.vault.depths import depths_of
from hotline.vault.keyfiles import write_private
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.keys import SEED_LENGTH, PrivateKey, PublicKey
from hotline.vault.locks import Locks
from hotline.vault.logkey import LogKey
from hotline.vault.member import Enrolment, NewMember, enrol
from hotline.vault.pin import Mark, Marks, Pin
from hotline.vault.relay import RelayKey
from hotline.vault.reporters import SALT_LENGTH
from hotline.vault.roster import (
    HOUSE_DESK,
    ROOT,
    Delegation,
    DeskEntry,
    MemberEntry,
    Roster,
    Signed,
    Signer,
    sign_delegation,
    sign_roster,
)
from hotline.vault.tables import members as member_rows
from hotline.vault.tables import rosters
from hotline.vault.totp import totp_text


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a new member is told once: *totp_secret* for their authenticator app, in base32."""

    member_id: str
    username: str
    totp_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Founding:
    """What leaves the machine: 32 bytes of the root's Ed25519 key, 32 of the recovery key, the members' secrets.

    *recovery_seed* is empty when the recovery key was made elsewhere and never was on this machine.
    """

    root_private: bytes = field(repr=False)
    recovery_seed: bytes = field(repr=False)
    staff: tuple[Enrolled, ...]


def found(
    store: Store,
    *,
    directory: Path,
    desks: Sequence[DeskEntry | str],
    members: Sequence[NewMember],
    at: datetime,
    profile: Profile,
    root_private: bytes = b"",
    recovery_public: bytes = b"",
) -> Founding:
    """Make the keys of a new house, write the public ones to *directory* and the sealed ones to *store*.

    *root_private* and *recovery_public* come from a ceremony held offline before; without them both keys are made here.

    Raises:
        Conflict: there is a house already, in the folder or in the database.
        Misconfigured: the members have no place at these desks, or share a name.
    """
    folder = KeyFolder(directory)
    if folder.root_public_path.exists():
        raise Conflict
    root = Ed25519PrivateKey.from_private_bytes(root_private or secrets.token_bytes(32))
    recovery_seed = b"" if recovery_public else secrets.token_bytes(SEED_LENGTH)
    recovery = PublicKey(recovery_public) if recovery_public else PrivateKey(recovery_seed).public
    enrolments = _enrol_all(members, profile)
    entries = tuple(enrolment.entry for enrolment in enrolments)
    named = tuple(DeskEntry(desk) if isinstance(desk, str) else desk for desk in desks)
    epochs = [fresh for desk in (HOUSE_DESK, *named) for fresh in first_epochs(desk, at=at)]
    first = Roster(1, named, tuple(epoch.entry for epoch in epochs), entries, recovery.raw)
    delegation, roster = _sign_first(first, root)
    locks = Locks(folder.locks)

    def write(session: Session) -> None:
        keep_first(session, delegation, roster)
        session.execute(insert(member_rows), [enrolment.row for enrolment in enrolments])
        for epoch in epochs:
            wrap_to_entitled(session, epoch, entries, recovery=recovery, locks=locks)
        audit.record(session, at=at, who=ROOT, did="found")

    with _locked(epochs, locks):
        store.write(write)
    _write_files(folder, root, delegation, roster)
    staff = tuple(map(enrolled, enrolments))
    return Founding(root.private_bytes_raw(), recovery_seed, staff)


def _enrol_all(members: Sequence[NewMember], profile: Profile) -> list[Enrolment]:
    stretcher = Stretcher()
    return [enrol(new, cost=profile.staff, stretcher=stretcher) for new in members]


@contextmanager
def _locked(epochs: Sequence[NewEpoch], locks: Locks) -> Iterator[None]:
    """Make the locks of *epochs*, and leave none behind when they are not kept."""
    for epoch in epochs:
        locks.create(epoch.entry.id)
    try:
        yield
    except HotlineError:
        for epoch in epochs:
            locks.destroy(epoch.entry.id)
        raise
    for epoch in epochs:
        locks.keep(epoch.entry.id)


def _sign_first(roster: Roster, root: Ed25519PrivateKey) -> tuple[Signed, Signed]:
    """Appoint whoever may sign, and sign the first roster."""
    if not is_sound(roster):
        raise Misconfigured("the members do not fit the desks, or two have one name")
    delegation = Delegation(roster.delegation, signers_of(roster.members))
    return sign_delegation(delegation, root=root), sign_roster(roster, signer=ROOT, key=root)


def first_epochs(desk: DeskEntry, *, at: datetime) -> list[NewEpoch]:
    """Return the first epoch of *desk* at each of its depths."""
    return [NewEpoch.fresh(desk.name, depth, 1, at=at) for depth in depths_of(desk)]


def signers_of(members: Sequence[MemberEntry]) -> tuple[Signer, ...]:
    """Return those of *members* whom the root lets sign: supervisors each for their desk, administrators for the house."""
    return tuple(Signer(m.id, m.verify_key, m.desk) for m in members if may_sign(m))


def keep_first(session: Session, delegation: Signed, roster: Signed) -> None:
    """Keep the first two documents of a house.

    Raises:
        Conflict: the database holds a roster already.
    """
    if session.execute(select(rosters.c.number).limit(1)).first() is not None:
        raise Conflict
    keep_delegation(session, delegation)
    keep_roster(session, roster)


def enrolled(enrolment: Enrolment) -> Enrolled:
    entry = enrolment.entry
    return Enrolled(entry.id, entry.username, totp_text(enrolment.totp_secret))


def _write_files(
    folder: KeyFolder, root: Ed25519PrivateKey, delegation: Signed, roster: Signed
) -> None:
    """Write what a running house reads; the root's public half last, because it says that all is there."""
    RelayKey.create(folder.relay_private, folder.relay_public)
    LogKey.create(folder.log_private, folder.log_public)
    for salt in (folder.code_salt, folder.link_salt):
        write_private(salt, secrets.token_bytes(SALT_LENGTH))
    marks = Marks(Mark(delegation.number, delegation.digest), Mark(roster.number, roster.digest))
    Pin(folder.pin).set(marks)
    write_private(folder.root_public_path, root.public_key().public_bytes_raw())
