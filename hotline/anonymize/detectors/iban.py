"""Bank accounts by IBAN (ISO 13616): two letters, two check digits, 11 to 30 letters and digits."""

import re
from collections.abc import Iterator

from hotline.domain.identity import Label, Span

_IBAN = re.compile(r"(?<!\w)[a-z]{2}\d{2}(?:[ -]?[a-z\d]{4}){2,7}(?:[ -]?[a-z\d]{1,4})?(?!\w)")
_FEWEST_DIGITS = 6


def is_valid(iban: str) -> bool:
    """Say whether the check digits are right (ISO 7064, MOD 97-10)."""
    moved = iban[4:] + iban[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def find(folded: str) -> Iterator[Span]:
    for found in _IBAN.finditer(folded):
        end = _valid_end(found.group())
        if end or sum(char.isdigit() for char in found.group()) >= _FEWEST_DIGITS:
            yield Span(found.start(), found.start() + (end or len(found.group())), Label.ID)


def _valid_end(written: str) -> int:
    """Return where a valid IBAN ends in *written*, so that the word after it is not taken along; else 0."""
    for end in range(len(written), 14, -1):
        letters = written[:end].replace(" ", "").replace("-", "")
        if written[end - 1].isalnum() and is_valid(letters):
            return end
    return 0
