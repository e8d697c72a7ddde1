"""Decide which numbers stay: those that count, pay, or tell the time. Every other token with a digit goes."""

import re
from functools import lru_cache

from hotline.anonymize.ages import hide_said_ages
from hotline.anonymize.reading import Reading, Word
from hotline.anonymize.wording import MIXTURES, words_for
from hotline.domain.identity import Label

_CURRENCY = frozenset("$€£¥₽₦₹฿₫₺₴₱₲﷼%")
_CLOCK = re.compile(r"(?:[01]?\d|2[0-4])[:.][0-5]\d")
_GROUPED = re.compile(r"\d{1,3}[.,]\d00|\d{1,3}(?:[.,]000){2}")
_ROUND_IN_GROUPS_APART = re.compile(r"(?<![\d+.,-])(?<!\d )\d{1,3}(?: \d00| 000 000)(?! ?\d)")
_WITH_UNIT = re.compile(r"(\d{1,7}(?:[.,:]\d{1,3})?)([^\W\d_]+)")
_KINDS = (
    "years", "age_before", "duration_before", "clock_before", "clock_after", "units", "money", "uncounted", "ranges",
    "house", "kin", "age_nouns",
)  # fmt: skip
_LONGEST_COUNT = 3
_LONGEST_AMOUNT = 8
_OLDEST = 120
_SHORT_TIME = 6
_LONGEST_RANGE = 3


@lru_cache(maxsize=MIXTURES)
def _lists(languages: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """Return the words around numbers, by kind: of *languages* only, for "men" counts in one and says "but" in another."""
    return {kind: words_for(languages, kind) for kind in _KINDS}


def hide_numbers(reading: Reading) -> None:
    """Mark every number of *reading* as hidden that is not plainly harmless."""
    words = reading.words
    for index in reading.numbers:
        word = words[index]
        if not word.hidden and not _is_harmless(reading, index):
            word.hidden = True
            word.label = _label(words, index, _lists(reading.languages))
    hide_said_ages(reading)


def _is_harmless(reading: Reading, index: int) -> bool:
    words, word = reading.words, reading.words[index]
    lists = _lists(reading.languages)
    before = words[index - 1] if index else None
    after = words[index + 1] if index + 1 < len(words) else None
    digits = sum(char.isdigit() for char in word.folded)
    if with_unit := _WITH_UNIT.fullmatch(word.folded):
        return _unit_is_harmless(with_unit, lists)
    if not word.folded.replace(".", "").replace(",", "").replace(":", "").isdigit():
        return False
    if _is_amount(reading, word, after, digits, lists):
        return True
    if _is_beside_number(word, before, after) or (before and before.folded in lists["house"]):
        return False
    if _is_clock(reading, word, before, after, lists):
        return True
    if (
        after
        and reading.folded[word.end : after.start] == "-"
        and after.folded not in lists["clock_after"]
    ):
        # "14-year-old", "14-летняя": what a hyphen ties to a number is more often an age than a count.
        return False
    is_small = digits <= _LONGEST_COUNT and "." not in word.folded
    return is_small and not _is_a_part(word.folded) and _counts(words, index, lists)


def _is_a_part(written: str) -> bool:
    """Say whether nobody counts with *written*: "077" is a part of something longer."""
    return len(written) > 1 and written.startswith("0")


def _unit_is_harmless(with_unit: re.Match[str], lists: dict[str, frozenset[str]]) -> bool:
    number, unit = with_unit.groups()
    return (unit in lists["units"] and len(number) <= 4) or (
        unit in lists["money"] and len(number) <= _LONGEST_AMOUNT
    )


def _is_amount(
    reading: Reading, word: Word, after: Word | None, digits: int, lists: dict[str, frozenset[str]]
) -> bool:
    """Say whether *word* is money: a currency touches it, follows it, or it is a round number in groups."""
    if digits > _LONGEST_AMOUNT:
        return False
    touching = (
        reading.folded[max(0, word.start - 2) : word.start]
        + reading.folded[word.end : word.end + 2]
    )
    if not _CURRENCY.isdisjoint(touching):
        return True
    if (
        after
        and after.folded in lists["money"]
        and reading.folded[word.end : after.start].strip() == ""
    ):
        return True
    return _GROUPED.fullmatch(word.folded) is not None or _is_part_of_round(reading, word)


def _is_part_of_round(reading: Reading, word: Word) -> bool:
    """Say whether *word* is a part of a round number in groups, such as "28 000"."""
    around = reading.folded[max(0, word.start - 8) : word.end + 8]
    at = word.start - max(0, word.start - 8)
    return any(
        found.start() <= at < found.end() for found in _ROUND_IN_GROUPS_APART.finditer(around)
    )


def _is_beside_number(word: Word, before: Word | None, after: Word | None) -> bool:
    is_after_number = before is not None and before.is_number and word.joined
    is_before_number = after is not None and after.is_number and after.joined
    return is_after_number or is_before_number


def _is_clock(
    reading: Reading,
    word: Word,
    before: Word | None,
    after: Word | None,
    lists: dict[str, frozenset[str]],
) -> bool:
    if _CLOCK.fullmatch(word.folded):
        return True
    if not _is_at_most(word.folded, 24):
        return False
    if after and after.folded in lists["years"]:
        return False
    if after and after.folded in lists["clock_after"] and after.start - word.end <= 1:
        return True
    return before is not None and before.folded in lists["clock_before"]


def _counts(words: list[Word], index: int, lists: dict[str, frozenset[str]]) -> bool:
    """Say whether the number counts what follows it: "2 men", "9 or 10 people", "3 weeks", and not an age."""
    following = words[index + 1 : index + 4]
    for _ in range(_LONGEST_RANGE):
        is_range = len(following) > 1 and following[0].folded in lists["ranges"]
        if not is_range or not following[1].folded.isdigit():
            break
        index += 2
        following = words[index + 1 : index + 4]
    word = words[index]
    if not word.folded.isdigit() or not following:
        return False
    if index and words[index].is_near and words[index - 1].folded in lists["age_nouns"]:
        return False
    counted = following[0]
    before = {each.folded for each in words[max(0, index - 3) : index]}
    years_around = {counted.folded, *(each.folded for each in words[max(0, index - 1) : index])}
    if not years_around.isdisjoint(lists["years"]):
        return before.isdisjoint(lists["age_before"]) and (
            not before.isdisjoint(lists["duration_before"]) or _lasts(words, index, lists)
        )
    if not counted.joined and counted.start - word.end > 0:
        return False
    if counted.is_number or (counted.is_capital and not counted.is_shouted):
        return False
    return bool(counted.stays) and not counted.hidden and counted.folded not in lists["uncounted"]


def _lasts(words: list[Word], index: int, lists: dict[str, frozenset[str]]) -> bool:
    """Say whether a few years are a duration ("worked 3 years"): so few, and no child is spoken of."""
    if not _is_at_most(words[index].folded, _SHORT_TIME):
        return False
    around = {word.folded for word in words[max(0, index - 5) : index + 6]}
    return index > 0 and words[index].joined and around.isdisjoint(lists["kin"])


def _is_at_most(written: str, most: int) -> bool:
    return written.isdecimal() and len(written) <= _LONGEST_COUNT and int(written) <= most


def _label(words: list[Word], index: int, lists: dict[str, frozenset[str]]) -> Label:
    word = words[index]
    digits = sum(char.isdigit() for char in word.folded)
    if digits >= 6:
        return Label.ID
    around = {each.folded for each in words[max(0, index - 3) : index + 2]}
    says_age = not around.isdisjoint(lists["years"]) or not around.isdisjoint(lists["age_before"])
    if _is_at_most(word.folded, _OLDEST) and says_age:
        return Label.AGE
    return Label.OTHER_ID
