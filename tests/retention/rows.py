"""What stands in the tables, whatever room they belong to."""

from datetime import date

from sqlalchemy import insert, select

from hotline.migrations import every_table
from hotline.reports.tables import reports
from hotline.retention.tables import holds
from hotline.store import Store, new_id
from tests.cast import AMINA, Texter


def only_report(store: Store) -> str:
    with store.read() as session:
        return session.execute(select(reports.c.id)).scalar_one()


def tables_naming(store: Store, report_id: str) -> set[str]:
    """Return the tables with a row that has *report_id* anywhere in it, read value by value."""
    found = set()
    with store.read() as session:
        for table in every_table()[0].sorted_tables:
            for row in session.execute(select(table)):
                if any(report_id in str(value) for value in row):
                    found.add(table.name)
    return found


def hold(store: Store, report_id: str, until: date) -> None:
    """Place a hold, whatever it takes to place one properly."""
    row = {"id": new_id(), "report_id": report_id, "desk": "main", "placed_by": "ines"}
    days = {"placed_day": "2026-03-02", "until_day": until.isoformat(), "ended_day": ""}
    store.write(lambda session: session.execute(insert(holds), row | days))


def second_report(ends):
    """Let somebody else text, and close that, too."""
    with ends.store.read() as session:
        before = set(session.execute(select(reports.c.id)).scalars())
    Texter(ends.house, AMINA).texts("Please help")
    with ends.store.read() as session:
        new = (set(session.execute(select(reports.c.id)).scalars()) - before).pop()
    ends.close(new)
    return new
