"""What must not travel: identifiers found in a text, and the address of who sent it."""

from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    """What kind of identifier a span is; also the word inside its placeholder."""

    PERSON = "PERSON"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    URL = "URL"
    ID = "ID"
    HANDLE = "HANDLE"
    ADDRESS = "ADDRESS"
    PLACE = "PLACE"
    VENUE = "VENUE"
    VEHICLE = "VEHICLE"
    DATE = "DATE"
    AGE = "AGE"
    OTHER_ID = "OTHER_ID"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters *start* to *end* (code points, end exclusive) of the original text."""

    start: int
    end: int
    label: Label


@dataclass(frozen=True, slots=True, repr=False)
class Redaction:
    """A text without its identifiers.

    *text* has a placeholder such as ``[PERSON 1]`` for each span; *spans* point into the original, are
    sorted and never overlap. *language* is a BCP 47 code, or ``und`` where none could be told.
    """

    text: str
    language: str
    spans: tuple[Span, ...]

    def __repr__(self) -> str:
        return f"<Redaction of {len(self.spans)} spans>"


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """Where a reporter can be reached: a number in E.164, or whatever the network named as the sender."""

    channel: str
    value: str

    def __repr__(self) -> str:
        return f"<Address on {self.channel}>"
