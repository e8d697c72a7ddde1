"""Hide street addresses: a kind of street, the name beside it, the number of the house, floor and flat."""

import itertools
from collections.abc import Iterable
from functools import lru_cache

from hotline.anonymize.detectors.spoken_number import numerals
from hotline.anonymize.reading import Reading, Word
from hotline.anonymize.wording import Wordings, wording
from hotline.domain.identity import Label
from hotline.lexicon import open_names, phrases
from hotline.lexicon.format import Stays

_LONGEST_STREET = 6
_FARTHEST_NAME = 3
_LONGEST_SPOKEN = 5
_SHORTEST_KIND = 3
_VERY_ORDINARY = int(Stays.AFTER_INTRODUCER)
_PLAIN = _VERY_ORDINARY | int(Stays.BESIDE_A_NAME | Stays.CAPITALIZED)
_OTHERS = frozenset({None, Label.OTHER_ID, Label.VEHICLE, Label.AGE, Label.ID})


def hide_addresses(reading: Reading) -> None:
    """Mark the words of every street address of *reading* as hidden."""
    words, languages = reading.words, reading.languages
    house = wording(languages, "house")
    kinds = wording(languages, "streets_before").found_in(reading)
    for first, end in kinds:
        _hide_forwards(reading, first, end, house)
    for first, end in wording(languages, "streets_after").found_in(reading):
        _hide_backwards(words, first, end)
        _hide_street_of_a_name(words, first, end)
        kinds.append((first, end))
    for first, end in kinds:
        _hide_around(reading, first, end, house)
    pairs = _numbered(reading, house.found_in(reading))
    if kinds or pairs:
        _grow(reading, house, pairs)
    _hide_numbers_beside_names(reading)


def _hide_forwards(reading: Reading, first: int, index: int, house: Wordings) -> None:
    """ "calle Mayor 5", "7 rue des Lilas": from the kind of street on to a number, or to what is hidden beside it."""
    words = reading.words
    start = _start_of_street(words, first)
    last = _end_of_street(reading, index, house)
    is_long = words[index - 1].end - words[first].start >= _SHORTEST_KIND
    if last > index or (last == index and is_long):
        _mark(words[start : last + 1])


def _start_of_street(words: list[Word], first: int) -> int:
    """Return where the number right before the kind of street at *first* starts, with what is written to it: "12 bis rue"."""
    start = first
    if start and words[start - 1].folded in phrases.everywhere("number_affixes"):
        start -= 1
    has_number = start > 0 and words[start - 1].is_number and words[start].joined
    return start - 1 if has_number else first


def _end_of_street(reading: Reading, index: int, house: Wordings) -> int:
    """Return the last word of the street whose name starts at *index*; ``index - 1`` where no street follows."""
    words = reading.words
    hidden = at = index - 1
    is_named = True
    while at + 1 < min(len(words), index + _LONGEST_STREET) and words[at + 1].is_near:
        at += 1
        after_house = house.end_at(reading.forms, at)
        if at == index and words[at - 1].folded in house:
            after_house = index
        if after_house and (end := _end_of_number(reading, after_house)):
            return end - 1
        word = words[at]
        if word.is_number:
            is_told = word.hidden or hidden >= index or _is_house(reading, index, at, house)
            return _end_of_number(reading, at) - 1 if is_told else hidden
        if word.hidden and is_named and at - hidden <= _FARTHEST_NAME:
            hidden = at
        elif word.stays & _VERY_ORDINARY and not _connects(word):
            is_named = False
    return hidden


def _is_house(reading: Reading, index: int, at: int, house: Wordings) -> bool:
    """Say whether the number at *at* is one in the street at *index*: one word names it, a floor or flat follows."""
    words = reading.words
    follows = at == index + 1 and at + 1 < len(words) and words[at + 1].is_near
    return follows and house.end_at(reading.forms, at + 1) > 0


def _end_of_number(reading: Reading, index: int) -> int:
    """Return the word after the number at *index*, with a letter that belongs to it ("9a", "9 b", "thirty seven")."""
    words = reading.words
    if index >= len(words) or not words[index].is_near:
        return 0
    if words[index].is_number:
        end = index + 1
        is_letter = end < len(words) and len(words[end].folded) == 1 and words[end].is_near
        return end + 1 if is_letter and words[end].start - words[index].end <= 1 else end
    heard = numerals(reading.languages)
    end = index
    while end < min(len(words), index + _LONGEST_SPOKEN) and heard.say(words[end].folded):
        end += 1
        if end + 1 < len(words) and words[end].folded in heard.joints:
            end += heard.say(words[end + 1].folded)
    return end if end > index else 0


def _number_after(reading: Reading, index: int, house: Wordings) -> int:
    """Return the word after the figure at *index*, or after "no" and the number there; 0 where none follows."""
    words = reading.words
    if index >= len(words) or not words[index].is_near:
        return 0
    after_house = house.end_at(reading.forms, index)
    return (
        _end_of_number(reading, after_house or index)
        if after_house or words[index].is_number
        else 0
    )


def _hide_backwards(words: list[Word], first: int, end: int) -> None:
    """ "14 Larkspur Rise": from the kind of street back to the number, past words that may name a street."""
    kind = " ".join(word.folded for word in words[first:end])
    is_loose = kind in phrases.everywhere("loose_streets") and not words[first].is_capital
    for index in range(first - 1, max(-1, first - _LONGEST_STREET), -1):
        word = words[index]
        if not words[index + 1].joined:
            return
        if word.is_number:
            between = first - index > 1 or words[first].is_capital
            if between and (word.hidden or not is_loose):
                _mark(words[index:end])
            return
        if not word.hidden and word.stays & _VERY_ORDINARY and not _connects(word):
            return


def _connects(word: Word) -> bool:
    return word.folded in phrases.everywhere("connectors")


def _hide_around(reading: Reading, first: int, end: int, house: Wordings) -> None:
    """ "Садовая улица 5", "槐花西街46号", "High Street": a hidden name before the kind of street, a number after it."""
    words = reading.words
    if not first or not words[first].joined:
        return
    name = words[first - 1]
    number = _number_after(reading, end, house)
    if name.hidden and (number or words[first].is_capital or words[first].is_run):
        start = first - 1
        while start and words[start - 1].hidden and words[start].joined and first - start < 4:
            start -= 1
        _mark(words[start : number or end])
    elif name.hidden and not words[first].has_case and name.name_like:
        _mark(words[first - 1 : end])
    elif number and words[number - 1].hidden and not name.stays & _VERY_ORDINARY:
        _mark(words[first - 1 : number])


def _hide_street_of_a_name(words: list[Word], first: int, end: int) -> None:
    """ "hope road": hide a street without a number whose name is an ordinary word, and somebody's name as well."""
    kind = " ".join(word.folded for word in words[first:end])
    is_loose = len(kind) <= _SHORTEST_KIND or kind in phrases.everywhere("loose_streets")
    if not first or not words[first].joined or is_loose or not words[first].has_case:
        return
    name = words[first - 1]
    if not name.is_number and not name.stays & _PLAIN and name.folded in open_names("persons"):
        _mark(words[first - 1 : end])


def _numbered(reading: Reading, houses: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Hide the number after each "flat", "no", "room"; whole, where several stand together: "Blk 14 Lot 3"."""
    words = reading.words
    pairs: list[tuple[int, int]] = []
    for first, index in houses:
        is_said = index < len(words) and not words[index].is_number
        end = _end_of_number(reading, index)
        if end and not (is_said and not _touches_address(words, first, end)):
            _mark(words[index:end])
            pairs.append((first, end))
    for (first, end), (following, last) in itertools.pairwise(pairs):
        if following - end <= 1 and all(word.is_near for word in words[end : following + 1]):
            _mark(words[first:last])
    return pairs


def _touches_address(words: list[Word], first: int, end: int) -> bool:
    before = first > 0 and words[first].is_near and words[first - 1].label is Label.ADDRESS
    return before or (end < len(words) and words[end].is_near and words[end].label is Label.ADDRESS)


_LONGEST_DOOR = 4


def _grow(reading: Reading, house: Wordings, pairs: Iterable[tuple[int, int]]) -> None:
    """Take along what stands with an address: floor, flat, block, and their numbers."""
    words = reading.words
    for first, end in pairs:
        if _touches_address(words, first, end):
            _mark(words[first:end])
    for index in range(1, len(words)):
        before, word = words[index - 1], words[index]
        if before.label is Label.ADDRESS and word.is_near and word.label is not Label.ADDRESS:
            if (end := house.end_at(reading.forms, index)) and not before.is_run:
                _mark(words[index : max(end, _end_of_number(reading, end))])
            elif _belongs(words, index):
                _mark([word])
    for index in range(len(words) - 2, -1, -1):
        word, after = words[index], words[index + 1]
        if after.label is not Label.ADDRESS or not after.is_near:
            continue
        is_lettered = len(word.folded) == 1 and index > 0 and words[index - 1].folded in house
        if word.label is Label.OTHER_ID or is_lettered or word.folded in house:
            _mark([word])


def _belongs(words: list[Word], index: int) -> bool:
    word = words[index]
    if word.is_number and word.hidden and word.label in _OTHERS:
        return True
    is_door = word.is_number and len(word.folded) <= _LONGEST_DOOR and word.folded[-1].isalpha()
    if is_door or (len(word.folded) == 1 and word.is_capital):
        return True
    return len(word.folded) == 1 and index + 1 < len(words) and words[index + 1].is_number


def _hide_numbers_beside_names(reading: Reading) -> None:
    """A number that touches a hidden name is a house, a room or a plate, whatever else it could count."""
    words = reading.words
    for index in reading.numbers:
        number = words[index]
        before = words[index - 1] if index and number.joined else None
        after = words[index + 1] if index + 1 < len(words) and words[index + 1].joined else None
        if before and before.name_like and before.folded.endswith(_street_endings()):
            _mark([before, number])
        is_beside = (before is not None and before.name_like and _is_bare(number)) or (
            after is not None and after.name_like and number.folded.isdigit()
        )
        if is_beside and not number.hidden:
            number.hidden, number.label = True, Label.OTHER_ID


@lru_cache(maxsize=1)
def _street_endings() -> tuple[str, ...]:
    return tuple(phrases.everywhere("street_endings"))


def _is_bare(word: Word) -> bool:
    """Say whether *word* is a number without more than a letter beside it: "16", "123p", and not "16h30", "20km"."""
    return word.folded.isdigit() or (word.folded[:-1].isdigit() and word.folded[-1] not in "hk")


def _mark(words: list[Word]) -> None:
    for word in words:
        word.hidden = True
        if word.label in _OTHERS:
            word.label = Label.ADDRESS
