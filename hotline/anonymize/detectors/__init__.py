"""Identifiers with a form of their own. One file each; each gives `find`, from a folded text to spans.

A folded text has the length of the original, lower case, and its digits are 0 to 9 whatever the script. What is said
in words ("oh seven double four", "maria at example dot org") is found among the words of a `Reading` instead.
"""

from collections.abc import Callable, Iterator

from hotline.anonymize.detectors import (
    card,
    coordinates,
    date,
    disguised,
    email,
    handle,
    iban,
    identity_number,
    phone,
    spelled,
    spoken_address,
    spoken_number,
    url,
)
from hotline.anonymize.reading import Reading
from hotline.domain.identity import Span

Detector = Callable[[str], Iterator[Span]]
DetectorAmongWords = Callable[[Reading], Iterator[Span]]

# How many digits a text must have before a detector can find anything in it.
WITH_DIGITS: tuple[tuple[int, Detector], ...] = (
    (6, iban.find), (13, card.find), (2, date.find), (1, coordinates.find),
    (2, identity_number.find), (7, phone.find),
)  # fmt: skip
WITHOUT_DIGITS: tuple[Detector, ...] = (
    email.find, url.find, handle.find, coordinates.find_three_words, disguised.find,
)  # fmt: skip
AMONG_WORDS: tuple[DetectorAmongWords, ...] = (
    spelled.find,
    spoken_number.find,
    spoken_address.find,
    handle.find_after_network,
    identity_number.find_after_document,
)
