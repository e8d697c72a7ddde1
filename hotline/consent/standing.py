"""How consent stands for many reports at once, as a list of them shows it; what may leave is `case`'s alone to say."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select

from hotline.consent import asking
from hotline.consent.case import ExclusionKind
from hotline.consent.tables import asks, best_interests, exclusions, grants
from hotline.domain.report import day
from hotline.reports import reports
from hotline.store import Session

Ids = frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """Of which reports what is true. *agreed*: a yes stands. *asked*: a question waits for the person.

    *taken_back*: they took a yes back, and none stands. *unread*: whom it must not reach stands in words that nobody
    read. *proposed*: a second person has to decide what is best for a child.
    """

    agreed: Ids
    asked: Ids
    taken_back: Ids
    unread: Ids
    proposed: Ids


def standing(session: Session, report_ids: Collection[str], *, at: datetime) -> Standing:
    """Return how consent stands for some reports at *at*, with one query for each table."""
    agreed, back = _yeses(session, report_ids, at)
    return Standing(
        agreed,
        _found(session, asks.c.report_id, report_ids, *_waits(at)),
        back - agreed,
        _found(
            session,
            exclusions.c.report_id,
            report_ids,
            exclusions.c.kind == ExclusionKind.WORDS,
            exclusions.c.read_day == "",
            exclusions.c.lifted_day == "",
        ),
        _found(
            session,
            best_interests.c.report_id,
            report_ids,
            best_interests.c.agreed_day == "",
            best_interests.c.ended_day == "",
        ),
    )


def waits_for_answer(at: datetime) -> ColumnElement[bool]:
    """Return which reports of a query have a question out whose answer still counts at *at*."""
    return exists().where(asks.c.report_id == reports.c.id, *_waits(at))


def _waits(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return which questions wait, as `asking.Ask.waits` says it."""
    rows, since = asks.c, day(at - asking.WAITS)
    return (rows.state == asking.State.ASKED, rows.day >= since, rows.until_day >= day(at))


def _yeses(session: Session, report_ids: Collection[str], at: datetime) -> tuple[Ids, Ids]:
    rows, today = grants.c, day(at)
    found = session.execute(
        select(rows.report_id, rows.ended_day, rows.expires_day, rows.revoked_day)
        .where(rows.report_id.in_(report_ids))
        .distinct()
    ).all()
    stands = (
        row.report_id
        for row in found
        if not row.revoked_day and not row.ended_day and row.expires_day >= today
    )
    return frozenset(stands), frozenset(row.report_id for row in found if row.revoked_day)


def _found(
    session: Session,
    report_id: ColumnElement[str],
    report_ids: Collection[str],
    *its: ColumnElement[bool],
) -> Ids:
    return frozenset(
        session.execute(select(report_id).where(report_id.in_(report_ids), *its)).scalars()
    )
