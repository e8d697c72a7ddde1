"""A page of a collection: by `added` alone, so the last page costs what the first does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select, union_all

from hotline.leads.shelving import from_milliseconds
from hotline.leads.tables import stix_objects
from hotline.leads.taxii.asking import Asked, cursor
from hotline.store import Session

_OBJECT = stix_objects.c


@dataclass(frozen=True, slots=True)
class Page:
    """*rows* in the order they were added; *next* is empty on the last page."""

    rows: Sequence[Any]
    next: str

    @property
    def first(self) -> str:
        return date_added(self.rows[0].added)

    @property
    def last(self) -> str:
        return date_added(self.rows[-1].added)


def date_added(added: int) -> str:
    """Return *added* as TAXII writes times, to the microsecond."""
    return f"{from_milliseconds(added):%Y-%m-%dT%H:%M:%S.%fZ}"


def bodies(session: Session, collection: str, asked: Asked) -> Page:
    """Return a page whose rows have ``added`` and ``body``, the JSON text of the object."""
    return _page(session, collection, asked, _OBJECT.added, _OBJECT.body)


def records(session: Session, collection: str, asked: Asked) -> Page:
    """Return a page whose rows have ``added``, ``stix_id`` and ``version``: the manifest."""
    return _page(session, collection, asked, _OBJECT.added, _OBJECT.stix_id, _OBJECT.version)


def holds(session: Session, collection: str, stix_id: str) -> bool:
    """Tell whether the collection has an object of that id at all."""
    found = select(_OBJECT.added).where(_in(collection), _OBJECT.stix_id == stix_id)
    return session.execute(found).first() is not None


def _page(session: Session, collection: str, asked: Asked, *columns: ColumnElement[Any]) -> Page:
    if asked.nothing:
        return Page((), "")
    query = _query(collection, asked, columns)
    rows = session.execute(query.order_by("added").limit(asked.limit + 1)).all()
    is_more = len(rows) > asked.limit
    rows = rows[: asked.limit]
    return Page(rows, cursor(rows[-1].added) if is_more else "")


def _query(collection: str, asked: Asked, columns: Sequence[ColumnElement[Any]]) -> Any:
    """Return the query without its order.

    Several types are a range of the index each, cut to a page and then merged: one condition over all of them
    would read every object of those types, or every object.
    """
    base = select(*columns).where(_in(collection), _OBJECT.added > asked.after)
    if asked.versions:
        base = base.where(_OBJECT.version.in_(asked.versions))
    if asked.ids:
        base = base.where(_OBJECT.stix_id.in_(asked.ids))
    types = sorted(set(asked.types))
    if asked.ids or len(types) < 2:
        return base.where(_OBJECT.type.in_(types)) if types else base
    ranges = (_cut(base.where(_OBJECT.type == name), asked.limit) for name in types)
    return select(union_all(*ranges).subquery())


def _cut(query: Select[Any], limit: int) -> Select[Any]:
    return select(query.order_by(_OBJECT.added).limit(limit + 1).subquery())


def _in(collection: str) -> ColumnElement[bool]:
    return _OBJECT.collection == collection
