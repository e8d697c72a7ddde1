"""Tell which needs a taxonomy term answers: by its code, by a term above it, or by the Open Eligibility taxonomy."""

import re
import tomllib
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import Connection

from referral.candidate import NEEDS
from referral.tables import taxonomy, taxonomy_term

OPEN_ELIGIBILITY = Path(__file__).parent / "open_eligibility.toml"
_ITS_NAME = re.compile(r"open[ _-]?eligibility", re.IGNORECASE)


def needs_by_term(connection: Connection) -> dict[str, frozenset[str]]:
    """Return, for each term that means one, the needs that it or a term above it names."""
    term, its = taxonomy_term.c, taxonomy.c
    rows = connection.execute(
        select(
            term.id,
            term.code,
            term.name,
            term.parent_id,
            term.taxonomy,
            its.name.label("of"),
            its.uri,
        ).join_from(taxonomy_term, taxonomy, term.taxonomy_id == its.id, isouter=True)
    )
    parents: dict[str, str | None] = {}
    coded: dict[str, frozenset[str]] = {}
    listed: dict[str, frozenset[str]] = {}
    for row in rows:
        parents[row.id] = row.parent_id
        coded[row.id] = NEEDS & {code_of(row.code)}
        name = (row.name or "").strip().casefold()
        is_its = any(_ITS_NAME.search(each or "") for each in (row.taxonomy, row.of, row.uri))
        if is_its and name in _crosswalk():
            listed[row.id] = _crosswalk()[name]
    needs = {}
    for key in parents:
        line = _line(key, parents)
        nearest = next((listed[each] for each in line if each in listed), frozenset())
        needs[key] = nearest.union(*(coded[each] for each in line))
    return {key: found for key, found in needs.items() if found}


def _line(key: str, parents: dict[str, str | None]) -> list[str]:
    """Return *key* and the terms above it, nearest first, also where they stand in a circle."""
    line: dict[str, None] = {}
    above: str | None = key
    while above is not None and above in parents and above not in line:
        line[above] = None
        above = parents[above]
    return list(line)


@cache
def _crosswalk() -> dict[str, frozenset[str]]:
    """Return the needs that each listed Open Eligibility term answers, by its name; the nearest listed one decides."""
    listed = tomllib.loads(OPEN_ELIGIBILITY.read_text(encoding="utf-8"))
    names = {name.casefold() for names in listed.values() for name in names}
    return {
        name: NEEDS & {need for need, its in listed.items() if name in map(str.casefold, its)}
        for name in names
    }


def code_of(code: str | None) -> str:
    return (code or "").strip().lower()
