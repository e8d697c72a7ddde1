"""Locales by any of their names: ours is a BCP 47 tag, such as ``zh-Hant``; browsers, phones, providers and Babel have others.

One table, ``locales.toml``, says what each is called elsewhere, how it counts, and what it is written in.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError

_SCRIPT = re.compile(r"-([A-Za-z]{4})\b")
_TABLE = Path(__file__).with_name("locales.toml")
_LONGEST = 40
"""Letters of a name that are looked at: strangers send names, and BCP 47 wants room for 35."""


@dataclass(frozen=True, slots=True)
class Row:
    """A locale as ``locales.toml`` describes it; *language* is what lexicons call it, *script* is ISO 15924.

    What every page and text asks for stands here: for one name Babel loads all that CLDR has of a locale (0.8 MB).
    """

    tag: str
    plural: str
    script: str
    language: str
    aliases: tuple[str, ...]
    autonym: str
    nearest: tuple[str, ...] = ()

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``."""
        return "rtl" if self.script == "Arab" else "ltr"

    @property
    def forms(self) -> int:
        """How many plural forms a catalog has."""
        return int(self.plural.removeprefix("nplurals=").partition(";")[0])


@cache
def table() -> Mapping[str, Row]:
    """Return every locale that we know, by its tag."""
    kept = tomllib.loads(_TABLE.read_text("utf-8"))
    return {
        tag: Row(
            tag,
            said["plural"],
            said["script"],
            said["language"],
            tuple(said["aliases"]),
            said["autonym"],
            tuple(said.get("nearest", ())),
        )
        for tag, said in kept.items()
    }


def tag_of(name: str) -> str:
    """Return our tag for *name*, in whatever spelling, also by its language alone; empty where we know none."""
    return _tag_of(name[:_LONGEST])


@lru_cache(maxsize=1024)
def _tag_of(name: str) -> str:
    for shorter in _shorter(name):
        if tag := _tags().get(shorter):
            return tag if _is_written_in(table()[tag].script, name, shorter) else ""
    return ""


def suiting(name: str) -> tuple[str, ...]:
    """Return the locales that suit whoever asks for *name*, the best first."""
    tag = tag_of(name)
    return (tag, *table()[tag].nearest) if tag else ()


def language_of(name: str) -> str:
    """Return what lexicons and word lists call the language of *name*; its first part where we do not know it."""
    tag = tag_of(name)
    return table()[tag].language if tag else name.replace("_", "-").partition("-")[0].lower()


@lru_cache(maxsize=256)
def cldr(name: str) -> Locale | None:
    """Return what CLDR says of the locale *name*."""
    try:
        return Locale.parse(name, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def _shorter(name: str) -> Iterator[str]:
    parts = name.strip().lower().replace("_", "-").split("-")
    for count in range(len(parts), 0, -1):
        yield "-".join(parts[:count])


def _is_written_in(script: str, name: str, shorter: str) -> bool:
    """Tell whether what *name* says beyond *shorter* leaves the script as it is."""
    others = _SCRIPT.findall(name.replace("_", "-")[len(shorter) :])
    return not others or others[0].lower() == script.lower()


@cache
def _tags() -> Mapping[str, str]:
    return {name.lower(): row.tag for row in table().values() for name in (row.tag, *row.aliases)}
