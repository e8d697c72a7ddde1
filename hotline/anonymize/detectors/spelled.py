"""Words written letter by letter: "M.a.r.i.a", "m a r i a", "М-а-р-и-я". Whoever spells, spells a name.

Three letters suffice with a sign between them, four with a space; each may carry combining marks. Scripts that stand
without spaces are spelled with a sign only: between spaces a single character is a word of theirs.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

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
_HINT = re.compile(rf"{_BEFORE}[^\W\d_][{MARKS}]* ?[^\w\n] ?[^\W\d_][{MARKS}]* ?[^\w\n]")


def find(folded: str) -> Iterator[Span]:
    if not _HINT.search(folded):
        return
    for found in _SPELLED.finditer(folded):
        if found.group().replace(" ", "").rstrip(".") not in _abbreviations():
            yield Span(found.start(), found.end(), Label.PERSON)


@lru_cache(maxsize=1)
def _abbreviations() -> frozenset[str]:
    return phrases.everywhere("abbreviations")
