"""Import an HSDS package: what is good is kept, what is bad is told, and nothing stops the rest.

Rows are kept by their id, so that importing a package again changes nothing; what its source has no more goes.
A bad value costs its row only where leaving it out would change who fits (an age, an hour); elsewhere the row is
kept without it. The report names file, line and field, and never a value.
"""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from sqlalchemy import Table, delete, update
from sqlalchemy import insert as insert_into
from sqlalchemy.engine import Connection
from sqlalchemy.sql import bindparam

from referral.arriving import read_package
from referral.fields import Fault
from referral.load_report import Kept, LoadReport
from referral.marking import certainly_withheld, mark_again
from referral.planning import Plan, Values, plan, spell
from referral.provenance import batches, bring, forget, say
from referral.reading import Incoming, Row
from referral.revision import revise, revision, wait_for_others
from referral.tables import TABLES
from referral.withheld import BLANK, withheld

__all__ = ["SAMPLE_CITY", "Kept", "LoadReport", "load", "load_package", "plan", "read_package"]

SAMPLE_CITY = Path(__file__).parent / "data"
"""A fictional city: a package to try things with."""


def load_package(connection: Connection, path: Path, *, source: str = "") -> LoadReport:
    """Import the package at *path*, a folder, a zip or a JSON file, and report on it. Does not commit.

    Everything is read before anything is written, so that the database is locked for a short time only.

    Raises: PackageUnreadable, when *path* holds no package at all.
    """
    return load(connection, read_package(path, source=source))


def load(connection: Connection, incoming: Incoming, planned: Plan | None = None) -> LoadReport:
    """Import what was read of a package, and report on it. Does not commit.

    What was *planned* before is done as it is, unless the directory was changed since.
    """
    wait_for_others(connection)
    if planned is None or planned.mark != revision(connection):
        planned = plan(connection, incoming)
    before = certainly_withheld(connection)
    for name, table in TABLES.items():
        _insert(connection, table, planned.new.get(name, []))
        _update(connection, table, planned.differing.get(name, []))
    for name in reversed(TABLES):
        _remove(connection, planned, name)
    for name, rows in planned.kept.items():
        bring(connection, planned.source, name, rows.keys())
    say(connection, planned.source, planned.said)
    told = Incoming(planned.source, bad=planned.report.bad)
    mark_again(connection, before, told, planned.kept.get("location", {}))
    _leave_addresses_out(connection, planned)
    revise(connection)
    return planned.report


def _insert(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    empty = dict.fromkeys(table.c.keys())
    for batch in batches(rows):
        connection.execute(insert_into(table), [empty | row.values for row in batch])


def _update(connection: Connection, table: Table, rows: Iterable[Values]) -> None:
    """Write what differs, and no more: what somebody says meanwhile of another field stays."""
    statement = update(table).where(table.c.id == bindparam("key"))
    for _, alike in groupby(sorted(rows, key=sorted), key=sorted):
        for batch in batches(alike):
            connection.execute(statement, [row | {"key": row["id"]} for row in batch])


def _remove(connection: Connection, planned: Plan, name: str) -> None:
    ids, table = planned.gone.get(name, set()), TABLES[name]
    for some in batches(sorted(ids)):
        connection.execute(delete(table).where(table.c.id.in_(some)))
    forget(connection, planned.source, name, ids | planned.left_to_others.get(name, set()))


def _leave_addresses_out(connection: Connection, planned: Plan) -> None:
    """Take out of what was just kept every text that repeats an address that is now withheld.

    `withhold` would not let it out; but what is not there cannot be searched for either.
    """
    secret = withheld(connection)
    if not secret.location_ids:
        return
    told = Incoming(planned.source, bad=planned.report.bad)
    for kind, rows in planned.kept.items():
        table = TABLES[kind]
        for row in rows.values():
            for name in list(spell(row, table, secret)):
                empty = None if table.c[name].nullable else BLANK
                connection.execute(
                    table.update().where(table.c.id == row.values["id"]).values({name: empty})
                )
                told.tell(row, name, Fault.REPEATS_ADDRESS, kept=True)
    planned.report.bad.sort(key=lambda each: (each.file, each.line))
