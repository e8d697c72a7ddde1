"""What one agency received, for its investigators' pages: nothing but what stands in its own releases."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select, tuple_

from hotline.domain.report import day
from hotline.errors import Malformed, NotFound
from hotline.leads import shelving
from hotline.leads.agency import Agency
from hotline.leads.disclose import Disclosure
from hotline.leads.shelving import from_milliseconds, in_milliseconds
from hotline.leads.tables import (
    agency_members,
    fetches,
    lead_outcomes,
    lead_releases,
    leads,
    recall_notices,
)
from hotline.store import Session

STANDING, RECALLED = "standing", "recalled"


@dataclass(frozen=True, slots=True)
class Sought:
    """By what a list is narrowed; what is empty narrows nothing.

    *month* is when it was received, ``2026-11``; *outcome* what the agency itself said of it; *state* one of
    `STANDING`, `RECALLED`.
    """

    country: str = ""
    theme: str = ""
    month: str = ""
    outcome: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """A lead as one agency has it. *told* is None once the agency may not know it any more, since *recalled_day*.

    *added* is its place in the agency's collection, in milliseconds since 1970. *outcome*, *may_tell* and *said_day* are
    what the agency said of it last; empty until then.
    """

    id: str
    added: int
    country: str
    theme: str
    tlp: str
    recalled_day: str
    outcome: str
    may_tell: bool
    said_day: str
    told: Disclosure | None

    @property
    def day(self) -> str:
        return day(from_milliseconds(self.added))


def page(
    session: Session, agency: Agency, sought: Sought, *, before: int = 0, limit: int = 25
) -> list[Received]:
    """Return what *agency* received, the newest first; *before* is `added` of the last of the page before."""
    query = _of(agency).where(*_conditions(agency, sought))
    if before:
        query = query.where(lead_releases.c.added < before)
    newest_first = query.order_by(lead_releases.c.added.desc()).limit(limit)
    return [_received(row) for row in session.execute(newest_first)]


def one(session: Session, agency: Agency, lead_id: str) -> Received:
    """Return a lead that *agency* received.

    Raises:
        NotFound: there is no such lead, or it was never told to this agency; which of both is not told.
    """
    row = session.execute(_of(agency).where(lead_releases.c.lead_id == lead_id)).one_or_none()
    if row is None:
        raise NotFound(ref=lead_id)
    return _received(row)


def stix(session: Session, agency: Agency, lead_id: str) -> str:
    """Return the objects of a lead as the agency's tools receive them, as JSON text."""
    objects = shelving.of_lead(session, agency, lead_id)
    return json.dumps(objects, ensure_ascii=False, indent=2)


def _of(agency: Agency) -> Select[Any]:
    rows, its, said = lead_releases.c, leads.c, lead_outcomes.c
    by_it = and_(said.agency_id == rows.agency_id, said.lead_id == rows.lead_id)
    facts = (
        rows.lead_id,
        rows.added,
        rows.recalled_day,
        rows.country,
        rows.theme,
        rows.tlp,
        its.told,
    )
    return (
        select(*facts, said.outcome, said.may_tell, said.day)
        .select_from(lead_releases)
        .join(leads, its.id == rows.lead_id)
        .outerjoin(lead_outcomes, by_it)
        .where(rows.agency_id == agency.id)
    )


def _conditions(agency: Agency, sought: Sought) -> list[ColumnElement[bool]]:
    rows = lead_releases.c
    found = []
    if sought.country:
        found.append(rows.country == sought.country)
    if sought.theme:
        found.append(rows.theme == sought.theme)
    if sought.month:
        first, after = bounds(sought.month)
        found += [rows.added >= first, rows.added < after]
    if sought.state == STANDING:
        found.append(rows.recalled_day == "")
    if sought.state == RECALLED:
        found.append(rows.added.in_(_recalled(agency)))
    if sought.outcome:
        found.append(rows.added.in_(_of_outcome(agency, sought.outcome)))
    return found


def _recalled(agency: Agency) -> Select[tuple[int]]:
    """Return the places of what is recalled: few among many, so they are found first."""
    rows = lead_releases.c
    return select(rows.added).where(rows.agency_id == agency.id, rows.recalled_day > "")


def _of_outcome(agency: Agency, outcome: str) -> Select[tuple[int]]:
    """Return the places of what the agency said this of: looked up one by one, for they are few among many."""
    rows, said = lead_releases.c, lead_outcomes.c
    # As an expression, so that no database looks for the agency first and then through all that it has.
    its = (rows.lead_id == said.lead_id, rows.agency_id + "" == said.agency_id)
    place = select(rows.added).where(*its).limit(1).scalar_subquery()
    return select(place).where(said.agency_id == agency.id, said.outcome == outcome)


def bounds(month: str) -> tuple[int, int]:
    """Return where a month begins and where the next one does, in milliseconds since 1970."""
    first = date.fromisoformat(f"{month}-01")
    after = (first + timedelta(days=31)).replace(day=1)
    begin, end = (datetime(one.year, one.month, 1, tzinfo=UTC) for one in (first, after))
    return in_milliseconds(begin), in_milliseconds(end)


def _received(row: Row[Any]) -> Received:
    is_told = not row.recalled_day and bool(row.told)
    return Received(
        row.lead_id,
        row.added,
        row.country,
        row.theme,
        row.tlp,
        row.recalled_day,
        row.outcome or "",
        bool(row.may_tell),
        row.day or "",
        _disclosure(row.told) if is_told else None,
    )


def _disclosure(told: Mapping[str, Any]) -> Disclosure:
    lists = {name: tuple(fact) for name, fact in told.items() if isinstance(fact, list)}
    return Disclosure(**{**told, **lists})


@dataclass(frozen=True, slots=True)
class Fetch:
    """One answer that the agency was sent: *first* and *last* are when what stood in it had been received, *lead_id* is
    the lead where it was one alone.
    """

    id: str
    at: datetime
    way: str
    first: str
    last: str
    lead_id: str

    @property
    def place(self) -> str:
        """Where a page ends and the next one goes on."""
        return f"{in_milliseconds(self.at)}-{self.id}"


def fetched(
    session: Session, agency: Agency, *, before: tuple[int, str] | None = None, limit: int = 25
) -> list[Fetch]:
    """Return what the agency was sent, the newest first; *before* is the `Fetch.place` of the last of the page before."""
    rows, told = fetches.c, lead_releases.c
    is_one = (rows.first == rows.last, told.agency_id == rows.agency_id, told.added == rows.first)
    query = select(rows.id, rows.at, rows.way, rows.first, rows.last, told.lead_id)
    query = query.outerjoin(lead_releases, and_(*is_one)).where(rows.agency_id == agency.id)
    if before:
        query = query.where(tuple_(rows.at, rows.id) < before)
    newest_first = query.order_by(rows.at.desc(), rows.id.desc()).limit(limit)
    return [_fetch(row) for row in session.execute(newest_first)]


def _fetch(row: Any) -> Fetch:
    first, last = (day(from_milliseconds(place)) for place in (row.first, row.last))
    return Fetch(row.id, from_milliseconds(row.at), row.way, first, last, row.lead_id or "")


def count_recalls(session: Session, staff_id: str) -> int:
    """Return how many recalls the agency of an investigator has not said it followed; 0 for who belongs to none."""
    rows, its = recall_notices.c, agency_members.c
    query = select(func.count()).select_from(agency_members)
    query = query.join(recall_notices, rows.agency_id == its.agency_id)
    to_follow = (its.staff_id == staff_id, rows.acknowledged_day == "")
    return int(session.execute(query.where(*to_follow)).scalar_one())


def is_to_acknowledge(session: Session, agency: Agency, lead_id: str) -> bool:
    """Tell whether the agency has yet to say that it followed the recall of a lead."""
    rows = recall_notices.c
    its = (rows.agency_id == agency.id, rows.lead_id == lead_id, rows.acknowledged_day == "")
    return session.execute(select(rows.day).where(*its)).first() is not None


def since_day(day: str) -> int:
    """Return the place in a collection before all that was received on *day* (ISO 8601) or later.

    Raises:
        Malformed: it is no day.
    """
    try:
        first = date.fromisoformat(day)
    except ValueError:
        raise Malformed from None
    return max(in_milliseconds(datetime(first.year, first.month, first.day, tzinfo=UTC)) - 1, 0)
