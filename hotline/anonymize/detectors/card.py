"""Bank cards: 13 to 19 digits. A valid check digit is not asked for; one mistyped digit does not make it harmless."""

import re
from collections.abc import Iterator

from hotline.domain.identity import Label, Span

_CARD = re.compile(r"\d(?<!\d\d)(?:[ .·-]?\d){12,18}(?!\d)")


def passes_luhn(digits: str) -> bool:
    """Say whether the check digit of a card number is right (ISO/IEC 7812-1, Annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def find(folded: str) -> Iterator[Span]:
    for found in _CARD.finditer(folded):
        digits = "".join(filter(str.isdigit, found.group()))
        if passes_luhn(digits) or len(digits) >= 15:
            yield Span(found.start(), found.end(), Label.ID)
