"""Words written letter by letter: "M.a.r.i.a", "m a r i a", "М-а-р-и-я". Whoever spells, spells a name.

Three letters suffice with a sign or the end of a line between them, four with a space; each may carry combining marks,
and a figure may stand for one. Scripts that stand without spaces are spelled with a sign only: between spaces a single
character is a word of theirs. On the telephone each letter comes with a word: "m for mike".
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from hotline.anonymize.reading import Reading
from hotline.anonymize.tokens import RUN
from hotline.domain.identity import Label, Span
from hotline.lexicon import phrases
from hotline.lexicon.folding import MARKS

_LETTER = rf"[^\W\d_][{MARKS}]*"
_SPACED_LETTER = rf"[^\W\d_{RUN}\uac00-\ud7af][{MARKS}]*"
_AFTER = rf"(?![^\W_]|[{MARKS}])"
_BEFORE = rf"(?<![^\W_])(?<![{MARKS}])"
_SIGN = rf"(?:\s?[^\w\s{MARKS}]{{1,3}}\s?|_|[ \t]?\n[ \t]?)"
_SPELLED = re.compile(
    rf"{_BEFORE}{_LETTER}(?:{_SIGN}{_LETTER}){{2,}}{_AFTER}"
    rf"|{_BEFORE}{_LETTER}(?:{_SIGN}(?:{_LETTER}|\d)){{2,}}{_SIGN}{_LETTER}{_AFTER}"
    rf"|{_BEFORE}{_SPACED_LETTER}(?:(?:\s{{1,3}}|{_SIGN}){_SPACED_LETTER}){{3,}}{_AFTER}"
)
_ONE_LETTER = re.compile(rf".[{MARKS}]{{1,3}}")
_FEWEST = 3
_JOINTS = (1, 2)
_LONGEST_LETTER = 4


def find(reading: Reading) -> Iterator[Span]:
    yield from _with_words(reading)
    if not _spells(reading.forms):
        return
    for found in _SPELLED.finditer(reading.folded):
        if found.group().replace(" ", "").rstrip(".") not in _abbreviations():
            yield Span(found.start(), found.end(), Label.PERSON)


def _with_words(reading: Reading) -> Iterator[Span]:
    """Find "m for mike a for alpha", "m de mesa a de agua": letters, each with a word that begins with it."""
    words, forms = reading.words, reading.forms
    reached = 0
    for index in [index for index, form in enumerate(forms) if len(form) == 1]:
        if index >= reached:
            end = max([_end_of_letters(forms, index, joint) for joint in _JOINTS])
            if end:
                yield Span(words[index].start, words[end - 1].end, Label.PERSON)
                reached = end


def _end_of_letters(forms: Sequence[str], index: int, joint: int) -> int:
    """Return the word after a row of letters with *joint* small words behind each; 0 where there is but one."""
    said = forms[index + 1 : index + 1 + joint]
    end, letters = index, 0
    while end + joint + 1 < len(forms):
        letter, example = forms[end], forms[end + joint + 1]
        between = forms[end + 1 : end + 1 + joint]
        if len(letter) != 1 or example[0] != letter or len(example) == 1 or between != said:
            break
        end, letters = end + joint + 2, letters + 1
    return end if letters > 1 else 0


def _spells(forms: Sequence[str]) -> bool:
    """Say whether three single letters stand in a row."""
    in_a_row = 0
    for letter in forms:
        if len(letter) == 1 or (
            len(letter) <= _LONGEST_LETTER
            and not letter.isascii()
            and _ONE_LETTER.fullmatch(letter)
        ):
            in_a_row += 1
            if in_a_row == _FEWEST:
                return True
        else:
            in_a_row = 0
    return False


@lru_cache(maxsize=1)
def _abbreviations() -> frozenset[str]:
    return phrases.everywhere("abbreviations")
