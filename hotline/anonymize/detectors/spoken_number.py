"""Numbers said digit by digit, as speech is written down: "oh seven seven double oh nine …".

Words and figures mix ("zero7 seven 4"), compounds are one word in some languages ("vierundzwanzig"), and scripts without
spaces say all in one run. A run of them is a phone number, or an id where a document is named before it. The languages
of the text are asked first; a long run of number words of any languages counts as well.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from hotline.anonymize.detectors.identity_number import documents
from hotline.anonymize.reading import Reading, Word
from hotline.anonymize.tokens import HAS_RUN
from hotline.anonymize.wording import MIXTURES, as_pattern, asked, words_of
from hotline.domain.identity import Label, Span
from hotline.lexicon import phrases

_FEWEST = 5
_FEWEST_WITH_FIGURES = 6
_FEWEST_OF_DOCUMENT = 4
_FEWEST_SIMPLE = 3  # the others may be compounds, which cost more to look up
_FEWEST_OF_ANY_LANGUAGE = 7
_MOST_APART = 3
_SHORTEST_COMPOUND, _LONGEST_COMPOUND = 4, 30
_WORDS_TO_DOCUMENT = 4
_LOOK_LIKE_DIGITS = frozenset("oilsz")
_PARTS = re.compile(r"\d+|[^\W\d_]+")


@dataclass(frozen=True)
class Numerals:
    """The number words of some languages. *joints* stand inside numbers, *scales* make an amount of them."""

    digits: frozenset[str]
    joints: frozenset[str]
    scales: frozenset[str]

    def say(self, word: str, *, within: bool = False) -> bool:
        """Say whether *word* is a number; *within* a run of them, a letter that looks like a digit is one."""
        if word in self.digits or word.isdecimal():
            return True
        if len(word) == 1:
            return within and word in _LOOK_LIKE_DIGITS
        if not any(map(str.isdigit, word)):
            return _SHORTEST_COMPOUND <= len(word) <= _LONGEST_COMPOUND and self._is_compound(word)
        parts = _PARTS.findall(word)
        return len(parts) > 1 and all(
            part.isdecimal() or part in self.digits or _LOOK_LIKE_DIGITS.issuperset(part)
            for part in parts
        )

    def _is_compound(self, word: str) -> bool:
        """Say whether *word* is two numbers in one word: "vierundzwanzig", "yirmibeş", "وخمسة"."""
        prefixes = phrases.of("mul", "number_prefixes")
        if word.startswith(prefixes) and any(
            word.removeprefix(prefix) in self.digits for prefix in prefixes
        ):
            return True
        for cut in range(2, len(word) - 1):
            rest = word[cut:]
            if word[:cut] in self.digits and (
                rest in self.digits
                or any(
                    rest.startswith(joint) and rest[len(joint) :] in self.digits
                    for joint in self.joints
                )
            ):
                return True
        return False


# What a hyphen ties to the last number word, as in "márùn-ún".
_TAIL = re.compile(r"-[^\W\d_]{1,3}(?![\w-])")


@lru_cache(maxsize=MIXTURES)
def numerals(languages: tuple[str, ...]) -> Numerals:
    """Return the number words that a text in *languages* may use; all, where *languages* are none."""
    each = [_numerals_of(code) for code in (asked(languages) if languages else phrases.codes())]
    return Numerals(
        frozenset[str]().union(*(numerals.digits for numerals in each)),
        frozenset[str]().union(*(numerals.joints for numerals in each)),
        frozenset[str]().union(*(numerals.scales for numerals in each)),
    )


@lru_cache(maxsize=128)
def _numerals_of(code: str) -> Numerals:
    digits = words_of(code, "numbers") | words_of(code, "doubling")
    parts = frozenset(part for phrase in digits if " " in phrase for part in phrase.split())
    joints = words_of(code, "number_joints")
    return Numerals(digits, joints | parts, words_of(code, "scales"))


def find(reading: Reading) -> Iterator[Span]:
    if reading.has_runs:
        for found in _within_runs().finditer(reading.folded):
            yield Span(found.start(), found.end(), Label.PHONE)
    heard = numerals(reading.languages)
    if _may_say(reading, heard):
        for span in _among(reading, heard):
            tail = _TAIL.match(reading.folded, span.end)
            yield Span(span.start, tail.end() if tail else span.end, span.label)
    every = phrases.everywhere("numbers")
    if len(reading.where_any(every)) >= _FEWEST_OF_ANY_LANGUAGE:
        yield from _in_a_row(reading.words, every)


def hide_beside_names(reading: Reading) -> None:
    """Mark three number words or more beside a hidden name: a plate or a code half said in letters ("kilo bravo four five six")."""
    words, heard = reading.words, numerals(reading.languages)
    if not _may_say(reading, heard):
        return
    for first, end in _runs(reading, heard):
        run = words[first:end]
        is_amount = any(word.is_number or word.folded in heard.scales for word in run)
        said = 0 if is_amount else sum(word.folded in heard.digits for word in run)
        follows = first > 0 and words[first].joined and words[first - 1].name_like
        leads = end < len(words) and words[end].joined and words[end].name_like
        if said >= _FEWEST_SIMPLE and (follows or leads):
            for word in run:
                word.hidden, word.label = True, word.label or Label.OTHER_ID


def _in_a_row(words: Sequence[Word], numbers: frozenset[str]) -> Iterator[Span]:
    """Find seven number words or more in a row, whatever their languages."""
    for are_numbers, run in groupby(words, key=lambda word: word.folded in numbers):
        listed = list(run)
        if are_numbers and len(listed) >= _FEWEST_OF_ANY_LANGUAGE:
            yield Span(listed[0].start, listed[-1].end, Label.PHONE)


def _may_say(reading: Reading, heard: Numerals) -> bool:
    """Say whether the words of a text are numbers enough, wherever they stand, for one of the rules below."""
    forms = reading.forms
    numbers = {*reading.where_any(heard.digits), *reading.numbers}
    said = sum([not forms[at].isdecimal() for at in numbers])
    if said < 2:
        return False
    figures = sum([sum(map(str.isdigit, forms[at])) for at in numbers])
    return said >= _FEWEST_SIMPLE or said + figures >= _FEWEST_WITH_FIGURES


def _among(reading: Reading, heard: Numerals) -> Iterator[Span]:
    words = reading.words
    for first, end in _runs(reading, heard):
        run = words[first:end]
        said = sum(not word.folded.isdigit() and word.folded not in heard.scales for word in run)
        figures = sum(sum(map(str.isdigit, word.folded)) for word in run)
        if _after_document(reading, first):
            if said >= _FEWEST_OF_DOCUMENT:
                yield Span(run[0].start, run[-1].end, Label.ID)
        elif said >= _FEWEST or (said >= 2 and said + figures >= _FEWEST_WITH_FIGURES):
            yield Span(run[0].start, run[-1].end, Label.PHONE)


def _runs(reading: Reading, heard: Numerals) -> Iterator[tuple[int, int]]:
    """Yield first and end of each run of words that are digits, as said or as figures."""
    words = reading.words
    said = set(reading.where_any(heard.digits))
    may_begin = said.union(reading.numbers, [at - 1 for at in said])
    first, end = -1, -1
    for index, word in enumerate(words):
        if first < 0 and index not in may_begin:
            continue
        if first >= 0 and word.start - words[index - 1].end > _MOST_APART:
            yield first, end
            first = -1
        is_beside = first >= 0 or index + 1 in said
        if index in said or (
            (is_beside or word.is_number) and heard.say(word.folded, within=first >= 0)
        ):
            first = index if first < 0 else first
            end = index + 1
        elif first >= 0 and word.folded not in heard.joints:
            yield first, end
            first = -1
    if first >= 0:
        yield first, end


def _after_document(reading: Reading, first: int) -> bool:
    near = range(max(0, first - _WORDS_TO_DOCUMENT), first)
    return any(documents().end_at(reading.forms, index) for index in near)


@lru_cache(maxsize=1)
def _within_runs() -> re.Pattern[str]:
    heard = numerals(())
    words = as_pattern(word for word in heard.digits - heard.scales if HAS_RUN.match(word))
    return re.compile(rf"(?:(?:{words}|\d)[\s,-]?){{{_FEWEST},}}(?<![\s,-])")
