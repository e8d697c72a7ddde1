"""E-mail addresses as they are written, also with spaces beside the @ and the dot, a comma for it, or a dot in brackets."""

import re
from collections.abc import Iterator

from hotline.domain.identity import Label, Span

_NAME = r"[^\s@<>()\[\]\"',;:。，、]"
_AT = rf"(?:@|[(\[{{](?:at|@)[)\]}}]) ?{_NAME}+(?:\.| ?[(\[{{](?:\.|dot)[)\]}}] ?)[^\W\d_]{{2,}}"
_WRITTEN = re.compile(rf"{_NAME}{{1,64}} ?{_AT}(?:\.[^\W\d_]{{2,}})*")
# "maria @ gmail . com", "maria@gmail,com", "maria@gmail com": a dot that was left out, only before what is no word besides.
_LOOSE_AT = (
    r"@\s?[a-z0-9-]{2,40}(?:\s?[.,]\s?|\s)"
    r"(?:com|net|org|edu|gov|ru|ua|fr|br|mx|ph|vn|cn|uk|pl|ro|bg|rs|tr|bd|np|ng|ke|tz|kz|uz|eu)(?!\w)"
)
_LOOSE = re.compile(rf"{_NAME}{{1,64}}\s?{_LOOSE_AT}")
# What comes before the @ is looked for only where something fit comes after it.
_HINT, _LOOSE_HINT = re.compile(_AT), re.compile(_LOOSE_AT)


def find(folded: str) -> Iterator[Span]:
    if ("@" in folded or "(at" in folded or "[at" in folded) and _HINT.search(folded):
        for found in _WRITTEN.finditer(folded):
            yield Span(found.start(), found.end(), Label.EMAIL)
    if "@" in folded and _LOOSE_HINT.search(folded):
        for found in _LOOSE.finditer(folded):
            yield Span(found.start(), found.end(), Label.EMAIL)
