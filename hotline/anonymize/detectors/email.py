"""E-mail addresses, also as people write them where an @ is dangerous: "maria at example dot org"."""

import re
from collections.abc import Iterator

from hotline.domain.identity import Label, Span

_WRITTEN = re.compile(
    r"[^\s@<>()\[\]\"',;:]{1,64} ?@ ?[^\s@<>()\[\]\"',;:]+\.[^\W\d_]{2,}(?:\.[^\W\d_]{2,})*"
)
_AT_WORDS = frozenset(
    [
        "at",
        "(at)",
        "[at]",
        "arroba",
        "barobase",
        "arobase",
        "arobas",
        "chiocciola",
        "собака",
        "собачка",
        "ات",
        "آت",
    ]
)
_AT = r"(?:\(at\)|\[at\]|at|arroba|arobase|arobas|chiocciola|собака|собачка|ات)"
_DOT = r"(?:\(dot\)|\[dot\]|dot|punto|point|ponto|пунто|точка|nokta|punct|kropka|دوت|نقطه|\.)"
_PROVIDERS = r"(?:g ?mail|hot ?mail|yahoo|outlook|proton ?mail|proton|icloud|live|mail|yandex|rambler|ukr|aol|gmx|web|orange|free|wp|onet|abv)"
_ENDINGS = "(?:com|org|net|edu|gov|info|ru|ua|br|mx|es|fr|de|it|pl|ro|tr|in|pk|bd|co|uk|cn|th|vn|ph|id|example)"
_AFTER_AT = re.compile(
    rf"(?<!\w){_AT}(?!\w)\s*(?:[\w-]+(?:\s*{_DOT}\s*[\w-]+){{0,2}}\s*{_DOT}\s*{_ENDINGS}"
    rf"|{_PROVIDERS}(?:\s*{_DOT}\s*\w{{2,}}){{0,2}})(?!\w)"
)
_BEFORE_AT = re.compile(rf"[\w.+-]{{1,64}}(?:\s*{_DOT}\s*[\w+-]{{1,64}}){{0,3}}\s*$")
_LONGEST_NAME = 80


def find(folded: str) -> Iterator[Span]:
    if "@" in folded:
        for found in _WRITTEN.finditer(folded):
            yield Span(found.start(), found.end(), Label.EMAIL)
    if not _AT_WORDS.isdisjoint(folded.split()):
        yield from _spoken(folded)


def _spoken(folded: str) -> Iterator[Span]:
    for found in _AFTER_AT.finditer(folded):
        first = max(0, found.start() - _LONGEST_NAME)
        name = _BEFORE_AT.search(folded[first : found.start()])
        if name:
            yield Span(first + name.start(), found.end(), Label.EMAIL)
