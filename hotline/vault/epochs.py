"""Private halves of epochs: wrapped to each entitled member and to recovery, each wrap under the epoch's lock."""

from collections.abc import Iterable

from sqlalchemy import insert, select

from hotline.store import Session
from hotline.vault.envelope import (
    Place,
    Purpose,
    SealBroken,
    is_wrapped_to,
    unwrap_secret,
    wrap_info,
    wrap_secret,
)
from hotline.vault.keys import PrivateKey, PublicKey
from hotline.vault.locks import Locks
from hotline.vault.roster import MemberEntry
from hotline.vault.tables import epoch_wraps


class EpochKeys:
    """The epoch keys that one private key opens (a member's, or recovery's), each when first needed."""

    def __init__(self, owner_id: str, private: PrivateKey, locks: Locks) -> None:
        self._owner_id = owner_id
        self._private = private
        self._locks = locks
        self._opened: dict[str, PrivateKey] = {}

    def get(self, session: Session, epoch_id: str) -> PrivateKey:
        """Return the private half of an epoch.

        Raises:
            EpochClosed: its lock was destroyed.
            SealBroken: this owner has no wrap of it that opens.
        """
        key = self._opened.get(epoch_id)
        if key is None:
            key = self._opened[epoch_id] = self._open(session, epoch_id)
        return key

    def _open(self, session: Session, epoch_id: str) -> PrivateKey:
        rows = epoch_wraps.c
        sealed = session.execute(
            select(rows.wrap).where(rows.epoch_id == epoch_id, rows.member_id == self._owner_id)
        ).scalar_one_or_none()
        if sealed is None:
            raise SealBroken
        wrap = self._locks.open(sealed, epoch_id=epoch_id, member_id=self._owner_id)
        info = _info(epoch_id, self._owner_id)
        return PrivateKey(unwrap_secret(wrap, self._private, info=info))


def wrap_epoch(
    session: Session,
    epoch: PrivateKey,
    *,
    epoch_id: str,
    owner_id: str,
    owner: PublicKey,
    locks: Locks,
) -> None:
    """Let *owner* open the epoch from now on."""
    wrap = wrap_secret(epoch.seed, owner, info=_info(epoch_id, owner_id))
    sealed = locks.seal(wrap, epoch_id=epoch_id, member_id=owner_id)
    row = {"epoch_id": epoch_id, "member_id": owner_id, "wrap": sealed}
    session.execute(insert(epoch_wraps), row)


def holders(
    session: Session, epoch_id: str, members: Iterable[MemberEntry], locks: Locks
) -> frozenset[str]:
    """Return the ids of those of *members* who hold an epoch's key.

    A row alone proves nothing: the wrap must lie under the epoch's lock, which no database holds, and be to the
    very key that the roster names.
    """
    rows = epoch_wraps.c
    query = select(rows.member_id, rows.wrap).where(rows.epoch_id == epoch_id)
    sealed = {row.member_id: row.wrap for row in session.execute(query)}
    return frozenset(m.id for m in members if _holds(m, sealed.get(m.id), epoch_id, locks))


def _holds(member: MemberEntry, sealed: bytes | None, epoch_id: str, locks: Locks) -> bool:
    try:
        wrap = locks.open(sealed or b"", epoch_id=epoch_id, member_id=member.id)
    except SealBroken:
        return False
    return is_wrapped_to(wrap, PublicKey(member.public))


def _info(epoch_id: str, owner_id: str) -> bytes:
    return wrap_info(Place(Purpose.EPOCH_KEY, field=owner_id), epoch_id)
