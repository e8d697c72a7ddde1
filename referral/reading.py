"""What a package gives, row by row: the rows as they can be kept, and what was wrong with the others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Column

from referral.fields import BadField, Fault, Value, legible, read
from referral.tables import TABLES
from referral.withheld import BLANK

_POINT = {"latitude", "longitude"}

_SAYS_LITTLE = {"description", "city", "state_province", "postal_code", "country"}
"""Texts that HSDS requires, and that change neither who fits nor what a record is."""

_MENDED = {
    Fault.READ_AS_WINDOWS,
    Fault.CONTROL_CHARACTER,
    Fault.QUOTES,
    Fault.FORMULA,
    Fault.FAR_AWAY,
    Fault.MARK_STAYS,
}


@dataclass(frozen=True, slots=True)
class BadRow:
    """What was wrong where. *line* counts from 1 and is 0 for the whole file.

    *field* is an HSDS field or ``column 7``, and ``phone.number`` in a file of documents; *kept* says that the row
    was kept, without that field.
    """

    file: str
    line: int
    field: str
    fault: Fault
    kept: bool = False

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" + (f" {self.field}" if self.field else "")
        how = " (row kept)" if self.fault in _MENDED else " (row kept without it)"
        return f"{where}: {self.fault}" + (how if self.kept else "")


@dataclass(slots=True)
class Row:
    """One row as it can be kept. A field that is not among *values* stays as it was."""

    file: str
    line: int
    values: dict[str, Value]
    label: str = ""
    """What stands before a field's name in the report, where a file holds several tables."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What the file calls a field, where that is not its name."""
    nothing_without: frozenset[str] = frozenset()
    """Fields without which the row says nothing, although HSDS does not require them."""

    def copy(self) -> "Row":
        return replace(self, values=dict(self.values))


@dataclass(slots=True)
class Incoming:
    """Everything that a package of *source* gives."""

    source: str
    is_named: bool = False
    """Whether somebody said which source it is; otherwise it is known by the name of its file."""
    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    """The rows that can be kept, by table and id."""
    met: dict[str, set[str]] = field(default_factory=dict)
    """The ids that were read, of rows that can be kept and of others."""
    parts: set[str] = field(default_factory=set)
    """The tables of which there may be more than was read."""
    nameless: list[Row] = field(default_factory=list)
    """Attributes that cannot be kept by their id: one may be a mark, see `marking`."""
    bad: list[BadRow] = field(default_factory=list)
    _waiting: dict[tuple[str, str], list[BadRow]] = field(default_factory=dict)
    """What was wrong with records of documents that may be whole in another place."""

    def finish(self) -> None:
        """Tell what was wrong with records that were whole nowhere."""
        self.bad += [bad for told in self._waiting.values() for bad in told]
        self._waiting.clear()

    def begin(self, table: str) -> None:
        self.rows.setdefault(table, {})
        self.met.setdefault(table, set())

    def tell(self, row: Row, name: str, fault: Fault, *, kept: bool = False) -> None:
        named = f"{row.label}{row.names.get(name, name)}" if name else name
        self.bad.append(BadRow(row.file, row.line, named, fault, kept))

    def take(
        self, row: Row, table: str, given: Mapping[str, Any], *, merging: bool = False
    ) -> None:
        """Read one row, and keep it if nothing that decides is wrong.

        *merging* is for documents, where one record stands in several places: what one place does not tell
        another does.
        """
        columns, told = TABLES[table].c, len(self.bad)
        whole = True
        for name in [c.name for c in columns if not c.nullable and c.name not in given]:
            whole &= self.without(row, columns[name], Fault.MISSING, merging=merging)
        for name, value in given.items():
            whole &= self._field(row, columns[name], value, merging=merging)
        self._whole_point(row, {bad.field for bad in self.bad[told:]})
        key = row.values.get("id")
        if key is None:
            self._keep_nameless(row, table)
            return
        if merging and str(key) in self.met[table]:
            del self.bad[told:]
        self.met[table].add(str(key))
        there = self.rows[table].get(str(key))
        if there is not None and merging:
            self._merge(row, there, table)
        elif not whole:
            if merging:
                self._waiting.setdefault((table, str(key)), self.bad[told:])
                del self.bad[told:]
        elif there is not None:
            self.tell(row, "id", Fault.REPEATED_ID)
            if row.values.get("link_id") != there.values.get("link_id"):
                self._keep_nameless(row, table)
        else:
            self._waiting.pop((table, str(key)), None)
            self.rows[table][str(key)] = row

    def _keep_nameless(self, row: Row, table: str) -> None:
        if table == "attribute" and row.values.get("link_id"):
            self.nameless.append(row)

    def _field(self, row: Row, column: Column[Any], given: Any, *, merging: bool) -> bool:
        """Read one value into *row*; say whether the row can still be kept."""
        try:
            text, mended = legible(_text(given))
            row.values[column.name] = read(column, text)
        except BadField as bad:
            row.values[column.name] = None
            return self.without(row, column, bad.fault, merging=merging)
        if mended:
            self.tell(row, column.name, mended, kept=True)
        if row.values[column.name] is None and (not column.nullable or column.info.get("expected")):
            return self.without(row, column, Fault.MISSING, merging=merging)
        return True

    def without(
        self, row: Row, column: Column[Any], fault: Fault, *, merging: bool = False
    ) -> bool:
        """Tell that *row* lacks a value; say whether it can be kept so.

        A text that says little is left blank, unless another place may still tell it (*merging*).
        """
        may_miss = column.nullable and (not column.info["decides"] or column.name in _POINT)
        if not column.nullable and column.name in _SAYS_LITTLE and not merging:
            row.values[column.name], may_miss = BLANK, True
        may_miss = may_miss and column.name not in row.nothing_without
        self.tell(row, column.name, fault, kept=bool(may_miss))
        return bool(may_miss)

    def _whole_point(self, row: Row, bad: set[str]) -> None:
        """Leave out half a point, and tell which half is missing if nothing was wrong with it; and 0, 0 in the sea."""
        halves = {name for name in _POINT if row.values.get(name) is not None}
        if len(halves) == 1:
            (missing,) = _POINT - halves
            if f"{row.label}{missing}" not in bad:
                self.tell(row, missing, Fault.MISSING, kept=True)
            row.values |= dict.fromkeys(_POINT)
        elif halves and not any(row.values[name] for name in _POINT):
            self.tell(row, "latitude", Fault.NO_POINT, kept=True)
            row.values |= dict.fromkeys(_POINT)

    def _merge(self, row: Row, there: Row, table: str) -> None:
        for name, value in row.values.items():
            known = there.values.get(name)
            if value is None or known == value:
                continue
            if known is None:
                there.values[name] = value
            elif "to" in TABLES[table].c[name].info:
                self.tell(row, name, Fault.TWO_OWNERS, kept=True)

    def points(self, row: Row, column: Column[Any], there: set[str]) -> bool:
        """Say whether *row* can be kept when *there* are the rows that it may point to."""
        target = row.values.get(column.name)
        if target is None or target in there:
            return True
        row.values[column.name] = None
        return self.without(row, column, Fault.POINTS_NOWHERE)


def _text(given: Any) -> str:
    """Return what JSON or CSV gives as the text that `read` reads. Raises: BadField."""
    match given:
        case None:
            return ""
        case str():
            return given
        case bool() | int():
            return str(given).lower()
        case float():
            return f"{Decimal(repr(given)):f}"
        case _:
            raise BadField(Fault.NOT_ONE_VALUE)


def name_in(text: str) -> str:
    """Return the field that a cell of the first line names, however it is written there."""
    return "_".join(text.strip().lower().replace("-", " ").split())


def header(names: Iterable[str], known: Iterable[str]) -> tuple[list[str], list[int]]:
    """Return the fields that the first line of a file names, empty where it names none that is known; and where those are."""
    fields: list[str] = []
    known, strange = set(known), []
    for place, text in enumerate(names, start=1):
        name = name_in(text)
        if name not in known or name in fields:
            strange.append(place)
            name = ""
        fields.append(name)
    return fields, strange
