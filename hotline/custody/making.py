"""Put together what a court gets. Opens nothing but whether answers are signed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from hotline import audit
from hotline.audit.merkle import includes
from hotline.audit.tiles import TileMissing
from hotline.custody.document import Act, Document, Message, Revealed
from hotline.custody.matching import Part, matches
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

HOUSE = "house"
"""Stands for whoever acts and is nobody: the machine itself, and the root."""

_MOST = 100_000
_HANDS = {"claim": 0, "release": 1, "close": 2}
"""What changes in whose hands a report is; lines tell the hour only, so within one it is in this order."""


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
    return (proven, False) if proven.checkpoint.is_checkpoint_of(verifier) else (None, True)


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
