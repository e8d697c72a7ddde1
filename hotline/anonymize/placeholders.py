"""Put typed, numbered placeholders where identifiers stood.

``[PERSON 1]``: the same identifier gets the same number within a text, and the length of what was hidden does not
show. A square bracket in a redacted text is always ours: those of the writer become fullwidth ones. A placeholder that
already stands in a text is hidden like an identifier, and numbered with the others: so a text may be redacted twice and
keeps its placeholders, and nobody can forge one, for each stands for a span and what was written has a number of its own.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from hotline.domain.identity import Label, Redaction, Span
from hotline.lexicon.folding import bare, fold

_ESCAPED = str.maketrans({"[": "［", "]": "］"})
_NUMERIC = frozenset({Label.PHONE, Label.ID})
_WRITTEN = re.compile(rf"\[({'|'.join(Label)}) [1-9][0-9]{{0,3}}\]")


def find(text: str) -> Iterator[Span]:
    """Find the placeholders that stand in *text* already."""
    if "[" in text:
        for found in _WRITTEN.finditer(text):
            yield Span(found.start(), found.end(), Label(found.group(1)))


def blanked(text: str) -> str:
    """Return *text* with nothing between the brackets of its placeholders: they are no words of any language."""
    return _WRITTEN.sub(_without_words, text) if "[" in text else text


def _without_words(found: re.Match[str]) -> str:
    return f"[{' ' * (len(found.group()) - 2)}]"


def normalized(identifier: str, label: Label) -> str:
    """Return *identifier* in the form under which two mentions are the same thing."""
    folded = fold(identifier)
    if label in _NUMERIC:
        return "".join(char for char in folded if char.isalnum())
    return " ".join(bare(word) for word in folded.split())


def place(text: str, spans: Sequence[Span], language: str) -> Redaction:
    """Return *text* with a placeholder for each of *spans*, which are sorted and do not overlap."""
    has_brackets = "[" in text or "]" in text
    escape = _escaped if has_brackets else str
    parts: list[str] = []
    position = 0
    for span, placeholder in zip(spans, _numbered(text, spans), strict=True):
        parts += (escape(text[position : span.start]), placeholder)
        position = span.end
    parts.append(escape(text[position:]))
    return Redaction("".join(parts), language, tuple(spans))


def _escaped(text: str) -> str:
    return text.translate(_ESCAPED)


def entities(text: str, redaction: Redaction) -> list[tuple[str, str]]:
    """Return each placeholder of *redaction* with the normalized identifier it stands for, in order, once each."""
    found = dict.fromkeys(
        (placeholder, normalized(text[span.start : span.end], span.label))
        for span, placeholder in zip(redaction.spans, _numbered(text, redaction.spans), strict=True)
    )
    return list(found)


def _numbered(text: str, spans: Sequence[Span]) -> list[str]:
    numbers: dict[tuple[Label, str], int] = {}
    counts: dict[Label, int] = {}
    several = Counter([span.label for span in spans])
    placeholders: list[str] = []
    for span in spans:
        if several[span.label] == 1:
            placeholders.append(f"[{span.label} 1]")
            continue
        key = (span.label, normalized(text[span.start : span.end], span.label))
        if key not in numbers:
            counts[span.label] = counts.get(span.label, 0) + 1
            numbers[key] = counts[span.label]
        placeholders.append(f"[{span.label} {numbers[key]}]")
    return placeholders
