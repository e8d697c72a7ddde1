"""The lists of all languages together, read once, in the form in which texts are held against them."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import marisa_trie

from hotline.consent.never.lines import spelled
from hotline.consent.never.squeezing import letters_of, spaced_letters

_HERE = Path(__file__).parent
OPENING = 2


class Kind(StrEnum):
    """What never leaves; the values are the names in `hotline.consent.fields.NEVER`."""

    IMMIGRATION = "immigration_status"
    OFFENCES = "offences"
    HELPED = "helped_by"
    STAFF = "staff"


class Who(StrEnum):
    """What a word says of who acts: somebody *harmed* (*one* person, perhaps a man), *others*, or just *he*.

    *compelled* says that they were forced to it.
    """

    HARMED = "harmed"
    ONE = "one"
    OTHERS = "others"
    HE = "he"
    COMPELLED = "compelled"


class Counts(StrEnum):
    """When a phrase counts: *always*, *acts* unless others plainly do it, *own* where a person harmed plainly does."""

    ALWAYS = "always"
    ACTS = "acts"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a phrase of a list tells. With *begins* its last word may go on."""

    kind: Kind
    language: str
    begins: bool
    counts: Counts


@dataclass(frozen=True, slots=True)
class Lists:
    """*phrases* are letters, as are the words of *who*; *longest* is how long the longest phrase is, *openings* how phrases begin. *words* are names that are words, too."""

    phrases: marisa_trie.Trie
    rules: dict[str, tuple[Rule, ...]]
    who: dict[str, dict[str, Who]]
    fillers: frozenset[str]
    words: frozenset[str]
    longest: int
    openings: frozenset[str]


@lru_cache(maxsize=1)
def lists() -> Lists:
    """Return all lists. The first call takes about a second."""
    fillers = _fillers()
    rules: dict[str, tuple[Rule, ...]] = {}
    who: dict[str, dict[str, Who]] = {}
    words: set[str] = set()
    for language in languages():
        for rule, phrase in _phrases(language):
            _file(rules, rule, phrase, fillers)
        file = _read(language)
        who[language] = _who(file.get("who", {}), file.get("sets", {}))
        words.update(letters_of(word) for word, _ in spelled(file.get("names", ""), {}))
    rules = {phrase: each for phrase, each in rules.items() if len(phrase) >= OPENING}
    openings = frozenset(phrase[:OPENING] for phrase in rules)
    longest = max(map(len, rules))
    return Lists(marisa_trie.Trie(rules), rules, who, fillers, frozenset(words), longest, openings)


def _phrases(language: str) -> Iterator[tuple[Rule, str]]:
    """Yield what the list of *language* stands for, in letters and spaces."""
    file = _read(language)
    for kind in (Kind.IMMIGRATION, Kind.OFFENCES, Kind.HELPED):
        for counts in Counts:
            lines = file.get(kind.value, {}).get(counts.value, "")
            both = [Rule(kind, language, begins, counts) for begins in (False, True)]
            for phrase, begins in spelled(lines, file.get("sets", {}), spaced_letters):
                yield both[begins], phrase


def _file(
    rules: dict[str, tuple[Rule, ...]], rule: Rule, phrase: str, fillers: frozenset[str]
) -> None:
    """File *phrase* under its letters, and under those without its fillers."""
    words = phrase.split()
    for letters in {"".join(words), "".join([word for word in words if word not in fillers])}:
        known = rules.get(letters, ())
        if rule not in known:
            rules[letters] = (*known, rule)


def _fillers() -> frozenset[str]:
    """Return the words of all languages that phrases and texts are compared without."""
    listed = (_read(language).get("fillers", "") for language in languages())
    return frozenset(letters_of(word) for each in listed for word, _ in spelled(each, {}))


def languages() -> list[str]:
    """Return the languages that there is a list for."""
    return sorted(path.stem for path in _HERE.glob("*.toml"))


def phrases_of(language: str) -> list[tuple[Kind, Counts, str]]:
    """Return what the list of *language* stands for, phrase by phrase as it is written."""
    file = _read(language)
    return [
        (kind, counts, phrase)
        for kind in (Kind.IMMIGRATION, Kind.OFFENCES, Kind.HELPED)
        for counts in Counts
        for phrase, _ in spelled(
            file.get(kind.value, {}).get(counts.value, ""), file.get("sets", {})
        )
    ]


def _who(table: dict[str, str], sets: dict[str, str]) -> dict[str, Who]:
    found: dict[str, Who] = {}
    for who in Who:
        for word, _ in spelled(table.get(who.value, "").replace("\n", " "), sets):
            found[letters_of(word)] = who
    return found


@lru_cache(maxsize=64)
def _read(language: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / f"{language}.toml").read_text("utf-8"))
