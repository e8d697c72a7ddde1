"""What lies in an envelope: the account of a message, who stands behind it, and what sends help (pure).

Each kind has one JSON form, which is part of the format: what was sealed years ago must still be read.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hotline.domain.identity import Label
from hotline.domain.report import Reason

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_WHERE = (Label.PLACE, Label.ADDRESS, Label.VENUE)
_PLACEHOLDER = re.compile(r"\[?([A-Z_]+) (\d{1,4})\]?")


@dataclass(frozen=True, slots=True, repr=False)
class Account:
    """What was said, without who: redacted *text* with its placeholders.

    *tags* says, per placeholder, which identifier of the thread it is; *reasons* point into *text*; *details*
    are finer facts that must not lie in the clear (town, age, dates).
    """

    text: str
    language: str = "und"
    tags: Mapping[str, str] = field(default_factory=dict)
    reasons: Sequence[Reason] = ()
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> bytes:
        reasons = [[reason.rule, reason.start, reason.end] for reason in self.reasons]
        return to_json({**shallow(self), "reasons": reasons})

    @classmethod
    def from_json(cls, plain: bytes) -> "Account":
        facts = from_json(plain)
        return cls(**{**facts, "reasons": tuple(Reason(*reason) for reason in facts["reasons"])})

    def __repr__(self) -> str:
        return "<Account>"


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """Who: the original words, the sender, and what each placeholder stands for."""

    original: str
    sender: str = ""
    entities: Sequence[tuple[str, str]] = ()
    contact: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> bytes:
        return to_json(shallow(self))

    @classmethod
    def from_json(cls, plain: bytes) -> "Identity":
        facts = from_json(plain)
        pairs = tuple((placeholder, original) for placeholder, original in facts["entities"])
        return cls(**{**facts, "entities": pairs})

    def __repr__(self) -> str:
        return "<Identity>"


@dataclass(frozen=True, slots=True, repr=False)
class Urgent:
    """What sends help: under which number someone is reached, and where they are.

    *numbers* and *places* as they were written; the sender's own number stands first.
    """

    numbers: Sequence[str] = ()
    places: Sequence[str] = ()

    @classmethod
    def of(cls, identity: Identity) -> "Urgent":
        """Return what of *identity* an emergency needs, and nothing else of it."""
        told = [identity.contact.get("place", "")]
        told += [words for name, words in identity.entities if _is_where(name)]
        numbers = [identity.sender, identity.contact.get("number", "")]
        return cls(_each_once(numbers), _each_once(told))

    def __bool__(self) -> bool:
        return bool(self.numbers or self.places)

    def __add__(self, other: "Urgent") -> "Urgent":
        numbers = _each_once([*self.numbers, *other.numbers])
        return Urgent(numbers, _each_once([*self.places, *other.places]))

    def to_json(self) -> bytes:
        return to_json(shallow(self))

    @classmethod
    def from_json(cls, plain: bytes) -> "Urgent":
        facts = from_json(plain)
        return cls(tuple(facts["numbers"]), tuple(facts["places"]))

    def __repr__(self) -> str:
        return "<Urgent>"


def to_json(facts: Mapping[str, Any]) -> bytes:
    """Return *facts* as JSON that keeps whatever a person typed, lone surrogates too."""
    return _JSON.encode(facts).encode("utf-8", "surrogatepass")


def from_json(plain: bytes) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(plain.decode("utf-8", "surrogatepass"))
    return facts


def placeholder_of(name: str) -> tuple[Label, int] | None:
    """Return label and number of a placeholder, with or without its brackets; None when it is none."""
    found = _PLACEHOLDER.fullmatch(name)
    if found is None or found[1] not in Label.__members__:
        return None
    return Label(found[1]), int(found[2])


def shallow(value: Any) -> dict[str, Any]:
    """Return the fields of a slotted dataclass as they are; `dataclasses.asdict` copies each, which costs more than sealing."""
    return {name: getattr(value, name) for name in value.__slots__}


def _is_where(name: str) -> bool:
    placeholder = placeholder_of(name)
    return placeholder is not None and placeholder[0] in _WHERE


def _each_once(told: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, told)))
