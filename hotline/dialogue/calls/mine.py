"""What somebody allowed us to tell others, as a call knows it, and what they may want done."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from hotline.dialogue.calls.document import Line


class Whom(StrEnum):
    """Who is told, as far as a call names them without their name."""

    INVESTIGATORS = "investigators"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Yes:
    """One yes that stands. *until* is its last day, *is_told* says whether anything was told (None where that is not
    known), *is_still* that nothing more is told for now."""

    whom: Whom
    until: date
    name: str = field(default="", repr=False)
    is_told: bool | None = None
    is_still: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """May they be told *fields* until that day? A *name* is said in words; it is empty for all investigators."""

    id: str
    whom: Whom
    fields: tuple[str, ...]
    until: date
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Mine:
    """All of it for one report: *question* is the oldest that waits, *is_to_be_erased* that they asked for erasure."""

    yeses: tuple[Yes, ...] = ()
    question: Question | None = None
    is_to_be_erased: bool = False


NOTHING = Mine()


class Act(StrEnum):
    """What somebody who gave code and code word may have done."""

    TAKE_BACK = "take_back"
    SAY_YES = "say_yes"
    SAY_NO = "say_no"
    COPY = "copy"
    ERASE = "erase"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Wish:
    """An act. *ask* is the question that it answers, *put* all that was said of it; *instead* is said where it cannot be done."""

    act: Act
    ask: str = ""
    put: tuple[Line, ...] = ()
    instead: tuple[Line, ...] = ()
