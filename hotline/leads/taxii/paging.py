"""A page of a collection: by `added` alone, so the last page costs what the first does."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    Select,
    String,
    bindparam,
    literal,
    or_,
    select,
    union_all,
)
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
_MOST = bindparam("most", type_=Integer)


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
    return _page(session, view, asked, ("added", "body"))


def records(session: Session, view: View, asked: Asked) -> Page:
    """Return a page whose rows have ``added``, ``stix_id`` and ``version``: the manifest."""
    return _page(session, view, asked, ("added", "stix_id", "version"))


def holds(session: Session, view: View, stix_id: str) -> bool:
    """Tell whether the view has an object of that id at all."""
    asked = Asked(ids=(stix_id,))
    query, given = page_query(view, asked, ("added",))
    return session.execute(query, given).first() is not None


def _page(session: Session, view: View, asked: Asked, columns: tuple[str, ...]) -> Page:
    if asked.nothing:
        return Page((), "")
    query, given = page_query(view, asked, columns)
    rows = session.execute(query, given).all()
    if asked.ids:
        later = [row for row in rows if row.added > asked.after]
        rows = sorted(later, key=lambda row: row.added)[: asked.limit + 1]
    is_more = len(rows) > asked.limit
    rows = rows[: asked.limit]
    return Page(rows, cursor(rows[-1].added) if is_more else "")


def page_query(
    view: View, asked: Asked, columns: tuple[str, ...]
) -> tuple[Executable, dict[str, object]]:
    """Return the query of one page, and of one row more that tells whether there is another; and what is given to it."""
    types, versions = (list(dict.fromkeys(each)) for each in (asked.types, asked.versions))
    part = "country" if view.country else "theme" if view.theme else ""
    given: dict[str, object] = {"collection": view.collection}
    if part:
        given["part"] = view.country or view.theme
    if asked.ids:
        given |= {"ids": list(asked.ids)}
        given |= {"types": types} if types else {}
        given |= {"versions": versions} if versions else {}
        return _by_id(part, columns, bool(types), bool(versions)), given
    given |= {"after": asked.after, "most": asked.limit + 1}
    given |= {f"type{place}": name for place, name in enumerate(types)}
    given |= {f"version{place}": name for place, name in enumerate(versions)}
    return _by_added(part, columns, len(types), len(versions)), given


# Statements are made once for each shape of what is asked: there are few, and making one costs as much as running it.
@lru_cache(maxsize=256)
def _by_added(part: str, columns: tuple[str, ...], types: int, versions: int) -> Executable:
    """Return the query of a page.

    Each country or theme, each type and each version is a range of an index, cut to a page; then they are merged. One
    condition over several would read all objects of those, or the whole collection.
    """
    later = _base(part, columns).where(_OBJECT.added > bindparam("after"))
    # The rows of one version are those of one day.
    beside = _beside(part) if versions else []
    parts = [[]] if versions else _parts(part)
    of_types = [[_OBJECT.type == bindparam(f"type{n}")] for n in range(types)] or [[]]
    of_versions = [[_OBJECT.version == bindparam(f"version{n}")] for n in range(versions)] or [[]]
    chosen = [[*one, *other, *third] for one, other, third in product(parts, of_types, of_versions)]
    ranges = [_cut(later.where(*beside, *each)) for each in chosen]
    if len(ranges) == 1:
        return ranges[0]
    merged = union_all(*(select(one.subquery()) for one in ranges)).subquery()
    return select(merged).order_by(merged.c.added).limit(_MOST)


@lru_cache(maxsize=64)
def _by_id(part: str, columns: tuple[str, ...], types: bool, versions: bool) -> Executable:
    """Return the query of what is asked for by id: uncut, because an order or a range of `added` would make the
    database walk the collection by that; there is one row at most for each id.
    """
    query = _base(part, columns).where(_among(_OBJECT.stix_id, "ids"), *_beside(part))
    if types:
        query = query.where(_among(_OBJECT.type, "types"))
    return query.where(_among(_OBJECT.version, "versions")) if versions else query


def _base(part: str, columns: tuple[str, ...]) -> Select[Any]:
    """Return the query of everything in a view; without any lead of its own that is empty, also of what all share."""
    query = select(*(_OBJECT[name] for name in columns))
    query = query.where(_OBJECT.collection == bindparam("collection"))
    if not part:
        return query
    its = (_OWN.c.collection == bindparam("collection"), _OWN.c[part] == bindparam("part"))
    # In the order of an index, because PostgreSQL reads any rows until one fits where it thinks that many do.
    first = select(_OWN.c.added).where(*its).order_by(_OWN.c.added).limit(1)
    return query.where(first.scalar_subquery().is_not(None))


def _parts(part: str) -> list[list[ColumnElement[bool]]]:
    """Return the ranges that make up a view: its country or theme, and what all leads share."""
    if not part:
        return [[]]
    return [[_OBJECT[part] == bindparam("part")], [_OBJECT[part] == literal("")]]


def _beside(part: str) -> list[ColumnElement[bool]]:
    """Return what holds for the rows of a view, where an index of other columns finds fewer."""
    if not part:
        return []
    column = unindexed(_OBJECT[part])
    return [or_(column == bindparam("part"), column == literal(""))]


def _among(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    return column.in_(bindparam(name, expanding=True))


class unindexed(FunctionElement[str]):  # noqa: N801 - it is called like a function of SQL.
    """A column by which SQLite, which counts no rows, must not choose an index."""

    type = String()
    inherit_cache = True


@compiles(unindexed)
def _unindexed(element: unindexed, compiler: SQLCompiler, **kw: Any) -> str:
    column = compiler.process(element.clauses, **kw)
    return f"+{column}" if compiler.dialect.name == "sqlite" else column


def _cut(query: Select[Any]) -> Select[Any]:
    return query.order_by(_OBJECT.added).limit(_MOST)
