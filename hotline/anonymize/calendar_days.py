"""Hide a day with the name of its month: "1 de enero de 2000", "5 ธันวาคม 2523", "March 3rd", "tres de mayo"."""

from collections.abc import Iterator
from functools import lru_cache

from hotline.anonymize.detectors.spoken_number import numerals
from hotline.anonymize.reading import Reading, Word
from hotline.anonymize.wording import MIXTURES, Wording, Wordings, asked
from hotline.domain.identity import Label
from hotline.lexicon import phrases
from hotline.lexicon.format import Stays
from hotline.lexicon.opening import COMPILED

_FARTHEST = 3
_LONGEST_DATE = 12
_LONGEST_FIGURE = 6
_VERY_ORDINARY = int(Stays.AFTER_INTRODUCER)


@lru_cache(maxsize=MIXTURES)
def months(languages: tuple[str, ...]) -> frozenset[str]:
    """Return the names of days and months in *languages*, and in English."""
    return frozenset[str]().union(*(_months_of(code) for code in asked(languages)))


@lru_cache(maxsize=128)
def _months_of(code: str) -> frozenset[str]:
    return frozenset((*_by_cldr().get(code, ()), *phrases.of(code, "months")))


@lru_cache(maxsize=128)
def _names_of(code: str) -> Wording:
    return Wording(_months_of(code))


@lru_cache(maxsize=1)
def _by_cldr() -> dict[str, tuple[str, ...]]:
    lines = (COMPILED / "calendar.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.partition(": ") for line in lines if not line.startswith("#"))
    return {code: tuple(listed.split()) for code, _, listed in rows}


@lru_cache(maxsize=MIXTURES)
def _names(languages: tuple[str, ...]) -> Wordings:
    return Wordings([_names_of(code) for code in asked(languages)])


@lru_cache(maxsize=MIXTURES)
def _clitics(languages: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what may be written together with the name of a month, in front and behind: "وفي", "በ", "-মাসে"."""
    rows = [row for code in languages for row in phrases.clitics().get(code, ())]
    in_front = tuple(part for first, parts, _ in rows if first for part in parts)
    behind = tuple(part for first, parts, _ in rows if not first for part in parts)
    return in_front, behind


def hide_days(reading: Reading) -> None:
    """Mark a month that stands with a number, the number, and the small words between them as hidden."""
    if not reading.numbers and not _says_numbers(reading):
        return
    joints = _joints(reading.languages)
    for start, end in _names(reading.languages).found_in(reading) + _with_clitics(reading):
        _hide_day(reading, start, end, joints)
    for index in _of_other_languages(reading):
        _hide_day(reading, index, index + 1, _joints(phrases.codes()))


def _hide_day(reading: Reading, start: int, end: int, joints: frozenset[str]) -> None:
    first = _reach(reading, start, -1, joints)
    last = _reach(reading, end - 1, 1, joints)
    if last >= end and first == start and start and reading.words[start].joined:
        # "trois avril 1999": a number word right before a month is a day where a year follows.
        first -= _is_said(reading, start - 1)
    if first < start or last > end - 1:
        for each in reading.words[first : last + 1]:
            each.hidden, each.label = True, Label.DATE


def _of_other_languages(reading: Reading) -> list[int]:
    """Return the words that no language of the text lists, and another one as a month."""
    words = reading.words
    months = reading.where_any(_months_everywhere())
    return [at for at in months if not words[at].stays and not words[at].hidden]


@lru_cache(maxsize=1)
def _months_everywhere() -> frozenset[str]:
    return months(phrases.codes())


def _says_numbers(reading: Reading) -> bool:
    digits, ordinals = numerals(reading.languages).digits, _ordinals()
    return not (reading.said.isdisjoint(digits) and reading.said.isdisjoint(ordinals))


def _with_clitics(reading: Reading) -> list[tuple[int, int]]:
    """Find months behind a clitic, beside a number in figures only: few words would be cut by chance there."""
    in_front, behind = _clitics(reading.languages)
    if not in_front and not behind:
        return []
    known, words = months(reading.languages), reading.words
    beside = {index + step for index in reading.numbers for step in (-1, 1)}
    return [
        (index, index + 1)
        for index in sorted(beside.intersection(range(len(words))))
        if any(bare in known for bare in _cut(words[index].folded, in_front, behind))
    ]


def _cut(word: str, in_front: tuple[str, ...], behind: tuple[str, ...]) -> Iterator[str]:
    if in_front and word.startswith(in_front):
        yield from (word.removeprefix(part) for part in in_front)
    if word.endswith(behind):
        yield from (word.removesuffix(part) for part in behind)


@lru_cache(maxsize=MIXTURES)
def _joints(languages: tuple[str, ...]) -> frozenset[str]:
    return frozenset[str]().union(*(_joints_of(code) for code in asked(languages)))


@lru_cache(maxsize=128)
def _joints_of(code: str) -> frozenset[str]:
    listed = phrases.of(code, "date_joints")
    return frozenset(word for phrase in listed for word in phrase.replace("-", " ").split())


def _reach(reading: Reading, index: int, step: int, joints: frozenset[str]) -> int:
    """Return the farthest word that belongs to the date, going by *step* from the month at *index*."""
    words = reading.words
    reached = at = index
    # A month that is a number too would reach on from each of a page of them.
    farthest = index + step * _LONGEST_DATE
    while 0 <= at + step < len(words) and abs(at + step - reached) <= _FARTHEST and at != farthest:
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
    farthest += step * _FARTHEST
    while (
        0 <= reached + step < len(words)
        and _ends_date(words, reached, step, joints)
        and reached != farthest
    ):
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
    return not word.stays & _VERY_ORDINARY
