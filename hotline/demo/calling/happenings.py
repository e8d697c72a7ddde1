"""What can happen to a call while its script waits."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hotline.demo.calling.leg import Leg


@dataclass(frozen=True, slots=True)
class Key:
    """A key was pressed; which one lies in the buffer of the call."""


@dataclass(frozen=True, slots=True, repr=False)
class Speaking:
    """Somebody begins to speak, for *seconds*. *content* is the sound of it, where there is any."""

    seconds: float
    content: bytes = b""


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """They have spoken, and these *words* were recognized, in the language with the tag *locale*; noise is no words."""

    words: str
    confidence: float = 0.0
    locale: str = ""


@dataclass(frozen=True, slots=True)
class PickedUp:
    """The phone that rings was taken. *is_machine* says that nobody took it."""

    is_machine: bool = False


@dataclass(frozen=True, slots=True)
class Declined:
    """The phone that rings was pushed away."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A phone that was dialed has been answered, and has heard what was to be heard there first."""

    child: "Leg"


@dataclass(frozen=True, slots=True)
class Over:
    """A phone that was dialed is no longer in the call."""

    child: "Leg"


@dataclass(frozen=True, slots=True)
class Joined:
    """The two ends of a call can hear each other now."""


@dataclass(frozen=True, slots=True)
class Parted:
    """The other end is gone."""


@dataclass(frozen=True, slots=True)
class Queued:
    """Somebody waits in the queue."""


Happening = Key | Speaking | Said | PickedUp | Declined | Ready | Over | Joined | Parted | Queued


@dataclass(frozen=True, slots=True)
class Step:
    """A document that is to be asked for next: where, how, and which fields go along."""

    url: str
    method: str = "POST"
    fields: dict[str, str] = field(default_factory=dict)


class Ended(Exception):
    """The call is over; *status* is what it ends as."""

    def __init__(self, status: str = "completed") -> None:
        super().__init__(status)
        self.status = status


class Redirected(Exception):
    """The call goes on with another document, whatever it was doing."""

    def __init__(self, step: Step) -> None:
        super().__init__()
        self.step = step


class Taken(Exception):
    """Somebody takes the call out of its queue. *whisper* is a document that it hears before."""

    def __init__(self, by: "Leg", whisper: Step | None = None) -> None:
        super().__init__()
        self.by = by
        self.whisper = whisper
