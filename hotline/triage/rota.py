"""Who is on duty: hours of the week on the clocks of the desk, and the languages that somebody then reads.

Hours are those of the wall. Where clocks go forward an hour that is not there needs nobody; where they go back, whoever
is on duty in an hour that comes twice is so both times: no change of clocks leaves a gap.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from hotline import audit
from hotline.domain.numbers import ascii_digits
from hotline.errors import Malformed
from hotline.statements import Statement
from hotline.store import Session
from hotline.triage import languages
from hotline.triage.tables import rota, staff_languages
from hotline.vault.people import work_here

DAY = 24 * 60
_WEEK = 7 * DAY
_MOST = 60
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_ON_DUTY = Statement(
    select(rota.c.staff_id).where(
        rota.c.desk == bindparam("its_desk"),
        or_(
            (rota.c.weekday == bindparam("today"))
            & (rota.c.from_minute <= bindparam("minute"))
            & (rota.c.to_minute > bindparam("minute")),
            (rota.c.weekday == bindparam("yesterday"))
            & (rota.c.to_minute > bindparam("minute") + DAY),
        ),
        rota.c.staff_id.in_(work_here()),
    )
)


class NoSpan(Malformed):
    default_message = "hours need at least one day, a beginning and an end"


class TooManySpans(Malformed):
    default_message = "these are more hours than a week of one person has"


@dataclass(frozen=True, slots=True)
class Span:
    """When somebody is on duty; *weekday* 0 is Monday, and *to_minute* is beyond `DAY` where it ends the next day."""

    staff_id: str
    weekday: int
    from_minute: int
    to_minute: int


Gaps = tuple[tuple[tuple[int, int], ...], ...]
"""For each day of the week from which minute to which nobody is there."""


def read_span(first: str, last: str) -> tuple[int, int]:
    """Return the minutes of a span such as ``22:00`` to ``06:00``; it ends the next day where it would end before.

    Raises:
        NoSpan: one of them is no time of the day.
    """
    begins, ends = _minutes(first), _minutes(last)
    return begins, ends if ends > begins else ends + DAY


def put_on(
    session: Session,
    staff_id: str,
    *,
    desk: str,
    weekdays: Collection[int],
    hours: tuple[int, int],
    by: str,
    at: datetime,
) -> None:
    """Put a member of *desk* on duty at *hours* of each of *weekdays*, in the place of what began at the same minute.

    Raises:
        NoSpan: no day of a week is named.
        TooManySpans: nobody works in so many pieces.
    """
    days = {day for day in weekdays if 0 <= day < 7}
    if not days:
        raise NoSpan
    begins, ends = hours
    dialect = postgresql if session.dialect.name == "postgresql" else sqlite
    rows = [
        {"staff_id": staff_id, "weekday": day, "from_minute": begins, "to_minute": ends, "desk": desk}
        for day in sorted(days)
    ]  # fmt: skip
    put = dialect.insert(rota).values(rows)
    keys = ["staff_id", "weekday", "from_minute"]
    session.execute(
        put.on_conflict_do_update(index_elements=keys, set_={"to_minute": put.excluded.to_minute})
    )
    its = select(func.count()).select_from(rota).where(rota.c.staff_id == staff_id)
    if session.execute(its).scalar_one() > _MOST:
        raise TooManySpans
    _write_down(session, "rota_on", staff_id, desk=desk, by=by, at=at)


def take_off(
    session: Session,
    staff_id: str,
    *,
    desk: str,
    weekday: int,
    from_minute: int,
    by: str,
    at: datetime,
) -> None:
    """Take one span of a member of *desk* out; one that is not there stays so."""
    rows = rota.c
    theirs = (rows.staff_id == staff_id) & (rows.desk == desk)
    its = (theirs, rows.weekday == weekday, rows.from_minute == from_minute)
    if session.execute(delete(rota).where(*its)).rowcount:
        _write_down(session, "rota_off", staff_id, desk=desk, by=by, at=at)


def say_languages(
    session: Session, staff_id: str, *, desk: str, codes: Collection[str], by: str, at: datetime
) -> None:
    """Let *codes* be the languages that a member of *desk* reads and writes."""
    languages.speak(session, staff_id, desk, codes)
    _write_down(session, "languages_said", staff_id, desk=desk, by=by, at=at)


def spans(session: Session, desk: str) -> tuple[Span, ...]:
    """Return the whole week of *desk*, in order; a desk has few people, and each few spans."""
    rows = rota.c
    query = select(rows.staff_id, rows.weekday, rows.from_minute, rows.to_minute)
    ordered = query.where(rows.desk == desk, rows.staff_id.in_(work_here())).order_by(
        rows.weekday, rows.from_minute, rows.staff_id
    )
    return tuple(Span(*row) for row in session.execute(ordered))


def on_duty(session: Session, desk: str, zone: ZoneInfo, *, at: datetime) -> frozenset[str]:
    """Return the staff ids of who is on duty at *desk*."""
    local = at.astimezone(zone)
    its = {
        "its_desk": desk,
        "today": local.weekday(),
        "yesterday": (local.weekday() - 1) % 7,
        "minute": local.hour * 60 + local.minute,
    }
    return frozenset(row.staff_id for row in _ON_DUTY.all(session, its))


def gaps(week: Iterable[Span]) -> Gaps:
    """Return when nobody is there, of those whose *week* it is."""
    taken = sorted(piece for span in week for piece in _pieces(span))
    free: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    reached = 0
    for begins, ends in [*taken, (_WEEK, _WEEK)]:
        _note(free, reached, begins)
        reached = max(reached, ends)
    return tuple(tuple(day) for day in free)


def forget_leavers(session: Session) -> None:
    """Delete hours and languages of who works here no more."""
    for table in (rota, staff_languages):
        session.execute(delete(table).where(table.c.staff_id.not_in(work_here())))


def _pieces(span: Span) -> Sequence[tuple[int, int]]:
    begins = span.weekday * DAY + span.from_minute
    ends = span.weekday * DAY + span.to_minute
    return [(begins, ends)] if ends <= _WEEK else [(begins, _WEEK), (0, ends - _WEEK)]


def _note(free: list[list[tuple[int, int]]], begins: int, ends: int) -> None:
    """Keep that nobody is there from one minute of the week to another, day by day."""
    while begins < ends:
        day, minute = divmod(begins, DAY)
        until = min(ends - day * DAY, DAY)
        free[day].append((minute, until))
        begins = day * DAY + until


def _minutes(clock: str) -> int:
    found = _CLOCK.fullmatch(ascii_digits(clock.strip()))
    if not found:
        raise NoSpan
    return int(found[1]) * 60 + int(found[2])


def _write_down(
    session: Session, did: str, staff_id: str, *, desk: str, by: str, at: datetime
) -> None:
    audit.record(session, at=at, who=by, did=did, desk=desk, what=staff_id)
