"""A page of what an agency was told, by `added` alone, so the last page costs what the first does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from hotline.leads.agencies import Agency
from hotline.leads.feeds.asking import Asked
from hotline.leads.tables import lead_releases, leads
from hotline.store import Session

RELEASE = lead_releases.c
# What this agency alone may not know any more stands in its own row, as does what it knew.
ITEM = func.coalesce(func.nullif(RELEASE.item, ""), leads.c.item).label("item")
RECALLED = func.coalesce(func.nullif(RELEASE.recalled_day, ""), leads.c.recalled_day).label(
    "recalled"
)
FACTS = (RELEASE.lead_id, RECALLED, leads.c.told, RELEASE.tlp, leads.c.day, RELEASE.slots)
ENTRY = (RELEASE.lead_id, RECALLED, leads.c.entry, RELEASE.tlp, leads.c.day)
HASHES = leads.c.hashes


@dataclass(frozen=True, slots=True)
class Page:
    """*rows* in their order, each with its `added`; *is_more* tells whether others follow."""

    rows: Sequence[Any]
    is_more: bool = False

    @property
    def first(self) -> int:
        return min((row.added for row in self.rows), default=0)

    @property
    def last(self) -> int:
        return max((row.added for row in self.rows), default=0)


def newest(session: Session, agency: Agency, asked: Asked, *columns: ColumnElement[Any]) -> Page:
    """Return a page with *columns* of each lead, the newest first."""
    query = _asked(agency, asked, columns).order_by(RELEASE.added.desc())
    return _page(session, query, asked)


def oldest(session: Session, agency: Agency, asked: Asked, *columns: ColumnElement[Any]) -> Page:
    """Return a page with *columns* of each lead, the oldest first."""
    return _page(session, _asked(agency, asked, columns).order_by(RELEASE.added), asked)


def one(session: Session, agency: Agency, lead_id: str, *columns: ColumnElement[Any]) -> Page:
    """Return the page of one lead: empty where the agency was not told it."""
    query = _told(agency, columns).where(RELEASE.lead_id == lead_id)
    return Page(session.execute(query).all())


def _told(agency: Agency, columns: Sequence[ColumnElement[Any]]) -> Select[Any]:
    query = select(RELEASE.added, *columns).join(leads, leads.c.id == RELEASE.lead_id)
    return query.where(RELEASE.agency_id == agency.id)


def _asked(agency: Agency, asked: Asked, columns: Sequence[ColumnElement[Any]]) -> Select[Any]:
    query = _told(agency, columns).where(RELEASE.added > asked.since)
    if asked.before:
        query = query.where(RELEASE.added < asked.before)
    if asked.country:
        query = query.where(RELEASE.country == asked.country)
    if asked.theme:
        query = query.where(RELEASE.theme == asked.theme)
    return query.limit(asked.limit + 1)


def _page(session: Session, query: Select[Any], asked: Asked) -> Page:
    if asked.nothing:
        return Page(())
    rows = session.execute(query).all()
    return Page(rows[: asked.limit], len(rows) > asked.limit)
