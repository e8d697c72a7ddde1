"""What one provider is told of one person: exactly what was ticked, as far as consent lets it out, until a day.

Values are codes where there are codes, so the provider reads them in their own language. The bytes are canonical JSON
with a random nonce: their SHA-256 tells one packet from any other and gives nothing of it away.
"""

import hashlib
import json
import re
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hotline.consent import HANDOFF, Case, ConsentRefused, Why
from hotline.consent.case import Ground
from hotline.consent.grant import LONGEST, Purpose, Recipient, tidy
from hotline.domain.urgency import Need, Urgency
from hotline.errors import Malformed

AGE_BANDS = ("child", "adult", "0-11", "12-15", "16-17", "18-25", "26-64", "65+")
GENDERS = ("woman", "man", "other")
CHILDREN = ("no", "yes", *"123456789")
ACCESSIBILITY = (
    "step_free",
    "wheelchair",
    "hearing",
    "sight",
    "sign_language",
    "carer",
    "animal",
    "medicine",
)
URGENCIES = (Urgency.IMMEDIATE, Urgency.HIGH, Urgency.NORMAL)
CONTACT = ("through_us", "text", "call", "they_call", "they_come")
DO_NOT = (
    "call",
    "text",
    "visit",
    "letter",
    "voicemail",
    "family",
    "employer",
    "community",
    "authorities",
)

SHORT, WORDS, ACCOUNT = 120, 200, 2000
"""Characters of an area, hours, a name or a number; of what must not be done; of the account."""

NONCE_LENGTH = 16

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_NONCE = re.compile(r"[0-9a-f]{32}")
_DAY = r"(mon|tue|wed|thu|fri|sat|sun)"
_WINDOW = rf"({_DAY}(-{_DAY})? )?([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-4]):[0-5][0-9]"
_HOURS = re.compile(rf"{_WINDOW}(, {_WINDOW})*( [A-Za-z_]+(/[A-Za-z0-9_+-]+){{0,2}})?")


class PacketFault(Malformed):
    """*field* is the one whose value cannot stand in a packet."""

    default_message = "this value cannot stand in a packet"

    def __init__(self, field: str) -> None:
        super().__init__(ref=field)
        self.field = field


@dataclass(frozen=True, slots=True, repr=False)
class Packet:
    """*values* by the names of `consent.HANDOFF`: see `compose` for their form. *until* is the last day it opens."""

    organization_id: str
    values: Mapping[str, Any]
    until: date
    nonce: str

    @property
    def fields(self) -> tuple[str, ...]:
        return tidy(self.values)

    def to_bytes(self) -> bytes:
        its = {
            "organization": self.organization_id,
            "until": self.until.isoformat(),
            "nonce": self.nonce,
            "values": dict(self.values),
        }
        text = json.dumps(its, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Packet":
        its = json.loads(raw)
        until = date.fromisoformat(its["until"])
        return cls(its["organization"], its["values"], until, its["nonce"])

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the packet in 64 hexadecimal digits."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    @property
    def short(self) -> str:
        """Return the beginning of the digest, by which two people compare what they see."""
        return self.digest[:8]

    def __repr__(self) -> str:
        return f"<Packet of {len(self.values)} fields>"


def new_nonce() -> str:
    """Return what makes the digest of one packet differ from that of an equal one."""
    return secrets.token_hex(NONCE_LENGTH)


def compose(
    case: Case,
    organization_id: str,
    values: Mapping[str, Any],
    *,
    until: date,
    at: datetime,
    nonce: str,
) -> Packet:
    """Return the packet of *values* for an organization, if each of them may be told to it at *at* and until *until*.

    A value is a code for need, age_band, gender, with_children and urgency; a BCP 47 tag for language; a list of codes
    for accessibility; a list of codes and at most one text for contact and do_not; windows such as
    ``mon-fri 09:00-17:00, sat 10:00-12:00 Europe/Athens`` for hours; text for area, name and account.

    Raises:
        ConsentRefused: no fields, one that may not be told, or a day until which it may not.
        PacketFault: a value has another form.
    """
    if not _NONCE.fullmatch(nonce):
        raise Malformed
    fields = tidy(values)
    last = last_day(case, organization_id, fields, at=at)
    for name in fields:
        if name not in HANDOFF:
            raise PacketFault(name)
    if not at.date() <= until <= last:
        raise ConsentRefused(Why.TOO_LONG if until > last else Why.ENDS_BEFORE_IT_BEGINS)
    read = {name: _read(name, values[name]) for name in fields}
    return Packet(organization_id, read, until, nonce)


def last_day(case: Case, organization_id: str, fields: tuple[str, ...], *, at: datetime) -> date:
    """Return the last day on which an organization may know *fields* by what stands now.

    Raises:
        ConsentRefused: no fields, or they may not be told now.
    """
    if not fields:
        raise ConsentRefused(Why.NO_FIELDS)
    decision = case.may(whom(organization_id), fields, at=at)
    if decision.why:
        raise ConsentRefused(decision.why)
    if decision.ground == Ground.GRANT:
        given = next(one for one in case.grants if one.id == decision.grant_id)
        return date.fromisoformat(given.expires_day)
    recipient = whom(organization_id)
    decided = (
        date.fromisoformat(one.day)
        for one in case.interests
        if one.replaces_yes and one.covers(recipient, fields, at, lasts=LONGEST)
    )
    return max(decided) + LONGEST


def whom(organization_id: str) -> Recipient:
    """Return an organization as consent knows it."""
    return Recipient(Purpose.HANDOFF, organization_id)


def _read(name: str, value: Any) -> Any:
    try:
        read = _READERS[name](value)
    except (TypeError, ValueError):
        raise PacketFault(name) from None
    if not read:
        raise PacketFault(name)
    return read


def _code(*known: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        return str(known[known.index(value)])

    return read


def _codes(*known: str) -> Callable[[Any], list[str]]:
    def read(value: Any) -> list[str]:
        if not isinstance(value, list | tuple) or not set(value) <= set(known):
            raise ValueError
        return [code for code in known if code in value]

    return read


def _text(longest: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        text = value.strip() if isinstance(value, str) else ""
        if len(text) > longest or any(_is_no_text(one) for one in text):
            raise ValueError
        return text

    return read


def _is_no_text(letter: str) -> bool:
    """Tell whether *letter* is a control or half of a character: it would show otherwise than it was previewed."""
    return unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t"


def _form(known: re.Pattern[str]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not known.fullmatch(value) or len(value) > SHORT:
            raise ValueError
        return str(value)

    return read


def _codes_and_words(known: tuple[str, ...], longest: int) -> Callable[[Any], list[str]]:
    """Return what reads codes, each once and in their order, and at most one text, which comes last."""

    def read(value: Any) -> list[str]:
        if not isinstance(value, list | tuple):
            raise ValueError
        words = [one for one in value if one not in known]
        if len(words) > 1:
            raise ValueError
        texts = [_text(longest)(one) for one in words]
        return [code for code in known if code in value] + list(filter(None, texts))

    return read


_READERS: dict[str, Callable[[Any], Any]] = {
    "need": _code(*Need),
    "language": _form(_LANGUAGE),
    "area": _text(SHORT),
    "age_band": _code(*AGE_BANDS),
    "gender": _code(*GENDERS),
    "with_children": _code(*CHILDREN),
    "accessibility": _codes(*ACCESSIBILITY),
    "urgency": _code(*URGENCIES),
    "hours": _form(_HOURS),
    "contact": _codes_and_words(CONTACT, SHORT),
    "do_not": _codes_and_words(DO_NOT, WORDS),
    "name": _text(SHORT),
    "account": _text(ACCOUNT),
}
