"""The return code: 66 random bits that a person can read, say and type.

Twenty digits and a check digit (Damm: finds every single wrong digit and every swap of neighbours), or six
words of a list of 2,048. Both say the same number.
"""

import secrets
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

BITS = 66
_DIGITS = 20
_WORDS = 6
_PREFIX = 4
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


@dataclass(frozen=True, slots=True, repr=False)
class ReturnCode:
    """A return code, whatever way it was written."""

    number: int

    @property
    def digits(self) -> str:
        """The code as seven groups of three digits; the last digit is the check."""
        plain = f"{self.number:0{_DIGITS}d}"
        plain += str(_damm(plain))
        return " ".join(plain[start : start + 3] for start in range(0, len(plain), 3))

    @property
    def words(self) -> str:
        """The code as six words."""
        listed = _word_list()
        return " ".join(
            listed[(self.number >> 11 * place) & 2047] for place in reversed(range(_WORDS))
        )

    def __repr__(self) -> str:
        return "<ReturnCode>"


def mint() -> ReturnCode:
    """Return a new code."""
    return ReturnCode(secrets.randbits(BITS))


def parse(text: str) -> ReturnCode | None:
    """Read a code from what a person typed, in digits of any script or in words; None when it is no code."""
    folded = unicodedata.normalize("NFKD", text[:400]).casefold()
    digits = digits_in(folded)
    words = "".join(char if char.isalpha() else " " for char in folded).split()
    if words:
        return None if digits else _from_words(words)
    return _from_digits(digits)


def digits_in(text: str) -> str:
    """Return the digits of *text*, of whatever script, as 0 to 9."""
    return "".join(str(unicodedata.decimal(char)) for char in text if char.isdecimal())


def _from_digits(digits: str) -> ReturnCode | None:
    if len(digits) != _DIGITS + 1 or _damm(digits) != 0:
        return None
    number = int(digits[:_DIGITS])
    return ReturnCode(number) if number < 1 << BITS else None


def _from_words(words: list[str]) -> ReturnCode | None:
    places = [_word_places().get(word[:_PREFIX], (-1, "")) for word in words]
    known = all(listed.startswith(word) for word, (_, listed) in zip(words, places, strict=True))
    if len(words) != _WORDS or not known:
        return None
    number = 0
    for place, _ in places:
        number = number << 11 | place
    return ReturnCode(number)


def _damm(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return interim


@cache
def _word_list() -> tuple[str, ...]:
    return tuple((files("hotline.vault") / "words.txt").read_text("ascii").split())


@cache
def _word_places() -> dict[str, tuple[int, str]]:
    """Map the first four letters of each word, which are enough to know it, to its place and itself."""
    return {word[:_PREFIX]: (place, word) for place, word in enumerate(_word_list())}


def is_word(text: str) -> bool:
    """Tell whether *text* is one of the words of codes, or its beginning, as `parse` would read it."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    listed = _word_places().get(folded[:_PREFIX], (-1, ""))[1]
    return bool(listed) and listed.startswith(folded)
