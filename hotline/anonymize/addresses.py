"""Hide street addresses: a kind of street, the name beside it, the number of the house."""

import itertools
from functools import lru_cache

from hotline.anonymize.reading import Reading, Word
from hotline.domain.identity import Label
from hotline.lexicon import phrases

_LONGEST_STREET = 6
_FARTHEST_NAME = 3


@lru_cache(maxsize=1)
def _kinds() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    after, before, house = map(phrases.everywhere, ("streets_after", "streets_before", "house"))
    return after, before, house


def hide_addresses(reading: Reading) -> None:
    """Mark the words of every street address of *reading* as hidden."""
    after, before, house = _kinds()
    words = reading.words
    for index, word in enumerate(words):
        if word.folded in after:
            _hide_backwards(words, index)
        if word.folded in before:
            _hide_forwards(words, index)
        if word.folded in house and index + 1 < len(words) and words[index + 1].is_number:
            _mark(words[index + 1 : index + 2])
    if any(word.label is Label.ADDRESS for word in words):
        _grow(words, house)
    _hide_numbers_beside_names(words)


def _hide_backwards(words: list[Word], index: int) -> None:
    """ "14 Larkspur Rise": from the kind of street back to the number."""
    for first in range(index - 1, max(-1, index - _LONGEST_STREET), -1):
        if words[first].is_number:
            if index - first > 1 or words[index].is_capital:
                _mark(words[first : index + 1])
            return
        if not words[first + 1].joined:
            break
    if index and words[index - 1].hidden and words[index].joined and words[index].is_capital:
        _mark(words[index - 1 : index + 1])


def _hide_forwards(words: list[Word], index: int) -> None:
    """ "calle Mayor 5", "7 rue des Lilas": from the kind of street on to a number, or to what is hidden beside it."""
    first = index - 1 if index and words[index - 1].is_number and words[index].joined else index
    last = _end_of_street(words, index)
    if last > index:
        _mark(words[first : last + 1])


def _end_of_street(words: list[Word], index: int) -> int:
    """Return the last word of the street that starts at *index*; *index* itself where no street follows."""
    hidden = index
    for last in range(index + 1, min(len(words), index + 1 + _LONGEST_STREET)):
        word = words[last]
        if not word.is_near:
            break
        if word.is_number:
            return last if last - index > 1 or word.hidden else index
        if word.hidden and last - hidden <= _FARTHEST_NAME:
            hidden = last
    return hidden


def _grow(words: list[Word], house: frozenset[str]) -> None:
    """Take along what stands with an address: floor, flat, block, and their numbers."""
    for index in range(1, len(words)):
        before, word = words[index - 1], words[index]
        if before.label is Label.ADDRESS and word.is_near and _belongs(words, index, house):
            _mark([word])
    for index in range(len(words) - 2, -1, -1):
        word, after = words[index], words[index + 1]
        is_part = word.folded in house or word.label is Label.OTHER_ID
        if after.label is Label.ADDRESS and after.is_near and is_part:
            _mark([word])


def _belongs(words: list[Word], index: int, house: frozenset[str]) -> bool:
    word = words[index]
    if word.folded in house or (word.is_number and word.label in {None, Label.OTHER_ID, Label.AGE}):
        return True
    return len(word.folded) == 1 and index + 1 < len(words) and words[index + 1].is_number


def _hide_numbers_beside_names(words: list[Word]) -> None:
    """A number that touches a hidden name is a house, a room or a plate, whatever else it could count."""
    for before, word in itertools.pairwise(words):
        if not word.joined:
            continue
        if before.is_number and not before.hidden and word.name_like and before.folded.isdigit():
            before.hidden, before.label = True, Label.OTHER_ID
        if word.is_number and not word.hidden and before.name_like and word.folded.isdigit():
            word.hidden, word.label = True, Label.OTHER_ID


def _mark(words: list[Word]) -> None:
    for word in words:
        word.hidden = True
        if word.label in {None, Label.OTHER_ID, Label.VEHICLE, Label.AGE}:
            word.label = Label.ADDRESS
