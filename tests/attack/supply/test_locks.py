"""What is installed is what was chosen: each package once, by its hash, from nowhere in particular, and under a licence we may use.

Whether a version has a known weakness is told by a database that is not here: `pip-audit --require-hashes -r .ci/run.lock`
asks it, on a machine that may.
"""

import re
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LOCKS = ("run", "test")
_PINNED = re.compile(r"([a-z0-9][a-z0-9._-]*)(?:\[[a-z0-9,-]+\])?==([^\s;]+)(?: ; ([^\\]+))? \\")
_HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")

MAY = (
    r"MIT|BSD|0BSD|ISC|Apache|Python|PSF|Zlib|Unlicense|Unicode|HPND|CC0|Public Domain|blessing|OFL"
    r"|MPL|Mozilla|LGPL|Lesser|(?:AGPL|GPL)-?(?:v?3|3\.0)|GPL-2\.0-or-later|GPLv2\+|v3|PostgreSQL"
)
"""Licences that go together with the AGPL, version 3 or later."""

NAMED_ELSEWHERE = {"axe-playwright-python": "MIT", "pyrage": "MIT"}
"""Packages whose metadata name no licence: what their files say."""


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_by_its_hashes_and_from_no_named_place(name: str) -> None:
    text = (ROOT / ".ci" / f"{name}.lock").read_text(encoding="utf-8")
    pinned: dict[tuple[str, str], str] = {}
    lines = text.splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if found := _PINNED.fullmatch(line):
            assert _HASH.fullmatch(following), found[1]
            # Twice only where machines differ, and then in words that tell them apart.
            assert (found[1], found[3] or "") not in pinned, found[1]
            pinned[found[1], found[3] or ""] = found[2]
        else:
            assert _HASH.fullmatch(line), line
    assert len(pinned) > 40
    assert not re.search(r"https?:|git\+|file:|--index|--find|@ ", text)


def test_what_the_tests_need_is_what_runs_and_more() -> None:
    runs, tests = (_versions(name) for name in LOCKS)
    assert {name: tests.get(name) for name in runs} == runs


def test_every_licence_goes_together_with_ours() -> None:
    known = {name for lock in LOCKS for name in _versions(lock)}
    strange = {
        one.name: licence
        for one in distributions()
        if _plain(one.name) in known and not re.search(MAY, licence := _licence(one))
    }
    assert {name: its for name, its in strange.items() if name not in NAMED_ELSEWHERE} == {}


def _versions(name: str) -> dict[str, str]:
    text = (ROOT / ".ci" / f"{name}.lock").read_text(encoding="utf-8")
    return {found[1]: found[2] for line in text.splitlines() if (found := _PINNED.fullmatch(line))}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _licence(one: Distribution) -> str:
    """Return what a package says of its licence: an expression, classifiers, or the beginning of a text."""
    its = one.metadata
    classified = [each for each in its.get_all("Classifier") or () if each.startswith("License")]
    said = [its.get("License-Expression") or "", *classified, (its.get("License") or "")[:200]]
    return " | ".join(filter(None, said))
