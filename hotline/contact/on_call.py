"""Who can be rung: staff who said that they take calls now, at a number that only the worker opens."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select

from hotline.contact.tables import on_call, ring_calls, rings
from hotline.domain.staff import RIGHTS, Right
from hotline.errors import Malformed
from hotline.store import Session
from hotline.vault.envelope import SealBroken
from hotline.vault.people import work_here
from hotline.vault.relay import RelayKey
from hotline.vault.roster import MemberEntry

_MARK = "phone"
# It rings for 25 seconds, and who picks up has 20 to say yes.
_LONGEST_RING = timedelta(seconds=90)

Roster = Callable[[str], MemberEntry | None]
"""Who somebody is, by their staff id; None for whoever works here no more."""


@dataclass(frozen=True, slots=True)
class Phone:
    """Where somebody on call is rung, in which language they are told why, and which *languages* they speak."""

    number: str = field(repr=False)
    locale: str
    languages: tuple[str, ...] = ()

    def speaks(self, locale: str) -> bool:
        """Tell whether they speak the language of *locale*, in whichever country's way."""
        return _tongue(locale) in map(_tongue, self.languages)

    def to_json(self) -> bytes:
        return json.dumps([_MARK, self.number, self.locale, list(self.languages)]).encode()

    @classmethod
    def from_json(cls, plain: bytes) -> "Phone":
        """Read what `to_json` wrote.

        Raises:
            Malformed: it is something else that was sealed for the worker.
        """
        match json.loads(plain):
            case [mark, str(number), str(locale), list(languages)] if mark == _MARK:
                return cls(number, locale, tuple(map(str, languages)))
        raise Malformed


@dataclass(frozen=True, slots=True)
class OnCall:
    """Somebody who can be rung; *is_rung* says that their phone rings for another caller."""

    staff_id: str
    phone: Phone
    is_rung: bool


def takes_calls(at: datetime) -> ColumnElement[bool]:
    """Return the condition that a row of `on_call` is of somebody who works here, and whose time is not over."""
    return (on_call.c.until > at) & on_call.c.staff_id.in_(work_here())


def is_anyone_on_call(session: Session, desk: str, *, at: datetime) -> bool:
    """Tell whether somebody of *desk* is on call who does not talk to another caller."""
    free = takes_calls(at) & (on_call.c.desk == desk) & on_call.c.staff_id.not_in(_talking())
    return session.execute(select(on_call.c.staff_id).where(free).limit(1)).first() is not None


def is_on_call(session: Session, staff_id: str, *, at: datetime) -> bool:
    """Tell whether this member of staff can be rung now."""
    free = (on_call.c.staff_id == staff_id) & on_call.c.staff_id.not_in(_talking())
    its = select(on_call.c.staff_id).where(takes_calls(at), free)
    return session.execute(its).first() is not None


def phones(
    session: Session, relay: RelayKey, roster: Roster, *, desk: str, at: datetime
) -> Sequence[OnCall]:
    """Return who of *desk* can be rung now; a number that does not open is nobody's."""
    query = select(on_call.c.staff_id, on_call.c.sealed).where(
        takes_calls(at), on_call.c.desk == desk, on_call.c.staff_id.not_in(_talking())
    )
    ringing = set(session.execute(rung(at)).scalars())
    found = []
    for row in session.execute(query).all():
        if _may_answer(roster(row.staff_id), desk) and (phone := _opened(relay, row)):
            found.append(OnCall(row.staff_id, phone, row.staff_id in ringing))
    return found


def phone_of(session: Session, relay: RelayKey, staff_id: str) -> Phone | None:
    """Return where somebody who said that they are on call is rung, also when their time is just over."""
    query = select(on_call.c.sealed).where(on_call.c.staff_id == staff_id)
    row = session.execute(query).one_or_none()
    return _opened(relay, row) if row else None


def forget_over(session: Session, *, at: datetime) -> None:
    """Delete the number of each who is on call no more, or works here no more."""
    session.execute(delete(on_call).where(~takes_calls(at)))


def _opened(relay: RelayKey, row: Any) -> Phone | None:
    try:
        return Phone.from_json(relay.open(row.sealed))
    except (SealBroken, Malformed):
        return None


def _may_answer(member: MemberEntry | None, desk: str) -> bool:
    return member is not None and member.desk == desk and Right.REPLY in RIGHTS[member.role]


def _talking() -> Any:
    """Return the query for who talks to a caller now."""
    its = (ring_calls.c.ring_id == rings.c.id) & (rings.c.state == "taken")
    return select(ring_calls.c.staff_id).where(its, ring_calls.c.state == "taken")


def rung(at: datetime, *, but: str = "") -> Any:
    """Return the query for whose phone rings for a caller, also for one who went just now; not for the caller *but*.

    Of a phone whose ringing the provider never ended we hear nothing: it is silent by then.
    """
    live = ring_calls.c.state.in_(("asked", "rings", "heard"))
    return select(ring_calls.c.staff_id).where(
        live, ring_calls.c.tried_at > at - _LONGEST_RING, ring_calls.c.ring_id != but
    )


def _tongue(locale: str) -> str:
    return locale.replace("_", "-").partition("-")[0].lower()
