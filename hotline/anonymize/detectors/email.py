"""E-mail addresses, also as people write them where an @ is dangerous: "maria at example dot org"."""

import re
from collections.abc import Iterator

from hotline.domain.identity import Label, Span

_WRITTEN = re.compile(
    r"[^\s@<>()\[\]\"',;:]+ ?@ ?[^\s@<>()\[\]\"',;:]+\.[^\W\d_]{2,}(?:\.[^\W\d_]{2,})*"
)
_AT = r"(?:\(at\)|\[at\]|\bat\b|\barroba\b|\barobase\b|\barobas\b|\bchiocciola\b|\bсобака\b|\bсобачка\b|\bat işareti\b|\bات\b)"
_DOT = r"(?:\(dot\)|\[dot\]|\bdot\b|\bpunto\b|\bpoint\b|\bponto\b|\bпунто\b|\bточка\b|\bnokta\b|\bpunct\b|\bkropka\b|\bدوت\b|\bنقطه\b|\.)"
_PROVIDERS = r"(?:g ?mail|hot ?mail|yahoo|outlook|proton ?mail|proton|icloud|live|mail|yandex|rambler|ukr|i\.ua|aol|gmx|web|orange|free|wp|onet|abv)"
_SPOKEN = re.compile(
    rf"[\w.+-]+(?:\s*{_DOT}\s*[\w+-]+){{0,3}}\s*{_AT}\s*(?:{_PROVIDERS}(?:\s*{_DOT}\s*\w{{2,}}){{0,2}}"
    rf"|[\w-]+(?:\s*{_DOT}\s*[\w-]+){{0,2}}\s*{_DOT}\s*(?:com|org|net|edu|gov|info|ru|ua|br|mx|es|fr|de|it|pl|ro|tr|in|pk|bd|co|uk|cn|th|vn|ph|id|example)\b)"
)
_HINT = re.compile(rf"{_AT}")


def find(folded: str) -> Iterator[Span]:
    if "@" in folded:
        for found in _WRITTEN.finditer(folded):
            yield Span(found.start(), found.end(), Label.EMAIL)
    if _HINT.search(folded):
        for found in _SPOKEN.finditer(folded):
            yield Span(found.start(), found.end(), Label.EMAIL)
