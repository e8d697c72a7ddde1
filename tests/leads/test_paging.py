"""Whatever is filtered and however it is cut, pages together are the whole, in order, each thing once."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, text

from hotline.errors import Malformed
from hotline.leads.tables import stix_objects
from hotline.leads.taxii import asking, paging
from hotline.migrations import create_all
from hotline.store import Store

OURS, THEIRS = "6a1f2a53-0000-4000-8000-000000000001", "6a1f2a53-0000-4000-8000-000000000002"
TYPES = ("location", "note", "report")
VERSIONS = ("2026-11-25T00:00:00.000Z", "2026-11-26T00:00:00.000Z")


def row(collection: str, number: int) -> dict[str, Any]:
    return {
        "collection": collection,
        "added": 1_000_000 + 7 * number,
        "stix_id": f"{TYPES[number % 3]}--{number}",
        "version": VERSIONS[number % 5 == 0],
        "type": TYPES[number % 3],
        "country": "RO",
        "theme": "labour",
        "lead_id": "",
        "body": f'{{"n":{number}}}',
    }


ROWS = [row(OURS, number) for number in range(60)]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('shelf') / 'hotline.db'}")
    create_all(store)
    rows = ROWS + [row(THEIRS, number) for number in range(80)]
    store.write(lambda session: session.execute(insert(stix_objects), rows))
    yield store
    store.close()


asked = st.builds(
    asking.Asked,
    after=st.integers(-1, 1_000_500),
    limit=st.integers(1, 70),
    types=st.lists(st.sampled_from((*TYPES, "malware")), max_size=3),
    ids=st.lists(st.sampled_from([one["stix_id"] for one in ROWS]), max_size=5),
    versions=st.lists(st.sampled_from(VERSIONS), max_size=2),
)


def expected(asked: asking.Asked) -> list[str]:
    return [
        one["body"]
        for one in ROWS
        if one["added"] > asked.after
        and (not asked.types or one["type"] in asked.types)
        and (not asked.ids or one["stix_id"] in asked.ids)
        and (not asked.versions or one["version"] in asked.versions)
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(asked, st.lists(st.integers(1, 70), min_size=1, max_size=80))
def test_pages_of_changing_sizes_make_the_whole(
    shelf: Store, asked: asking.Asked, limits: list[int]
) -> None:
    found, whole = [], expected(asked)
    for limit in [*limits, *[7] * 60]:
        here = asking.replace(asked, limit=limit)
        with shelf.read() as session:
            page = paging.bodies(session, OURS, here)
        assert len(page.rows) <= limit
        found += [one.body for one in page.rows]
        if not page.next:
            break
        assert page.rows
        asked = asking.replace(asked, after=asking.read_cursor(page.next))
    assert found == whole


@given(st.text(max_size=40))
def test_a_cursor_is_ours_or_refused(given_cursor: str) -> None:
    with contextlib.suppress(Malformed):
        assert asking.cursor(asking.read_cursor(given_cursor)) == (given_cursor.lstrip("0") or "0")


@given(st.text(max_size=80))
def test_no_accept_header_breaks_it(accept: str) -> None:
    assert asking.speaks_taxii(accept) in (True, False)


def plan(session: Any, asked: asking.Asked) -> str:
    query = paging.page_query(OURS, asked, [stix_objects.c.added])
    sql = query.compile(session.engine, compile_kwargs={"literal_binds": True})
    rows = session.execute(text(f"EXPLAIN QUERY PLAN {sql}")).all()
    return "\n".join(one.detail for one in rows)


@pytest.mark.parametrize(
    "asked",
    [
        asking.Asked(),
        asking.Asked(after=1_000_200),
        asking.Asked(types=["report"]),
        asking.Asked(types=["report", "note"], after=1_000_200),
        asking.Asked(ids=["note--1", "note--4"]),
        asking.Asked(versions=[VERSIONS[0]]),
        asking.Asked(versions=VERSIONS, types=TYPES),
        asking.Asked(ids=["note--1"], versions=VERSIONS, types=TYPES),
    ],
)
def test_no_page_reads_a_whole_collection_or_sorts_it(shelf: Store, asked: asking.Asked) -> None:
    with shelf.read() as session:
        steps = plan(session, asked).splitlines()
    searches = [step for step in steps if "stix_objects" in step]
    assert searches
    wanted = ["collection=?"] + ["stix_id=?"] * bool(asked.ids)
    if not asked.ids:
        wanted += ["type=?"] * bool(asked.types) + ["version=?"] * bool(asked.versions)
    assert all(step.startswith("SEARCH") for step in searches)
    assert all(name in step for name in wanted for step in searches)
    # What is merged or found by id is at most a page or two, and may be sorted.
    is_bounded = asked.ids or len(asked.types) > 1 or len(asked.versions) > 1
    assert is_bounded or not any("ORDER BY" in step for step in steps)
