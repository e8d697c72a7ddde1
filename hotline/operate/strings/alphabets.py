"""A sentence is written in the letters of its language: a Cyrillic а in a Latin word is read by no machine and no search."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from hotline.operate.strings.entries import ADDRESS, Entry, Fault, wording

_NAMES = {
    "Latn": "LATIN",
    "Cyrl": "CYRILLIC",
    "Arab": "ARABIC",
    "Beng": "BENGALI",
    "Deva": "DEVANAGARI",
    "Ethi": "ETHIOPIC",
    "Guru": "GURMUKHI",
    "Hans": "CJK",
    "Hant": "CJK",
    "Khmr": "KHMER",
    "Laoo": "LAO",
    "Mymr": "MYANMAR",
    "Sinh": "SINHALA",
    "Taml": "TAMIL",
    "Thai": "THAI",
}
"""How Unicode names the letters of a script (ISO 15924)."""

_SHARED = ("MODIFIER", "COMBINING")
_WORD = re.compile(r"[^\W\d_]+")
_FORMER = {"Hans": "gb2312", "Hant": "big5"}
"""Old standards held the letters of one way of writing Chinese, and few of the other's own."""

_NEIGHBOURS = {
    "bg": "ыэё",
    "ckb": "يك",
    "fa": "يك",
    "ro": "şţŞŢ",
    "ru": "іїєґ",
    "uk": "ыэъё",
    "ur": "يك",
}
"""Letters of the same script that the language does not have, and that its neighbours' keyboards type."""


def letters(entry: Entry) -> Iterator[Fault]:
    script = _NAMES[entry.row.script]
    for said in entry.said:
        for word in _WORD.findall(ADDRESS.sub(" ", wording(said))):
            if not all(_is_of(letter, script) for letter in word):
                yield Fault(f"letters of another script in {word!r}", word)


def neighbours(entry: Entry) -> Iterator[Fault]:
    """Letters that look right and belong to another language or another way of writing."""
    strange = _NEIGHBOURS.get(entry.locale, "")
    former = _FORMER.get(entry.row.script)
    for letter in dict.fromkeys("".join(entry.said)):
        if letter in strange or (former and not _is_in(letter, former)):
            yield Fault(f"the letter {letter!r} of another language", letter)


def numerals(entry: Entry) -> Iterator[Fault]:
    """One sentence writes its digits in one way."""
    for said in entry.said:
        kinds = {ord(digit) - unicodedata.digit(digit) for digit in said if digit.isdigit()}
        if len(kinds) > 1:
            yield Fault("digits of two scripts")


@lru_cache(maxsize=4096)
def _is_of(letter: str, script: str) -> bool:
    name = unicodedata.name(letter, "")
    return name.startswith((script, *_SHARED))


def _is_in(letter: str, encoding: str) -> bool:
    if not unicodedata.name(letter, "").startswith("CJK UNIFIED"):
        return True
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
