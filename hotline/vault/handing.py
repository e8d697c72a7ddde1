"""Hand on keys to colleagues who are entitled to them and lack them: the roster says who, a holder does it.

Someone whom the root made a supervisor, or an auditor whom an administrator admitted, is entitled to keys that the
root and the administrator do not hold. Whoever holds them gives them on when they next come in. Keys that a member
is not entitled to, or no more, are taken back in the same way.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from hotline import audit
from hotline.store import Session
from hotline.vault.change import Change
from hotline.vault.depths import is_half, may_open
from hotline.vault.epochs import wrap_epoch
from hotline.vault.keys import PublicKey
from hotline.vault.opening import Keyholder
from hotline.vault.roster import DeskEntry, EpochEntry, MemberEntry
from hotline.vault.tables import epoch_wraps

Lack = tuple[EpochEntry, MemberEntry]


def lacking(session: Session, change: Change, by: Keyholder) -> list[Lack]:
    """Return which keys that *by* holds are lacked by which entitled colleagues, halves of identities among them."""
    rows = epoch_wraps.c
    epochs = {epoch.id: epoch for epoch in change.epochs_of(by.desk)}
    query = select(rows.epoch_id, rows.member_id).where(rows.epoch_id.in_(list(epochs)))
    given = {(epoch_id, member_id) for epoch_id, member_id in session.execute(query)}
    mine = [epoch for epoch in epochs.values() if (epoch.id, by.staff_id) in given]
    return [
        (epoch, member)
        for epoch in mine
        for member in change.roster.members
        if may_open(member, epoch) and (epoch.id, member.id) not in given
    ]


def without_half(session: Session, change: Change, by: Keyholder) -> list[MemberEntry]:
    """Return the colleagues who are entitled to the half of identities that *by* holds, and lack keys of it."""
    desk = _desk(change, by)
    lacks = lacking(session, change, by)
    found = {member.id: member for epoch, member in lacks if is_half(desk, epoch.depth)}
    return sorted(found.values(), key=lambda member: member.name)


def hand_on(change: Change, by: Keyholder, *, at: datetime, half_to: str = "") -> int:
    """Give colleagues the keys that they lack, and return how many; halves of identities only to *half_to*.

    Raises:
        Conflict: a colleague did it at this very moment, or who works here has changed.
    """
    desk = _desk(change, by)
    with change.store.read() as session:
        lacks = [
            (epoch, member)
            for epoch, member in lacking(session, change, by)
            if member.id == half_to or not (half_to or is_half(desk, epoch.depth))
        ]
    opened = dict(change.opened(by.epochs, [epoch for epoch, _ in lacks]))
    given = [(epoch, member) for epoch, member in lacks if epoch.id in opened]

    def write(session: Session) -> None:
        # To nobody who was let go meanwhile, nor to keys that ended.
        change.require_newest(session)
        for epoch, member in given:
            wrap_epoch(
                session,
                opened[epoch.id],
                epoch_id=epoch.id,
                owner_id=member.id,
                owner=PublicKey(member.public),
                locks=change.locks,
            )
        _write_down(session, by, given, at)

    if given:
        change.store.write(write)
    return len(given)


def surplus(session: Session, change: Change, desk: str) -> list[Lack]:
    """Return which keys of *desk* lie with members whose role or place does not entitle them, as since a role narrowed."""
    rows = epoch_wraps.c
    epochs = {epoch.id: epoch for epoch in change.epochs_of(desk)}
    members = {member.id: member for member in change.roster.members}
    query = select(rows.epoch_id, rows.member_id).where(
        rows.epoch_id.in_(list(epochs)), rows.member_id.in_(list(members))
    )
    held = [(epochs[row.epoch_id], members[row.member_id]) for row in session.execute(query)]
    return [(epoch, member) for epoch, member in held if not may_open(member, epoch)]


def take_back(session: Session, by: Keyholder, keys: Sequence[Lack], *, at: datetime) -> None:
    """Delete *keys* that somebody is not entitled to."""
    rows = epoch_wraps.c
    for epoch, member in keys:
        its = (rows.epoch_id == epoch.id, rows.member_id == member.id)
        session.execute(delete(epoch_wraps).where(*its))
    _write_down(session, by, keys, at, did="take back keys")


def _desk(change: Change, by: Keyholder) -> DeskEntry:
    return change.roster.desk(by.desk)


def _write_down(
    session: Session,
    by: Keyholder,
    given: Sequence[Lack],
    at: datetime,
    did: str = "hand on keys",
) -> None:
    for member_id in sorted({member.id for _, member in given}):
        audit.record(session, at=at, who=by.staff_id, did=did, desk=by.desk, what=member_id)
