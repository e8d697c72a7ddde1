"""Hide the name of a town, district or island: in several words, or beside the word for it ("Rana district")."""

from hotline.anonymize.reading import Reading, Word
from hotline.anonymize.wording import wording
from hotline.domain.identity import Label
from hotline.lexicon import open_names
from hotline.lexicon.format import Stays

_LONGEST_NAME = 2
_LONGEST_IN_RUN = 4
_VERY_ORDINARY = int(Stays.CAPITALIZED)
_ORDINARY = int(Stays.BESIDE_A_NAME)


def hide_place_names(reading: Reading) -> None:
    """Mark what a gazetteer of places lists, and other lexicons as an ordinary word, beside a word for a place."""
    words = reading.words
    for first, end in wording(reading.languages, "towns").found_in(reading):
        for word in words[first:end]:
            _mark(word)
    _hide_after_prefixes(reading)
    if reading.folded.isascii() or all(word.has_case for word in words):
        return
    for first, end in wording(reading.languages, "places").found_in(reading):
        for index in range(end, min(len(words), end + _LONGEST_NAME)):
            if not words[index].joined or not _may_be_place(words[index]):
                break
            _mark(words[index])
        if first and words[first].joined and _may_be_place(words[first - 1]):
            _mark(words[first - 1])


def _hide_after_prefixes(reading: Reading) -> None:
    """ "ตำบลนาดี": where no spaces stand between words, what touches the kind of place is its name."""
    words = reading.words
    for _, end in wording(reading.languages, "place_prefixes").found_in(reading):
        for index in range(end, min(len(words), end + _LONGEST_IN_RUN)):
            if words[index].start != words[index - 1].end or words[index].stays & _VERY_ORDINARY:
                break
            _mark(words[index])


def _may_be_place(word: Word) -> bool:
    if word.hidden or word.has_case or word.is_number or word.stays & _ORDINARY:
        return False
    return word.folded in open_names("places")


def _mark(word: Word) -> None:
    word.hidden = word.name_like = True
    if word.label is None:
        word.label = Label.PLACE
