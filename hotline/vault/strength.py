"""How hard a passphrase is to guess, and what would make it harder, as codes (zxcvbn; the page has the words)."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hotline.errors import Malformed

SHORTEST = 12
ENOUGH = 3
BEST = 4
_LONGEST_READ = 72
"""So many characters zxcvbn reads; what comes after only helps."""
_MOST_WAYS = 40
"""In so many ways may signs stand for letters: zxcvbn tries each, and twenty different signs would take it seconds."""

_NAMES = frozenset({"female_names", "male_names", "surnames"})


@dataclass(frozen=True, slots=True)
class Strength:
    """*score* from 0 (guessed at once) to 4 (beyond any guesser); *advice* are codes, the weightiest first."""

    score: int
    advice: tuple[str, ...]

    @property
    def is_enough(self) -> bool:
        return self.score >= ENOUGH and "short" not in self.advice


class TooWeak(Malformed):
    """A passphrase that would be guessed; *strength* says how soon and why."""

    default_message = "this passphrase would be guessed"

    def __init__(self, rated: Strength) -> None:
        super().__init__()
        self.strength = rated


def strength(passphrase: str, *, about: Iterable[str] = ()) -> Strength:
    """Rate *passphrase*; *about* are words that whoever knows its owner would try first, such as their name."""
    if not passphrase.strip():
        return Strength(0, ("short", "more_words"))
    # Its lists of passwords are 12 MB, and most processes never rate one.
    from zxcvbn import zxcvbn

    rated = zxcvbn(_beginning(passphrase), user_inputs=[word for word in about if word])
    found = [_advice(match) for match in rated["sequence"]]
    advice = ["short"] if len(passphrase.strip()) < SHORTEST else []
    if rated["score"] < ENOUGH:
        advice += [code for code in found if code] + ["more_words"]
    return Strength(rated["score"], tuple(dict.fromkeys(advice)))


def check_strength(passphrase: str, *about: str) -> Strength:
    """Return how strong *passphrase* is.

    Raises:
        TooWeak: it would be guessed.
    """
    rated = strength(passphrase, about=about)
    if not rated.is_enough:
        raise TooWeak(rated)
    return rated


def _beginning(passphrase: str) -> str:
    """Return as much of *passphrase* as is rated at a bearable cost; the rest only makes it stronger."""
    from zxcvbn.matching import L33T_TABLE

    seen: set[str] = set()
    for place, sign in enumerate(passphrase[:_LONGEST_READ]):
        seen.add(sign)
        ways = math.prod(max(1, len(seen.intersection(signs))) for signs in L33T_TABLE.values())
        if ways > _MOST_WAYS:
            return passphrase[:place]
    return passphrase[:_LONGEST_READ]


def _advice(match: dict[str, Any]) -> str:
    """Return what makes one part of a passphrase easy to guess; empty where nothing does."""
    pattern = match["pattern"]
    if pattern != "dictionary":
        codes = {"spatial": "keyboard", "regex": "date"}
        return "" if pattern == "bruteforce" else codes.get(pattern, pattern)
    listed = match["dictionary_name"]
    if listed == "user_inputs":
        return "own"
    if listed == "passwords":
        return "common"
    return "name" if listed in _NAMES else "word"
