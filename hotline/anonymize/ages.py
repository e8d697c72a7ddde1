"""Hide an age in words: "sixteen years old", "tengo quince años". Ages in figures are numbers like any others."""

from hotline.anonymize.detectors.spoken_number import numerals
from hotline.anonymize.reading import Reading
from hotline.anonymize.wording import wording, words_for
from hotline.domain.identity import Label

_MOST_WORDS = 4
_NEAR = 3


def hide_said_ages(reading: Reading) -> None:
    """Mark the number words right before "years old", or between "I am" and "years", as hidden; not a duration."""
    words, languages = reading.words, reading.languages
    heard = numerals(languages)
    if reading.said.isdisjoint(heard.digits):
        return
    for first, end in wording(languages, "years").found_in(reading):
        start = first
        while start and first - start < _MOST_WORDS and words[start].joined:
            before = words[start - 1].folded
            if before.isdecimal() or not (heard.say(before) or before in heard.joints):
                break
            start -= 1
        while start < first and words[start].folded in heard.joints:
            start += 1
        near = {word.folded for word in words[max(0, start - _NEAR) : start]}
        says_old = end - first > 1
        if start == first or not near.isdisjoint(words_for(languages, "duration_before")):
            continue
        if says_old or not near.isdisjoint(words_for(languages, "age_before")):
            for word in words[start:first]:
                word.hidden, word.label = True, Label.AGE
