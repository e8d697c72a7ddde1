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
from hotline.leads.taxii.collections import View
from hotline.migrations import create_all
from hotline.store import Session, Store
from tests.servers import postgres, postgres_url

__all__ = ["postgres", "postgres_url"]

OURS, THEIRS = "6a1f2a53-0000-4000-8000-000000000001", "6a1f2a53-0000-4000-8000-000000000002"
TYPES = ("location", "note", "report")
COUNTRIES, THEMES = ("RO", "BG", ""), ("labour", "child", "")
VERSIONS = ("2026-11-25T00:00:00.000Z", "2026-11-26T00:00:00.000Z")


def row(collection: str, number: int) -> dict[str, Any]:
    return {
        "collection": collection,
        "added": 1_000_000 + 7 * number,
        "stix_id": f"{TYPES[number % 3]}--{number}",
        "version": VERSIONS[number % 5 == 0],
        "type": TYPES[number % 3],
        "country": COUNTRIES[number % 7 % 3],
        "theme": THEMES[number % 11 % 3],
        "lead_id": "",
        "body": f'{{"n":{number}}}',
    }


ROWS = [row(OURS, number) for number in range(60)]
WHOLE = View(OURS, OURS, "")
VIEWS = (
    WHOLE,
    *(View("", OURS, "", country=code) for code in ("RO", "BG", "MT")),
    *(View("", OURS, "", theme=code) for code in ("labour", "child", "other")),
)


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


def part_of(view: View) -> list[tuple[str, str]]:
    return [
        (name, code) for name, code in (("country", view.country), ("theme", view.theme)) if code
    ]


def expected(view: View, asked: asking.Asked) -> list[str]:
    is_there = any(one[name] == code for one in ROWS for name, code in part_of(view))
    return [
        one["body"]
        for one in ROWS
        if (is_there or view is WHOLE)
        and one["added"] > asked.after
        and (not view.country or one["country"] in (view.country, ""))
        and (not view.theme or one["theme"] in (view.theme, ""))
        and (not asked.types or one["type"] in asked.types)
        and (not asked.ids or one["stix_id"] in asked.ids)
        and (not asked.versions or one["version"] in asked.versions)
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(VIEWS), asked, st.lists(st.integers(1, 70), min_size=1, max_size=80))
def test_pages_of_changing_sizes_make_the_whole(
    shelf: Store, view: View, asked: asking.Asked, limits: list[int]
) -> None:
    found, whole = [], expected(view, asked)
    for limit in [*limits, *[7] * 60]:
        here = asking.replace(asked, limit=limit)
        with shelf.read() as session:
            page = paging.bodies(session, view, here)
        assert len(page.rows) <= limit
        found += [one.body for one in page.rows]
        if not page.next:
            break
        assert page.rows
        asked = asking.replace(asked, after=asking.read_cursor(page.next))
    assert found == whole


@given(st.sampled_from(VIEWS), st.sampled_from(ROWS))
def test_a_view_holds_what_is_its_own_and_what_all_leads_share(
    shelf: Store, view: View, one: dict[str, Any]
) -> None:
    with shelf.read() as session:
        holds = paging.holds(session, view, one["stix_id"])
    assert holds == (one["body"] in expected(view, asking.Asked()))


@given(st.text(max_size=40))
def test_a_cursor_is_ours_or_refused(given_cursor: str) -> None:
    with contextlib.suppress(Malformed):
        assert asking.cursor(asking.read_cursor(given_cursor)) == (given_cursor.lstrip("0") or "0")


@given(st.text(max_size=80))
def test_no_accept_header_breaks_it(accept: str) -> None:
    assert asking.speaks_taxii(accept) in (True, False)


def sql_of(session: Session, view: View, asked: asking.Asked) -> str:
    query, given = paging.page_query(view, asked, ("added",))
    bound = query.params(given)
    return str(bound.compile(session.engine, compile_kwargs={"literal_binds": True}))


EACH_WAY = (
    asking.Asked(),
    asking.Asked(after=1_000_200),
    asking.Asked(types=["report"]),
    asking.Asked(types=["report", "note"], after=1_000_200),
    asking.Asked(ids=["note--1", "note--4"]),
    asking.Asked(versions=[VERSIONS[0]]),
    asking.Asked(versions=VERSIONS, types=TYPES),
    asking.Asked(ids=["note--1"], versions=VERSIONS, types=TYPES),
)


@pytest.mark.parametrize("view", [WHOLE, VIEWS[1], VIEWS[4]], ids=["whole", "country", "theme"])
def test_no_page_reads_a_whole_collection_or_sorts_it(shelf: Store, view: View) -> None:
    for asked in EACH_WAY:
        with shelf.read() as session:
            steps = [
                one.detail
                for one in session.execute(
                    text(f"EXPLAIN QUERY PLAN {sql_of(session, view, asked)}")
                )
            ]
        searches = [step for step in steps if "stix_objects" in step and "own" not in step]
        assert all(step.startswith("SEARCH own") for step in steps if " own " in step)
        assert searches
        assert all(step.startswith("SEARCH") for step in searches)
        assert all(name in step for name in narrowed_by(view, asked) for step in searches)
        # What is merged or found by id is at most some pages, and may be sorted.
        ranges = max(len(asked.types), 1) * max(len(asked.versions), 1)
        is_merged = ranges > 1 or (view is not WHOLE and not asked.versions)
        assert asked.ids or is_merged or not any("ORDER BY" in step for step in steps)


def narrowed_by(view: View, asked: asking.Asked) -> list[str]:
    """Return by what the index must narrow: else a page reads what it does not show."""
    if asked.ids:
        return ["collection=?", "stix_id=?"]
    wanted = (
        ["collection=?"] + ["type=?"] * bool(asked.types) + ["version=?"] * bool(asked.versions)
    )
    part = "country=?" if view.country else "theme=?"
    return [*wanted, part] if view is not WHOLE and not asked.versions else wanted


def test_no_page_reads_more_than_it_shows_on_postgresql_either(postgres_url: str) -> None:
    store = Store(postgres_url)
    create_all(store)
    many = [row(OURS, number) for number in range(20_000)]
    store.write(lambda session: session.execute(insert(stix_objects), many))
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        session.execute(text("ANALYZE stix_objects"))
        for view in (WHOLE, VIEWS[1], VIEWS[4]):
            for asked in EACH_WAY:
                explained = f"EXPLAIN (ANALYZE, FORMAT JSON) {sql_of(session, view, asked)}"
                (made,) = session.execute(text(explained)).scalar_one()
                nodes = list(nodes_of(made["Plan"]))
                assert "Seq Scan" not in {node["Node Type"] for node in nodes}, (view, asked)
                read = [rows_read(node) for node in nodes if "Relation Name" in node]
                # Of a version in a view, what is skipped lies within that version. Elsewhere the planner may take an
                # index that skips a little where most rows fit anyhow.
                is_skipping = bool(asked.versions) and view is not WHOLE
                assert is_skipping or max(read) < 2 * asked.limit, (view, asked, made)
    store.close()


def nodes_of(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for part in node.get("Plans", ()):
        yield from nodes_of(part)


def rows_read(node: dict[str, Any]) -> int:
    skipped = int(node.get("Rows Removed by Filter", 0)) + int(
        node.get("Rows Removed by Index Recheck", 0)
    )
    return (int(node["Actual Rows"]) + skipped) * int(node["Actual Loops"])
