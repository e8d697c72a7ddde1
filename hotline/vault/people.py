"""What those who answer for people see of them, and do about their ways in: end sessions, block, let go.

A supervisor answers for their own desk, an administrator for everybody's sessions and for the members of the house.
Neither can do to themselves what would leave nobody to undo it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, update

from hotline import audit
from hotline.domain.staff import Right
from hotline.errors import NotFound, Refused
from hotline.store import Session, Store
from hotline.vault import sessions as own_sessions
from hotline.vault.house import House
from hotline.vault.opening import Keyholder
from hotline.vault.roster import MemberEntry
from hotline.vault.staff import StaffDoor
from hotline.vault.tables import members, sessions


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member as those see them who answer for them."""

    entry: MemberEntry
    sessions: int
    is_blocked: bool


def work_here() -> Select[tuple[str]]:
    """Return the query of the ids of those who work here, to stand inside another one."""
    return select(members.c.id).where(members.c.blocked.is_(False))


def colleagues(session: Session, door: StaffDoor, by: Keyholder) -> list[Colleague]:
    """Return whom *by* answers for, by desk and name.

    Raises:
        Refused: for nobody.
    """
    if not (by.may(Right.KEYS) or by.may(Right.STAFF)):
        raise Refused
    counted = select(sessions.c.member_id, func.count().label("number"))
    counted = counted.group_by(sessions.c.member_id)
    count = {row.member_id: row.number for row in session.execute(counted)}
    blocked = set(session.execute(select(members.c.id).where(members.c.blocked)).scalars())
    found = [entry for entry in door.keyring.members if _answers_for(by, entry)]
    return [
        Colleague(entry, count.get(entry.id, 0), entry.id in blocked)
        for entry in sorted(found, key=lambda entry: (entry.desk, entry.name.casefold()))
    ]


def end_all_sessions(
    store: Store, door: StaffDoor, by: Keyholder, member_id: str, *, at: datetime
) -> None:
    """Sign someone out everywhere.

    Raises:
        NotFound: it is nobody whom *by* answers for.
    """
    entry = _theirs(door, by, member_id)

    def write(session: Session) -> None:
        own_sessions.end_sessions(session, member_id)
        _write_down(session, by, "sessions_ended", entry, at)

    store.write(write)


def block(store: Store, door: StaffDoor, by: Keyholder, member_id: str, *, at: datetime) -> None:
    """Keep someone out from this moment, until they are unblocked; their keys stay what they are.

    Raises:
        Refused: without the right to people, or for oneself.
        NotFound: there is no such member.
    """
    _set_blocked(store, door, by, member_id, is_blocked=True, at=at)


def unblock(store: Store, door: StaffDoor, by: Keyholder, member_id: str, *, at: datetime) -> None:
    """Let someone sign in again; raises as `block` does."""
    _set_blocked(store, door, by, member_id, is_blocked=False, at=at)


def let_go(store: Store, door: StaffDoor, by: Keyholder, member_id: str, *, at: datetime) -> None:
    """End someone's membership, their sessions, and what the house knew their browsers by.

    Raises:
        NotFound: it is nobody of the desk of *by*.
        Refused: it is oneself.
    """
    entry = _theirs(door, by, member_id)
    if entry.desk != by.desk:
        raise NotFound
    House(store, door.keyring, door.locks).dismiss(by, member_id, at=at)


def _set_blocked(
    store: Store,
    door: StaffDoor,
    by: Keyholder,
    member_id: str,
    *,
    is_blocked: bool,
    at: datetime,
) -> None:
    by.require(Right.STAFF)
    entry = _theirs(door, by, member_id)
    if member_id == by.staff_id:
        raise Refused

    def write(session: Session) -> None:
        its = update(members).where(members.c.id == member_id)
        session.execute(its.values(blocked=is_blocked))
        if is_blocked:
            own_sessions.end_sessions(session, member_id)
        _write_down(session, by, "block" if is_blocked else "unblock", entry, at)

    store.write(write)


def _answers_for(by: Keyholder, entry: MemberEntry) -> bool:
    return by.may(Right.STAFF) or (by.may(Right.KEYS) and entry.desk == by.desk)


def _theirs(door: StaffDoor, by: Keyholder, member_id: str) -> MemberEntry:
    entry = door.keyring.member(member_id)
    if entry is None or not _answers_for(by, entry):
        raise NotFound
    return entry


def _write_down(
    session: Session, by: Keyholder, did: str, about: MemberEntry, at: datetime
) -> None:
    """Write a line that stands in the log of the desk it is about."""
    audit.record(session, at=at, who=by.staff_id, did=did, desk=about.desk, what=about.id)
