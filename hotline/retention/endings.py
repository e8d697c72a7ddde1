"""The days on which parts of closed reports end: drawn at closing, forgotten when a report is taken up again."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from hotline.domain.report import day
from hotline.errors import Malformed
from hotline.reports.tables import reports
from hotline.retention.rules import ENDING, PARTS, Kind, rules
from hotline.retention.tables import endings, holds
from hotline.store import Ids, Session, unless

MOST_YEARS = 10
"""Nobody who closes a report knows what is needed in more than ten years."""

NOTICE = timedelta(hours=72)
"""How long before an account ends a supervisor hears of it."""

_PARTS_IN_A_THOUSAND = 100  # The fuzz: a tenth of the time, either way.
_YEAR = 365.25

Draw = Callable[[int], int]
"""Draws a whole number below its argument, as `secrets.randbelow` does."""


class TooManyYears(Malformed):
    default_message = "a report is kept for one to ten years, or as the rules say"


@dataclass(frozen=True, slots=True)
class Ending:
    """One part of a report that ends on *day*, unless it *is_held*."""

    report_id: str
    kind: Kind
    desk: str
    day: str
    is_held: bool = False


def begin(
    session: Session,
    report_id: str,
    *,
    desk: str,
    at: datetime,
    years: int | None = None,
    draw: Draw = secrets.randbelow,
) -> str:
    """Draw the days on which a report that is being closed ends, and return that of its account.

    *years* keeps all of it for so long, whatever the rules say. One draw moves all days of a report together by
    up to a tenth of its time, so that the day of an ending does not tell the day of the closing.

    Raises:
        TooManyYears: *years* is none of one to ten.
    """
    if years is not None and not 1 <= years <= MOST_YEARS:
        raise TooManyYears(ref=report_id)
    return begin_all(session, [report_id], desk=desk, at=at, years=years, draw=draw)[report_id]


def begin_all(
    session: Session,
    report_ids: Sequence[str],
    *,
    desk: str,
    at: datetime,
    years: int | None = None,
    draw: Draw = secrets.randbelow,
) -> dict[str, str]:
    """Draw for each of some reports of *desk*, with a few statements; return the days of their accounts."""
    days = rules(session, desk)
    if years is not None:
        days |= dict.fromkeys(ENDING, round(years * _YEAR))
    last = {its: _days(days, at.date(), _fuzz(draw)) for its in report_ids}
    session.execute(delete(endings).where(endings.c.report_id.in_(report_ids)))
    rows = [
        {"report_id": its, "kind": kind, "desk": desk, "day": ends, "is_told": False}
        for its, all_days in last.items()
        for kind, ends in all_days.items()
    ]
    if rows:
        session.execute(insert(endings), rows)
    return {its: all_days[Kind.ACCOUNT] for its, all_days in last.items()}


def _fuzz(draw: Draw) -> int:
    return 1000 + draw(2 * _PARTS_IN_A_THOUSAND + 1) - _PARTS_IN_A_THOUSAND


def _days(days: Mapping[Kind, int], closed: date, thousandths: int) -> dict[Kind, str]:
    """Return the day of each kind: no part outlasts its account, and the audit never ends before it."""
    account = days[Kind.ACCOUNT]
    span = {kind: min(days[kind], account) for kind in PARTS}
    span |= {Kind.ACCOUNT: account, Kind.AUDIT: max(days[Kind.AUDIT], account)}
    return {
        kind: (closed + timedelta(days=round(its * thousandths / 1000))).isoformat()
        for kind, its in span.items()
    }


def drop(session: Session, report_id: str) -> None:
    """Forget when a report, and what is merged into it, would have ended: it is worked on again, or it has ended."""
    rows = reports.c
    merged = select(rows.id).where(rows.joined_to == report_id)
    its = or_(endings.c.report_id == report_id, endings.c.report_id.in_(merged))
    session.execute(delete(endings).where(its))


def are_drawn(session: Session, report_id: str) -> bool:
    """Tell whether a report has days on which it ends."""
    its = select(endings.c.kind).where(endings.c.report_id == report_id)
    return session.execute(its.limit(1)).first() is not None


def put_off(session: Session, *, at: datetime, report_id: str = "") -> None:
    """Let nothing end before a supervisor had notice of it anew; of *report_id* alone where that is named.

    What a hold kept past its day, or what a restored backup knows no hold of any more, would else end at once.
    """
    rows = endings.c
    earliest = day(at + NOTICE)
    its = [rows.day < earliest, *([rows.report_id == report_id] if report_id else [])]
    session.execute(update(endings).where(*its).values(day=earliest, is_told=False))


def is_due(session: Session, report_id: str, kind: Kind, *, at: datetime) -> bool:
    """Tell whether the day of a part has come."""
    rows = endings.c
    its = (rows.report_id == report_id, rows.kind == kind, rows.day <= day(at))
    return session.execute(select(rows.kind).where(*its)).first() is not None


def settle(session: Session, report_id: str, kind: Kind) -> None:
    """Forget one ending that came."""
    its = (endings.c.report_id == report_id, endings.c.kind == kind)
    session.execute(delete(endings).where(*its))


def of_report(session: Session, report_id: str, *, at: datetime) -> list[Ending]:
    """Return what ends of one report and when, the earliest first."""
    query = _endings(at).where(endings.c.report_id == report_id)
    return [_ending(row) for row in session.execute(query)]


def due(
    session: Session, *, at: datetime, after: tuple[str, str] = ("", ""), limit: int = 100
) -> list[Ending]:
    """Return up to *limit* parts whose day has come, held ones too, behind the place (report, kind) *after*."""
    place = tuple_(endings.c.report_id, endings.c.kind) > tuple_(
        literal(after[0]), literal(after[1])
    )
    query = (
        _endings(at)
        .where(endings.c.day <= day(at), place)
        .order_by(None)
        .order_by(endings.c.report_id, endings.c.kind)
        .limit(limit)
    )
    return [_ending(row) for row in session.execute(query)]


def soon(
    session: Session,
    desk: str,
    *,
    at: datetime,
    within: timedelta,
    after: tuple[str, str, str] = ("", "", ""),
    limit: int = 50,
    hidden: Ids | None = None,
) -> list[Ending]:
    """Return up to *limit* parts of *desk* that end *within* that time, the earliest first.

    What ends on the day of its account is not named apart from it. *after* is the (day, report, kind) of the last one already seen.
    """
    place = tuple_(endings.c.day, endings.c.report_id, endings.c.kind) > tuple_(
        *(literal(part) for part in after)
    )
    last = (endings.c.day <= day(at + within), unless(endings.c.report_id, hidden))
    query = _endings(at).where(endings.c.desk == desk, *last, place, ~_ends_with_its_account())
    return [_ending(row) for row in session.execute(query.limit(limit))]


def count_soon(
    session: Session, desk: str, *, at: datetime, within: timedelta, hidden: Ids | None = None
) -> dict[Kind, int]:
    """Return how many parts of each kind of *desk* end *within* that time, counted as `soon` names them."""
    rows = endings.c
    seen = unless(rows.report_id, hidden)
    found = session.execute(
        select(rows.kind, func.count())
        .where(rows.desk == desk, rows.day <= day(at + within), seen, ~_ends_with_its_account())
        .group_by(rows.kind)
    )
    counted = {Kind(kind): count for kind, count in found}
    return {kind: counted.get(kind, 0) for kind in ENDING}


def to_tell(session: Session, *, at: datetime, within: timedelta) -> Sequence[Row[str, str]]:
    """Return each desk and day on which accounts end *within* that time and nobody was told yet."""
    rows = endings.c
    query = (
        select(rows.desk, rows.day)
        .where(rows.day <= day(at + within), rows.is_told.is_(False), rows.kind == Kind.ACCOUNT)
        .distinct()
        .order_by(rows.day, rows.desk)
        .limit(100)
    )
    return session.execute(query).all()


def told(session: Session, desk: str, last: str) -> None:
    """Remember that a supervisor of *desk* was told of what ends on the day *last*."""
    rows = endings.c
    session.execute(update(endings).where(rows.desk == desk, rows.day == last).values(is_told=True))


def _ends_with_its_account() -> ColumnElement[bool]:
    account = endings.alias()
    same = (account.c.report_id == endings.c.report_id, account.c.day == endings.c.day)
    is_whole = select(account.c.day).where(*same, account.c.kind == Kind.ACCOUNT).exists()
    return and_(endings.c.kind != Kind.ACCOUNT, is_whole)


def _endings(at: datetime) -> Select[str, str, str, str, bool]:
    rows = endings.c
    return select(
        rows.report_id, rows.kind, rows.desk, rows.day, _is_held(at).label("is_held")
    ).order_by(rows.day, rows.report_id, rows.kind)


def _is_held(at: datetime) -> ColumnElement[bool]:
    """Return whether a hold keeps it: on its report, on what that was merged into, or on what else is merged there."""
    its_id, own, other = endings.c.report_id, reports.alias(), reports.alias()

    def lasts(*its: ColumnElement[bool]) -> ColumnElement[bool]:
        lasting = (holds.c.ended_day == "", holds.c.until_day >= day(at))
        return select(holds.c.id).where(*its, *lasting).correlate(endings).exists()

    on_other = holds.c.report_id == other.c.id
    return or_(
        lasts(holds.c.report_id == its_id),
        lasts(other.c.joined_to == its_id, on_other),
        lasts(own.c.id == its_id, holds.c.report_id == own.c.joined_to),
        lasts(own.c.id == its_id, other.c.joined_to == own.c.joined_to, on_other),
    )


def _ending(row: Row[str, str, str, str, bool]) -> Ending:
    return Ending(row.report_id, Kind(row.kind), row.desk, row.day, bool(row.is_held))
