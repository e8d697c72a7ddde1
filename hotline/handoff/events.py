"""What becomes of an offer, in codes; and what happened, for whoever makes tasks of it."""

from dataclasses import dataclass
from enum import StrEnum

PROVIDER = "provider"
"""Who did it, in the log, where a provider without an account did."""

SWEEP = "handoffs"
"""The worker's standing job that calls `expire`, `due_outcomes` and `untold` of `answering`."""


class Status(StrEnum):
    """Of an offer. *ASKED*: a link is out; *NOT_NEEDED*: another took the person in; *HANDED_OVER*: staff told them."""

    OFFERED = "offered"
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    UNANSWERED = "unanswered"
    NOT_NEEDED = "not_needed"
    WITHDRAWN = "withdrawn"
    HANDED_OVER = "handed_over"


OVER = (Status.DECLINED, Status.UNANSWERED, Status.NOT_NEEDED, Status.WITHDRAWN)
"""Of these nothing comes any more, unless it is asked or offered again."""


class Reason(StrEnum):
    """Why a provider declines."""

    FULL = "full"
    NOT_FOR_THEM = "not_for_them"
    TOO_FAR = "too_far"
    NO_STAFF = "no_staff"
    LANGUAGE = "language"
    NOT_SAFE = "not_safe"
    OTHER = "other"


class Outcome(StrEnum):
    """What came of it once it was accepted. *NO_SPACE* and *LEFT* free the need again."""

    ARRIVED = "arrived"
    WAITING = "waiting"
    NO_SPACE = "no_space"
    LEFT = "left"


FREES = (Outcome.NO_SPACE, Outcome.LEFT)
"""What ends that somebody took the person in."""


class Event(StrEnum):
    """*NOT_NEEDED*: they accepted, and another had before. *PIN_CLOSED*: five wrong PINs. *ASK_ARRIVED*: ask by telephone.

    *UNTOLD*: what was to tell the person that somebody takes them in did not reach them, or does not hold any more.
    """

    ACCEPTED = "accepted"
    NOT_NEEDED = "not_needed"
    DECLINED = "declined"
    ASKED_DESK = "asked_desk"
    ARRIVED = "arrived"
    WAITING = "waiting"
    NO_SPACE = "no_space"
    LEFT = "left"
    UNANSWERED = "unanswered"
    PIN_CLOSED = "pin_closed"
    ASK_ARRIVED = "ask_arrived"
    UNTOLD = "untold"


REASONS, OUTCOMES, EVENTS = tuple(Reason), tuple(Outcome), tuple(Event)


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that came from a provider, or from the clock. *prepared_id* is the text that now goes out, or ends."""

    report_id: str
    desk: str
    handoff_id: str
    event: Event
    prepared_id: str = ""
    service_id: str = ""
    need: str = ""
