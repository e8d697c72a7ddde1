"""The chain of custody as a value, and as JSON: facts, digests, hands, acts, proofs."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hotline import audit
from hotline.custody.matching import Match, Part

FORMAT = "hotline custody 1"


@dataclass(frozen=True, slots=True, repr=False)
class Revealed:
    """What was revealed for the law in the same act: one field of a message."""

    seq: int
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the log about the report, with its proof where there is one already.

    *is_false* says that there should be one, and that the line is not the one that was written then.
    """

    line: audit.Line
    who: str
    path: tuple[bytes, ...] | None = None
    is_false: bool = False

    def facts(self) -> dict[str, Any]:
        line = self.line
        told = {"hour": _hour(line.at), "by": self.who, "did": line.did, "what": line.what}
        return told | {"purpose": line.purpose}


@dataclass(frozen=True, slots=True)
class Message:
    """A message without its words. *is_signed* is None for what nobody signs, and where it does not open."""

    seq: int
    direction: str
    channel: str
    day: str
    author: str
    is_signed: bool | None
    parts: tuple[Part, ...]

    @property
    def files(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.is_file)


@dataclass(frozen=True, slots=True)
class Document:
    """The chain of custody of one report, as it was at one moment. *checkpoint* is empty before there is one."""

    made_at: datetime
    made_by: str
    house: str
    key: str
    report: dict[str, Any]
    messages: tuple[Message, ...]
    hands: tuple[Act, ...]
    acts: tuple[Act, ...]
    checkpoint: str
    proofs_are_missing: bool
    revealed: tuple[Revealed, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(part for message in self.messages for part in message.parts)

    @property
    def is_whole(self) -> bool:
        """Tell whether everything that is kept is what came in, and every line what was written."""
        is_same = not {Match.CHANGED, Match.UNLOGGED} & {part.match for part in self.parts}
        is_true = not self.proofs_are_missing and not any(act.is_false for act in self.acts)
        return is_same and is_true and not any(one.is_signed is False for one in self.messages)

    @property
    def proven(self) -> tuple[Act, ...]:
        return tuple(act for act in self.acts if act.path is not None)

    @property
    def unproven(self) -> tuple[Act, ...]:
        return tuple(act for act in self.acts if act.path is None and not act.is_false)

    @property
    def false(self) -> tuple[Act, ...]:
        return tuple(act for act in self.acts if act.is_false)

    def facts(self) -> dict[str, Any]:
        """Return the document as JSON has it; ``check_proof`` of the audit reads *checkpoint* and *lines*."""
        return {
            "format": FORMAT,
            "made": {"at": _hour(self.made_at), "by": self.made_by, "house": self.house},
            "report": self.report["id"],
            "facts": self.report,
            "messages": [_message_facts(message) for message in self.messages],
            "hands": [act.facts() for act in self.hands],
            "identity": [
                {"message": one.seq, "field": one.field, "value": one.value}
                for one in self.revealed
            ],
            "checkpoint": self.checkpoint,
            "key": self.key,
            "lines": [_proof_facts(act) for act in self.proven],
            "later": [act.facts() for act in self.unproven],
            "false": [act.facts() for act in self.false],
        }

    def to_json(self) -> str:
        return json.dumps(self.facts(), ensure_ascii=False, indent=1) + "\n"


def _message_facts(message: Message) -> dict[str, Any]:
    return {
        "number": message.seq,
        "direction": message.direction,
        "channel": message.channel,
        "day": message.day,
        "author": message.author,
        "signed": message.is_signed,
        "parts": [
            {
                "part": part.name,
                "logged": list(part.logged),
                "kept": part.kept,
                "match": part.match,
                "proven": part.is_proven,
            }
            for part in message.parts
        ],
    }


def _proof_facts(act: Act) -> dict[str, Any]:
    line = act.line
    return {
        "n": line.n,
        "entry": line.entry().decode(),
        "salt": line.salt.hex(),
        "path": [one.hex() for one in act.path or ()],
        "by": act.who,
    }


def _hour(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%HZ")
