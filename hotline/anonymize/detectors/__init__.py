"""Identifiers with a form of their own. One file each; each gives `find`, from a folded text to spans.

A folded text has the length of the original, lower case, and its digits are 0 to 9 whatever the script.
"""

from collections.abc import Callable, Iterator

from hotline.anonymize.detectors import (
    card,
    coordinates,
    date,
    email,
    handle,
    iban,
    identity_number,
    phone,
    plate,
    spoken_number,
    url,
)
from hotline.domain.identity import Span

Detector = Callable[[str], Iterator[Span]]

WITH_DIGITS: tuple[Detector, ...] = (
    iban.find, card.find, date.find, coordinates.find, identity_number.find, plate.find, phone.find,
)  # fmt: skip
WITHOUT_DIGITS: tuple[Detector, ...] = (email.find, url.find, handle.find, spoken_number.find)
