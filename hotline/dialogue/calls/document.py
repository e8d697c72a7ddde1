"""What is said in one step of a call, and what is waited for then."""

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is said: the *prompt* of that name, *digits* one by one, or *words* as they stand.

    *pause* is how many seconds of silence follow.
    """

    locale: str
    prompt: str = ""
    digits: str = field(default="", repr=False)
    words: str = field(default="", repr=False)
    pause: int = 0


class Wait(StrEnum):
    """What follows the lines of a step."""

    KEYS = "keys"
    RECORD = "record"
    PERSON = "person"
    GO_ON = "go_on"
    END = "end"


@dataclass(frozen=True, slots=True)
class Then:
    """What is waited for.

    *most* is how many keys one answer has; 0 is any number of them up to ``#``. *seconds* is how long silence lasts
    before it is one, *hears* whether words are an answer too. *longest* is how many seconds a recording may have,
    *ref* the queue in which a person takes the call.
    """

    wait: Wait
    most: int = 1
    seconds: int = 6
    hears: bool = False
    longest: int = 0
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One step of a call. *step* names it, in what the provider sends back."""

    step: str
    locale: str
    lines: tuple[Line, ...]
    then: Then
