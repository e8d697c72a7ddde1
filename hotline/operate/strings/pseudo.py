"""Made-up languages: what is not translated shows in them, and what is too narrow breaks.

One is longer than ours, accented and in brackets; the other runs from right to left. Fields and tags stay.
"""

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog

from hotline.operate.strings import catalogs
from hotline.operate.strings.entries import TAG
from hotline.operate.strings.gathering import FOLDERS

LONG, MIRRORED = "eo", "yi"
"""Babel knows no locale for made-up languages: these two are real, and the hotline speaks neither."""

_KEPT = re.compile(rf"(%\(\w+\)[sd]|{TAG.pattern}|%%)")
_ACCENTS = str.maketrans("aeiouyAEIOUYnsc", "äéïöüÿÄÉÏÖÜŸñšç")
_VOWELS = re.compile(r"([aeiou])")
_HEBREW = str.maketrans("abcdefghijklmnopqrstuvwxyz", "אבצדעפגהיזקלמנוםכרסתוווחשז")


def longer(words: str) -> str:
    return _VOWELS.sub(r"\1\1", words).translate(_ACCENTS)


def mirrored(words: str) -> str:
    return words.lower().translate(_HEBREW)


_SPEAKS: Mapping[str, Callable[[str], str]] = {LONG: longer, MIRRORED: mirrored}


def write(translations: Path, folder: Path) -> None:
    """Write both languages into *folder*, with the templates: it can be used as the folder of translations."""
    folder.mkdir(parents=True, exist_ok=True)
    for domain in FOLDERS:
        shutil.copy(translations / f"{domain}.pot", folder)
        template = catalogs.read(folder / f"{domain}.pot")
        for locale in _SPEAKS:
            path = catalogs.place_of(folder, locale, domain)
            path.parent.mkdir(parents=True, exist_ok=True)
            catalogs.write(path, _catalog(template, locale))


def say(sentence: str, locale: str) -> str:
    """Return *sentence* in the made-up language *locale*."""
    parts = _KEPT.split(sentence)
    speak = _SPEAKS[locale]
    return f"[{''.join(part if _KEPT.fullmatch(part) else speak(part) for part in parts)}]"


def _catalog(template: Catalog, locale: str) -> Catalog:
    catalog = Catalog(locale=locale, fuzzy=False)
    for message in template:
        if message.id:
            said = tuple(say(source, locale) for source in catalogs.sources(message))
            catalog.add(
                message.id,
                said if len(said) > 1 else said[0],
                flags=message.flags,
                context=message.context,
            )
    return catalog
