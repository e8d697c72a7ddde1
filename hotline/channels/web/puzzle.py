"""A small sum, for whoever wants to be read before a flood of others: it holds no report back.

It is text, so that it can be read aloud, in any language and digits, with dots to count for those who read no
digits. It belongs to one code and this process, and is not answered sooner than a person can: whoever answers too
soon gets it once more, and whoever answers wrong another one.
"""

import hmac
import re
import secrets
from dataclasses import dataclass

from babel.numbers import format_decimal

from hotline.vault.codes import ReturnCode, digits_in

SOONEST = 2.0
"""Seconds that a person takes to read it at least."""
LATEST = 60 * 60.0
_SEALED = re.compile(r"([0-9a-f]{1,16})-([1-9])-([1-9])-([0-9a-f]{64})")
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Puzzle:
    """How much is *first* plus *second*? *sealed* is what the form brings back of it, *made* when we asked."""

    first: int
    second: int
    sealed: str
    made: float

    def said(self, locale: str) -> tuple[str, str]:
        """Return both numbers in the digits that *locale* writes."""
        return _written(self.first, locale), _written(self.second, locale)

    def is_right(self, answer: str) -> bool:
        """Tell whether *answer*, in whatever digits, is right."""
        return digits_in(answer[:_LONGEST]).lstrip("0") == str(self.first + self.second)

    def is_too_soon(self, now: float) -> bool:
        return now - self.made < SOONEST

    def is_too_late(self, now: float) -> bool:
        return now - self.made > LATEST


def new_puzzle(secret: bytes, code: ReturnCode, *, now: float) -> Puzzle:
    """Return a puzzle for whom *code* was given to."""
    first, second = (secrets.randbelow(9) + 1 for _ in range(2))
    tenths = int(now * 10)
    puzzle = f"{tenths:x}-{first}-{second}"
    return Puzzle(first, second, f"{puzzle}-{_seal(secret, code, puzzle)}", tenths / 10)


def unsealed(secret: bytes, code: ReturnCode, sealed: str) -> Puzzle | None:
    """Return the puzzle that was *sealed* for *code* in this process; None where it was not."""
    found = _SEALED.fullmatch(sealed)
    if found is None:
        return None
    made, first, second, seal = found.groups()
    if not hmac.compare_digest(seal, _seal(secret, code, f"{made}-{first}-{second}")):
        return None
    return Puzzle(int(first), int(second), sealed, int(made, 16) / 10)


def _seal(secret: bytes, code: ReturnCode, puzzle: str) -> str:
    return hmac.digest(
        secret, b"puzzle" + code.number.to_bytes(16) + puzzle.encode(), "sha256"
    ).hex()


def _written(number: int, locale: str) -> str:
    its: str = format_decimal(number, locale=locale.replace("-", "_"), numbering_system="default")
    return its
