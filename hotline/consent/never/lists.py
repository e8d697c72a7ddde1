"""The lists of all languages together, compiled (`build`), in the form in which texts are held against them."""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import marisa_trie

COMPILED = Path(__file__).parent / "compiled"
PHRASES, REST = "phrases.trie", "rest.json"
NUMBER = "<H"
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
    """*phrases* are letters, each with the number of its *rules*; so are the words of *who*.

    *longest* is how long the longest phrase is, *openings* how phrases begin. *words* are names that are words, too.
    """

    phrases: marisa_trie.RecordTrie
    rules: tuple[tuple[Rule, ...], ...]
    who: dict[str, dict[str, Who]]
    fillers: frozenset[str]
    words: frozenset[str]
    longest: int
    openings: frozenset[str]

    def rules_of(self, phrase: str) -> tuple[Rule, ...]:
        ((number,),) = self.phrases[phrase]
        return self.rules[number]


@lru_cache(maxsize=1)
def lists() -> Lists:
    """Return all lists; the phrases stay in their file and are mapped."""
    rest = json.loads((COMPILED / REST).read_text("utf-8"))
    return Lists(
        marisa_trie.RecordTrie(NUMBER).mmap(str(COMPILED / PHRASES)),
        tuple(tuple(map(_rule, its)) for its in rest["rules"]),
        {
            language: {word: Who(who) for word, who in its.items()}
            for language, its in rest["who"].items()
        },
        frozenset(rest["fillers"]),
        frozenset(rest["words"]),
        rest["longest"],
        frozenset(rest["openings"]),
    )


def _rule(said: tuple[str, str, bool, str]) -> Rule:
    kind, language, begins, counts = said
    return Rule(Kind(kind), language, begins, Counts(counts))
