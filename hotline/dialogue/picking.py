"""Read an answer out of a text: digits of a menu, hours, a time of day, a word. What is none of them is an account."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from hotline.dialogue.flow import flow
from hotline.dialogue.tongues import fold

_LONGEST = 24
_SHORTEST_WORD, _SHORTEST_NUMBER = 3, 4
_WORDS_OF_A_TRY, _LONGEST_TRY = 3, 30
AROUND = " \t\r\n.,!?;:…\"'()"
"""What may stand around a word without being of it."""
_LONE = re.compile(r"\W*([0-9*#])\W*")
_LEADING = re.compile(r"\W*([1-6])\W+(\D+)")
_SEVERAL = re.compile(r"(?:[1-6]\W{0,3}){1,6}")
_TIME = r"([01]?[0-9]|2[0-4])(?:\s?[:.h]\s?([0-5][0-9]))?\s?(am|pm|a\.m\.|p\.m\.)?"
_HOURS = re.compile(rf"\W*{_TIME}\s?(?:-|–|—|to|a|à|до|~|/)\s?{_TIME}\W*", re.IGNORECASE)
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CLOCK = re.compile(rf"\W*{_TIME}\W*", re.IGNORECASE)
_DAY = 24 * 60
_NOON = 12


def lone_key(text: str) -> str:
    """Return the one key that *text* is, or nothing."""
    found = _LONE.fullmatch(ascii_digits(text)) if len(text) <= _LONGEST else None
    return found[1] if found else ""


def choice(text: str) -> str:
    """Return the key that *text* is, also with its word of a menu beside it (``1 yes``), or nothing."""
    found = _LEADING.fullmatch(ascii_digits(text)) if len(text) <= _LONGEST else None
    return found[1] if found and fold(found[2]) in _beside() else lone_key(text)


def is_no(text: str) -> bool:
    """Tell whether *text* is a no and nothing else, in words or as the second of two choices."""
    return fold(text) in _noes() or one_of(text, ("yes", "no")) == "no"


@cache
def _noes() -> frozenset[str]:
    return frozenset(map(fold, flow().noes))


@cache
def _beside() -> frozenset[str]:
    return frozenset(map(fold, flow().beside))


def one_of(text: str, codes: Sequence[str]) -> str:
    """Return the code that the digit of *text* stands for, or nothing."""
    key = choice(text)
    return codes[int(key) - 1] if key.isdigit() and 1 <= int(key) <= len(codes) else ""


def several_of(text: str, codes: Sequence[str]) -> list[str]:
    """Return the codes that the digits of *text* stand for; nothing when there is anything but digits in it."""
    plain = ascii_digits(text).strip()
    if not _SEVERAL.fullmatch(plain):
        one = one_of(text, codes)
        return [one] if one else []
    digits = [int(digit) for digit in re.findall("[1-6]", plain)]
    if len(digits) != len(set(digits)):
        # The numbers that people call in an emergency repeat a digit, and are no answer: 112, 911.
        return []
    return [code for place, code in enumerate(codes, 1) if place in digits]


def hours_in(text: str, choices: Mapping[str, str]) -> str:
    """Return the hours that *text* chooses or writes, as ``any`` or ``HH:MM-HH:MM``, or nothing."""
    key = lone_key(text)
    if key:
        return choices.get(key, "")
    found = _HOURS.fullmatch(_MARKS.sub("", ascii_digits(text)))
    # "2-4" may be two choices, the afternoon or the night: words that a caseworker reads.
    if not found or not (_is_told(found, 1) or _is_told(found, 4) or found[6]):
        return ""
    # "2-4pm" means both in the afternoon.
    first = _minutes(found[1], found[2], found[3] or found[6])
    last = _minutes(found[4], found[5], found[6])
    if first == last:
        return ""
    return f"{_written(first)}-{_written(last)}"


def clock_in(text: str) -> int | None:
    """Return the minute of the day that *text* says, or None; a number alone may be a choice of elsewhere."""
    found = _CLOCK.fullmatch(_MARKS.sub("", ascii_digits(text)))
    if not found or not _is_told(found, 1):
        return None
    return _minutes(found[1], found[2], found[3])


def zone_of(minute: int, zones: Sequence[str], at: datetime) -> str:
    """Return the time zone where it is *minute* of the day now: one of *zones* if any fits, else one of fixed hours."""
    # Many people say "2:30" in the afternoon.
    for said in (minute, (minute + _DAY // 2) % _DAY):
        for zone in zones:
            if _distance(_minute_in(zone, at), said) <= 20:
                return zone
    shift = (minute - (at.hour * 60 + at.minute) + _DAY // 2) % _DAY - _DAY // 2
    hours = round(shift / 60)
    # The signs of these names are turned round, since POSIX.
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"


def word_in(text: str) -> str:
    """Return the code word that *text* is, or nothing: one word of 3 to 24 letters, or 4 digits at least."""
    word = fold(text)
    if not word or any(letter.isspace() for letter in word) or len(word) > _LONGEST:
        return ""
    # Shorter numbers are what people call in an emergency.
    is_long = len(word) >= (_SHORTEST_NUMBER if word.isdigit() else _SHORTEST_WORD)
    fits = is_long or not word.isascii()
    return word if fits and any(map(str.isalnum, word)) else ""


def is_no_word(text: str) -> bool:
    """Tell whether *text* is what people send when they mean something else than a code word, such as a cry."""
    return fold(text) in _not_words()


@cache
def _not_words() -> frozenset[str]:
    content = tomllib.loads((files(__package__) / "not_words.toml").read_text("utf-8"))
    return frozenset(fold(word) for words in content.values() for word in words)


def is_word_tried(text: str) -> bool:
    """Tell whether *text* is too little to say anything, and may be meant as a code word: two words, or too few letters.

    What is asked, or has a word that people send when they mean something else, is none.
    """
    words = text.split()
    if not 0 < len(words) <= _WORDS_OF_A_TRY or len(text.strip()) > _LONGEST_TRY:
        return False
    # Scripts that write no gaps say a whole sentence in one.
    if len(words) == 1 and (word_in(text) or not text.isascii()):
        return False
    is_said = text.rstrip().endswith(("?", "؟", "？")) or any(map(is_no_word, (text, *words)))
    return not is_said and not choice(text) and any(map(str.isalpha, text))


def is_account(text: str) -> bool:
    """Tell whether *text* says more than a word can: it is no try at a code word."""
    words = text.split()
    return len(words) > 4 or len(text) > 2 * _LONGEST


def ascii_digits(text: str) -> str:
    """Return *text* with the digits of every script as 0 to 9."""
    return "".join(str(int(letter)) if letter.isdecimal() else letter for letter in text)


def _is_told(found: re.Match[str], hour: int) -> bool:
    """Tell whether the hour in group *hour* is one for sure: past noon, or with minutes or a half of the day."""
    return bool(int(found[hour]) > _NOON or found[hour + 1] or found[hour + 2])


def _minutes(hour: str, minute: str | None, half: str | None) -> int:
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half.lower().startswith("p") else 0)
    return (hours * 60 + int(minute or 0)) % _DAY


def _written(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _minute_in(zone: str, at: datetime) -> int:
    local = at.astimezone(ZoneInfo(zone))
    return local.hour * 60 + local.minute


def _distance(one: int, other: int) -> int:
    apart = abs(one - other) % _DAY
    return min(apart, _DAY - apart)


def not_before(at: datetime, *, hours: int = 12) -> str:
    """Return until when we stay silent after "write later", as ISO 8601 in UTC."""
    return (at + timedelta(hours=hours)).replace(second=0, microsecond=0).isoformat()
