"""What somebody is known by: names, numbers and codes of a sealed identity, in the forms in which words are compared. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from hotline.anonymize.language import candidates
from hotline.anonymize.ordinary import ordinary_in
from hotline.anonymize.wording import words_for
from hotline.domain.identity import Label
from hotline.i18n import SOURCE
from hotline.leads.likeness import plain
from hotline.leads.said_numbers import numbers_in
from hotline.lexicon.folding import MARKS, fold, without_unseen
from hotline.vault.contents import Identity, placeholder_of

WORD = re.compile(rf"(?:[^\W\d_]|[{MARKS}])+")
RUN = re.compile(r"\d(?:[\s().,/+·•‑–—_-]{0,3}\d)*")
SHORTEST = 3
"""Letters of a name that is looked for however it is written."""

_REACHED = ("number", "place", "word")
"""What of `Identity.contact` says who or where somebody is; the rest are codes and hours."""

_OF_PLACES = frozenset({Label.PLACE, Label.ADDRESS, Label.VENUE})
_NO_WORDS = frozenset({Label.DATE, Label.AGE, Label.PHONE})
_PARTICLES = ("connectors", "titles", "kin", "introducers")
"""Words that stand in a name, or are masked with one, and name nobody."""

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+")
_JOINER = re.compile("[\u061c\u200b-\u200f]+")
_SHORTEST_UNSPACED, _SHORT = 2, 2
_FEWEST_DIGITS, _OF_AN_AGE = 4, 2
_SHORTEST_CODE = 5


@dataclass(frozen=True, slots=True, repr=False)
class Named:
    """Words that say who or where: *rare* ones by themselves, *phrases* together, *unspaced* within a run of signs."""

    rare: frozenset[str] = frozenset()
    phrases: frozenset[tuple[str, ...]] = frozenset()
    unspaced: frozenset[str] = frozenset()

    def __or__(self, other: "Named") -> "Named":
        return Named(
            self.rare | other.rare, self.phrases | other.phrases, self.unspaced | other.unspaced
        )

    def __repr__(self) -> str:
        return "<Named>"


@dataclass(frozen=True, slots=True, repr=False)
class Known:
    """What one identity is known by.

    *people* are names of persons alone, *names* these and all else that is no place, *placed* what is a place. *everyday*
    are names that are ordinary words too, *short* those of two letters. *own* says where and under which numbers
    whoever told it is reached.
    """

    people: Named
    names: Named
    placed: Named
    everyday: frozenset[str]
    short: frozenset[str]
    numbers: frozenset[str]
    codes: frozenset[str]
    ages: frozenset[str]
    own: "Known | None" = field(default=None)

    @classmethod
    def of(cls, identity: Identity) -> "Known":
        languages = candidates(identity.original) or (SOURCE,)
        said = [(label_of(name), words) for name, words in identity.entities]
        reached: list[tuple[Label | None, str]] = [(None, identity.sender)]
        reached += [(None, identity.contact.get(name, "")) for name in _REACHED]
        own = cls._of(reached, languages, None)
        return cls._of([*said, *reached], languages, own)

    @classmethod
    def _of(
        cls,
        said: Iterable[tuple[Label | None, str]],
        languages: tuple[str, ...],
        own: "Known | None",
    ) -> "Known":
        people, names, placed = Named(), Named(), Named()
        everyday, short, numbers, codes, ages = (set[str]() for _ in range(5))
        for label, masked in said:
            words, _ = seen(masked)
            if label is Label.AGE:
                ages |= set(digits_of(words, languages, _OF_AN_AGE))
            if label is not Label.DATE:
                numbers |= set(digits_of(words, languages, _FEWEST_DIGITS))
                codes |= codes_in(words)
            if label in _NO_WORDS:
                continue
            found = _named(words, languages, is_phrase=label is not None)
            if label in _OF_PLACES:
                placed |= found
                continue
            names |= found
            if label is Label.PERSON:
                people |= found
                common = set(_common(words, languages))
                everyday |= {word for word in common if len(word) >= SHORTEST}
                short |= {word for word in common if len(word) == _SHORT and word.isascii()}
        return cls(people, names, placed, frozenset(everyday), frozenset(short), frozenset(numbers), frozenset(codes),
                   frozenset(ages), own)  # fmt: skip

    def __repr__(self) -> str:
        return "<Known>"


def seen(text: str) -> tuple[str, list[int]]:
    """Return *text* without anything that the eye cannot see, and where each character that is left stood."""
    left, places = without_unseen(text)
    at = list(range(len(text) + 1)) if places is None else places
    if not left.isascii() and _JOINER.search(left):
        kept = [index for index, char in enumerate(left) if not _JOINER.match(char)]
        left, at = "".join(left[index] for index in kept), [*(at[index] for index in kept), at[-1]]
    return left, at


def label_of(name: str) -> Label | None:
    placeholder = placeholder_of(name)
    return placeholder[0] if placeholder else None


@lru_cache(maxsize=4096)
def is_rare(word: str, languages: tuple[str, ...]) -> bool:
    """Tell whether a plain word is no common word of these languages, so that it may well name somebody."""
    each = [*languages, SOURCE]
    return len(word) >= SHORTEST and not any(ordinary_in((one,)).stays(word) for one in each)


def digits_of(words: str, languages: tuple[str, ...], least: int) -> Iterator[str]:
    """Yield the numbers of *words* that have *least* digits or more, each in one form."""
    runs = [plain_digits(match.group()) for match in RUN.finditer(words)]
    runs += [number.digits for number in numbers_in(words, languages)]
    yield from (run for run in runs if len(run) >= least)


def plain_digits(run: str) -> str:
    return "".join(char for char in fold(run) if char.isdigit())


def codes_in(words: str) -> set[str]:
    """Return each run of letters and digits together that may be a plate or a document: ``b 123 xyz`` as one."""
    parts = re.findall(r"[^\W\d_]+|\d+", fold(words))
    runs = {
        "".join(parts[start:end])
        for start in range(len(parts))
        for end in range(start + 2, min(start + 5, len(parts) + 1))
        if all(len(part) <= 4 or part.isdigit() for part in parts[start:end])
    }
    return {
        run.replace("o", "0")
        for run in runs
        if len(run) >= _SHORTEST_CODE and sum(char.isdigit() for char in run) >= 2 and any(char.isalpha() for char in run)
    }  # fmt: skip


def _named(words: str, languages: tuple[str, ...], *, is_phrase: bool) -> Named:
    each = tuple(plain(word) for word in WORD.findall(words))
    return Named(
        frozenset(word for word in each if is_rare(word, languages)),
        frozenset({each} if is_phrase and len(each) > 1 else ()),
        frozenset(_unspaced(words, languages)),
    )


def _common(words: str, languages: tuple[str, ...]) -> Iterator[str]:
    """Yield the words of a person's name that are ordinary ones too, or too short to be told from them."""
    each = {plain(word) for word in WORD.findall(words)}
    particles = {word for kind in _PARTICLES for word in words_for(languages, kind)}
    for word in (each - particles) or each:
        if not is_rare(word, languages):
            yield word


def _unspaced(words: str, languages: tuple[str, ...]) -> set[str]:
    """Return what may be a name in a run without spaces: all of it, and each two signs of Han that are no word."""
    ordinary = ordinary_in(languages)
    found: set[str] = set()
    for run in _UNSPACED.findall(fold(words)):
        is_han = "\u3400" <= run[0] <= "\u9fff"
        least = _SHORTEST_UNSPACED if is_han else SHORTEST
        pairs = [run[at : at + 2] for at in range(len(run) - 1)] if is_han else []
        found |= {name for name in (run, *pairs) if len(name) >= least and not ordinary.stays(name)}
    return found
