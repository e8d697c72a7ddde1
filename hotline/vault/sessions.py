"""Stay signed in for a while, and see where else one is.

Between two requests a member's keys lie only in a `sessions` row, sealed under a random secret that is in the
member's cookie and nowhere else; the row's id is the secret's digest. So neither the table nor the cookie alone
opens anything. The seal also holds whose session it is and when it began: a row that was moved to somebody else, or
made younger, opens no more.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update

from hotline.domain.report import hour
from hotline.errors import NotFound
from hotline.store import Session
from hotline.vault.envelope import Place, Purpose, SealBroken, derive, open_field, seal_field
from hotline.vault.member import MemberKeys
from hotline.vault.tables import devices, members, sessions

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
_TOUCH = timedelta(minutes=1)
_CLOCKS_DIFFER = timedelta(minutes=5)
"""So far the clocks of two machines of one house may be apart; a session from further ahead is none."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """A random secret as a browser keeps it; *use* keeps one kind of cookie from being taken for another."""

    text: str = field(repr=False)
    use: str = "session"

    @classmethod
    def fresh(cls, use: str = "session") -> "Cookie":
        return cls(secrets.token_urlsafe(32), use)

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self._raw).digest()

    @property
    def key(self) -> bytes:
        return derive(self._raw, self.use)

    @property
    def _raw(self) -> bytes:
        return self.text.encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One of somebody's sessions, as they see it: *begun_at* to the hour, *label* as they named the browser."""

    handle: str
    begun_at: datetime
    label: str
    device_id: str


def begin_session(
    session: Session, member_id: str, keys: MemberKeys, *, device_id: str, at: datetime
) -> Cookie:
    """Keep *keys* for a session of *member_id* and return its cookie."""
    cookie, begun_at = Cookie.fresh(), at.replace(microsecond=0)
    row = {
        "id": cookie.id,
        "member_id": member_id,
        "device_id": device_id,
        "keys_sealed": seal_field(cookie.key, keys.raw, _place(member_id, begun_at)),
        "begun_at": begun_at,
        "seen_at": at,
    }
    session.execute(insert(sessions), row)
    return cookie


def find_session(session: Session, cookie: Cookie) -> Row[Any] | None:
    """Return the row of *cookie* whose member is not blocked, with no word on whether it still stands."""
    is_theirs = members.c.id == sessions.c.member_id
    query = select(sessions).join(members, is_theirs)
    query = query.where(sessions.c.id == cookie.id, members.c.blocked.is_(False))
    return session.execute(query).one_or_none()


def stands(row: Row[Any], at: datetime) -> bool:
    """Tell whether a session goes on at *at*; one that was seen in the future does not."""
    ahead = max(row.begun_at, row.seen_at) - _CLOCKS_DIFFER
    return bool(ahead <= at < row.begun_at + ABSOLUTE and at < row.seen_at + IDLE)


def keys_of(row: Row[Any], cookie: Cookie) -> MemberKeys | None:
    """Return the keys in a session; None when they do not open for this cookie, this member and this beginning."""
    try:
        place = _place(row.member_id, row.begun_at)
        return MemberKeys(open_field(cookie.key, row.keys_sealed, place))
    except (SealBroken, OverflowError):
        return None


def is_to_be_touched(row: Row[Any], at: datetime) -> bool:
    return bool(at >= row.seen_at + _TOUCH)


def touch(session: Session, session_id: bytes, at: datetime) -> None:
    """Remember that the session was used."""
    session.execute(update(sessions).where(sessions.c.id == session_id).values(seen_at=at))


def sign_out(session: Session, cookie: str) -> str:
    """End the session of *cookie* and return whose it was; empty when there was none."""
    ended = delete(sessions).where(sessions.c.id == Cookie(cookie).id)
    return session.execute(ended.returning(sessions.c.member_id)).scalar_one_or_none() or ""


def sessions_of(session: Session, member_id: str, *, at: datetime) -> list[OwnSession]:
    """Return somebody's sessions that stand, newest first."""
    query = (
        select(sessions, devices.c.label)
        .outerjoin(devices, devices.c.id == sessions.c.device_id)
        .where(sessions.c.member_id == member_id)
        .order_by(sessions.c.begun_at.desc(), sessions.c.id)
        .limit(100)
    )
    return [
        OwnSession(handle_of(row.id), hour(row.begun_at), row.label or "", row.device_id)
        for row in session.execute(query)
        if stands(row, at)
    ]


def handle_of(session_id: bytes) -> str:
    """Return by what a form names a session: it finds the row and opens nothing."""
    return session_id.hex()


def device_of(session: Session, cookie: str) -> str:
    """Return the id of the browser whose session *cookie* opens; empty when there is no such session."""
    its = select(sessions.c.device_id).where(sessions.c.id == Cookie(cookie).id)
    return session.execute(its).scalar_one_or_none() or ""


def end_session(session: Session, member_id: str, handle: str) -> None:
    """End one session of somebody.

    Raises:
        NotFound: they have none of that handle.
    """
    try:
        session_id = bytes.fromhex(handle)
    except ValueError:
        raise NotFound from None
    mine = (sessions.c.id == session_id) & (sessions.c.member_id == member_id)
    if session.execute(delete(sessions).where(mine)).rowcount != 1:
        raise NotFound


def end_sessions(session: Session, member_id: str, *, but: str = "") -> int:
    """End all sessions of somebody, *but* the one of that cookie when given; return how many."""
    theirs = delete(sessions).where(sessions.c.member_id == member_id)
    if but:
        theirs = theirs.where(sessions.c.id != Cookie(but).id)
    return session.execute(theirs).rowcount


def sweep_ended(session: Session, *, at: datetime) -> None:
    """Delete sessions that do not stand any more."""
    rows = sessions.c
    over = or_(
        rows.seen_at <= at - IDLE,
        rows.begun_at <= at - ABSOLUTE,
        rows.seen_at > at + _CLOCKS_DIFFER,
        rows.begun_at > at + _CLOCKS_DIFFER,
    )
    session.execute(delete(sessions).where(over))


def _place(member_id: str, begun_at: datetime) -> Place:
    return Place(Purpose.SESSION, field=member_id, version=int(begun_at.timestamp()))
