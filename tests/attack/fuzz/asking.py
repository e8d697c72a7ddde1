"""Requests to every address of a house, with the fields that its views read and values that stand in it, or never did."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask.testing import FlaskClient
from hypothesis import strategies as st
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from hotline.store import metadata
from tests.attack.fuzz.hostile import by_name, forms, sendable
from tests.house import ORIGIN, House

_WORD = re.compile(r"[\"']([a-z][a-z_]{1,24})[\"']")
_PLACEHOLDER = re.compile(r"<(?:([^>:]*):)?[^>]+>")
_USUAL = ("0", "1", "2", "-1", "9" * 30, "2026-03-02", "2026-03", "12:00", "on", "en", "0" * 32)
_NUMBERS = st.sampled_from(["1", "1", "1", "0", "9" * 15, "9" * 30, "9" * 5000])


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    pairs: Sequence[tuple[str, str]]

    def of(self, client: FlaskClient, headers: Mapping[str, str] | None = None) -> TestResponse:
        where = "query_string" if self.method == "GET" else "data"
        form: dict[str, Any] = {where: by_name(self.pairs)}
        return client.open(self.path, method=self.method, base_url=ORIGIN, headers=headers, **form)


def requests(house: House, prefix: str, *, but: Sequence[str] = ()) -> st.SearchStrategy[Asked]:
    """Any request to the addresses under *prefix*, *but* those of some endpoints or beginnings."""
    ids = st.sampled_from(sorted(_ids_in(house)))
    rules = sorted(house.app.url_map.iter_rules(), key=lambda rule: rule.rule)
    ways = [
        (rule.rule, method, _words_of(house, rule))
        for rule in rules
        if rule.rule.startswith(prefix)
        if rule.endpoint not in but and not rule.rule.startswith(tuple(but))
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "DELETE"})
    ]
    return st.sampled_from(ways).flatmap(lambda way: _request(*way, ids))


def _request(
    rule: str, method: str, words: Sequence[str], ids: st.SearchStrategy[str]
) -> st.SearchStrategy[Asked]:
    usual, strange = st.sampled_from(_USUAL), sendable(60)
    parts = st.lists(st.one_of(ids, ids, usual, strange), min_size=4, max_size=4)
    values = st.one_of(st.sampled_from(words), usual, ids, strange)
    path = st.builds(lambda parts, number: _filled(rule, iter(parts), number), parts, _NUMBERS)
    return st.builds(Asked, st.just(method), path, forms(words, values))


def _filled(rule: str, parts: Iterator[str], number: str) -> str:
    def part(found: re.Match[str]) -> str:
        return number if found[1] == "int" else quote(next(parts).replace("/", ""))

    return _PLACEHOLDER.sub(part, rule)


def _words_of(house: House, rule: Rule) -> list[str]:
    """Return the words in the module of a view: the names of its fields are among them, and values that it knows."""
    module = sys.modules[house.app.view_functions[rule.endpoint].__module__]
    return sorted(set(_WORD.findall(Path(str(module.__file__)).read_text()))) or ["words"]


def _ids_in(house: House) -> set[str]:
    """Return ids that stand in the house, a few of each table."""
    found: set[str] = set()
    with house.hotline.store.read() as session:
        for table in metadata.tables.values():
            for row in session.execute(table.select().limit(3)):
                found |= {one for one in row if isinstance(one, str) and len(one) == 32}
    return found
