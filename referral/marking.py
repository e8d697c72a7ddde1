"""An import never lifts a mark of confidentiality: only who edits the directory does.

A term that withholds keeps what makes it one, and its attributes stay what they are, whoever sends them otherwise or
no more. Where a row that may be a mark has no id of its own, it is kept under another. Whatever else an import does,
a place that a mark withheld before and nothing withholds afterwards is marked itself. An attribute whose term could
not be read is mended by who brought it alone.
"""

import uuid

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from referral.among import among
from referral.fields import Fault, Value
from referral.provenance import batches, brought_alone, typed_in
from referral.reading import Incoming, Row
from referral.tables import attribute, location, taxonomy_term
from referral.withheld import is_mark, mark_terms, with_those_under, withheld

Values = dict[str, Value]

_NAMESPACE = uuid.UUID("0f1c9a52-7a55-5c0d-8d57-3b2f0f1f7b0e")
_FILE = "attributes.csv"


class Marks:
    """The marks that a directory has and *incoming* brings."""

    def __init__(self, connection: Connection, incoming: Incoming) -> None:
        self._connection, self._incoming = connection, incoming
        self._known = mark_terms(connection)
        coming = incoming.rows.get("taxonomy_term", {})
        parents = {key: str(row.values.get("parent_id") or "") for key, row in coming.items()}
        new = {key for key, row in coming.items() if _says_mark(row.values)}
        self._terms = with_those_under(self._known | new, parents)
        self._alone: set[str] | None = None

    def withholds(self, row: Row) -> bool:
        """Say whether an attribute withholds, or may because nobody knows its term."""
        return row.values.get("taxonomy_term_id") in (None, *self._terms)

    @property
    def marks_more(self) -> bool:
        """Say whether the package withholds anything, itself: what that is may be known here as public."""
        return any(map(self.withholds, self._incoming.rows.get("attribute", {}).values()))

    def keep_without_id(self, refused: Incoming) -> None:
        """Keep what may be a mark and cannot be kept by its id."""
        for row in self._incoming.nameless:
            if self.withholds(row) or not self._is_there(str(row.values["taxonomy_term_id"])):
                what = f"{row.values['link_id']} {row.values.get('taxonomy_term_id')}"
                key = str(uuid.uuid5(_NAMESPACE, what))
                self._incoming.rows["attribute"].setdefault(key, row.copy()).values["id"] = key
                self._incoming.met["attribute"].add(key)
                refused.tell(row, "id", Fault.MARK_STAYS, kept=True)

    def _is_there(self, term: str) -> bool:
        if term in self._incoming.rows.get("taxonomy_term", {}):
            return True
        its = taxonomy_term.c.id
        return self._connection.scalar(select(its).where(its == term)) is not None

    def among_gone(self, ids: set[str], refused: Incoming) -> set[str]:
        """Return the attributes among *ids* that stay, although their source has them no more; and tell it."""
        its, staying = attribute.c, set()
        for some in batches(sorted(ids)):
            query = select(its.id, its.taxonomy_term_id).where(its.id.in_(some))
            for key, term in self._connection.execute(query):
                if term is None or term in self._known:
                    staying.add(key)
        if staying:
            refused.tell(Row(_FILE, 0, {}), "", Fault.MARK_STAYS, kept=True)
        return staying

    def protect(self, name: str, values: Values, was: Values) -> Values:
        """Return *values* of a row of the table *name* without what would lift a mark of the row that *was*."""
        if name == "attribute":
            return _without(values, was, self._fixed(values, was))
        if name == "taxonomy_term" and was["id"] in self._known:
            return _without(values, was, self._what_marks(values, was))
        return values

    def _fixed(self, values: Values, was: Values) -> tuple[str, ...]:
        term = was["taxonomy_term_id"]
        if term is None:
            if self._alone is None:
                self._alone = brought_alone(self._connection, self._incoming.source, "attribute")
            mends = was["id"] in self._alone and values.get("link_id") == was["link_id"]
            return () if mends else ("link_id", "taxonomy_term_id")
        return ("link_id", "taxonomy_term_id") if term in self._known else ()

    def _what_marks(self, values: Values, was: Values) -> tuple[str, ...]:
        for name in ("code", "name"):
            if is_mark(_text(was[name])):
                return () if is_mark(_text(values.get(name))) else (name,)
        return () if values.get("parent_id") in self._known else ("parent_id",)


def _says_mark(values: Values) -> bool:
    return is_mark(_text(values.get("code"))) or is_mark(_text(values.get("name")))


def _text(value: Value) -> str:
    return str(value or "")


def _without(values: Values, was: Values, fixed: tuple[str, ...]) -> Values:
    lifts = any(name in values and values[name] != was[name] for name in fixed)
    return {name: v for name, v in values.items() if name not in fixed} if lifts else values


def certainly_withheld(connection: Connection) -> frozenset[str]:
    """Return the locations that a mark withholds which can be read."""
    return withheld(connection, for_certain=True).location_ids


def mark_again(
    connection: Connection, before: frozenset[str], told: Incoming, rows: dict[str, Row]
) -> None:
    """Mark what was withheld *before* and is not any more; *rows* are the locations of the package. Does not commit."""
    lost = before - certainly_withheld(connection)
    its = location.c.id
    query = select(its).where(among(connection, its, lost))
    for key in list(connection.scalars(query)) if lost else ():
        mark = str(uuid.uuid4())
        term = min(mark_terms(connection), default=None)
        values = {"id": mark, "link_id": key, "link_entity": "location", "taxonomy_term_id": term}
        connection.execute(insert(attribute).values(values))
        typed_in(connection, "attribute", mark)
        told.tell(rows.get(key, Row(_FILE, 0, {})), "", Fault.MARK_STAYS, kept=True)
