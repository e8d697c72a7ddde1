"""By which words languages, countries, their people, the sexes, children and ages are named: the vocabulary of `spoken`. Pure.

Languages and countries are named by CLDR, in each language; peoples and the rest by `spoken.tsv`, our own list, in which
``*`` is an ending of four letters at most. Of languages only those that somebody may well write to us in are looked for,
because the names of the others are everyday words somewhere.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from hotline.leads.codes import COUNTRIES, read_table
from hotline.leads.likeness import plain
from hotline.lexicon import available_languages

EVERY = "*"
_ENDING = 4
_LONG = 6
_VOWEL = re.compile("[aeiouyаеиоуыэюяєії]$")
# Adjectives of these end otherwise by three letters, and all of Arabic by its last two.
_STEMS = dict.fromkeys(
    ("be", "bg", "cs", "hr", "mk", "pl", "ru", "sk", "sl", "sr", "uk"),
    re.compile("(?<=.{5})(?:.{3}|.)$"),
) | {"ar": re.compile("(?:یه|یا|ی|ه|ا)$")}
_SHORTEST = 3
_ARTICLE = "ال"
_TWO_SIDED = re.compile(r"[()]")


@dataclass(frozen=True, slots=True)
class Name:
    """One word, or several in a row, that names *value* of *fact*; each may end otherwise by so many letters.

    *is_place* where it names a country rather than those who come from it.
    """

    fact: str
    value: str
    words: tuple[tuple[str, int], ...]
    is_place: bool = False

    def ends_at(self, words: Sequence[str], at: int) -> int:
        """Return behind which of *words* it ends that begins at *at*; 0 where it does not stand there."""
        end = at + len(self.words)
        if end > len(words):
            return 0
        pairs = zip(words[at:end], self.words, strict=True)
        fits = all(
            word.startswith(stem) and len(word) - len(stem) <= most for word, (stem, most) in pairs
        )
        return end if fits else 0

    @property
    def weight(self) -> tuple[int, int]:
        """By how much it says: of those that begin at one word the one that says most is meant."""
        return len(self.words), sum(len(stem) for stem, _ in self.words)


@lru_cache(maxsize=64)
def names_in(language: str) -> Mapping[str, Sequence[Name]]:
    """Return what is named how in *language* (its code alone), by the first letters of the first word."""
    found: dict[str, list[Name]] = defaultdict(list)
    for name in (*_listed(language), *_languages(language), *_countries(language)):
        found[name.words[0][0][:_SHORTEST]].append(name)
    return found


@lru_cache(maxsize=64)
def unspaced_in(language: str) -> Mapping[str, tuple[str, str]]:
    """Return the names of languages and countries whose script puts no space between words: fact and value of each."""
    named = {
        text: (fact, value)
        for fact, value, text in _by_cldr(language)
        if text and not _is_alphabetic(text)
    }
    return {text.casefold(): what for text, what in named.items() if len(text) > 1}


def is_capitalized(word: str) -> bool:
    return word[:1].isupper()


@lru_cache(maxsize=1)
def only_capitalized() -> frozenset[str]:
    """Return the words that are something else in lower case."""
    return frozenset(word for name in _rows("capital", EVERY) for word, _ in name.words)


def _listed(language: str) -> Iterator[Name]:
    for one in (language, EVERY):
        for name in _file().get(one, ()):
            if name.fact != "capital":
                yield name


def _rows(fact: str, language: str) -> Iterator[Name]:
    return (name for name in _file()[language] if name.fact == fact)


@lru_cache(maxsize=1)
def _file() -> Mapping[str, Sequence[Name]]:
    found: dict[str, list[Name]] = defaultdict(list)
    for row in read_table("spoken.tsv"):
        for word in row["words"].split(", "):
            words = tuple(_stem(part) for part in word.strip().split("_"))
            found[row["language"]].append(Name(row["fact"], row["value"], words))
    return found


def _stem(word: str) -> tuple[str, int]:
    return _bare(plain(word.removesuffix("*"))), _ENDING if word.endswith("*") else 0


def _languages(language: str) -> Iterator[Name]:
    for fact, value, text in _by_cldr(language):
        if fact == "person_language" and _is_alphabetic(text) and " " not in text:
            yield Name(fact, value, (_inflected(_bare(plain(text)), language),))


def _countries(language: str) -> Iterator[Name]:
    for fact, value, text in _by_cldr(language):
        if fact != "nationality" or not _is_alphabetic(text):
            continue
        for called in _TWO_SIDED.split(text):
            words = [_bare(plain(word)) for word in re.findall(r"\w+", called)]
            if words and len("".join(words)) > _SHORTEST:
                its = (*((word, 0) for word in words[:-1]), _with_people(words[-1], language))
                yield Name(fact, value, its, is_place=True)


def _by_cldr(language: str) -> Iterator[tuple[str, str, str]]:
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        return
    for code in sorted({code.split("-")[0] for code in available_languages()}):
        yield "person_language", code, str(locale.languages.get(code, ""))
    for code in sorted(COUNTRIES):
        yield "nationality", code, str(locale.territories.get(code, ""))


def _inflected(word: str, language: str) -> tuple[str, int]:
    """Return how a name begins in whatever gender, number and case, and how many letters may follow."""
    if language == "en":
        return word, 0
    stem = _STEMS.get(language, _VOWEL).sub("", word) if len(word) >= _LONG else word
    if len(stem) >= _LONG - 1:
        return stem, _ENDING
    return stem, 1


def _with_people(word: str, language: str) -> tuple[str, int]:
    """Return how the name of a country begins, and its people's after it: ``Nigeria``, ``Nigerians``."""
    if language != "en":
        return _inflected(word, language)
    return word, _ENDING if len(word) >= _LONG else 1


def _bare(word: str) -> str:
    """Return an Arabic word without its article."""
    return word.removeprefix(_ARTICLE) if len(word) > len(_ARTICLE) + 2 else word


def _is_alphabetic(text: str) -> bool:
    """Tell whether *text* is of a script with spaces between its words and a letter for each sound."""
    letter = next((char for char in text if char.isalpha()), "")
    script = unicodedata.name(letter, "").split(" ")[0] if letter else ""
    return script in {"LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "ARMENIAN", "GEORGIAN"}
