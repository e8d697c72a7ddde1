"""What a mistyped code says about itself.

Only the typed text is looked at: the same is said whether a report is behind a code or not.
"""

import re
import unicodedata
from dataclasses import dataclass

from hotline.vault.codes import is_word, parse

_DIGITS, _GROUPS, _WORDS = 21, 7, 6


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text is no code: *name* of the sentence, and the *number* that it mentions."""

    name: str
    number: int = 0


def fault_of(typed: str) -> Fault:
    """Return the first thing that is wrong with *typed*; ``whole`` when nothing is, and it only opens nothing."""
    folded = unicodedata.normalize("NFKD", typed[:400])
    digits = [char for char in folded if char.isdecimal()]
    words = re.findall(r"[^\W\d_]+", folded)
    if parse(typed) is not None:
        return Fault("whole")
    if not digits and not words:
        return Fault("empty")
    if digits and words:
        return Fault("mixed")
    return _of_words(words) if words else _of_digits(folded, len(digits))


def _of_words(words: list[str]) -> Fault:
    if len(words) != _WORDS:
        return Fault("words", len(words))
    return Fault("word", next((n for n, word in enumerate(words, 1) if not is_word(word)), 0))


def _of_digits(folded: str, count: int) -> Fault:
    if count == _DIGITS:
        return Fault("check")
    groups = re.findall(r"\d+", folded)
    if len(groups) == _GROUPS:
        return Fault("group", next(n for n, group in enumerate(groups, 1) if len(group) != 3))
    return Fault("digits", count)
