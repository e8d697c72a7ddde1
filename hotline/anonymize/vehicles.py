"""Hide make, kind and colour of a vehicle where they stand beside its plate, in figures or as they are said."""

from functools import lru_cache

from hotline.anonymize.detectors.spoken_number import numerals
from hotline.anonymize.reading import Reading, Word
from hotline.anonymize.wording import wording
from hotline.domain.identity import Label
from hotline.lexicon import phrases
from hotline.lexicon.format import Stays

_LONGEST = 9
_FEWEST_SAID = 3
_SHORT = 4
_MOST_BETWEEN = 3
_VERY_ORDINARY = int(Stays.AFTER_INTRODUCER)
_MAY_BE_PLATE = frozenset({Label.VEHICLE, Label.ID, Label.OTHER_ID, Label.ADDRESS})
_NOT_A_MAKE = frozenset({Label.PHONE, Label.EMAIL, Label.URL, Label.HANDLE, Label.DATE, Label.AGE})


def hide_vehicles(reading: Reading) -> None:
    """Spread from every plate to the words before it, and after it, that describe the vehicle."""
    words = reading.words
    described = {
        index
        for first, end in wording(reading.languages, "vehicles").found_in(reading)
        for index in range(first, end)
    }
    telling = {index for index in described if words[index].folded not in _anything()}
    if not telling:
        return
    _hide_said(reading, described, telling)
    for index, word in enumerate(words):
        if not word.hidden or index in described or not _may_be_plate(words, index, described):
            continue
        if index and words[index - 1].hidden and words[index - 1].label is Label.VEHICLE:
            continue
        first = _start(words, index, described)
        is_told = not telling.isdisjoint(range(first, index))
        if word.label is Label.VEHICLE or (is_told and word.is_number):
            _mark(words[first : _end(words, index, described)])


def _may_be_plate(words: list[Word], index: int, described: set[int]) -> bool:
    """Say whether a hidden word may begin a plate: one that reads like a phone number only with a letter in it."""
    word = words[index]
    is_lettered = word.label is Label.PHONE and word.is_number and not word.folded.isdecimal()
    if word.label is Label.ADDRESS or is_lettered:
        return index - 1 in described
    return word.label in _MAY_BE_PLATE


def _start(words: list[Word], index: int, described: set[int]) -> int:
    """Return the first word of the description that ends at the plate *index*; *index* where none does."""
    first = at = index
    while at > max(0, index - _LONGEST) and words[at].is_near:
        at -= 1
        if at in described:
            first = at
        elif not _may_stand_between(words[at]):
            break
    while first > 0 and first < index and words[first].is_near and _is_make(words[first - 1]):
        first -= 1
    return first


def _end(words: list[Word], index: int, described: set[int]) -> int:
    """Return the word after the plate, and after the colours and names that follow it without a break."""
    end = index + 1
    while end < len(words) and words[end].joined:
        is_plate = words[end].hidden and words[end].label in {*_MAY_BE_PLATE, words[index].label}
        if not is_plate and not (end in described and not words[end].stays & _VERY_ORDINARY):
            break
        end += 1
    return end


def _may_stand_between(word: Word) -> bool:
    """Say whether *word* may stand inside a description: a make, a number of seats, "with", "la", "mai"."""
    return _is_make(word) or word.is_number or len(word.folded) <= _SHORT


def _is_make(word: Word) -> bool:
    return word.hidden and word.label not in _NOT_A_MAKE and not word.is_number


@lru_cache(maxsize=1)
def _anything() -> frozenset[str]:
    """Return words such as "number", which stand before plates, phones and rooms alike."""
    return phrases.everywhere("document_links") | phrases.everywhere("house")


def _hide_said(reading: Reading, described: set[int], telling: set[int]) -> None:
    """Hide a plate said digit by digit: three number words or more, right after what describes a vehicle."""
    words, heard = reading.words, numerals(reading.languages)
    for index in described:
        if telling.isdisjoint(range(index - _MOST_BETWEEN, index + 1)):
            continue
        first = end = index + 1
        while end < len(words) and words[end].joined and end not in described:
            if not (heard.say(words[end].folded) or len(words[end].folded) == 1):
                break
            end += 1
        if sum(not words[at].is_number for at in range(first, end)) >= _FEWEST_SAID:
            _mark(words[first:end])


def _mark(words: list[Word]) -> None:
    for word in words:
        word.hidden, word.label = True, Label.VEHICLE
