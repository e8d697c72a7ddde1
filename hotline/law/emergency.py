"""The numbers to dial in a country when a life is in danger, the police or one number for everything first.

Which numbers a country has is known from the metadata of `phonenumbers`; what each of them reaches stands in
``numbers.toml``. A jurisdiction file may say otherwise.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from string import digits

from phonenumbers import PhoneMetadata

_FOR_EVERYTHING = ("112", "911", "999", "000", "111")
_LONGEST = 5
_MOST = 8


@dataclass(frozen=True, slots=True)
class Dial:
    """Whom to dial in *country* (ISO 3166-1): *all* are numbers for everything; each may be empty, but not every one."""

    country: str
    all: tuple[str, ...] = ()
    police: tuple[str, ...] = ()
    ambulance: tuple[str, ...] = ()


@cache
def dial(country: str) -> Dial | None:
    """Return whom to dial in *country*; None where we are not sure.

    They are dialled inside the country: from elsewhere they reach the caller's own.
    """
    return _known().get(country.upper())


@cache
def emergency_numbers(country: str) -> tuple[str, ...]:
    """Return up to eight numbers for *country*, such as ``("999", "112")`` for ``IE``; nothing where none is known."""
    its = dial(country) or Dial(country)
    first = (*its.police[:1], *its.all)
    found = {*_numbers_of(country.upper()), *first, *its.ambulance}
    ahead = [*first[:1], *(number for number in _FOR_EVERYTHING if number in found)]
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
def _known() -> dict[str, Dial]:
    path = Path(__file__).parent / "numbers.toml"
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    content.pop("elsewhere")
    return {
        country: Dial(country, **{kind: tuple(some) for kind, some in its.items()})
        for country, its in content.items()
    }
