"""Read IPTC-IIM records, the captions and bylines that picture desks write (IIM 4.2, record 2)."""

from collections.abc import Iterator

from hotline.anonymize.files.parts import Found, Gap, Kind
from hotline.domain.identity import Label

_MARK = 0x1C
_HEADER = 5
_EXTENDED = 0x8000
_FIELDS = {
    5: ("object name", None), 10: ("urgency", None), 15: ("category", None), 25: ("keywords", None),
    26: ("location code", Label.PLACE), 27: ("location", Label.PLACE), 40: ("instructions", None),
    55: ("date created", Label.DATE), 60: ("time created", Label.DATE), 62: ("digitized on", Label.DATE),
    63: ("digitized at", Label.DATE), 80: ("byline", Label.PERSON), 85: ("byline title", None),
    90: ("city", Label.PLACE), 92: ("sublocation", Label.PLACE), 95: ("state", Label.PLACE),
    100: ("country code", Label.PLACE), 101: ("country", Label.PLACE), 103: ("transmission", Label.OTHER_ID),
    105: ("headline", None), 110: ("credit", Label.PERSON), 115: ("source", Label.PERSON), 116: ("copyright", Label.PERSON),
    118: ("contact", Label.PERSON), 120: ("caption", None), 122: ("caption writer", Label.PERSON),
}  # fmt: skip


def read_iptc(block: bytes, found: Found) -> None:
    """Add the fields of *block* to *found*; one that ends in the middle of a field is a gap."""
    for number, value in _records(block, found):
        name, label = _FIELDS.get(number, (f"field {number}", Label.OTHER_ID))
        found.add(Kind.IPTC, name, decoded(value), label)


def _records(block: bytes, found: Found) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _HEADER <= len(block) and block[at] == _MARK:
        record, number = block[at + 1], block[at + 2]
        length = int.from_bytes(block[at + 3 : at + _HEADER], "big")
        at += _HEADER
        if length & _EXTENDED or at + length > len(block):
            found.gaps.add(Gap.BROKEN)
            return
        if record == 2 and number:
            yield number, block[at : at + length]
        at += length
    if block[at:].strip(b"\x00"):
        found.gaps.add(Gap.BROKEN)


def decoded(value: bytes) -> str:
    """Return *value* as text: UTF-8, or else Latin-1, which reads any bytes."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
