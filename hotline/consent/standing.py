"""How consent stands for many reports at once, as a list of them shows it; what may leave is `case`'s alone to say."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    exists,
    literal_column,
    select,
    union_all,
)

from hotline.consent import asking
from hotline.consent.case import ExclusionKind
from hotline.consent.tables import asks, best_interests, exclusions, grants
from hotline.domain.report import day
from hotline.reports import reports
from hotline.store import Session, one_of

Ids = frozenset[str]
Day = BindParameter[str]


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
    """Return how consent stands for some reports at *at*, with a single query."""
    found: dict[str, set[str]] = {kind: set() for kind in _KINDS}
    for row in session.execute(_STANDING, {"ids": report_ids, **days(at)}):
        found[row.kind].add(row.report_id)
    agreed, asked, back, unread, proposed = (frozenset(found[kind]) for kind in _KINDS)
    return Standing(agreed, asked, back - agreed, unread, proposed)


def waits_for_answer(at: datetime) -> ColumnElement[bool]:
    """Return which reports of a query have a question out whose answer still counts at *at*."""
    return exists().where(asks.c.report_id == reports.c.id, *_waits(**days(at)))


def days(at: datetime) -> dict[str, str]:
    """Return the parameters of `WAITS_FOR_ANSWER`."""
    return {"since": day(at - asking.WAITS), "today": day(at)}


def _waits(since: str | Day, today: str | Day) -> tuple[ColumnElement[bool], ...]:
    """Return which questions wait, as `asking.Ask.waits` says it."""
    rows = asks.c
    return (rows.state == asking.State.ASKED, rows.day >= since, rows.until_day >= today)


def _kind(name: str, table: Table, *its: ColumnElement[bool]) -> Select[tuple[str, str]]:
    """Return of which reports *its* holds in *table*, each as a row of that name."""
    report_id = table.c.report_id
    # Said so that no index seems to fit but that of the reports.
    holds = case((and_(*its), 1), else_=0) == 1
    return select(literal_column(f"'{name}'").label("kind"), report_id).where(
        one_of(report_id), holds
    )


_KINDS = ("agreed", "asked", "taken_back", "unread", "proposed")
_SINCE, _TODAY = bindparam("since", type_=String()), bindparam("today", type_=String())
WAITS_FOR_ANSWER = exists().where(asks.c.report_id == reports.c.id, *_waits(_SINCE, _TODAY))
"""As `waits_for_answer`, for a statement that is made once."""

_STANDING = union_all(
    _kind(
        "agreed",
        grants,
        grants.c.revoked_day == "",
        grants.c.ended_day == "",
        grants.c.expires_day >= _TODAY,
    ),
    _kind("taken_back", grants, grants.c.revoked_day != ""),
    _kind("asked", asks, *_waits(_SINCE, _TODAY)),
    _kind(
        "unread",
        exclusions,
        exclusions.c.kind == ExclusionKind.WORDS,
        exclusions.c.read_day == "",
        exclusions.c.lifted_day == "",
    ),
    _kind(
        "proposed",
        best_interests,
        best_interests.c.agreed_day == "",
        best_interests.c.ended_day == "",
    ),
)
