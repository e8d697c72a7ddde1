"""Whether words stand in an account, in any script: without regard to case, accents, vowel signs or width.

A word stands there also inside a longer one, because many scripts write no spaces. Placeholders are no words.
"""

import re
import unicodedata
from dataclasses import dataclass

from hotline.errors import Malformed

_PLACEHOLDER = re.compile(r"\[[A-Z_]+ \d{1,4}\]")
_MOST = 10
_LONGEST = 200
# A virama joins two letters into one: without it another word is written.
_VIRAMA = 9
_TATWEEL = "\u0640"
# What Unicode takes for letters of their own and people type for each other.
_ALIKE = str.maketrans(
    {"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ı": "i", "đ": "d", "ł": "l", "ø": "o", _TATWEEL: ""}
)


class NoWords(Malformed):
    default_message = "say which words to look for"


@dataclass(frozen=True, slots=True, repr=False)
class Words:
    """What is looked for: every one of them must stand in an account."""

    folded: tuple[str, ...]

    @classmethod
    def of(cls, typed: str) -> "Words":
        """Read what somebody typed.

        Raises:
            NoWords: there is no letter and no figure in it.
        """
        words = tuple(dict.fromkeys(filter(None, map(fold, typed[:_LONGEST].split()))))[:_MOST]
        if not any(letter.isalnum() for word in words for letter in word):
            raise NoWords
        return cls(words)

    def found_in(self, text: str) -> tuple[int, int] | None:
        """Return where the first of them stands in *text* (code points), or None where one of them is missing."""
        plain = _PLACEHOLDER.sub(lambda found: " " * len(found[0]), text)
        folded = fold(plain)
        if not all(word in folded for word in self.folded):
            return None
        at = folded.index(self.folded[0])
        return _places(plain, at, at + len(self.folded[0]))

    def __repr__(self) -> str:
        return "<Words>"


def fold(text: str) -> str:
    """Return *text* as it is compared."""
    parts = unicodedata.normalize("NFKD", text.casefold()).casefold()
    return "".join(letter for letter in parts if _counts(letter)).translate(_ALIKE)


def around(text: str, start: int, end: int, *, most: int = 70) -> tuple[int, int]:
    """Return the span about *start* to *end*, with *most* characters on either side and what ends a word begun.

    A word that is longer than that is cut; a placeholder never is.
    """
    first, last = max(0, start - most), min(len(text), end + most)
    while first > 0 and not text[first - 1].isspace() and start - first < 2 * most:
        first -= 1
    while last < len(text) and not text[last].isspace() and last - end < 2 * most:
        last += 1
    for found in _PLACEHOLDER.finditer(text):
        if found.start() < first < found.end():
            first = found.start()
        if found.start() < last < found.end():
            last = found.end()
    return first, last


def _counts(letter: str) -> bool:
    return unicodedata.combining(letter) in (0, _VIRAMA) and unicodedata.category(letter) != "Cf"


def _places(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the part from *start* to *end* of the folded *text* stands in itself."""
    at, first = 0, 0
    for place, letter in enumerate(text):
        if at <= start:
            first = place
        at += len(fold(letter))
        if at >= end:
            return first, place + 1
    return first, len(text)
