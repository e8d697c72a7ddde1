"""What an import would do, compared with what the directory holds: found by reading alone.

So it can be shown before it is done, and a long package does not lock the database while it is compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from sqlalchemy import Column, Table, select
from sqlalchemy.engine import Connection

from referral.fields import Fault, Value, as_text
from referral.load_report import NAMES, Kept, LoadReport
from referral.marking import Marks
from referral.provenance import WHOLE, all_held, batches, brought_alone, brought_by, made_here
from referral.reading import Incoming, Row
from referral.revision import revision
from referral.silence import Silence
from referral.tables import TABLES, Kind
from referral.withheld import BLANK, Withheld, withheld

_NAMED = {"organization", "program", "service", "taxonomy", "taxonomy_term"}
"""Tables whose names may be shown; a contact's name or a house's may not."""

Values = dict[str, Value]


@dataclass(slots=True)
class Plan:
    """What is to be written."""

    source: str
    mark: str
    """The directory's revision that this was compared with."""
    new: dict[str, list[Row]] = field(default_factory=dict)
    differing: dict[str, list[Values]] = field(default_factory=dict)
    gone: dict[str, set[str]] = field(default_factory=dict)
    left_to_others: dict[str, set[str]] = field(default_factory=dict)
    """What the source has no more, and another has."""
    kept: dict[str, dict[str, Row]] = field(default_factory=dict)
    said: dict[tuple[str, str, str], str | None] = field(default_factory=dict)
    """What the source says of fields that were edited here, by kind, id and field; None where it says the same."""
    report: LoadReport = field(default_factory=LoadReport)


def plan(connection: Connection, incoming: Incoming) -> Plan:
    """Compare *incoming* with the directory. Writes nothing."""
    return _Planning(connection, incoming).plan()


def spell(row: Row, table: Table, secret: Withheld) -> Iterator[str]:
    """Yield the fields of *row* whose text repeats a withheld address that is not its own."""
    its_own = {row.values["id"], row.values.get("location_id")} & secret.location_ids
    for name, value in row.values.items() if not its_own else ():
        told = table.c[name].info["kind"] in (Kind.TEXT, Kind.URI, Kind.EMAIL)
        if told and isinstance(value, str) and secret.gives_away(value):
            yield name


class _Planning:
    def __init__(self, connection: Connection, incoming: Incoming) -> None:
        self._connection, self._incoming = connection, incoming
        self._plan = Plan(incoming.source, revision(connection))
        self._secret = withheld(connection)
        self._held = all_held(connection)
        self._marks = Marks(connection, incoming)
        marks_more = self._marks.marks_more
        self._silence = Silence(connection, incoming, self._secret, marks_more=marks_more)
        self._refused = Incoming(incoming.source, bad=list(incoming.bad))

    def plan(self) -> Plan:
        self._marks.keep_without_id(self._refused)
        self._find_gone()
        for name, rows in self._in_order():
            self._table(name, TABLES[name], rows)
        self._keep_what_is_pointed_to()
        report = self._plan.report
        for name, ids in self._plan.gone.items():
            if ids:
                self._tell_removed(name, ids)
        report.bad = sorted(self._refused.bad, key=lambda each: (each.file, each.line))
        return self._plan

    def _in_order(self) -> Iterator[tuple[str, dict[str, Row]]]:
        """Yield what points after what it points to; attributes may lead to everything."""
        names = sorted(TABLES, key=lambda name: name == "attribute")
        return ((name, self._incoming.rows[name]) for name in names if name in self._incoming.rows)

    def _find_gone(self) -> None:
        """Find what the source brought once and has no more; all or nothing, where it may be another's file."""
        source, read = self._incoming.source, self._connection
        still, gone, shared = 0, {}, {}
        for name, ids in self._incoming.met.items():
            if name not in self._incoming.parts:
                before = brought_by(read, source, name)
                gone[name] = brought_alone(read, source, name) - ids
                shared[name] = before - ids - gone[name]
                still += len(before & ids)
        for name, ids in self._silence.left_out(gone).items():
            gone[name] -= ids
            self._plan.report.withheld += len(ids)
        many = sum(map(len, gone.values()))
        if many > still and not self._incoming.is_named:
            self._plan.report.left = many
            return
        marks = self._marks.among_gone(gone.get("attribute", set()), self._refused)
        if marks:
            gone["attribute"] -= marks
            shared["attribute"] |= marks
        self._plan.gone, self._plan.left_to_others = gone, shared
        if self._held:
            self._keep_what_was_edited()

    def _keep_what_was_edited(self) -> None:
        """Leave what was edited here although its source has it no more, and what belongs to it."""
        staying: dict[str, set[str]] = {}
        for name, table in TABLES.items():
            ids = self._plan.gone.get(name) or set()
            stay = {key for key in ids if (name, key) in self._held}
            for column in table.c if ids else ():
                owners = staying.get(column.info.get("to", ""), set())
                if name == "attribute" and column.name == "link_id":
                    owners = set().union(*staying.values())
                for some in batches(sorted(owners)):
                    query = select(table.c.id).where(column.in_(some))
                    stay |= ids & set(self._connection.scalars(query))
            if stay:
                staying[name] = stay
                ids -= stay
                self._plan.left_to_others[name] |= stay
                self._plan.report.stayed += len(stay)

    def _table(self, name: str, table: Table, rows: dict[str, Row]) -> None:
        self._plan.kept[name] = good = dict(rows)
        for key in [key for key in good if WHOLE in self._held.get((name, key), ())]:
            self._refused.tell(good.pop(key), "id", Fault.REMOVED_HERE)
        self._leave_what_was_made_here(name, table, good)
        pointers = [c for c in table.c if "to" in c.info]
        for column in sorted(pointers, key=lambda c: c.info["to"] == name):
            self._drop_lost(good, column, column.info["to"], owners=_owners(name))
        self._let_go_of_nobodys(name, table, rows.keys() - good.keys())
        if name == "attribute":
            self._drop_lost_links(good)
        kept = self._plan.report.kept.setdefault(name, Kept())
        new, differing = (
            self._plan.new.setdefault(name, []),
            self._plan.differing.setdefault(name, []),
        )
        for batch in batches(good.values()):
            self._compare(name, table, batch, (new, differing), kept)

    def _leave_what_was_made_here(self, name: str, table: Table, good: dict[str, Row]) -> None:
        """Take out what was typed in here, and what history was written; tell where the source says something else."""
        for some in batches(sorted(good.keys() & made_here(self._connection, name))):
            query = select(table).where(table.c.id.in_(some))
            for was in self._connection.execute(query).mappings():
                row = good.pop(str(was["id"]))
                news = _against(name, row.values, dict(was))
                if any(was[key] != value for key, value in news.items()):
                    self._refused.tell(row, "id", Fault.MADE_HERE)

    def _drop_lost(
        self, good: dict[str, Row], column: Column[str], to: str, *, owners: tuple[str, ...]
    ) -> None:
        """Take out pointers that lead nowhere, and rows that are nothing without them: what is nobody's any more."""
        pointing = {key: row for key, row in good.items() if row.values.get(column.name)}
        there = self._present(to, {str(row.values[column.name]) for row in pointing.values()})
        for key, row in pointing.items():
            if row.values[column.name] not in there:
                good[key] = row.copy()
                if owners and not any(row.values.get(n) for n in owners if n != column.name):
                    good[key].nothing_without |= {column.name}
                if not self._refused.points(good[key], column, there):
                    del good[key]

    def _let_go_of_nobodys(self, name: str, table: Table, ids: set[str]) -> None:
        """Let what was refused go where everybody that it belongs to goes."""
        columns = [table.c[each] for each in _owners(name)]
        gone = self._plan.gone
        ids = {key for key in ids if (name, key) not in self._held}
        ids -= made_here(self._connection, name)
        for some in batches(sorted(ids)) if columns and any(gone.values()) else ():
            query = select(table.c.id, *columns).where(table.c.id.in_(some))
            for key, *theirs in self._connection.execute(query):
                pairs = zip(columns, theirs, strict=True)
                its = [(column.info["to"], owner) for column, owner in pairs if owner]
                if its and all(owner in gone.get(to, ()) for to, owner in its):
                    gone.setdefault(name, set()).add(key)

    def _present(self, name: str, ids: set[str]) -> set[str]:
        kept = self._plan.kept.get(name, {}).keys()
        gone = self._plan.gone.get(name, set())
        found = ids & kept
        id_ = TABLES[name].c.id
        for some in batches(sorted(ids - found - gone)):
            found |= set(self._connection.scalars(select(id_).where(id_.in_(some))))
        return found

    def _drop_lost_links(self, good: dict[str, Row]) -> None:
        """Take out attributes whose record is nowhere. One that may withhold stays: its record may come later."""
        ids = {
            str(row.values["link_id"])
            for row in good.values()
            if row.values.get("taxonomy_term_id") and row.values.get("link_entity") in TABLES
        }
        there = {
            each
            for name in TABLES
            if name != "attribute"
            for each in ids & self._plan.kept.get(name, {}).keys()
        }
        lost = ids - there
        for name in TABLES:
            lost -= self._present(name, lost) if lost else set()
        for key in [k for k, row in good.items() if row.values["link_id"] in lost]:
            if self._marks.withholds(good[key]):
                self._refused.tell(good[key], "link_id", Fault.MARK_STAYS, kept=True)
            else:
                self._refused.tell(good[key], "link_id", Fault.POINTS_NOWHERE)
                del good[key]

    def _compare(
        self,
        name: str,
        table: Table,
        batch: list[Row],
        into: tuple[list[Row], list[Values]],
        kept: Kept,
    ) -> None:
        ids = [row.values["id"] for row in batch]
        found = self._connection.execute(select(table).where(table.c.id.in_(ids))).mappings()
        there = {str(row["id"]): dict(row) for row in found}
        for row in map(partial(self._leave_addresses_out, table), batch):
            was = there.get(str(row.values["id"]))
            values = _against(name, row.values, was)
            if was is not None:
                values = self._without_lifting(name, row, values, was)
                values = self._silence.without_emptying(values, was)
            if was is not None and (edited := self._held.get((name, str(row.values["id"])))):
                values = self._without_edited(name, row, values, was, edited)
            if was is None:
                into[0].append(row)
                kept.added += 1
                kept.name("added", _called(name, values))
            elif differs := {key: value for key, value in values.items() if was[key] != value}:
                into[1].append(differs | {"id": was["id"]})
                kept.changed += 1
                called = _called(name, was | values)
                kept.name("changed", called)
                self._tell_changed(name, kept, called, was, differs)
            else:
                kept.unchanged += 1

    def _tell_changed(
        self, name: str, kept: Kept, called: str, was: Values, differs: Values
    ) -> None:
        """Say which fields change of a row that is named, and from what to what where that may be shown."""
        if called not in kept.names["changed"]:
            return
        may_show, show = self._silence.may_show(name, was), self._silence.shown
        for each, value in differs.items():
            both = (show(as_text(was[each])), show(as_text(value))) if may_show else None
            kept.fields.setdefault(called, []).append((each, both))

    def _without_lifting(self, name: str, row: Row, values: Values, was: Values) -> Values:
        """Leave out what would lift a mark, and tell it."""
        left = self._marks.protect(name, values, was)
        if left != values:
            self._refused.tell(row, "", Fault.MARK_STAYS, kept=True)
            self._plan.kept[name][str(was["id"])] = replace(row, values={"id": was["id"], **left})
        return left

    def _without_edited(
        self, name: str, row: Row, values: Values, was: Values, edited: frozenset[str]
    ) -> Values:
        """Leave out what was edited here, and tell where the source says something else."""
        left = dict(values)
        for each in sorted(edited & values.keys()):
            if each in NEWEST:
                newest = NEWEST[each]
                if str(values.get(newest) or "") <= str(was[newest] or ""):
                    del left[each]
                continue
            del left[each]
            differs = values[each] != was[each]
            says = as_text(values[each]) if differs else None
            self._plan.said[name, str(row.values["id"]), each] = says
            if differs:
                self._refused.tell(row, each, Fault.EDITED_HERE, kept=True)
        return left

    def _leave_addresses_out(self, table: Table, row: Row) -> Row:
        names = list(spell(row, table, self._secret)) if self._secret.location_ids else ()
        cleaned = row.copy() if names else row
        for name in names:
            cleaned.values[name] = None if table.c[name].nullable else BLANK
            self._refused.tell(row, name, Fault.REPEATS_ADDRESS, kept=True)
        return cleaned

    def _keep_what_is_pointed_to(self) -> None:
        """Leave among what goes nothing that a row points to which stays."""
        gone = self._plan.gone
        for name in reversed(TABLES):
            ids = gone.get(name, set())
            for child, table in TABLES.items():
                for column in table.c if ids else ():
                    if column.info.get("to") == name:
                        ids = ids - self._holders(child, table, column, ids)
            if name in gone:
                gone[name] = ids

    def _holders(self, child: str, table: Table, column: Column[str], ids: set[str]) -> set[str]:
        held: set[str] = set()
        going = self._plan.gone.get(child, set())
        coming = self._plan.kept.get(child, {})
        for some in batches(sorted(ids)):
            query = select(table.c.id, column).where(column.in_(some))
            for key, target in self._connection.execute(query):
                stays = key not in going and column.name not in getattr(
                    coming.get(key), "values", {}
                )
                held |= {target} if stays else set()
        return held

    def _tell_removed(self, name: str, ids: set[str]) -> None:
        kept = self._plan.report.kept.setdefault(name, Kept())
        kept.removed = len(ids)
        table = TABLES[name]
        some = sorted(ids)[:NAMES]
        found = self._connection.execute(select(table).where(table.c.id.in_(some))).mappings()
        for row in found:
            kept.name("removed", _called(name, dict(row)))


def _owners(name: str) -> tuple[str, ...]:
    """Return the pointers of a table whose rows may tell of a place, once nobody knows that they are of it."""
    return tuple(c.name for c in TABLES[name].c if "to" in c.info) if name in _OF_SOMEBODY else ()


_OF_SOMEBODY = {"contact", "phone", "schedule", "language", "accessibility"}


def _called(name: str, values: Values) -> str:
    text = str(values.get("name") if name in _NAMED else values["id"])
    return " ".join(text.split())[:80]


def _against(name: str, values: Values, was: Values | None) -> Values:
    """Return what of *values* is news: what was blanked on the way out, or is older than what is known, is not."""
    if was is None:
        return values
    if name == "service_capacity" and str(was["updated"]) > str(values["updated"]):
        return {}
    if name == "location" and not any(v for k, v in values.items() if k not in _OF_STUB):
        return {}
    return {key: value for key, value in values.items() if value != BLANK}


_OF_STUB = {"id", "location_type", "organization_id"}

NEWEST = {
    "assured_date": "assured_date",
    "assurer_email": "assured_date",
    "last_modified": "last_modified",
}
"""Fields of which the newest counts, whoever says it, and the field that tells which is newest."""
