"""Hide make, kind and colour of a vehicle where they stand beside its plate."""

from functools import lru_cache

from hotline.anonymize.reading import Reading, Word
from hotline.domain.identity import Label
from hotline.lexicon import phrases

_FARTHEST = 6


@lru_cache(maxsize=1)
def _vehicle_words() -> frozenset[str]:
    return phrases.everywhere("vehicles")


def hide_vehicles(reading: Reading) -> None:
    """Spread from every plate to the words before it, and after it, that describe the vehicle."""
    words = reading.words
    plates = [index for index, word in enumerate(words) if word.label is Label.VEHICLE]
    for index in plates:
        if index and words[index - 1].label is Label.VEHICLE:
            continue
        first = index
        while first > max(0, index - _FARTHEST) and _describes(words[first - 1], words[first]):
            first -= 1
        if any(word.folded in _vehicle_words() for word in words[first:index]):
            for word in words[first:index]:
                word.hidden, word.label = True, Label.VEHICLE


def _describes(word: Word, following: Word) -> bool:
    if not following.is_near:
        return False
    return word.folded in _vehicle_words() or (word.hidden and word.label in {None, Label.VEHICLE})
