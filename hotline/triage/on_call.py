"""Who takes calls, until when: staff say so themselves, with a number of their own that the desk never sees.

The number is sealed to the worker that rings it, and a masked copy to themselves. Being on call ends by itself, and
with their work here.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from hotline import audit
from hotline.contact.on_call import Phone, takes_calls
from hotline.contact.tables import on_call
from hotline.domain.numbers import ascii_digits, phone_number
from hotline.domain.report import minute
from hotline.domain.staff import Right
from hotline.errors import Malformed
from hotline.intake.country import country_of
from hotline.store import Session
from hotline.vault.envelope import SealBroken
from hotline.vault.keys import PublicKey
from hotline.vault.opening import Keyholder
from hotline.vault.own_notes import open_own, seal_for_oneself
from hotline.vault.relay import seal_for_relay

LONGEST = timedelta(hours=16)
"""Nobody is awake for longer."""

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_NOTE = "phone"
_SHOWN = 2


class NoNumber(Malformed):
    default_message = "this is no telephone number with its country code"


class OurOwnLine(Malformed):
    default_message = "this is a number of the hotline itself"


class Abroad(Malformed):
    default_message = "this number is of no country that the hotline serves"


class NoTime(Malformed):
    default_message = "this is no time within the next hours"


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody who is on call, and until when."""

    staff_id: str
    until: datetime


@dataclass(frozen=True, slots=True, repr=False)
class OwnDuty:
    """One's own: *phone* is masked, and empty where it does not open any more."""

    until: datetime
    phone: str
    languages: tuple[str, ...]


def read_number(typed: str, *, ours: Collection[str] = (), served: Collection[str] = ()) -> str:
    """Return a telephone number in E.164 form, however it was written; *ours* are the hotline's own.

    It must be of a country that is *served*, or of one of our numbers: what is dialled elsewhere may cost more than
    a call, and whoever types it there may be paid for that.

    Raises:
        NoNumber, OurOwnLine, Abroad: it cannot be rung.
    """
    number = phone_number(typed)
    if not number:
        raise NoNumber
    if number in ours:
        raise OurOwnLine
    countries = {*served, *map(country_of, ours)} - {""}
    if countries and country_of(number) not in countries:
        raise Abroad
    return number


def read_until(typed: str, zone: ZoneInfo, *, at: datetime) -> datetime:
    """Return the next instant after *at* at which the clocks of *zone* show *typed*, such as ``21:30``.

    Raises:
        NoTime: it is no time, or more than `LONGEST` away.
    """
    found = _CLOCK.fullmatch(ascii_digits(typed.strip()))
    if not found:
        raise NoTime
    local, wall = at.astimezone(zone), time(int(found[1]), int(found[2]))
    # An hour that comes twice when clocks go back is meant as the later one: nobody is cut off early.
    shown = [
        datetime.combine(local.date() + timedelta(days=ahead), wall, zone).replace(fold=fold)
        for ahead in (0, 1)
        for fold in (1, 0)
    ]
    ahead = [moment.astimezone(at.tzinfo) for moment in shown if moment.astimezone(at.tzinfo) > at]
    if not ahead or ahead[0] > at + LONGEST:
        raise NoTime
    return ahead[0]


def masked(number: str) -> str:
    """Return *number* so that its owner knows it again, and nobody else learns it."""
    return "•" * (len(number) - 1 - _SHOWN) + number[-_SHOWN:]


def go_on_call(
    session: Session,
    keyholder: Keyholder,
    relay_public: PublicKey,
    *,
    number: str,
    until: datetime,
    locale: str,
    languages: Sequence[str],
    at: datetime,
) -> None:
    """Take calls at *number* from now on until then, in the place of what was said before.

    *locale* is the language in which they are told why it rings, *languages* are those that they speak.

    Raises:
        Refused: without the right to reply.
        NoTime: *until* is over, or too far away.
    """
    keyholder.require(Right.REPLY)
    if not at < until <= at + LONGEST:
        raise NoTime
    phone = Phone(number, locale, tuple(languages))
    shown = Phone(masked(number), locale, tuple(languages))
    row = {
        "staff_id": keyholder.staff_id,
        "desk": keyholder.desk,
        "until": minute(until),
        "sealed": seal_for_relay(relay_public, phone.to_json()),
        "own": seal_for_oneself(keyholder, _NOTE, shown.to_json()),
    }
    dialect = postgresql if session.dialect.name == "postgresql" else sqlite
    put = dialect.insert(on_call).values(row)
    session.execute(put.on_conflict_do_update(index_elements=["staff_id"], set_=row))
    _write_down(session, keyholder, "on_call", at)


def end_on_call(session: Session, keyholder: Keyholder, *, at: datetime) -> None:
    """Take calls no more, and forget the number."""
    mine = delete(on_call).where(on_call.c.staff_id == keyholder.staff_id)
    if session.execute(mine).rowcount:
        _write_down(session, keyholder, "off_call", at)


def who_is_on_call(session: Session, desk: str, *, at: datetime) -> list[Duty]:
    """Return who of *desk* takes calls now, who stays longest first."""
    query = select(on_call.c.staff_id, on_call.c.until).where(
        takes_calls(at), on_call.c.desk == desk
    )
    return [Duty(*row) for row in session.execute(query.order_by(on_call.c.until.desc()))]


def own_duty(session: Session, keyholder: Keyholder, *, at: datetime) -> OwnDuty | None:
    """Return until when one is on call oneself; None where one is not."""
    mine = takes_calls(at) & (on_call.c.staff_id == keyholder.staff_id)
    row = session.execute(select(on_call.c.until, on_call.c.own).where(mine)).one_or_none()
    if row is None:
        return None
    try:
        shown = Phone.from_json(open_own(keyholder, _NOTE, row.own))
    except (SealBroken, Malformed):
        return OwnDuty(row.until, "", ())
    return OwnDuty(row.until, shown.number, shown.languages)


def _write_down(session: Session, keyholder: Keyholder, did: str, at: datetime) -> None:
    audit.record(session, at=at, who=keyholder.staff_id, did=did, desk=keyholder.desk)
