"""The numbers to dial in a country when a life is in danger, the police or one number for everything first.

Which numbers a country has is known from the metadata of `phonenumbers`; which of them to dial first, where that is not
one number for everything, stands in ``dial_first.toml``. A jurisdiction file may say otherwise.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from string import digits

from phonenumbers import PhoneMetadata

_FOR_EVERYTHING = ("112", "911", "999", "000", "111")
_LONGEST = 5
_MOST = 8


@cache
def emergency_numbers(country: str) -> tuple[str, ...]:
    """Return up to eight numbers for *country*, such as ``("999", "112")`` for ``IE``; nothing where none is known.

    They are dialled inside the country: from elsewhere they reach the caller's own.
    """
    found = set(_numbers_of(country.upper()))
    first = _dialled_first().get(country.upper(), "")
    ahead = [number for number in (first, *_FOR_EVERYTHING) if number in found]
    others = sorted(found.difference(ahead), key=lambda number: (len(number), number))
    return tuple(dict.fromkeys([*ahead, *others]))[:_MOST]


def _numbers_of(country: str) -> Iterator[str]:
    metadata = PhoneMetadata.short_metadata_for_region(country)
    if not metadata or not metadata.emergency or not metadata.general_desc:
        return
    # What is written for a country with no number matches nothing.
    pattern = re.compile(metadata.emergency.national_number_pattern or "")
    for length in metadata.emergency.possible_length or metadata.general_desc.possible_length:
        if length <= _LONGEST:
            yield from filter(pattern.fullmatch, map("".join, product(digits, repeat=length)))


@cache
def _dialled_first() -> dict[str, str]:
    path = Path(__file__).parent / "dial_first.toml"
    countries: dict[str, list[str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return {country: number for number, some in countries.items() for country in some}
