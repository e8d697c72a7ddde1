"""E-mail addresses as they are written, also with a space beside the @ or a dot in brackets."""

import re
from collections.abc import Iterator

from hotline.domain.identity import Label, Span

_NAME = r"[^\s@<>()\[\]\"',;:。，、]"
_WRITTEN = re.compile(
    rf"{_NAME}{{1,64}} ?(?:@|[(\[{{](?:at|@)[)\]}}]) ?"
    rf"{_NAME}+(?:\.| ?[(\[{{](?:\.|dot)[)\]}}] ?)[^\W\d_]{{2,}}(?:\.[^\W\d_]{{2,}})*"
)


def find(folded: str) -> Iterator[Span]:
    if "@" in folded or "(at" in folded or "[at" in folded:
        for found in _WRITTEN.finditer(folded):
            yield Span(found.start(), found.end(), Label.EMAIL)
