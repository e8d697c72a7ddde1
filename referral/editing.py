"""Edit the directory by hand, by the rules of an import: what it refuses in a package is refused here, field by field.

Three kinds are records of their own: services, organizations and locations. Everything else is a part of one, such
as a telephone. Records are retired, never deleted; parts can be taken away, and `putting_back` brings them back.
Whatever is done is a version in the record's `history`, stands against imports (`provenance`), and ends with
`revise`. Functions take a connection and never commit.
"""

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.engine import Connection

from referral.fields import BadField, Fault, Value, as_text, instant, read
from referral.history import Action, Changed, Record, fields_of_row, note
from referral.parts import FIELDS, NEEDED, PARTS, RECORDS, owner_of
from referral.planning import spell
from referral.provenance import COUNTED, WHOLE, forget_row, hold, let_go, typed_in
from referral.reading import Row
from referral.revision import revise, wait_for_others
from referral.tables import TABLES, attribute, service
from referral.withheld import withheld

Values = dict[str, Value]

RETIRED = "defunct"
ACTIVE = "active"


class NotThere(LookupError):
    """The directory has no such row, or it is no part of such a record."""


class Outdated(Exception):
    """The row was changed since it was read, by somebody else or by an import."""


class FieldsRefused(Exception):
    """Some fields cannot be kept as they were typed; nothing was."""

    def __init__(self, faults: dict[str, Fault]) -> None:
        super().__init__("fields refused")
        self.faults = faults


def row_of(connection: Connection, kind: str, row_id: str) -> Values:
    """Return one row; whoever writes holds it until they commit. Raises: NotThere."""
    table = TABLES.get(kind)
    if table is None or kind not in FIELDS:
        raise NotThere
    query = select(table).where(table.c.id == row_id.lower())
    found = connection.execute(query).mappings().first()
    if found is None:
        raise NotThere
    return dict(found)


def mark_of(row: Values) -> str:
    """Return what a row is known by as long as nobody changes it."""
    text = json.dumps(row, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def record_of(connection: Connection, kind: str, row_id: str) -> Record:
    """Return the record that a row is a part of, or is itself. Raises: NotThere."""
    found = owner_of(connection, kind, row_of(connection, kind, row_id))
    if found is None:
        raise NotThere
    return found


def lock(connection: Connection, record: Record) -> Record:
    """Let nobody else change *record* before this is committed, and return it. SQLite has one writer anyway."""
    wait_for_others(connection)
    its = TABLES[record.kind].c.id
    connection.execute(select(its).where(its == record.id).with_for_update())
    return record


def edit(
    connection: Connection,
    kind: str,
    row_id: str,
    typed: Mapping[str, str],
    *,
    seen: str = "",
    by: str,
    at: datetime,
) -> Record:
    """Keep what was *typed* into the fields of a row, and return its record.

    *seen* is the mark of the row when it was read. Fields that were not typed stay as they were.

    Raises: NotThere, Outdated, FieldsRefused.
    """
    record = lock(connection, record_of(connection, kind, row_id))
    row = row_of(connection, kind, row_id)
    if seen and seen != mark_of(row):
        raise Outdated
    values = _read(connection, kind, typed, row)
    changed = {name: value for name, value in values.items() if row[name] != value}
    if changed and kind in COUNTED:
        changed["updated"] = instant(at)
    if changed:
        told = [
            Changed(kind, str(row["id"]), name, as_text(row[name]), as_text(value))
            for name, value in changed.items()
        ]
        hold(connection, kind, str(row["id"]), changed)
        _write(connection, kind, str(row["id"]), changed)
        _finish(connection, record, told, by=by, at=at)
    return record


def add(
    connection: Connection,
    kind: str,
    typed: Mapping[str, str],
    *,
    to: Record | None = None,
    by: str,
    at: datetime,
) -> str:
    """Add a part *to* a record, or a record of its own, and return its id.

    Raises: NotThere, FieldsRefused.
    """
    wait_for_others(connection)
    pointers = _pointers(connection, kind, to)
    row: Values = dict.fromkeys(TABLES[kind].c.keys())
    row |= {"id": str(uuid.uuid4()), **pointers}
    row |= _read(connection, kind, typed, row, is_new=True)
    if kind == "service_capacity":
        row["updated"] = instant(at)
    connection.execute(insert(TABLES[kind]).values(row))
    key = str(row["id"])
    typed_in(connection, kind, key)
    record = Record(kind, key) if kind in RECORDS else owner_of(connection, kind, row)
    if record is None:
        raise NotThere
    _finish(connection, record, fields_of_row(kind, row, Action.CREATE), by=by, at=at)
    return key


def take_away(connection: Connection, kind: str, row_id: str, *, by: str, at: datetime) -> Record:
    """Take a part away, with what belongs to it, and return the record that it was a part of.

    Raises: NotThere, also for records: those are retired.
    """
    record = lock(connection, record_of(connection, kind, row_id))
    if kind in RECORDS:
        raise NotThere
    told = list(take_out(connection, kind, row_id.lower()))
    _finish(connection, record, told, by=by, at=at)
    return record


def retire(connection: Connection, record: Record, *, by: str, at: datetime) -> int:
    """Let a service, or every service of an organization, be one that is no more; return how many were let go."""
    return _set_status(connection, record, service.c.status != RETIRED, RETIRED, by=by, at=at)


def revive(connection: Connection, record: Record, *, by: str, at: datetime) -> int:
    """Let a service that was retired be there again; return how many came back."""
    return _set_status(connection, record, service.c.status == RETIRED, ACTIVE, by=by, at=at)


def follow_source(
    connection: Connection, kind: str, row_id: str, field: str, *, by: str, at: datetime
) -> Record:
    """Let the source decide again on a field that was edited here. Raises: NotThere."""
    record = lock(connection, record_of(connection, kind, row_id))
    row = row_of(connection, kind, row_id)
    if field not in FIELDS[kind]:
        raise NotThere
    says = let_go(connection, kind, str(row["id"]), field)
    if says is not None and says != as_text(row[field]):
        value = read(TABLES[kind].c[field], says)
        told = [Changed(kind, str(row["id"]), field, as_text(row[field]), says)]
        _write(connection, kind, str(row["id"]), {field: value})
        _finish(connection, record, told, by=by, at=at)
    else:
        revise(connection)
    return record


def take_out(connection: Connection, kind: str, row_id: str) -> Iterator[Changed]:
    """Take a row out with everything that points to it, and yield what each held. It stays away."""
    row = row_of(connection, kind, row_id)
    for child, name in _pointing_to(kind):
        column = TABLES[child].c[name]
        for key in list(connection.scalars(select(TABLES[child].c.id).where(column == row_id))):
            yield from take_out(connection, child, key)
    links = select(attribute.c.id).where(attribute.c.link_id == row_id, attribute.c.id != row_id)
    for key in list(connection.scalars(links)) if kind != "attribute" else ():
        yield from take_out(connection, "attribute", key)
    hold(connection, kind, row_id, [WHOLE])
    forget_row(connection, kind, row_id)
    connection.execute(delete(TABLES[kind]).where(TABLES[kind].c.id == row_id))
    yield from fields_of_row(kind, row, Action.DELETE)


def unit_named(connection: Connection, name: str) -> str:
    """Return the id of the unit of that *name*, a new one where there is none; empty without a name."""
    name = " ".join(name.split())
    if not name:
        return ""
    its = TABLES["unit"].c
    known = connection.scalar(select(its.id).where(its.name == name).order_by(its.id).limit(1))
    if known is None:
        known = str(uuid.uuid4())
        connection.execute(insert(TABLES["unit"]).values(id=known, name=name))
        typed_in(connection, "unit", known)
    return str(known)


def _pointing_to(kind: str) -> Iterator[tuple[str, str]]:
    """Yield the tables of parts, and their columns, that point to rows of *kind*."""
    for child, table in TABLES.items():
        for column in table.c if child in FIELDS and child not in RECORDS else ():
            if column.info.get("to") == kind:
                yield child, column.name


def _pointers(connection: Connection, kind: str, to: Record | None) -> Values:
    """Return what a new row of *kind* points to. Raises: NotThere."""
    if to is None:
        if kind != "organization":
            raise NotThere
        return {}
    if kind not in PARTS.get(to.kind, ()):
        raise NotThere
    whose = row_of(connection, to.kind, to.id)
    if kind == "attribute":
        return {"link_id": whose["id"], "link_entity": to.kind}
    return {f"{to.kind}_id": whose["id"]}


def _read(
    connection: Connection,
    kind: str,
    typed: Mapping[str, str],
    row: Values,
    *,
    is_new: bool = False,
) -> Values:
    """Return the values of the fields that were typed. Raises: FieldsRefused."""
    columns = TABLES[kind].c
    values: Values = {}
    faults: dict[str, Fault] = {}
    for name in FIELDS[kind]:
        if name not in typed and not is_new:
            continue
        try:
            values[name] = read(columns[name], typed.get(name, ""))
        except BadField as bad:
            faults[name] = bad.fault
            continue
        must = not columns[name].nullable or name in NEEDED.get(kind, ())
        if values[name] is None and must:
            faults[name] = Fault.MISSING
    becomes = row | values
    faults = {**_disagreeing(becomes), **_lost(connection, kind, values), **faults}
    secret = withheld(connection)
    if secret.location_ids:
        told = Row("", 0, {name: becomes[name] for name in {*values, "id", *_WHERE} & {*becomes}})
        faults = dict.fromkeys(spell(told, TABLES[kind], secret), Fault.REPEATS_ADDRESS) | faults
    if faults:
        raise FieldsRefused(faults)
    return values


_WHERE = ("location_id",)


def _disagreeing(row: Values) -> dict[str, Fault]:
    """Return the fields that do not go together."""
    faults: dict[str, Fault] = {}
    for first, second in (("latitude", "longitude"), ("opens_at", "closes_at")):
        if first in row and (row[first] is None) is not (row[second] is None):
            faults[first if row[first] is None else second] = Fault.MISSING
    for low, high in _IN_ORDER:
        lowest, highest = row.get(low), row.get(high)
        if lowest is not None and highest is not None and _key(lowest) > _key(highest):
            faults[high] = Fault.OUT_OF_RANGE
    return faults


_IN_ORDER = (
    ("minimum_age", "maximum_age"),
    ("valid_from", "valid_to"),
    ("dtstart", "until"),
    ("available", "maximum"),
)


def _key(value: Value) -> Any:
    return value


def _lost(connection: Connection, kind: str, values: Values) -> dict[str, Fault]:
    """Return the fields that point to a row that is not there."""
    faults = {}
    for name, value in values.items():
        to = TABLES[kind].c[name].info.get("to")
        if to and value is not None:
            its = TABLES[to].c.id
            if connection.scalar(select(its).where(its == value)) is None:
                faults[name] = Fault.POINTS_NOWHERE
    return faults


def _write(connection: Connection, kind: str, key: str, values: Values) -> None:
    table = TABLES[kind]
    connection.execute(update(table).where(table.c.id == key).values(values))


def _set_status(
    connection: Connection, record: Record, those: Any, status: str, *, by: str, at: datetime
) -> int:
    whose = {"service": service.c.id, "organization": service.c.organization_id}.get(record.kind)
    if whose is None:
        raise NotThere
    wait_for_others(connection)
    row_of(connection, record.kind, record.id)
    found = list(connection.scalars(select(service.c.id).where(whose == record.id, those)))
    for key in found:
        edit(connection, "service", key, {"status": status}, by=by, at=at)
    return len(found)


def _finish(
    connection: Connection, record: Record, told: Iterable[Changed], *, by: str, at: datetime
) -> None:
    note(connection, record, told, by=by, at=at)
    touch(connection, record, at=at)


def touch(connection: Connection, record: Record, *, at: datetime) -> None:
    """Let the directory know that *record* was changed at that instant."""
    if record.kind == "service":
        its = service.c
        known = or_(its.last_modified.is_(None), its.last_modified < instant(at))
        stamp = {"last_modified": instant(at)}
        connection.execute(update(service).where(its.id == record.id, known).values(stamp))
        hold(connection, "service", record.id, ["last_modified"])
    revise(connection)
