"""Put together what a court gets: facts, digests, hands, acts, proofs. Opens nothing but whether answers are signed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, select

from hotline import audit
from hotline.audit.merkle import includes
from hotline.audit.tiles import TileMissing
from hotline.custody.matching import Match, Part, matches
from hotline.domain.report import Direction, reference
from hotline.domain.staff import Right
from hotline.domain.urgency import Urgency
from hotline.errors import NotFound
from hotline.reports.tables import messages, reports
from hotline.store import Session
from hotline.vault.attest import Authors
from hotline.vault.logkey import LogVerifier
from hotline.vault.opening import Keyholder
from hotline.vault.sealing import Spot

FORMAT = "hotline custody 1"
HOUSE = "house"
"""Stands for whoever acts and is nobody: the machine itself, and the root."""

_MOST = 100_000
_HANDS = {"claim": 0, "release": 1, "close": 2}
"""What changes in whose hands a report is; lines tell the hour only, so within one it is in this order."""


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


def document(
    session: Session,
    keyholder: Keyholder,
    report_id: str,
    *,
    authors: Authors,
    verifier: LogVerifier,
    at: datetime,
    revealed: Sequence[Revealed] = (),
) -> Document:
    """Return the chain of custody of a report of the keyholder's desk.

    *verifier* knows the log by its name and public key. What is *revealed* was revealed before, with a line of its
    own.

    Raises:
        Refused: without the right to oversee.
        NotFound: that desk has no such report.
    """
    keyholder.require(Right.OVERSEE)
    its = session.execute(
        select(reports).where(reports.c.id == report_id, reports.c.desk == keyholder.desk)
    ).one_or_none()
    if its is None:
        raise NotFound(ref=report_id)
    lines = list(reversed(audit.of_report(session, report_id, limit=_MOST)))
    proven, is_broken = _prove(session, report_id, verifier)
    acts = _acts(session, authors, lines, proven)
    proofs = {act.line.id for act in acts if act.path is not None}
    parts = matches(session, report_id, lines, proven=proofs)
    return Document(
        made_at=at,
        made_by=keyholder.pseudonym,
        house=verifier.name,
        key=verifier.text,
        report=_report_facts(its),
        messages=_messages(session, keyholder, authors, its, parts),
        hands=_hands(acts),
        acts=acts,
        checkpoint=str(proven.checkpoint) if proven else "",
        proofs_are_missing=is_broken,
        revealed=tuple(revealed),
    )


def _prove(
    session: Session, report_id: str, verifier: LogVerifier
) -> tuple[audit.Proven | None, bool]:
    """Return the proofs, and whether there should be some and the log is too damaged for them."""
    try:
        proven = audit.prove(session, report_id)
    except audit.NothingToProve:
        return None, False
    except (TileMissing, audit.ProofRefused, audit.NoteRefused):
        return None, True
    return (proven, False) if proven.checkpoint.is_signed_by(verifier) else (None, True)


def _acts(
    session: Session,
    authors: Authors,
    lines: Iterable[audit.Line],
    proven: audit.Proven | None,
) -> tuple[Act, ...]:
    proofs = {proof.line.id: proof for proof in proven.proofs} if proven else {}
    root = proven.checkpoint.checkpoint.root if proven else b""
    names: dict[str, str] = {}
    acts = []
    for line in lines:
        if line.who not in names:
            names[line.who] = authors.pseudonym(session, line.who) or HOUSE
        acts.append(_act(line, names[line.who], proofs.get(line.id), root))
    return tuple(acts)


def _act(line: audit.Line, who: str, proof: audit.Proof | None, root: bytes) -> Act:
    """Return the line with its proof, if that leads where it must: a line that was changed has none."""
    if proof is None:
        return Act(line, who)
    stands = includes(line.n - 1, proof.size, line.leaf(), proof.path, root) and line.is_intact()
    return Act(line, who, proof.path) if stands else Act(line, who, is_false=True)


def _hands(acts: Iterable[Act]) -> tuple[Act, ...]:
    changing = [act for act in acts if act.line.did in _HANDS]
    return tuple(sorted(changing, key=lambda act: (act.line.at, _HANDS[act.line.did])))


def _report_facts(its: Row[Any]) -> dict[str, Any]:
    """Return what stands in the clear of a report anyway."""
    return {
        "id": its.id,
        "reference": reference(its.id),
        "desk": its.desk,
        "channel": its.channel,
        "language": its.language,
        "country": its.country,
        "day": its.day,
        "status": its.status,
        "urgency": str(Urgency.of_rank(its.urgency)),
        "minor": its.minor,
        "bystander": its.bystander,
        "needs": list(its.needs),
        "indicators": list(its.indicators),
        "messages": its.messages,
    }


def _messages(
    session: Session,
    keyholder: Keyholder,
    authors: Authors,
    its: Row[Any],
    parts: Sequence[Part],
) -> tuple[Message, ...]:
    """Return every message that is kept or that the log knows."""
    rows = messages.c
    query = select(messages).where(rows.report_id == its.id).order_by(rows.seq)
    kept = {row.seq: row for row in session.execute(query)}
    signed = _signed(session, keyholder, authors, its, kept.values())
    made = []
    for seq in sorted(kept.keys() | {part.seq for part in parts}):
        row = kept.get(seq)
        made.append(
            Message(
                seq=seq,
                direction=row.direction if row else "",
                channel=row.channel if row else "",
                day=row.day if row else "",
                author=authors.pseudonym(session, row.author) if row and row.author else "",
                is_signed=signed.get(seq),
                parts=tuple(part for part in parts if part.seq == seq),
            )
        )
    return tuple(made)


def _signed(
    session: Session,
    keyholder: Keyholder,
    authors: Authors,
    its: Row[Any],
    kept: Iterable[Row[Any]],
) -> dict[int, bool]:
    """Tell of each answer that opens whether it carries the signature of somebody of the desk."""
    answers = [row.seq for row in kept if row.direction == Direction.TO_REPORTER]
    opened = keyholder.open_accounts(session, its.id, answers)
    return {
        seq: authors.wrote(session, account, Spot(its.desk, its.id, seq))
        for seq, account in opened.items()
    }


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
