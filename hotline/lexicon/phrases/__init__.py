"""Words with a part to play around names and numbers: introducers, titles, number words, kinds of street.

They are data: one file a language, one line a kind (``titles: don, doña, señora``), folded as everything is that words
are compared with. ``mul.txt`` holds what is of no single language.
"""

from functools import lru_cache
from pathlib import Path

from hotline.lexicon.folding import bare, fold

_HERE = Path(__file__).parent


@lru_cache(maxsize=8192)
def of(code: str, kind: str) -> tuple[str, ...]:
    """Return the phrases of one kind in language *code*, folded; ``towns`` are names of places in several words."""
    if kind == "towns":
        return tuple(town for town in towns(code) if " " in town)
    return _folded(_lines(_HERE / f"{code}.txt").get(kind, ""))


@lru_cache(maxsize=256)
def towns(code: str) -> tuple[str, ...]:
    """Return the names of places that are listed by hand in language *code*."""
    path = _HERE.parent / "places" / f"{code}.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return _folded(",".join(line for line in lines if not line.startswith("#")))


@lru_cache(maxsize=256)
def role_kinds(code: str) -> dict[str, tuple[str, ...]]:
    """Return what language *code* says of the part that people play: kind → folded phrases, ``*`` for any letters.

    They stand in a folder of their own because the anonymizer itself never reads them.
    """
    lines = _lines(_HERE / "roles" / f"{code}.txt")
    return {kind: _folded(listed) for kind, listed in lines.items()}


@lru_cache(maxsize=256)
def _lines(path: Path) -> dict[str, str]:
    """Return the lines of a file by their kind. They are folded kind by kind: no text needs all of them."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    parts = (line.partition(":") for line in lines if not line.startswith("#"))
    return {kind.strip(): listed for kind, _, listed in parts}


def _folded(listed: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(folded, listed.split(",")))))


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
