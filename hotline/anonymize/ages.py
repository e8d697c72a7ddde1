"""Hide an age in words: "sixteen years old", "tengo quince años". Ages in figures are numbers like any others."""

from hotline.anonymize.detectors.spoken_number import Numerals, numerals
from hotline.anonymize.reading import Reading
from hotline.anonymize.wording import wording, words_for
from hotline.domain.identity import Label

_MOST_WORDS = 4
_NEAR = 3


def hide_said_ages(reading: Reading) -> None:
    """Mark the number words right before "years old", between "I am" and "years", after "age" as hidden; not a duration."""
    heard = numerals(reading.languages)
    if reading.said.isdisjoint(heard.digits):
        return
    _hide_before_years(reading, heard)
    for first, _ in wording(reading.languages, "age_units").found_in(reading):
        _mark(reading, _said_before(reading, first, heard), first)
    for _, end in wording(reading.languages, "age_nouns").found_in(reading):
        _mark(reading, end, _said_after(reading, end, heard))


def _hide_before_years(reading: Reading, heard: Numerals) -> None:
    words, languages = reading.words, reading.languages
    of_somebody = words_for(languages, "age_before") | words_for(languages, "kin")
    for first, end in wording(languages, "years").found_in(reading):
        start = _said_before(reading, first, heard)
        near = {word.folded for word in words[max(0, start - _NEAR) : start]}
        says_old = end - first > 1
        if start == first or not near.isdisjoint(words_for(languages, "duration_before")):
            continue
        if says_old or not near.isdisjoint(of_somebody):
            _mark(reading, start, first)


def _said_before(reading: Reading, first: int, heard: Numerals) -> int:
    """Return where the number words right before the word *first* start; *first* where none stand there."""
    words = reading.words
    start = first
    while start and first - start < _MOST_WORDS and words[start].joined:
        before = words[start - 1].folded
        if before.isdecimal() or not (heard.say(before) or before in heard.joints):
            break
        start -= 1
    while start < first and not heard.say(words[start].folded):
        start += 1
    return start


def _said_after(reading: Reading, index: int, heard: Numerals) -> int:
    """Return the word after the number words that start at *index*; *index* where none do."""
    words = reading.words
    end = at = index
    while at < min(len(words), index + _MOST_WORDS) and words[at].joined:
        if heard.say(words[at].folded):
            end = at + 1
        elif end == index or words[at].folded not in heard.joints:
            break
        at += 1
    return end


def _mark(reading: Reading, start: int, end: int) -> None:
    for word in reading.words[start:end]:
        word.hidden, word.label = True, Label.AGE
