"""A page of a collection: by `added` alone, so the last page costs what the first does."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, Select, String, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from hotline.leads.shelving import from_milliseconds
from hotline.leads.tables import stix_objects
from hotline.leads.taxii.asking import Asked, cursor
from hotline.leads.taxii.collections import View
from hotline.store import Session

_OBJECT = stix_objects.c
_OWN = stix_objects.alias("own")


@dataclass(frozen=True, slots=True)
class Page:
    """*rows* in the order they were added; *next* is empty on the last page."""

    rows: Sequence[Any]
    next: str

    @property
    def first(self) -> int:
        return int(self.rows[0].added)

    @property
    def last(self) -> int:
        return int(self.rows[-1].added)


def date_added(added: int) -> str:
    """Return *added* as TAXII writes times, to the microsecond."""
    return from_milliseconds(added).isoformat(timespec="microseconds").replace("+00:00", "Z")


def bodies(session: Session, view: View, asked: Asked) -> Page:
    """Return a page whose rows have ``added`` and ``body``, the JSON text of the object."""
    return _page(session, view, asked, _OBJECT.added, _OBJECT.body)


def records(session: Session, view: View, asked: Asked) -> Page:
    """Return a page whose rows have ``added``, ``stix_id`` and ``version``: the manifest."""
    return _page(session, view, asked, _OBJECT.added, _OBJECT.stix_id, _OBJECT.version)


def holds(session: Session, view: View, stix_id: str) -> bool:
    """Tell whether the view has an object of that id at all."""
    its = (_OBJECT.collection == view.collection, _OBJECT.stix_id == stix_id)
    found = select(_OBJECT.added).where(*its, *_beside(view), *_if_any(view))
    return session.execute(found).first() is not None


def _page(session: Session, view: View, asked: Asked, *columns: ColumnElement[Any]) -> Page:
    if asked.nothing:
        return Page((), "")
    rows = session.execute(page_query(view, asked, columns)).all()
    if asked.ids:
        later = [row for row in rows if row.added > asked.after]
        rows = sorted(later, key=lambda row: row.added)[: asked.limit + 1]
    is_more = len(rows) > asked.limit
    rows = rows[: asked.limit]
    return Page(rows, cursor(rows[-1].added) if is_more else "")


def page_query(view: View, asked: Asked, columns: Sequence[ColumnElement[Any]]) -> Any:
    """Return the query of one page, and of one row more that tells whether there is another.

    Each country or theme, each type and each version is a range of an index, cut to a page; then they are merged. One
    condition over several would read all objects of those, or the whole collection.
    """
    base = select(*columns).where(_OBJECT.collection == view.collection, *_if_any(view))
    if asked.ids:
        return _by_id(base.where(*_beside(view)), asked)
    later = base.where(_OBJECT.added > asked.after)
    if asked.versions:
        later = later.where(*_beside(view))
    ranges = [later.where(*chosen) for chosen in _ranges(view, asked)]
    if len(ranges) == 1:
        return _cut(ranges[0], asked)
    merged = union_all(*(select(_cut(one, asked).subquery()) for one in ranges)).subquery()
    return select(merged).order_by(merged.c.added).limit(asked.limit + 1)


def _by_id(base: Select[Any], asked: Asked) -> Select[Any]:
    """Return the query of what is asked for by id: uncut, because an order or a range of `added` would make the
    database walk the collection by that; there is one row at most for each id.
    """
    base = base.where(_OBJECT.stix_id.in_(asked.ids))
    if asked.types:
        base = base.where(_OBJECT.type.in_(asked.types))
    return base.where(_OBJECT.version.in_(asked.versions)) if asked.versions else base


def _beside(view: View) -> list[ColumnElement[bool]]:
    """Return what holds for the rows of *view*, where an index of other columns finds fewer: by id there is one, and
    those of one version are of one day.
    """
    if view.country:
        return [unindexed(_OBJECT.country).in_([view.country, ""])]
    return [unindexed(_OBJECT.theme).in_([view.theme, ""])] if view.theme else []


def _if_any(view: View) -> list[ColumnElement[bool]]:
    """Return that *view* has leads of its own: without any it is empty, also of what all leads share."""
    if view.id == view.collection:
        return []
    of = _OWN.c.country == view.country if view.country else _OWN.c.theme == view.theme
    first = select(_OWN.c.added).where(_OWN.c.collection == view.collection, of)
    # In the order of an index, because PostgreSQL reads any rows until one fits where it thinks that many do.
    return [first.order_by(_OWN.c.added).limit(1).scalar_subquery().is_not(None)]


class unindexed(FunctionElement[str]):  # noqa: N801 - it is called like a function of SQL.
    """A column by which SQLite, which counts no rows, must not choose an index."""

    type = String()
    inherit_cache = True


@compiles(unindexed)
def _unindexed(element: unindexed, compiler: SQLCompiler, **kw: Any) -> str:
    column = compiler.process(element.clauses, **kw)
    return f"+{column}" if compiler.dialect.name == "sqlite" else column


def _parts(view: View) -> list[list[ColumnElement[bool]]]:
    """Return the ranges that make up *view*: its country or theme, and what all leads share."""
    if view.country:
        return [[_OBJECT.country == code] for code in (view.country, "")]
    return [[_OBJECT.theme == code] for code in (view.theme, "")] if view.theme else [[]]


def _ranges(view: View, asked: Asked) -> list[list[ColumnElement[bool]]]:
    parts = [[]] if asked.versions else _parts(view)
    types = [[_OBJECT.type == name] for name in dict.fromkeys(asked.types)] or [[]]
    versions = [[_OBJECT.version == version] for version in dict.fromkeys(asked.versions)] or [[]]
    return [[*part, *one, *other] for part, one, other in product(parts, types, versions)]


def _cut(query: Select[Any], asked: Asked) -> Select[Any]:
    return query.order_by(_OBJECT.added).limit(asked.limit + 1)
