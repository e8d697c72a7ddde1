"""How long a call speaks: measured where there is a sound, else estimated, and never too short.

What depends on it is a promise: that a caller hears their own language offered in time. So every number here
errs to the slow side. ``voices.toml`` says how slowly each language may be spoken; what stands here is for the
languages that it does not name.
"""

import unicodedata
from dataclasses import dataclass
from typing import Protocol

BETWEEN_DIGITS = 1
"""Seconds of silence between the digits of a code: it is written down."""

_LEAD_IN = 0.25
_STOP = 0.4
_BREATH = 0.2
_SLOWEST = 8.0
STOPS = frozenset(".!?;。！？؟؛।۔።၊။…")
_BREATHS = frozenset(",:،、，：፣፡")
_LETTERS_BY_SCRIPT = {"CJK": 3.2, "THAI": 8.0, "ETHIOPIC": 6.0, "ARABIC": 7.5, "HANGUL": 4.0}


class Spoken(Protocol):
    """One thing that a call says: a prompt, digits one by one, words as they stand, then a pause."""

    @property
    def locale(self) -> str: ...
    @property
    def prompt(self) -> str: ...
    @property
    def digits(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def pause(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Said:
    """A prompt with the digits that follow it, where nobody says them yet."""

    locale: str
    prompt: str
    digits: str = ""
    words: str = ""
    pause: int = 0


def seconds_of(text: str, letters: float = 0) -> float:
    """Return how long a voice takes for *text* at most; *letters* a second, or what its script allows."""
    if not text:
        return 0
    stops = sum(letter in STOPS for letter in text)
    breaths = sum(letter in _BREATHS for letter in text)
    said = len(text) - stops - breaths
    return _LEAD_IN + said / (letters or _of_script(text)) + _STOP * stops + _BREATH * breaths


def _of_script(text: str) -> float:
    """Return the slowest pace of the scripts in *text*."""
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in text if letter.isalpha()}
    return min((_LETTERS_BY_SCRIPT.get(script, _SLOWEST) for script in scripts), default=_SLOWEST)
