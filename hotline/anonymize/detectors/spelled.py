"""Words written letter by letter: "M.a.r.i.a", "m a r i a", "М-а-р-и-я". Whoever spells, spells a name.

Three letters suffice with a sign between them, four with a space; each may carry combining marks. Scripts that stand
without spaces are spelled with a sign only: between spaces a single character is a word of theirs.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from hotline.anonymize.reading import Reading, Word
from hotline.anonymize.tokens import RUN
from hotline.domain.identity import Label, Span
from hotline.lexicon import phrases
from hotline.lexicon.folding import MARKS

_SIGN = r"[.·•*_\-‐-―~|/\\,]"
_LETTER = rf"[^\W\d_][{MARKS}]*"
_SPACED_LETTER = rf"[^\W\d_{RUN}\uac00-\ud7af][{MARKS}]*"
_AFTER = rf"(?![^\W_]|[{MARKS}])"
_BEFORE = rf"(?<![^\W_])(?<![{MARKS}])"
_SPELLED = re.compile(
    rf"{_BEFORE}{_LETTER}(?: ?{_SIGN} ?{_LETTER}){{2,}}{_AFTER}"
    rf"|{_BEFORE}{_SPACED_LETTER}(?: {{1,3}}{_SPACED_LETTER}){{3,}}{_AFTER}"
)
_ONE_LETTER = re.compile(rf".[{MARKS}]{{1,3}}")
_FEWEST = 3


def find(reading: Reading) -> Iterator[Span]:
    if not _spells(reading.words):
        return
    for found in _SPELLED.finditer(reading.folded):
        if found.group().replace(" ", "").rstrip(".") not in _abbreviations():
            yield Span(found.start(), found.end(), Label.PERSON)


def _spells(words: Sequence[Word]) -> bool:
    """Say whether three single letters stand in a row."""
    in_a_row = 0
    for word in words:
        letter = word.folded
        if len(letter) == 1 or (not letter.isascii() and _ONE_LETTER.fullmatch(letter)):
            in_a_row += 1
            if in_a_row == _FEWEST:
                return True
        else:
            in_a_row = 0
    return False


@lru_cache(maxsize=1)
def _abbreviations() -> frozenset[str]:
    return phrases.everywhere("abbreviations")
