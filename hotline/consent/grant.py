"""The nouns of consent: for whom, for what, in which words; and why something may not be told."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from hotline.consent.fields import EVERY_FIELD, ORDER
from hotline.domain.report import day
from hotline.errors import Refused

INVESTIGATORS = "investigators"
"""The group of every investigator agency that is admitted for the country of a lead."""

LONGEST = timedelta(days=183)
SPOKEN = timedelta(days=31)
EMERGENCY = timedelta(days=3)
FRESH = timedelta(days=30)
"""So long after a yes nobody has to be asked again before it is used."""


class Purpose(StrEnum):
    LEAD = "lead"
    HANDOFF = "handoff"


class GivenHow(StrEnum):
    WEB = "web"
    SMS = "sms"
    WRITTEN = "written"
    VOICE = "voice"
    CALL = "call"

    @property
    def is_spoken(self) -> bool:
        return self in (GivenHow.VOICE, GivenHow.CALL)


class Why(StrEnum):
    """The fact that decided against asking, against writing a yes down, or against telling something."""

    NO_RECIPIENT = "no_recipient"
    NO_FIELDS = "no_fields"
    NO_WORDS = "no_words"
    ANOTHER_LANGUAGE = "another_language"
    NOT_THEIRS = "not_theirs"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    TOO_LONG = "too_long"
    SPOKEN_WITHOUT_WITNESS = "spoken_without_witness"
    WITNESS_IS_THE_WRITER = "witness_is_the_writer"
    WITNESS_UNKNOWN = "witness_unknown"
    SAID_NO = "said_no"
    NO_EMERGENCY = "no_emergency"
    ASKED_OFTEN = "asked_often"
    ASKED_ALREADY = "asked_already"
    NOT_ASKED = "not_asked"
    STOPPED = "stopped"
    NEVER_LEAVES = "never_leaves"
    EXCLUDED = "excluded"
    UNREAD = "unread"
    DURESS = "duress"
    CHILD = "child"
    NO_CONSENT = "no_consent"
    TAKEN_BACK = "taken_back"
    ENDED = "ended"
    NOT_IN_CONSENT = "not_in_consent"
    ASK_AGAIN = "ask_again"


FROZEN = frozenset({Why.UNREAD, Why.DURESS, Why.CHILD, Why.ASK_AGAIN})
"""What stops anything new from leaving, and takes nothing back that has left."""


class ConsentRefused(Refused):
    """*why* names the deciding fact; the page says it in words."""

    default_message = "this may not be asked, agreed to, or told"

    def __init__(self, why: Why) -> None:
        super().__init__()
        self.why = why


@dataclass(frozen=True, slots=True)
class Recipient:
    """One who would be told: *id* is that of an agency or an organization, *countries* all that are told to it."""

    purpose: Purpose
    id: str
    countries: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Words:
    """The exact words that were put to the person: *name* is the template's, *locale* what they stood in."""

    name: str
    locale: str
    text: str = field(repr=False)

    @property
    def version(self) -> str:
        """What tells these words from any others (the first twelve hexadecimal digits of their SHA-256)."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Grant:
    """One yes. Days are ISO dates in UTC; *expires_day* is the last on which it stands.

    *ended_day* is set once its last day is past, or a newer yes came in its place: a clock that is set back revives
    nothing. *back_asked_day*: it was taken back while nobody knew whether it was the person who did.
    """

    id: str
    report_id: str
    purpose: str
    recipient: str
    fields: tuple[str, ...]
    given_how: str
    words_name: str
    words_locale: str
    words_version: str
    by: str
    witness: str
    emergency: bool
    day: str
    expires_day: str
    ended_day: str
    back_asked_day: str
    revoked_day: str

    def stands(self, *, at: datetime) -> bool:
        return self.why_not(at) is None

    def why_not(self, at: datetime) -> Why | None:
        if self.revoked_day:
            return Why.TAKEN_BACK
        stands = not self.ended_day and self.day <= day(at) <= self.expires_day
        return None if stands else Why.ENDED

    def covers(self, recipient: Recipient) -> bool:
        """Tell whether *recipient* is who may be told."""
        if self.purpose != recipient.purpose:
            return False
        return self.recipient in names_of(recipient)

    def allows(self, field: str) -> bool:
        return EVERY_FIELD in self.fields or field in self.fields

    def is_fresh(self, at: datetime) -> bool:
        """Tell whether it may be used without asking once more."""
        return day(at - FRESH) <= self.day


def names_of(recipient: Recipient) -> tuple[str, ...]:
    """Return the names under which *recipient* may have been meant: its own, and that of its group."""
    return (recipient.id, INVESTIGATORS) if recipient.purpose == Purpose.LEAD else (recipient.id,)


def why_not_so_long(how: GivenHow, until: date, *, emergency: bool, at: datetime) -> Why | None:
    """Return what speaks against a yes that lasts *until*: too long for how it was given, or over already."""
    last = until.isoformat()
    if last < day(at):
        return Why.ENDS_BEFORE_IT_BEGINS
    return Why.TOO_LONG if until > last_day(how, emergency=emergency, at=at) else None


def last_day(how: GivenHow, *, at: datetime, emergency: bool = False) -> date:
    """Return the last day on which a yes may stand that is given now."""
    longest = LONGEST
    if how.is_spoken:
        longest = EMERGENCY if emergency else SPOKEN
    return (at + longest).date()


def tidy(fields: Collection[str]) -> tuple[str, ...]:
    """Return *fields*, each once, in the order of every yes; what has no place in it comes last."""
    return tuple(sorted(set(fields), key=_place))


def _place(field: str) -> tuple[int, str]:
    return (ORDER.index(field) if field in ORDER else len(ORDER), field)
