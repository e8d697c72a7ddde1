"""Numbers said digit by digit, as speech is written down: "oh seven seven double oh nine …".

Words and figures mix ("zero7 seven 4"), compounds are one word in some languages ("vierundzwanzig"), and scripts without
spaces say all in one run. A run of them is a phone number, or an id where a document is named before it. The languages
of the text are asked first; a long run of number words of any languages counts as well.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hotline.anonymize.detectors.identity_number import documents
from hotline.anonymize.reading import Reading, Word
from hotline.anonymize.tokens import HAS_RUN
from hotline.anonymize.wording import as_pattern, asked
from hotline.domain.identity import Label, Span
from hotline.lexicon import phrases

_FEWEST = 5
_FEWEST_WITH_FIGURES = 6
_FEWEST_OF_DOCUMENT = 4
_FEWEST_OF_ANY_LANGUAGE = 7
_MOST_APART = 3
_LONGEST_COMPOUND = 30
_WORDS_TO_DOCUMENT = 4
_LOOK_LIKE_DIGITS = frozenset("oilsz")
_PARTS = re.compile(r"\d+|[^\W\d_]+")


@dataclass(frozen=True)
class Numerals:
    """The number words of some languages. *joints* stand inside numbers, *scales* make an amount of them."""

    digits: frozenset[str]
    joints: frozenset[str]
    scales: frozenset[str]
    compound: re.Pattern[str]

    def say(self, word: str, *, within: bool = False) -> bool:
        """Say whether *word* is a number; *within* a run of them, a letter that looks like a digit is one."""
        if word in self.digits or word.isdecimal():
            return True
        if len(word) < 4:
            return within and len(word) == 1 and word in _LOOK_LIKE_DIGITS
        if not word[-1].isdigit() and not word[0].isdigit():
            return len(word) <= _LONGEST_COMPOUND and self.compound.fullmatch(word) is not None
        parts = _PARTS.findall(word)
        return len(parts) > 1 and all(
            part.isdecimal() or part in self.digits or _LOOK_LIKE_DIGITS.issuperset(part)
            for part in parts
        )


@lru_cache(maxsize=512)
def numerals(languages: tuple[str, ...]) -> Numerals:
    """Return the number words of *languages*; of all, where *languages* are none."""

    def listed(kind: str) -> frozenset[str]:
        return frozenset(phrase for code in codes for phrase in phrases.of(code, kind))

    codes = asked(languages) if languages else phrases.codes()
    digits = listed("numbers") | listed("doubling")
    parts = frozenset(part for phrase in digits if " " in phrase for part in phrase.split())
    joints = listed("number_joints")
    number = as_pattern(word for word in digits if len(word) > 1 and " " not in word)
    prefix = as_pattern(listed("number_prefixes"))
    joint = as_pattern(word for word in joints if word.isalpha())
    compound = re.compile(rf"{prefix}(?:{number})|(?:{number})(?:{joint})?(?:{number})")
    return Numerals(digits, joints | parts, listed("scales"), compound)


def find(reading: Reading) -> Iterator[Span]:
    words = reading.words
    if HAS_RUN.search(reading.folded):
        for found in _within_runs().finditer(reading.folded):
            yield Span(found.start(), found.end(), Label.PHONE)
    heard = numerals(reading.languages)
    if sum(word.folded in heard.digits or word.is_number for word in words) >= 2:
        yield from _among(words, heard)
    every = phrases.everywhere("numbers")
    if sum(word.folded in every for word in words) >= _FEWEST_OF_ANY_LANGUAGE:
        for first, end in _runs(words, numerals(())):
            if end - first >= _FEWEST_OF_ANY_LANGUAGE:
                yield Span(words[first].start, words[end - 1].end, Label.PHONE)


def _among(words: Sequence[Word], heard: Numerals) -> Iterator[Span]:
    for first, end in _runs(words, heard):
        run = words[first:end]
        said = sum(not word.folded.isdigit() and word.folded not in heard.scales for word in run)
        figures = sum(sum(map(str.isdigit, word.folded)) for word in run)
        if _after_document(words, first):
            if said >= _FEWEST_OF_DOCUMENT:
                yield Span(run[0].start, run[-1].end, Label.ID)
        elif said >= _FEWEST or (said >= 2 and said + figures >= _FEWEST_WITH_FIGURES):
            yield Span(run[0].start, run[-1].end, Label.PHONE)


def _runs(words: Sequence[Word], heard: Numerals) -> Iterator[tuple[int, int]]:
    """Yield first and end of each run of words that are digits, as said or as figures."""
    first, end = -1, -1
    for index, word in enumerate(words):
        is_apart = index > 0 and word.start - words[index - 1].end > _MOST_APART
        if first >= 0 and is_apart:
            yield first, end
            first = -1
        if heard.say(word.folded, within=first >= 0):
            first = index if first < 0 else first
            end = index + 1
        elif first >= 0 and word.folded not in heard.joints:
            yield first, end
            first = -1
    if first >= 0:
        yield first, end


def _after_document(words: Sequence[Word], first: int) -> bool:
    near = range(max(0, first - _WORDS_TO_DOCUMENT), first)
    return any(documents().end_at(words, index) for index in near)


@lru_cache(maxsize=1)
def _within_runs() -> re.Pattern[str]:
    heard = numerals(())
    words = as_pattern(word for word in heard.digits - heard.scales if HAS_RUN.match(word))
    return re.compile(rf"(?:(?:{words}|\d)[\s,-]?){{{_FEWEST},}}(?<![\s,-])")
