"""What a number's prefix tells: the country, which is all of the number that stays in the clear, and time zones."""

import re
from functools import cache
from importlib.resources import files

from babel.core import get_global
from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    NumberParseException,
    parse,
    region_code_for_number,
)
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number

from hotline.i18n import SOURCE
from hotline.locales import cldr

# In many scripts a word is letters and marks.
_WORDS = re.compile(r"[^\s\d_.,;:!?…\"'()\[\]{}/\\\\|–—،؛۔、。，·-]+")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


def country_of(sender: str) -> str:
    """Return the ISO 3166-1 code that *sender*'s prefix stands for, or an empty string.

    Prefixes that several countries share are looked up by the whole number; what says nothing there is
    taken for the largest of them.
    """
    number = sender.removeprefix("whatsapp:")
    if not _NUMBER.fullmatch(number):
        return ""
    regions = _regions(number[1:4])
    if len(regions) > 1:
        return _by_whole_number(number) or regions[0]
    return regions[0] if regions else ""


def zones_of(sender: str) -> tuple[str, ...]:
    """Return the time zones in which *sender*'s phone may be, those with most people first; often there is only one."""
    number = sender.removeprefix("whatsapp:")
    if not _NUMBER.fullmatch(number):
        return ()
    try:
        found = time_zones_for_number(parse(number))
    except NumberParseException:
        return ()
    order = _largest_zones()
    known = (zone for zone in found if zone != UNKNOWN_TIMEZONE)
    return tuple(sorted(known, key=lambda zone: order.get(zone, len(order))))


def country_dialled(code: str) -> str:
    """Return the ISO 3166-1 code of the country that is called by *code*, such as ``44``; of several, the largest."""
    digits = code.lstrip("0")
    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(digits)) if digits.isdecimal() else None
    return regions[0] if regions and regions[0].isalpha() else ""


def country_named(words: str, locale: str) -> str:
    """Return the ISO 3166-1 code of the country that *words* for a place name, in *locale* or in English; or nothing.

    Of several the last counts: people write a street before its town, and a town before its country. Of those that end
    together the longest does: South Sudan is not Sudan.
    """
    said = f" {' '.join(_WORDS.findall(words.casefold()))} "
    places = {
        (said.rfind(f" {name} ") + len(name), len(name)): code
        for names in (_country_names(SOURCE), _country_names(locale))
        for name, code in names.items()
        if f" {name} " in said
    }
    return places[max(places)] if places else ""


@cache
def _country_names(locale: str) -> dict[str, str]:
    """Return the countries of CLDR by their names in *locale*, as their words are compared."""
    known = cldr(locale)
    names = known.territories.items() if known else ()
    return {
        " ".join(_WORDS.findall(name.casefold())): code
        for code, name in names
        if len(code) == 2 and code not in ("EU", "UN", "EZ", "ZZ", "XA", "XB", "QO")
    }


@cache
def zones_in(country: str) -> tuple[str, ...]:
    """Return the time zones of a country, those with most people first."""
    territories = get_global("zone_territories").items()
    zones = (zone for zone, territory in territories if territory == country)
    order = _largest_zones()
    return tuple(sorted(zones, key=lambda zone: (order.get(zone, len(order)), zone)))


@cache
def languages_in(country: str) -> tuple[str, ...]:
    """Return the languages that are spoken in a country, those of most people first."""
    spoken = get_global("territory_languages").get(country, {})
    return tuple(sorted(spoken, key=lambda name: -float(spoken[name]["population_percent"])))


@cache
def _largest_zones() -> dict[str, int]:
    names = (files(__package__) / "zones.txt").read_text("ascii").split()
    return {name: place for place, name in enumerate(names)}


@cache
def _regions(digits: str) -> tuple[str, ...]:
    for length in (1, 2, 3):
        regions = COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:length]))
        if regions:
            return tuple(regions)
    return ()


def _by_whole_number(number: str) -> str:
    try:
        return region_code_for_number(parse(number)) or ""
    except NumberParseException:
        return ""
