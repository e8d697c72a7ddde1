"""Telephone numbers as people write them, and as networks take them."""

import re
import unicodedata

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
# What stands between digits, marks of direction included, which phones put around a number that was copied.
_BESIDE = re.compile(r"[\s().\-/\u2010-\u2015\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


def phone_number(typed: str) -> str:
    """Return the number that somebody *typed* as ``+15005550142``; empty where it is none that can be reached from here."""
    number = _BESIDE.sub("", ascii_digits(typed))
    if number.startswith("00"):
        number = "+" + number[2:]
    return number if _NUMBER.fullmatch(number) else ""


def ascii_digits(text: str) -> str:
    """Return *text* with the digits of every script as ASCII ones."""
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)
