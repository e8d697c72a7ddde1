"""What of a confidential place an import leaves as it is, because the package does not say anything of it.

What is handed out here withholds addresses, telephones and words of such places. Whoever sends that back, as the source
that brought them, removes and empties nothing of them; who tells any of it tells all, and what they leave out goes.
"""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.engine import Connection

from referral.among import among
from referral.fields import Value
from referral.provenance import brought_by
from referral.reading import Incoming
from referral.tables import TABLES, attribute
from referral.withheld import Withheld, of_withheld

_NEVER_TOLD = ("address", "phone", "contact", "accessibility")
_TOLD_OF_IT = ("location", "service_at_location")
"""Of these the ids are told of every place: one that is not in a package is gone."""

_WHERE = frozenset({*_NEVER_TOLD, *_TOLD_OF_IT})
"""Tables whose values may tell where a place is that is only now to be withheld."""

Values = dict[str, Value]


class Silence:
    """What *incoming* does not say of the places that are *secret*."""

    def __init__(
        self, connection: Connection, incoming: Incoming, secret: Withheld, *, marks_more: bool
    ) -> None:
        self._connection, self._secret, self._marks_more = connection, secret, marks_more
        self.hidden = of_withheld(connection, secret) | secret.hours
        its = attribute.c
        linked = select(its.id).where(among(connection, its.link_id, self.hidden))
        self.hidden |= frozenset(connection.scalars(linked)) if self.hidden else frozenset()
        self.is_kept = self._is_kept(incoming) if self.hidden else False

    def _is_kept(self, incoming: Incoming) -> bool:
        brought = {
            name: brought_by(self._connection, incoming.source, name) & self.hidden
            for name in _NEVER_TOLD
        }
        told = any(ids & incoming.met.get(name, set()) for name, ids in brought.items())
        return any(brought.values()) and not told

    def left_out(self, gone: dict[str, set[str]]) -> dict[str, set[str]]:
        """Return what of *gone* is not gone: rows of secret places of which a record stays."""
        going = {name: set(ids) for name, ids in gone.items()}
        staying: dict[str, set[str]] = {}
        for name in TABLES if self.is_kept else ():
            ids = (going.get(name, set()) & self.hidden) if name not in _TOLD_OF_IT else set()
            stay = {key for key, owners in self._owners(name, ids) if self._stays(owners, going)}
            if stay:
                going[name] -= stay
                staying[name] = stay
        return staying

    def _owners(self, name: str, ids: set[str]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Yield each row with what it belongs to, by table and id; an attribute may belong to anything."""
        table = TABLES[name]
        columns = [c for c in table.c if "to" in c.info and c.info["to"] != "taxonomy_term"]
        kinds = [str(column.info["to"]) for column in columns]
        if name == "attribute":
            columns, kinds = [table.c.link_id], [""]
        query = select(table.c.id, *columns).where(among(self._connection, table.c.id, ids))
        for key, *owners in self._connection.execute(query) if ids and columns else ():
            yield key, [(kind, owner) for kind, owner in zip(kinds, owners, strict=True) if owner]

    def _stays(self, owners: list[tuple[str, str]], going: dict[str, set[str]]) -> bool:
        everywhere = set().union(*going.values())
        return any(
            owner not in (going.get(kind, ()) if kind else everywhere) for kind, owner in owners
        )

    def without_emptying(self, values: Values, was: Values) -> Values:
        """Return *values* without those that would empty what was only withheld."""
        if not self.is_kept:
            return values
        is_hidden = was["id"] in self.hidden
        return {
            name: value
            for name, value in values.items()
            if not (
                value is None and was[name] is not None and (is_hidden or self._tells(was[name]))
            )
        }

    def may_show(self, name: str, was: Values) -> bool:
        """Tell whether values of a row of the table *name* may be shown, where they do not give a place away."""
        owners = {value for key, value in was.items() if "to" in TABLES[name].c[key].info}
        is_new = self._marks_more and name in _WHERE
        return not (is_new or was["id"] in self.hidden or owners & self.hidden)

    def shown(self, text: str) -> str:
        return "…" if self._tells(text) else text

    def _tells(self, value: Value) -> bool:
        return isinstance(value, str) and self._secret.gives_away(value)
