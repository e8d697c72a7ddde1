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
    named: dict[str, frozenset[str]] = {}
    for row in rows:
        parents[row.id] = row.parent_id
        named[row.id] = NEEDS & {code_of(row.code)}
        if any(_ITS_NAME.search(each or "") for each in (row.taxonomy, row.of, row.uri)):
            named[row.id] |= needs_of(row.name or "")
    needs = {key: _along(key, parents, named) for key in parents}
    return {key: found for key, found in needs.items() if found}


def _along(
    key: str, parents: dict[str, str | None], named: dict[str, frozenset[str]]
) -> frozenset[str]:
    """Gather what is named from *key* upwards, also where the terms stand in a circle."""
    line: dict[str, frozenset[str]] = {}
    above: str | None = key
    while above is not None and above in parents and above not in line:
        line[above], above = named[above], parents[above]
    return frozenset().union(*line.values())


def needs_of(name: str) -> frozenset[str]:
    """Return the needs that the Open Eligibility term of that *name* answers."""
    return _crosswalk().get(name.strip().casefold(), frozenset())


@cache
def _crosswalk() -> dict[str, frozenset[str]]:
    listed = tomllib.loads(OPEN_ELIGIBILITY.read_text(encoding="utf-8"))
    names = {name.casefold() for names in listed.values() for name in names}
    return {
        name: frozenset(need for need, its in listed.items() if name in map(str.casefold, its))
        for name in names
    }


def code_of(code: str | None) -> str:
    return (code or "").strip().lower()
