"""Redacted texts that a caseworker hands to one interpreter: each a letter to that interpreter's own key.

An interpreter holds no key of a desk, so these are all that they can open. A letter is bound to its report, its piece
of work and its text, and opens nowhere else. It lies under the lock of the desk's key period, as every wrap of a key does:
once that is destroyed no backup gives it back. Beside what was handed over lie the interpreter's own translations, so
that they can go on where they were. All of it is deleted when the work ends.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, insert, select

from hotline.domain.staff import Right
from hotline.store import Session
from hotline.vault.contents import from_json, shallow, to_json
from hotline.vault.envelope import Place, Purpose, SealBroken
from hotline.vault.keys import PublicKey
from hotline.vault.letters import open_letter, seal_letter
from hotline.vault.locks import Locks
from hotline.vault.opening import Keyholder
from hotline.vault.roster import MemberEntry
from hotline.vault.tables import handed_texts


class Kind(StrEnum):
    """A message of the report, an answer that a caseworker drafts; and what the interpreter made of each."""

    MESSAGE = "message"
    DRAFT = "draft"
    MESSAGE_MADE = "message made"
    DRAFT_MADE = "draft made"

    @property
    def made(self) -> "Kind":
        """Return the kind of its translation."""
        return {Kind.MESSAGE: Kind.MESSAGE_MADE, Kind.DRAFT: Kind.DRAFT_MADE}[self]


@dataclass(frozen=True, slots=True, repr=False)
class Handed:
    """A text with its *language*; *is_ours* tells an answer of the desk from what the person wrote."""

    text: str
    language: str = "und"
    is_ours: bool = False

    def __repr__(self) -> str:
        return "<Handed>"


Texts = Mapping[tuple[Kind, int], Handed]
"""Texts by their kind and the number of the message, or of the draft."""


def seal_handed(
    texts: Texts,
    *,
    to: MemberEntry,
    desk: str,
    report_id: str,
    work_id: str,
    epoch_id: str,
    locks: Locks,
) -> list[dict[str, Any]]:
    """Return *texts*, sealed to the one who does this piece of work, as rows for `keep_handed`.

    They lie under the lock of the period *epoch_id*.
    """
    public = PublicKey(to.public)
    return [
        {
            "report_id": report_id,
            "work_id": work_id,
            "kind": kind,
            "seq": seq,
            "desk": desk,
            "member_id": to.id,
            "epoch_id": epoch_id,
            "sealed": locks.put_under(
                seal_letter(
                    public,
                    to_json(shallow(text)),
                    handed_place(desk, report_id, work_id, kind, seq),
                    reader=to.id,
                ),
                handed_place(desk, report_id, work_id, kind, seq),
                epoch_id=epoch_id,
            ),
        }
        for (kind, seq), text in texts.items()
    ]


def keep_handed(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep each of *rows* in the place of what was there of the same text."""
    its = handed_texts.c
    for row in rows:
        same = (its.work_id == row["work_id"], its.kind == row["kind"], its.seq == row["seq"])
        session.execute(delete(handed_texts).where(*same))
        session.execute(insert(handed_texts), row)


def handed_over(session: Session, work_id: str) -> frozenset[tuple[Kind, int]]:
    """Return which texts lie with the one who does a piece of work; what they say stays closed."""
    rows = handed_texts.c
    found = session.execute(select(rows.kind, rows.seq).where(rows.work_id == work_id))
    return frozenset((Kind(row.kind), row.seq) for row in found)


def open_handed(
    session: Session, keyholder: Keyholder, work_id: str
) -> dict[tuple[Kind, int], Handed]:
    """Return what was handed to whoever is signed in; what does not open is left out.

    Raises:
        Refused: without the right to interpret.
    """
    keyholder.require(Right.INTERPRET)
    rows = handed_texts.c
    its = (rows.work_id == work_id, rows.member_id == keyholder.staff_id)
    found = session.execute(select(handed_texts).where(*its).order_by(rows.kind, rows.seq)).all()
    opened = {}
    for row in found:
        place = handed_place(row.desk, row.report_id, row.work_id, row.kind, row.seq)
        try:
            letter = keyholder.locks.take_out(row.sealed, place, epoch_id=row.epoch_id)
            plain = open_letter(keyholder.keys.private, letter, place, reader=keyholder.staff_id)
        except SealBroken:
            continue
        opened[Kind(row.kind), row.seq] = Handed(**from_json(plain))
    return opened


def take_back(session: Session, work_ids: Collection[str]) -> None:
    """Delete what lies with those who did these pieces of work."""
    session.execute(delete(handed_texts).where(handed_texts.c.work_id.in_(work_ids)))


def take_back_message(session: Session, report_id: str, seq: int) -> None:
    """Delete what lies with interpreters of one message: more of it is masked now than when it was handed over."""
    rows = handed_texts.c
    its = (rows.report_id == report_id, rows.seq == seq)
    kinds = rows.kind.in_([Kind.MESSAGE, Kind.MESSAGE_MADE])
    session.execute(delete(handed_texts).where(*its, kinds))


def forget(session: Session, report_id: str) -> None:
    """Delete what was handed over of a report."""
    session.execute(delete(handed_texts).where(handed_texts.c.report_id == report_id))


def forget_member(session: Session, member_id: str) -> None:
    """Delete what was handed to somebody who left, or whose keys ended."""
    session.execute(delete(handed_texts).where(handed_texts.c.member_id == member_id))


def handed_place(desk: str, report_id: str, work_id: str, kind: str, seq: int) -> Place:
    """Return where what was handed over belongs."""
    return Place(Purpose.HANDED_TEXT, desk, report_id, f"{kind} {work_id}", seq)
