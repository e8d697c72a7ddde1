"""Which need a word means that somebody looks for: ``cama`` and ``приют`` are a shelter."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SYNONYMS = Path(__file__).parent / "synonyms.toml"

_WORD = re.compile(r"[^\W_]+")
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu)['’](?=\w)", re.IGNORECASE)
_ARABIC = str.maketrans({"ة": "ه", "ى": "ي", "ـ": ""})
_ARTICLE = re.compile(r"^(?:و|ب|ف|ك)?ال(?=..)|^لل(?=..)")


def pieces(text: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the words of *text* in order with the needs that each means; what is said in several words is one piece."""
    typed = text.split()
    plain = [_plain(each) for each in typed]
    place = 0
    while place < len(typed):
        length = next(
            (n for n in range(_longest(), 1, -1) if _joined(plain[place : place + n]) in _needs()),
            1,
        )
        some = slice(place, place + length)
        yield " ".join(typed[some]), _needs().get(_joined(plain[some]), frozenset())
        place += length


def _plain(text: str) -> str:
    """Return *text* in one case, without accents, vowel signs and what is joined to the front of a word."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    words = _WORD.findall(_ELIDED.sub("", bare.casefold()).translate(_ARABIC))
    return " ".join(_ARTICLE.sub("", word) for word in words)


def _joined(words: list[str]) -> str:
    return " ".join(filter(None, words))


@cache
def _needs() -> dict[str, frozenset[str]]:
    listed = tomllib.loads(SYNONYMS.read_text(encoding="utf-8"))
    needs: dict[str, frozenset[str]] = {need: frozenset({need}) for need in listed}
    for need, languages in listed.items():
        for word in (word for words in languages.values() for word in words):
            plain = _plain(word)
            needs[plain] = needs.get(plain, frozenset()) | {need}
    return needs


@cache
def _longest() -> int:
    return max(len(each.split()) for each in _needs())
