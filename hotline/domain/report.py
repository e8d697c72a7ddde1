"""A report: what someone told us, on which channel, and how far we are with it."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hotline.domain.urgency import Indicator, Need, Urgency


class Channel(StrEnum):
    SMS = "sms"
    WHATSAPP = "whatsapp"
    VOICE = "voice"
    WEB = "web"
    # Taken down by a caseworker:
    CALL = "call"
    WALK_IN = "walk_in"
    PAPER = "paper"


class Status(StrEnum):
    """*QUARANTINED* is a new report that stands beside the queue until somebody lets it in: see `intake.admission`."""

    OPEN = "open"
    QUARANTINED = "quarantined"
    CLOSED = "closed"


class Direction(StrEnum):
    FROM_REPORTER = "in"
    TO_REPORTER = "out"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an assessment says what it says: the rule, and the span of the text it rests on (code points)."""

    rule: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an account needs, as the machine reads it. It may raise attention, never close a report."""

    urgency: Urgency
    minor: bool = False
    bystander: bool = False
    indicators: frozenset[Indicator] = frozenset()
    needs: frozenset[Need] = frozenset()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class IncomingMessage:
    """One message as a channel received it, before anything was taken out.

    *provider_id* is the provider's own id, empty where there is none (web). *sender* and *line* are raw:
    a sender may be a number, a short code or a name. *locale* is the language of our answer. *answers*
    are the choices of a form, already reduced to known codes. *contact* is what the reporter wrote about
    being reached (number, hours, code word): all of it is identity. *wants_answer* is false where any
    answer would harm, as after a STOP. *opted* is ``stop``, ``start`` or ``help`` where the provider took the
    text for such a word and did its own part: it has closed the line to us, opened it, or answered. *media*
    counts what came along; the files themselves go beside it, sealed. *sent_at* is when it was sent, where it may
    have been long ago. *earlier* are the answers before these, of the same call: they count when
    it is assessed, and are kept already. *caller* is by what a caller is known: their number, or
    their call alone; by nothing where the report must not know them again. *is_key* says that it only answers
    what we asked, *is_doubted* that whoever speaks may have taken the phone. *not_to* says, in the reporter's
    words, whom it must not reach.
    """

    channel: Channel
    text: str
    locale: str
    provider_id: str = ""
    sender: str = ""
    line: str = ""
    media: int = 0
    answers: dict[str, str | list[str]] = field(default_factory=dict)
    contact: dict[str, str] = field(default_factory=dict)
    locale_is_chosen: bool = False
    wants_answer: bool = True
    opted: str = ""
    sent_at: datetime | None = None
    earlier: dict[str, str | list[str]] = field(default_factory=dict)
    caller: str = field(default="", repr=False)
    is_key: bool = False
    is_doubted: bool = False
    not_to: str = ""

    def __repr__(self) -> str:
        return f"<IncomingMessage on {self.channel}>"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a channel may know after a report was kept.

    *answer* is rendered text, the same for a retry; a form feed in it parts texts that go out one by one.
    *files_left_out* counts the files for which there was no room; *seq* is the message's place in its report, 0 for a retry.
    *is_aside* says that it waits beside the queue because very many write, and that a puzzle would take it in.
    """

    report_id: str
    answer: str
    is_new_report: bool = True
    files_left_out: int = 0
    seq: int = 0
    is_aside: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of the answer, in their order; none for silence."""
        return tuple(text for text in self.answer.split("\f") if text)


_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def reference(report_id: str) -> str:
    """Return the short name staff use aloud, such as ``K7-4QX``; it follows from the random id."""
    number = int.from_bytes(hashlib.sha256(report_id.encode()).digest()[:8])
    letters = ""
    for _ in range(5):
        number, index = divmod(number, len(_ALPHABET))
        letters += _ALPHABET[index]
    return f"{letters[:2]}-{letters[2:]}"


def day(at: datetime) -> str:
    """Return the day of *at* as ``2026-11-25``: the finest time that a kept report carries in the clear."""
    return at.date().isoformat()


def hour(at: datetime) -> datetime:
    """Return the beginning of the hour of *at*: the finest time that may stand beside a report for long."""
    return at.replace(minute=0, second=0, microsecond=0)


def minute(at: datetime) -> datetime:
    """Return *at* without its seconds: the finest time that open work carries in the clear."""
    return at.replace(second=0, microsecond=0)
