"""What stands beside the words of each row of the queue: who reads it, when its people may be written to, what waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import g

from hotline.contact.windows import Opening, openings
from hotline.domain.report import Status
from hotline.domain.staff import Right
from hotline.store import Session
from hotline.triage import QueueRow
from hotline.triage.access import hidden_from
from hotline.triage.assigning import readers_by_load
from hotline.triage.attention import Attention, attention


@dataclass(frozen=True, slots=True)
class Beside:
    """*openings* is None where whoever reads may not reply, or nobody is written to. *readers* hold least first."""

    attention: Attention = field(default_factory=Attention)
    openings: Mapping[str, Opening] | None = None
    readers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def chips_of(self, row: QueueRow) -> tuple[str, ...]:
        """Return what is to be said of *row* beside its words, as codes, what asks for somebody first."""
        more = self.attention
        found = {
            "unopened": not row.is_opened and row.status != Status.CLOSED,
            "duress": row.duress,
            "undecided": row.id in more.undecided,
            "unread": row.id in more.unread,
            "copies": row.id in more.copies,
            "agreed": row.id in more.agreed,
            "asked": row.id in more.asked,
            "taken_back": row.id in more.taken_back,
            "restricted": row.restricted,
            "skipped": row.is_skipped,
        }
        return tuple(kind for kind, holds in found.items() if holds)

    def readers_of(self, row: QueueRow) -> tuple[str, ...]:
        return self.readers.get(row.language, ())


def beside(
    session: Session, rows: Sequence[QueueRow], *, known: Mapping[str, Opening] | None = None
) -> Beside:
    """Return what stands beside *rows*, with one query for each kind; *known* is what was opened of them already."""
    ids = [row.id for row in rows]
    return Beside(
        attention(session, ids, at=g.at),
        _openings(session, rows) if known is None else known,
        readers_by_load(
            session, g.keyholder.desk, at=g.at, hidden=hidden_from(g.keyholder.staff_id)
        ),
    )


def _openings(session: Session, rows: Sequence[QueueRow]) -> Mapping[str, Opening] | None:
    ids = [row.id for row in rows if row.status != Status.CLOSED]
    if not g.keyholder.may(Right.REPLY) or (rows and not ids):
        return None
    return openings(session, g.keyholder, ids, at=g.at) if ids else {}
