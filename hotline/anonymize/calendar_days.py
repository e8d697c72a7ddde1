"""Hide a day with the name of its month: "1 de enero de 2000", "5 ธันวาคม 2523", "March 3rd", "tres de mayo"."""

from functools import lru_cache

from hotline.anonymize.detectors.spoken_number import numerals
from hotline.anonymize.reading import Reading, Word
from hotline.anonymize.wording import Wording, asked
from hotline.domain.identity import Label
from hotline.lexicon import phrases
from hotline.lexicon.format import Stays
from hotline.lexicon.opening import COMPILED

_FARTHEST = 3
_LONGEST_FIGURE = 6
_VERY_ORDINARY = int(Stays.AFTER_INTRODUCER)


@lru_cache(maxsize=512)
def months(languages: tuple[str, ...]) -> frozenset[str]:
    """Return the names of days and months in *languages*, and in English."""
    found: set[str] = set()
    for code in asked(languages):
        found.update(_by_cldr().get(code, ()), phrases.of(code, "months"))
    return frozenset(found)


@lru_cache(maxsize=1)
def _by_cldr() -> dict[str, tuple[str, ...]]:
    lines = (COMPILED / "calendar.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.partition(": ") for line in lines if not line.startswith("#"))
    return {code: tuple(listed.split()) for code, _, listed in rows}


@lru_cache(maxsize=512)
def _names(languages: tuple[str, ...]) -> Wording:
    return Wording(months(languages))


@lru_cache(maxsize=512)
def _clitics(languages: tuple[str, ...]) -> tuple[tuple[bool, str], ...]:
    """Return what may be written together with the name of a month: "وفي", "በ", "-মাসে"."""
    rows = (row for code in languages for row in phrases.clitics().get(code, ()))
    return tuple((in_front, part) for in_front, parts, _ in rows for part in parts)


def hide_days(reading: Reading) -> None:
    """Mark a month that stands with a number, the number, and the small words between them as hidden."""
    words = reading.words
    if not any(word.is_number for word in words) and not _says_numbers(reading):
        return
    found = _names(reading.languages).found_in(reading) + _with_clitics(reading)
    for start, end in found:
        first = _reach(reading, start, -1)
        last = _reach(reading, end - 1, 1)
        if first < start or last > end - 1:
            for each in words[first : last + 1]:
                each.hidden, each.label = True, Label.DATE


def _says_numbers(reading: Reading) -> bool:
    digits, ordinals = numerals(reading.languages).digits, _ordinals()
    return any(word.folded in digits or word.folded in ordinals for word in reading.words)


def _with_clitics(reading: Reading) -> list[tuple[int, int]]:
    """Find months behind a clitic, beside a number in figures only: few words would be cut by chance there."""
    clitics = _clitics(reading.languages)
    if not clitics:
        return []
    known, words = months(reading.languages), reading.words
    found: list[tuple[int, int]] = []
    for index, word in enumerate(words):
        beside = words[max(0, index - 1) : index + 2]
        if any(each.is_number for each in beside) and any(
            bare in known for bare in _cut(word.folded, clitics)
        ):
            found.append((index, index + 1))
    return found


def _cut(word: str, clitics: tuple[tuple[bool, str], ...]) -> list[str]:
    return [
        word.removeprefix(part) if in_front else word.removesuffix(part)
        for in_front, part in clitics
        if (word.startswith(part) if in_front else word.endswith(part))
    ]


@lru_cache(maxsize=512)
def _joints(languages: tuple[str, ...]) -> frozenset[str]:
    codes = asked(languages)
    return frozenset(
        word
        for code in codes
        for phrase in phrases.of(code, "date_joints")
        for word in phrase.replace("-", " ").split()
    )


def _reach(reading: Reading, index: int, step: int) -> int:
    """Return the farthest word that belongs to the date, going by *step* from the month at *index*."""
    words, joints = reading.words, _joints(reading.languages)
    reached = at = index
    while 0 <= at + step < len(words) and abs(at + step - reached) <= _FARTHEST:
        at += step
        if not words[max(at, at - step)].is_near:
            break
        is_apart = abs(at - index) > 1 or words[at].folded in _ordinals()
        if _is_figure(words[at]) or (is_apart and _is_said(reading, at)):
            reached = at
        elif words[at].folded not in joints and not _is_said(reading, at):
            break
    if reached == index:
        return index
    while 0 <= reached + step < len(words) and _ends_date(words, reached, step, joints):
        reached += step
    return reached


def _is_figure(word: Word) -> bool:
    return word.is_number and len(word.folded) <= _LONGEST_FIGURE


def _is_said(reading: Reading, index: int) -> bool:
    word = reading.words[index].folded
    return word in _ordinals() or numerals(reading.languages).say(word)


@lru_cache(maxsize=1)
def _ordinals() -> frozenset[str]:
    return phrases.everywhere("ordinals")


def _ends_date(words: list[Word], reached: int, step: int, joints: frozenset[str]) -> bool:
    """Say whether the word beyond the number is part of the date: "วันที่ 5", "15 गते"."""
    word = words[reached + step]
    if word.folded not in joints or not words[max(reached, reached + step)].is_near:
        return False
    return step < 0 or not word.stays & _VERY_ORDINARY
