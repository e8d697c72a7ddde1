"""Invite someone, see who waits, and admit them: nobody comes in whom a colleague did not let in.

An invitation is a code of 66 bits, shown once, good for 72 hours and one enrolment. Whoever types it makes their own
keys (`joining`); the house never has their passphrase, nor their keys in the clear. Before a supervisor admits them,
both compare six words that follow from the public keys, so nobody in between can put keys of their own there.
Coming back after a lost passphrase is the same way: old keys are replaced, name and pseudonym stay.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select

from hotline import audit
from hotline.domain.staff import HOUSE, Right, Role
from hotline.errors import Conflict, Malformed, NotFound, Refused
from hotline.store import Session, Store, new_id
from hotline.vault.argon import Stretcher
from hotline.vault.codes import ReturnCode, mint
from hotline.vault.envelope import length_prefixed, new_secret
from hotline.vault.house import House
from hotline.vault.member import PASSPHRASE_COLUMNS, Candidate, folded, row_of
from hotline.vault.opening import Keyholder
from hotline.vault.recovery import CHECK_LENGTH
from hotline.vault.roster import MemberEntry
from hotline.vault.staff import StaffDoor
from hotline.vault.tables import candidates, members

VALID = timedelta(hours=72)
KEPT = timedelta(days=30)
"""So long an invitation that ended can still be told from one that never was."""

INVITED, BEGUN, WAITING = "invited", "begun", "waiting"
_LONGEST_NAME = 80
_LOOKUP_SALT = hashlib.sha256(b"hotline-invitation/1").digest()[:16]
# Whoever may take people in is appointed by the root alone (`chain`), so a stolen session makes no supervisor.
_OF_DESK = (Role.CASEWORKER, Role.INTERPRETER, Role.AUDITOR)
_OF_HOUSE = (Role.INVESTIGATOR, Role.AUDITOR)


class NameTaken(Conflict):
    default_message = "someone has this sign-in name already"


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is to be invited; *replaces* is the member as whom they come back, and then decides the rest."""

    username: str = ""
    name: str = ""
    pseudonym: str = ""
    role: str = ""
    half: str = ""
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A candidate as those see them who may admit them; *words* are empty until they made their keys."""

    id: str
    state: str
    username: str
    name: str
    pseudonym: str
    role: str
    half: str
    replaces: str
    expires_at: datetime
    words: str

    @property
    def shown(self) -> str:
        """What says in short all that a colleague admits by (SHA-256 in hexadecimal)."""
        names = (self.id, self.username, self.name, self.pseudonym, self.role, self.half)
        told = b"".join(map(length_prefixed, (*names, self.replaces, self.words)))
        return hashlib.sha256(told).hexdigest()


def roles_for(keyholder: Keyholder) -> tuple[Role, ...]:
    """Return the roles that someone may invite to their desk."""
    if keyholder.may(Right.KEYS):
        return _OF_DESK
    return _OF_HOUSE if keyholder.may(Right.STAFF) else ()


def desk_of(keyholder: Keyholder) -> str:
    """Return the desk whose people someone takes in and lets go.

    Raises:
        Refused: there is none.
    """
    if keyholder.may(Right.KEYS):
        return keyholder.desk
    if keyholder.may(Right.STAFF):
        return HOUSE
    raise Refused


def halves_for(door: StaffDoor, keyholder: Keyholder) -> tuple[str, ...]:
    """Return which halves of identities newcomers at the desk of *keyholder* may hold; "" where none are halved."""
    desk = desk_of(keyholder)
    return ("a", "b", "") if desk and door.keyring.desk(desk).four_eyes else ("",)


def fingerprint(member_id: str, public: bytes, verify_key: bytes) -> str:
    """Return the six words that two people compare: 66 bits of what the public keys are, and whose."""
    facts = b"hotline-fingerprint/1\0" + member_id.encode() + public + verify_key
    return ReturnCode(int.from_bytes(hashlib.sha256(facts).digest()[:9]) >> 6).words


def lookup_of_code(code: ReturnCode | None, *, door: StaffDoor, stretcher: Stretcher) -> bytes:
    """Return where the invitation of *code* is found; guessing costs as much as guessing a return code."""
    secret = new_secret() if code is None else code.number.to_bytes(32)
    return stretcher.stretch(secret, salt=_LOOKUP_SALT, cost=door.profile.code)


def invite(
    store: Store, door: StaffDoor, by: Keyholder, invitation: Invitation, *, at: datetime
) -> ReturnCode:
    """Keep an invitation to the desk of *by*, and return its code, which is shown this once.

    Raises:
        Refused: *by* may not invite anybody, or not to that role.
        Malformed: a name is missing, or there is no such role or half.
        NameTaken: someone has that name, or is invited under it.
        NotFound: whom they come back as is not of this desk.
    """
    desk = desk_of(by)
    facts = _facts(door, by, desk, invitation)
    code = mint()
    with door.seats.colleague(by.staff_id) as stretcher:
        lookup = lookup_of_code(code, door=door, stretcher=stretcher)
    candidate_id = new_id()
    row = {
        **facts,
        "id": candidate_id,
        "lookup": lookup,
        "state": INVITED,
        "desk": desk,
        "invited_by": by.staff_id,
        "expires_at": at + VALID,
    }

    def write(session: Session) -> None:
        _refuse_taken(session, facts["username"], facts["replaces"], at)
        session.execute(insert(candidates), row)
        what = facts["replaces"] or candidate_id
        audit.record(session, at=at, who=by.staff_id, did="invite", desk=desk, what=what)

    store.write(write)
    return code


def waiting(session: Session, by: Keyholder, *, at: datetime) -> list[Waiting]:
    """Return who is invited to the desk of *by* and not yet admitted.

    Raises:
        Refused: without the right to admit.
    """
    rows = candidates.c
    query = select(candidates).where(rows.desk == desk_of(by), rows.expires_at > at)
    found = session.execute(query.order_by(rows.expires_at.desc(), rows.id).limit(200))
    return [_waiting(row) for row in found]


def withdraw(session: Session, by: Keyholder, candidate_id: str, *, at: datetime) -> None:
    """Take an invitation back.

    Raises:
        NotFound: there is none at the desk of *by*.
    """
    rows, desk = candidates.c, desk_of(by)
    its = (rows.id == candidate_id) & (rows.desk == desk)
    if session.execute(delete(candidates).where(its)).rowcount != 1:
        raise NotFound
    audit.record(session, at=at, who=by.staff_id, did="withdraw", desk=desk, what=candidate_id)


def admit(
    store: Store, door: StaffDoor, by: Keyholder, candidate_id: str, *, shown: str, at: datetime
) -> None:
    """Let a candidate in; an earlier self of theirs is replaced.

    *shown* is what was seen when the words were compared: nobody is let in with other keys, or as somebody else.

    Raises:
        NotFound: nobody of that id waits at the desk of *by*.
        Conflict: they are not what was shown, or another change came first.
    """
    with store.read() as session:
        rows = candidates.c
        its = select(candidates).where(rows.id == candidate_id, rows.desk == desk_of(by))
        row = session.execute(its.where(rows.state == WAITING)).one_or_none()
    if row is None or at >= row.expires_at:
        raise NotFound
    if _waiting(row).shown != shown:
        raise Conflict

    def is_in(session: Session) -> None:
        its = delete(candidates).where(candidates.c.id == candidate_id)
        if session.execute(its).rowcount != 1:
            raise Conflict

    House(store, door.keyring, door.locks).admit(
        by, candidate_of(row), at=at, replaces=row.replaces or None, beside=is_in
    )


def candidate_of(row: Row[Any]) -> Candidate:
    """Return what the roster and the table of members are to hold of someone who waits."""
    member_id = member_id_of(row)
    entry = MemberEntry(
        id=member_id,
        username=row.username,
        name=row.name,
        pseudonym=row.pseudonym,
        desk=row.desk,
        role=Role(row.role),
        public=row.public,
        verify_key=row.verify_key,
        half=row.half,
    )
    sealed = {name: getattr(row, name) for name in PASSPHRASE_COLUMNS}
    return Candidate(entry, row_of(entry, sealed), _checks(row.recovery))


def member_id_of(row: Row[Any]) -> str:
    """Return the id that a candidate has, or had before, as a member."""
    return str(row.replaces or row.id)


def sweep_candidates(session: Session, *, at: datetime) -> None:
    """Delete invitations that ended long ago."""
    rows = candidates.c
    session.execute(delete(candidates).where(rows.expires_at <= at - KEPT))


def _facts(door: StaffDoor, by: Keyholder, desk: str, invitation: Invitation) -> dict[str, str]:
    """Return who is invited, as it stands in the table."""
    if invitation.replaces:
        former = door.keyring.member(invitation.replaces)
        if former is None or former.desk != desk or former.id == by.staff_id:
            raise NotFound
        names = ("username", "name", "pseudonym", "role", "half")
        return {"replaces": former.id, **{name: str(getattr(former, name)) for name in names}}
    facts = {
        "username": folded(invitation.username),
        "name": invitation.name.strip(),
        "pseudonym": invitation.pseudonym.strip(),
        "role": invitation.role,
        "half": invitation.half,
        "replaces": "",
    }
    named = (facts["username"], facts["name"], facts["pseudonym"])
    if not all(named) or max(map(len, named)) > _LONGEST_NAME:
        raise Malformed
    if facts["role"] not in roles_for(by) or facts["half"] not in halves_for(door, by):
        raise Malformed
    if facts["username"] in {member.username for member in door.keyring.members}:
        raise NameTaken
    return facts


def _refuse_taken(session: Session, username: str, replaces: str, at: datetime) -> None:
    """Do nothing unless the name is taken; someone who comes back may be invited again, which ends the earlier."""
    rows = candidates.c
    if replaces:
        session.execute(delete(candidates).where(rows.replaces == replaces))
    is_invited = select(rows.id).where(rows.username == username, rows.expires_at > at)
    is_member = select(members.c.id).where(members.c.username == username)
    is_member = is_member.where(members.c.id != replaces)
    for taken in (is_invited, is_member):
        if session.execute(taken.limit(1)).first() is not None:
            raise NameTaken


def _waiting(row: Row[Any]) -> Waiting:
    is_made = row.state == WAITING
    words = fingerprint(member_id_of(row), row.public, row.verify_key) if is_made else ""
    return Waiting(
        id=row.id,
        state=row.state,
        username=row.username,
        name=row.name,
        pseudonym=row.pseudonym,
        role=row.role,
        half=row.half,
        replaces=row.replaces,
        expires_at=row.expires_at,
        words=words,
    )


def _checks(joined: bytes) -> tuple[bytes, ...]:
    return tuple(joined[i : i + CHECK_LENGTH] for i in range(0, len(joined), CHECK_LENGTH))
