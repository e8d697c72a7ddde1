"""What agencies' tools and anybody's may ask of leads and of the directory: any filter, any cursor, any header."""

from typing import Any

from flask import Flask
from hypothesis import example
from hypothesis import strategies as st

from tests.attack.fuzz.hostile import MARKUP, by_name, fuzz, headers, on_a_line, sendable
from tests.leads.conftest import app, desk  # noqa: F401 - fixtures.
from tests.leads.desk import COLLECTION, Desk
from tests.referral.conftest import ansel, empty_file  # noqa: F401 - fixtures.
from tests.referral.test_api import client_of

LARGEST = 4 << 20
ID = "indicator--" + "0" * 8 + "-1111-4222-8333-444455556666"
LEADS = ("/taxii2/", "/taxii2/leads/", COLLECTION, COLLECTION + "objects/", COLLECTION + "manifest/", f"{COLLECTION}objects/{ID}/", f"{COLLECTION}objects/{ID}/versions/", "/feeds/leads.json", "/feeds/leads.csv", "/feeds/bundle", "/feeds/key.pem", "/feeds/misp/manifest.json", "/feeds/misp/2026/hashes.csv", "/feeds/misp/2099-12/manifest.json", f"/feeds/misp/{ID[-36:]}.json")  # fmt: skip
HEADERS = ("Accept", "If-None-Match", "Range", "Accept-Encoding")
FILTERS = ("added_after", "limit", "next", "match[id]", "match[type]", "match[version]", "match[spec_version]", "match[x]", "before", "since", "country", "theme")  # fmt: skip
USUAL = ("2026-11-25T09:30:12.345678Z", "9999-12-31T23:59:60Z", "0001-01-01T00:00:00Z", "٢٠٢٦-11-25T09:30:12Z", "ffffffffffff", "0", "1", "999999999999999", "9" * 5000, ID, "first,last", "all", "2.1", "indicator,location", ",".join(["a"] * 5000), "RO", "\0")  # fmt: skip
values = st.one_of(st.sampled_from(USUAL), sendable(40))


def queries(names: tuple[str, ...]) -> st.SearchStrategy[list[tuple[str, str]]]:
    return st.lists(st.tuples(st.one_of(st.sampled_from(names), sendable(8)), values), max_size=4)


def paths(known: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.sampled_from(known),
        st.tuples(st.sampled_from(known), sendable(20)).map(
            lambda two: two[0] + two[1].replace("?", "")
        ),
    )


def is_answer(answer: Any) -> None:
    assert answer.status_code < 500
    assert len(answer.data) < LARGEST
    assert MARKUP.encode() not in answer.data or answer.mimetype.endswith("json")


def test_no_filter_of_leads_is_a_fault_of_ours(desk: Desk, app: Flask) -> None:  # noqa: F811
    dele = desk.admits("National unit", "RO")
    desk.publishes()
    true, ways = (
        st.just(f"Bearer {dele.token}"),
        st.sampled_from(["", "Basic ", "Digest ", "Bearer "]),
    )
    tokens = st.one_of(true, true, st.tuples(ways, on_a_line()).map("".join))

    @fuzz(80, 5_000, paths(LEADS), queries(FILTERS), headers(HEADERS), tokens)
    @example("/taxii2/", [], {}, "Basic é")
    def meet(path: str, query: Any, head: dict[str, str], token: str) -> None:
        head = {**head, "Authorization": token}
        answer = app.test_client().get(path, query_string=by_name(query), headers=head)
        is_answer(answer)
        assert answer.status_code != 200 or dele.token in token

    meet()


DIRECTORY = tuple(f"/directory/{name}" for name in ("", "services", "organizations", "locations", "service_at_locations", "taxonomies", "taxonomy_terms", "openapi.json", "services/\0", "services/x"))  # fmt: skip
PARAMETERS = ("search", "taxonomy_term_id", "taxonomy_term", "taxonomy_id", "organization_id", "modified_after", "postcode", "proximity", "top_only", "parent_id", "page", "per_page", "minimal", "full", "full_service", "format")  # fmt: skip


ASKED = ("true", "ndjson", "json", "1", "100", "1e300", "1000000", "0.5", "%", "_", "NOT", '"', "a*", "NEAR(", "2026-01-01T00:00:00 01:00", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00")  # fmt: skip


def test_no_question_to_the_directory_is_a_fault_of_ours(ansel: Any) -> None:  # noqa: F811
    reader = client_of(ansel)
    asked = st.tuples(st.sampled_from(PARAMETERS), st.one_of(st.sampled_from(ASKED), values))
    methods = st.sampled_from(["GET", "POST", "OPTIONS", "PUT"])

    @fuzz(60, 5_000, methods, paths(DIRECTORY), st.lists(asked, max_size=4))
    def meet(method: str, path: str, query: Any) -> None:
        where = "data" if method == "POST" else "query_string"
        is_answer(reader.open(path, method=method, **{where: by_name(query)}))

    meet()
