"""Compile the lists of all languages: ``python -m hotline.consent.never.build``, after each change of one.

What they stand for is a quarter of a million phrases; spelled out anew by each process that took a second and 59 MB.
"""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import astuple
from functools import lru_cache
from pathlib import Path
from typing import Any

import marisa_trie

from hotline.consent.never.lines import spelled
from hotline.consent.never.lists import (
    COMPILED,
    NUMBER,
    OPENING,
    PHRASES,
    REST,
    Counts,
    Kind,
    Rule,
    Who,
)
from hotline.consent.never.squeezing import letters_of, spaced_letters

_HERE = Path(__file__).parent


def compile_lists(folder: Path = COMPILED) -> None:
    """Write what all lists stand for to *folder*."""
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
    said = {
        phrase: tuple(map(astuple, its)) for phrase, its in rules.items() if len(phrase) >= OPENING
    }
    numbers = {its: number for number, its in enumerate(sorted(set(said.values())))}
    records = ((phrase, (numbers[its],)) for phrase, its in said.items())
    marisa_trie.RecordTrie(NUMBER, records).save(str(folder / PHRASES))
    rest = {
        "rules": list(numbers),
        "who": who,
        "fillers": sorted(fillers),
        "words": sorted(words),
        "longest": max(map(len, said)),
        "openings": sorted({phrase[:OPENING] for phrase in said}),
    }
    text = json.dumps(rest, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / REST).write_text(f"{text}\n", "utf-8")


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


if __name__ == "__main__":
    compile_lists()
