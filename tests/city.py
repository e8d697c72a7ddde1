"""The directory of the fictional city, imported once for the whole run: each house gets its rows."""

from functools import cache
from typing import Any

from sqlalchemy import Table, create_engine, insert, select

from hotline.store import Store
from referral.load import SAMPLE_CITY, load_package
from referral.tables import metadata


def give_city(store: Store) -> None:
    """Put the fictional city into *store*, whose directory is empty."""
    store.write(
        lambda session: [session.execute(insert(table), rows) for table, rows in _city_rows()]
    )


@cache
def _city_rows() -> list[tuple[Table, list[dict[str, Any]]]]:
    """Return what the import of the city writes."""
    engine = create_engine("sqlite://")
    with engine.begin() as session:
        metadata.create_all(session)
        load_package(session, SAMPLE_CITY)
        every = [(table, session.execute(select(table))) for table in metadata.sorted_tables]
        found = [(table, [*map(dict, its.mappings())]) for table, its in every]
    engine.dispose()
    return [(table, rows) for table, rows in found if rows]
