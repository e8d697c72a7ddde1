"""The directory on PostgreSQL answers as it does on SQLite."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time

import pytest

from referral.candidate import NEEDS
from referral.capacity import say_open, today
from referral.directory import Collection, page
from referral.load import SAMPLE_CITY
from referral.numbers import numbers
from referral.shortlist import shortlist
from referral.tables import metadata
from referral.wanted import Wanted
from tests.referral.conftest import Directory
from tests.referral.packages import key, organization, service, write_package
from tests.referral.test_api import COLLECTIONS, client_of
from tests.referral.test_withheld import everything_told


@pytest.fixture
def on_postgres(postgres_url):
    found = Directory(postgres_url)
    with found.engine.begin() as connection:
        metadata.create_all(connection)
    yield found
    found.engine.dispose()


def test_the_same_city_is_told_alike(on_postgres, ansel, tmp_path):
    first = on_postgres.load(SAMPLE_CITY)
    again = on_postgres.load(SAMPLE_CITY)

    assert first.bad == []
    assert again.kept["service"].unchanged == first.kept["service"].added
    assert everything_told(on_postgres) == everything_told(ansel)
    with on_postgres.read() as here, ansel.read() as there:
        for need in NEEDS:
            assert shortlist(here, need=need) == shortlist(there, need=need)
            its = {
                "needs": [(need,)],
                "at": datetime(2026, 3, 2, 3, tzinfo=UTC),
                "where": "fernley",
            }
            assert numbers(here, **its) == numbers(there, **its)
    mine, theirs = client_of(on_postgres), client_of(ansel)
    for query in (
        "services?search=HARBOR night",
        "services?taxonomy_term_id=shelter&per_page=3&page=2",
        "services?modified_after=2026-11-01",
        "service_at_locations?postcode=an01 1&proximity=2500",
        "taxonomy_terms?top_only=true",
    ):
        assert mine.get(f"/directory/{query}").json == theirs.get(f"/directory/{query}").json
    for name in COLLECTIONS:
        one = theirs.get(f"/directory/{name}?per_page=1").json["contents"][0]["id"]
        assert (
            mine.get(f"/directory/{name}/{one}").json == theirs.get(f"/directory/{name}/{one}").json
        )

    rows = [service(status="open"), service("Two", by="Nobody"), service("Three")]
    report = on_postgres.load(
        write_package(tmp_path / "p", organization=[organization()], service=rows)
    )
    assert (report.refused, report.kept["service"].added) == (2, 1)


def test_two_who_say_hours_of_one_day_at_once_say_them_one_after_the_other(on_postgres, tmp_path):
    rows = {"organization": [organization()], "service": [service()]}
    on_postgres.load(write_package(tmp_path / "p", **rows))
    at, shelter = datetime(2026, 11, 25, 20, tzinfo=UTC), key("Night shelter")

    def say(hour):
        with on_postgres.engine.begin() as connection:
            spans = [(time(hour), time(22))]
            say_open(connection, shelter, at.date(), spans, by="service", at=at)

    with ThreadPoolExecutor(4) as at_once:
        list(at_once.map(say, range(8, 16)))
    with on_postgres.read() as connection:
        [span] = today(connection, shelter, at).spans
    assert span[1] == time(22)


def test_any_word_for_a_need_finds_it(on_postgres):
    on_postgres.load(SAMPLE_CITY)
    with on_postgres.read() as connection:
        found = page(connection, Collection.SERVICES, Wanted(search="приют"), size=100)

    assert "House for men" in {each["name"] for each in found.contents}
