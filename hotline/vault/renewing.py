"""Hand key periods on to the papers in force: where papers were replaced, the new ones open nothing old by themselves.

The root names the new recovery key, and holds no key period that it could hand on. Who holds one does: a member when
they next come in, or whoever still has the old papers. The new wrap takes the place of the old one, so that from then
on the database holds nothing of that period for the old papers.
"""

from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime

from sqlalchemy import delete, select

from hotline import audit
from hotline.errors import Conflict
from hotline.store import Session
from hotline.vault.change import Change, Opened
from hotline.vault.envelope import SealBroken, is_wrapped_to
from hotline.vault.epochs import EpochKeys, wrap_epoch
from hotline.vault.keys import PublicKey
from hotline.vault.locks import EpochClosed, Locks
from hotline.vault.roster import RECOVERY, EpochEntry
from hotline.vault.tables import epoch_wraps


def not_on_paper(
    session: Session, epochs: Iterable[EpochEntry], *, recovery: bytes, locks: Locks
) -> list[EpochEntry]:
    """Return those of *epochs* that are open, and not to the papers of *recovery* (the public half)."""
    rows, public = epoch_wraps.c, PublicKey(recovery)
    query = select(rows.epoch_id, rows.wrap).where(rows.member_id == RECOVERY)
    sealed = {row.epoch_id: row.wrap for row in session.execute(query)}
    return [
        epoch
        for epoch in epochs
        if locks.is_open(epoch.id)
        and not _opens(public, sealed.get(epoch.id, b""), epoch.id, locks)
    ]


def hand_to_papers(
    change: Change, keys: EpochKeys, epochs: Iterable[EpochEntry], *, who: str, at: datetime
) -> int:
    """Let the papers in force open what *keys* opens of *epochs* and they do not, and return how many that were.

    Raises:
        Conflict: a colleague did it at this very moment, or the papers were replaced once more.
    """
    recovery = change.roster.recovery
    with change.store.read() as session:
        lacking = not_on_paper(session, epochs, recovery=recovery, locks=change.locks)
    waiting = {epoch.id: epoch for epoch in lacking}
    opened = [
        (epoch_id, private)
        for epoch_id, private in change.opened(keys, lacking)
        # One that somebody put there must not take the place of what the old papers still open.
        if private.public.raw == waiting[epoch_id].public
    ]

    def write(session: Session) -> None:
        if not change.keyring.is_newest(session):
            raise Conflict
        _replace(session, opened, PublicKey(recovery), change.locks)
        _write_down(session, {waiting[epoch_id].desk for epoch_id, _ in opened}, who, at)

    if opened:
        change.store.write(write)
    return len(opened)


def _opens(public: PublicKey, sealed: bytes, epoch_id: str, locks: Locks) -> bool:
    try:
        wrap = locks.open(sealed, epoch_id=epoch_id, member_id=RECOVERY)
    except SealBroken:
        return False
    return is_wrapped_to(wrap, public)


def _replace(session: Session, opened: Opened, owner: PublicKey, locks: Locks) -> None:
    rows = epoch_wraps.c
    for epoch_id, private in opened:
        session.execute(
            delete(epoch_wraps).where(rows.epoch_id == epoch_id, rows.member_id == RECOVERY)
        )
        # Closed at this very moment: then nobody is to open it any more.
        with suppress(EpochClosed):
            wrap_epoch(
                session, private, epoch_id=epoch_id, owner_id=RECOVERY, owner=owner, locks=locks
            )


def _write_down(session: Session, desks: Collection[str], who: str, at: datetime) -> None:
    for desk in sorted(desks):
        audit.record(session, at=at, who=who, did="hand on keys", desk=desk, what=RECOVERY)
