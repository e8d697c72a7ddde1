"""What one provider is told of one person: exactly what was ticked, as far as consent lets it out, until a day (pure).

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
from hotline.domain.opening import NoHours, Opening
from hotline.domain.urgency import Need
from hotline.errors import Malformed

AGE_BANDS = ("under_12", "12_15", "16_17", "18_25", "26_64", "65_plus")
GENDERS = ("woman", "man", "other")
CHILDREN = ("none", "one", "two", "three_or_more", "some")
ACCESSIBILITY = ("step_free", "wheelchair", "sight", "hearing", "sign_language")
URGENCIES = ("now", "today", "this_week", "can_wait")
WAYS = ("through_desk", "text", "call", "app", "email", "in_person")
DO_NOT = ("call", "text", "write", "visit", "voicemail", "police", "family", "companion")

SHORT, WORDS, ACCOUNT = 120, 200, 2000
"""Characters of an area, a name or a number; of what must not be done; of the account."""

NONCE_LENGTH = 16

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_NONCE = re.compile(r"[0-9a-f]{32}")


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
    for accessibility; ``{"windows": "mon-fri 09:00-17:00", "zone": "Europe/Athens"}`` for hours; ``{"ways": [codes],
    "to": text}`` for contact; ``{"codes": [codes], "words": text}`` for do_not; text for area, name and account.

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
    if until < at.date():
        raise ConsentRefused(Why.ENDS_BEFORE_IT_BEGINS)
    if until > last:
        raise ConsentRefused(Why.TOO_LONG)
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
    except (KeyError, TypeError, ValueError, NoHours):
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


def _language(value: Any) -> str:
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise ValueError
    return value


def _hours(value: Any) -> dict[str, str]:
    windows, zone = value["windows"], value["zone"]
    if set(value) != {"windows", "zone"} or not zone or not Opening.parse(windows, zone).spans:
        raise ValueError
    return {"windows": windows, "zone": zone}


def _either(codes: str, known: tuple[str, ...], words: str, longest: int) -> Callable[[Any], Any]:
    """Return what reads some codes, words beside them, or both."""
    read_codes, read_text = _codes(*known), _text(longest)

    def read(value: Any) -> dict[str, Any]:
        if not set(value) <= {codes, words}:
            raise ValueError
        both = {codes: read_codes(value.get(codes, [])), words: read_text(value.get(words, ""))}
        return {name: each for name, each in both.items() if each}

    return read


_READERS: dict[str, Callable[[Any], Any]] = {
    "need": _code(*Need),
    "language": _language,
    "area": _text(SHORT),
    "age_band": _code(*AGE_BANDS),
    "gender": _code(*GENDERS),
    "with_children": _code(*CHILDREN),
    "accessibility": _codes(*ACCESSIBILITY),
    "urgency": _code(*URGENCIES),
    "hours": _hours,
    "contact": _either("ways", WAYS, "to", SHORT),
    "do_not": _either("codes", DO_NOT, "words", WORDS),
    "name": _text(SHORT),
    "account": _text(ACCOUNT),
}
