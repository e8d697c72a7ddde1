"""The directory is edited on PostgreSQL as on SQLite, and two who do it at once wait for each other."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from sqlalchemy import text

from referral import history, listing, putting_back, verifying, viewing
from referral.editing import add, edit, take_away
from referral.fields import Fault
from referral.load import load, load_package, plan, read_package
from referral.provenance import held_of
from tests.referral.packages import organization, write_package
from tests.referral.test_editing import BEDS, BY, beds
from tests.referral.test_postgres import on_postgres

__all__ = ["on_postgres"]


def test_a_story_of_edits_an_import_and_putting_back(on_postgres, tmp_path):
    def brings(**fields):
        package = write_package(
            tmp_path / "city", organization=[organization()], service=[beds(**fields)]
        )
        with on_postgres.engine.begin() as connection:
            return load_package(connection, package, source="city")

    brings()
    with on_postgres.engine.begin() as connection:
        edit(connection, "service", BEDS.id, {"description": "Nine beds."}, **BY)
        number = add(connection, "phone", {"number": "112"}, to=BEDS, **BY)
        take_away(connection, "phone", number, **BY)
    assert len(brings(description="Eleven beds.").bad) == 1
    with on_postgres.engine.begin() as connection:
        assert held_of(connection, [BEDS.id])[*BEDS, "description"] == "Eleven beds."
        putting_back.put_back(connection, BEDS, 3, **BY)
        assert viewing.view(connection, BEDS)["phones"][0]["id"] == number
        assert [one.number for one in history.versions(connection, BEDS)] == [4, 3, 2, 1]
        assert verifying.count_stale(connection, date(2026, 12, 1)) == 1
        assert [one.id for one in listing.services(connection, words="112")] == [BEDS.id]
        verifying.check(connection, [BEDS.id], **BY)
        assert verifying.stale(connection, date(2026, 12, 1)) == []
        assert [one.name for one in listing.services(connection, words="beds")] == ["Beds"]


def test_versions_of_two_at_once_have_two_numbers(on_postgres, tmp_path):
    on_postgres.load(write_package(tmp_path / "p", organization=[organization()], service=[beds()]))

    def changes(name):
        with on_postgres.engine.begin() as connection:
            add(connection, "phone", {"number": name}, to=BEDS, **BY)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(changes, ("110", "111", "112", "113")))
    with on_postgres.read() as connection:
        assert [one.number for one in history.versions(connection, BEDS)] == [4, 3, 2, 1]


def test_an_import_waits_for_who_edits_and_leaves_what_they_wrote(on_postgres, tmp_path):
    city = tmp_path / "city"
    on_postgres.load(write_package(city, organization=[organization()], service=[beds()]))
    write_package(city, organization=[organization()], service=[beds(description="Eleven.")])
    incoming = read_package(city)
    with on_postgres.read() as connection:
        planned = plan(connection, incoming)

    def imports():
        with on_postgres.engine.begin() as connection:
            return load(connection, incoming, planned)

    with ThreadPoolExecutor(1) as pool:
        with on_postgres.engine.begin() as connection:
            edit(connection, "service", BEDS.id, {"description": "Nine beds."}, **BY)
            importing = pool.submit(imports)
            while not is_waiting(on_postgres) and not importing.done():
                time.sleep(0.01)
        report = importing.result(timeout=60)
    assert [bad.fault for bad in report.bad] == [Fault.EDITED_HERE]
    with on_postgres.read() as connection:
        assert viewing.view(connection, BEDS)["description"] == "Nine beds."


def is_waiting(directory):
    with directory.read() as connection:
        return connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))
