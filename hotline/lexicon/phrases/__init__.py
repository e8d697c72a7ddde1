"""Words with a part to play around names: introducers, titles, number words, kinds of street.

They are data: ``code: words`` lines, read once, folded as everything is that words are compared with.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from hotline.lexicon.folding import bare, fold

_HERE = Path(__file__).parent


def _lines(name: str) -> Iterator[str]:
    for line in (_HERE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


@lru_cache(maxsize=16)
def by_code(name: str, separator: str = " ") -> dict[str, tuple[str, ...]]:
    """Return the lists of file *name*: code → folded words, or phrases when *separator* is a comma."""
    lists: dict[str, tuple[str, ...]] = {}
    for line in _lines(name):
        code, _, listed = line.partition(": ")
        lists[code] = tuple(folded(part) for part in listed.split(separator) if part.strip())
    return lists


@lru_cache(maxsize=4)
def words_of(name: str) -> frozenset[str]:
    """Return every word of file *name*, whatever its line."""
    return frozenset(folded(word) for line in _lines(name) for word in line.split())


@lru_cache(maxsize=1)
def clitics() -> dict[str, tuple[tuple[bool, tuple[str, ...], int], ...]]:
    """Return for each language what may be cut: (from the front?, parts, letters that must remain)."""
    found: dict[str, tuple[tuple[bool, tuple[str, ...], int], ...]] = {}
    for line in _lines("clitics.tsv"):
        code, where, parts, least = line.split("\t")
        row = (where == "before", tuple(folded(part) for part in parts.split()), int(least))
        found[code] = (*found.get(code, ()), row)
    return found


def folded(phrase: str) -> str:
    return " ".join(bare(fold(word)) for word in phrase.split())
