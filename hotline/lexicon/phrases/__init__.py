"""Words with a part to play around names and numbers: introducers, titles, number words, kinds of street.

They are data: one file a language, one line a kind (``titles: don, doña, señora``), folded as everything is that words
are compared with. ``mul.txt`` holds what is of no single language.
"""

from functools import lru_cache
from pathlib import Path

from hotline.lexicon.folding import bare, fold

_HERE = Path(__file__).parent


@lru_cache(maxsize=256)
def kinds(code: str) -> dict[str, tuple[str, ...]]:
    """Return the lists of language *code*: kind → folded phrases; ``towns`` are names of places in several words."""
    return _read(_HERE / f"{code}.txt") | {"towns": tuple(t for t in towns(code) if " " in t)}


@lru_cache(maxsize=256)
def towns(code: str) -> tuple[str, ...]:
    """Return the names of places that are listed by hand in language *code*."""
    path = _HERE.parent / "places" / f"{code}.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    listed = (name for line in lines if not line.startswith("#") for name in line.split(","))
    return tuple(dict.fromkeys(filter(None, map(folded, listed))))


@lru_cache(maxsize=256)
def role_kinds(code: str) -> dict[str, tuple[str, ...]]:
    """Return what language *code* says of the part that people play: kind → folded phrases, ``*`` for any letters.

    They stand in a folder of their own because the anonymizer itself never reads them.
    """
    return _read(_HERE / "roles" / f"{code}.txt")


def _read(path: Path) -> dict[str, tuple[str, ...]]:
    lists: dict[str, tuple[str, ...]] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        kind, _, listed = line.partition(":")
        if not kind.startswith("#"):
            phrases = (folded(phrase) for phrase in listed.split(","))
            lists[kind.strip()] = tuple(dict.fromkeys(filter(None, phrases)))
    return lists


def of(code: str, kind: str) -> tuple[str, ...]:
    """Return the phrases of one kind in language *code*."""
    return kinds(code).get(kind, ())


@lru_cache(maxsize=64)
def everywhere(kind: str) -> frozenset[str]:
    """Return the phrases of one kind in all languages together."""
    return frozenset(phrase for code in codes() for phrase in of(code, kind))


@lru_cache(maxsize=1)
def codes() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _HERE.glob("*.txt")))


@lru_cache(maxsize=1)
def clitics() -> dict[str, tuple[tuple[bool, tuple[str, ...], int], ...]]:
    """Return for each language what may be cut: (from the front?, parts, letters that must remain)."""
    found: dict[str, tuple[tuple[bool, tuple[str, ...], int], ...]] = {}
    for line in (_HERE / "clitics.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, where, parts, least = line.split("\t")
            row = (where == "before", tuple(map(folded, parts.split())), int(least))
            found[code] = (*found.get(code, ()), row)
    return found


@lru_cache(maxsize=1)
def spelt_apart() -> frozenset[str]:
    """Return ordinary words, as they are written, that folding makes the same as a name."""
    lines = (_HERE / "spelt_apart.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return frozenset(word for _, listed in rows for word in listed.split())


def folded(phrase: str) -> str:
    return " ".join(bare(fold(word)) for word in phrase.split())
