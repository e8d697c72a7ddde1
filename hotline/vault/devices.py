"""Browsers from which somebody signed in before, and the notice that they did from a new one.

A browser keeps 32 random bytes for a year; the table keeps their digest and whose they are. Known browsers have
seats of their own at the door (`seats`), so nobody is locked out of their own desk by strangers who guess at
their name. Nothing is kept that tells one make of browser from another: a label is what its owner chose.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from hotline.domain.report import day, hour
from hotline.errors import Malformed, NotFound
from hotline.store import Session, new_id
from hotline.vault.sessions import Cookie, device_of
from hotline.vault.tables import devices, notices, sessions

LABELS = ("", "desk", "laptop", "tablet", "phone", "shared")
KEPT = timedelta(days=365)
_MOST = 10
_NOTICE_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Device:
    """A browser of a member: *since* when it is known, and the day on which it last signed in."""

    id: str
    label: str
    since: datetime
    seen_day: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a member should hear: that a *kind* of thing happened, about the hour *at*.

    It may be settled at the browser that is asking only if *is_settleable*: whoever came in from a new browser
    must not be the one to say that it was seen.
    """

    id: str
    kind: str
    at: datetime
    device_id: str
    is_settleable: bool


@dataclass(frozen=True, slots=True)
class DeviceCookie:
    """What a browser is known by, as it keeps it."""

    text: str = field(repr=False)

    @classmethod
    def fresh(cls) -> "DeviceCookie":
        return cls(secrets.token_urlsafe(32))

    @property
    def digest(self) -> bytes:
        return Cookie(self.text, "device").id


def find_device(session: Session, text: str, member_id: str) -> Device | None:
    """Return the browser that keeps *text* when it is one of *member_id*'s; None also for nobody's."""
    rows = devices.c
    mine = (rows.digest == DeviceCookie(text).digest) & (rows.member_id == member_id)
    row = session.execute(select(devices).where(mine)).one_or_none()
    return None if row is None else _device(row)


def is_known(session: Session, text: str) -> bool:
    """Tell whether the browser that keeps *text* is anybody's."""
    its = select(devices.c.id).where(devices.c.digest == DeviceCookie(text).digest).limit(1)
    return session.execute(its).first() is not None


def remember_device(session: Session, text: str, member_id: str, *, at: datetime) -> str:
    """Know the browser that keeps *text* from now on, and return its id; the longest unused of too many goes."""
    device_id = new_id()
    row = {
        "id": device_id,
        "digest": DeviceCookie(text).digest,
        "member_id": member_id,
        "label": "",
        "since": at,
        "seen_day": day(at),
    }
    session.execute(insert(devices), row)
    others = devices_of(session, member_id)
    for device in sorted(others, key=lambda each: each.seen_day)[: max(0, len(others) - _MOST)]:
        if device.id != device_id:
            forget_device(session, member_id, device.id)
    return device_id


def see_device(session: Session, device_id: str, *, at: datetime) -> None:
    session.execute(update(devices).where(devices.c.id == device_id).values(seen_day=day(at)))


def devices_of(session: Session, member_id: str) -> list[Device]:
    """Return somebody's browsers, the last used first."""
    rows = devices.c
    query = select(devices).where(rows.member_id == member_id)
    query = query.order_by(rows.seen_day.desc(), rows.id)
    return [_device(row) for row in session.execute(query)]


def label_device(session: Session, member_id: str, device_id: str, label: str) -> None:
    """Name a browser, in one of `LABELS`.

    Raises:
        Malformed: there is no such label.
        NotFound: it is none of theirs.
    """
    if label not in LABELS:
        raise Malformed
    mine = (devices.c.id == device_id) & (devices.c.member_id == member_id)
    if session.execute(update(devices).where(mine).values(label=label)).rowcount != 1:
        raise NotFound


def forget_device(session: Session, member_id: str, device_id: str) -> None:
    """Know a browser no more, and end its sessions.

    Raises:
        NotFound: it is none of theirs.
    """
    mine = (devices.c.id == device_id) & (devices.c.member_id == member_id)
    if session.execute(delete(devices).where(mine)).rowcount != 1:
        raise NotFound
    session.execute(
        delete(sessions).where(sessions.c.device_id == device_id, sessions.c.member_id == member_id)
    )


def give_notice(
    session: Session, member_id: str, kind: str, *, device_id: str, at: datetime
) -> None:
    """Let a member hear of something until they say that they did."""
    row = {
        "id": new_id(),
        "member_id": member_id,
        "kind": kind,
        "device_id": device_id,
        "at": hour(at),
    }
    session.execute(insert(notices), row)


def notices_for(session: Session, member_id: str, cookie: str) -> list[Notice]:
    """Return what *member_id* has not yet heard, newest first, as it stands where session *cookie* is."""
    rows = notices.c
    query = select(notices).where(rows.member_id == member_id)
    found = session.execute(query.order_by(rows.at.desc(), rows.id).limit(20)).all()
    if not found:
        return []
    device_id = device_of(session, cookie)
    known = {device.id: device.since for device in devices_of(session, member_id)}
    return [
        Notice(row.id, row.kind, row.at, row.device_id, _may_settle(row, device_id, known))
        for row in found
    ]


def settle_notices(session: Session, member_id: str, cookie: str, ids: Sequence[str]) -> None:
    """Take down those of *ids* that may be settled where session *cookie* is."""
    open_here = {
        notice.id for notice in notices_for(session, member_id, cookie) if notice.is_settleable
    }
    session.execute(delete(notices).where(notices.c.id.in_(open_here & set(ids))))


def forget_member(session: Session, member_id: str) -> None:
    """Delete the browsers and notices of whoever works here no more."""
    for table in (devices, notices):
        session.execute(delete(table).where(table.c.member_id == member_id))


def sweep_devices(session: Session, *, at: datetime) -> None:
    """Delete browsers that were not used for a year, and notices that nobody took down."""
    session.execute(delete(devices).where(devices.c.seen_day < day(at - KEPT)))
    session.execute(delete(notices).where(notices.c.at < at - _NOTICE_KEPT))


def _device(row: Row[Any]) -> Device:
    return Device(row.id, row.label, row.since, row.seen_day)


def _may_settle(notice: Row[Any], here: str, known: dict[str, datetime]) -> bool:
    """Tell whether a notice may be taken down *here*: where it is not about, unless there is no older browser to see it.

    Of a browser that was forgotten since, it is not known any more when it came: then *here* must be older than
    the notice.
    """
    if here not in known:
        return False
    is_oldest = known[here] == min(known.values())
    return is_oldest or known[here] < known.get(notice.device_id, notice.at)
