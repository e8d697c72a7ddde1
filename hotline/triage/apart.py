"""Which of very many alike reports brought more than their words: files, a way to be reached, or choices.

Whoever sent a photo, a number or a place is somebody who waits for an answer, whatever their words are like. Such a report
is never dismissed with its group: somebody looks at it first, and says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from hotline.domain.staff import Right
from hotline.store import Session
from hotline.triage.quarantine import in_group
from hotline.triage.rows import QueueRow
from hotline.vault.envelope import SealBroken
from hotline.vault.opening import EnvelopeNotFound, Keyholder
from hotline.vault.tables import attachments

_FIRST_MESSAGE = 1
_WAYS = ("number", "place")


@dataclass(frozen=True, slots=True)
class Brought:
    """What came with a report: how many *files*, whether they left a number or a place, whether they chose answers."""

    files: int = 0
    is_reachable: bool = False
    chose: bool = False

    def __bool__(self) -> bool:
        return bool(self.files or self.is_reachable or self.chose)


@dataclass(frozen=True, slots=True)
class Apart:
    """The reports of a group that do not go with it, the most urgent first: the ones among the first *looked_at*."""

    rows: tuple[QueueRow, ...]
    looked_at: int


def brought(session: Session, by: Keyholder, ids: Sequence[str]) -> dict[str, Brought]:
    """Return what came with each of some reports, as far as *by* may know it."""
    files = _files(session, ids)
    may_reply = by.may(Right.REPLY)
    return {
        its: Brought(
            files.get(its, 0),
            may_reply and _is_reachable(session, by, its),
            _chose(session, by, its),
        )
        for its in ids
    }


def staying(session: Session, ids: Sequence[str], *, by: Keyholder) -> set[str]:
    """Return which of some reports are not dismissed with their group."""
    files = _files(session, ids)
    return {its for its in ids if its in files or _is_reachable(session, by, its)}


def apart(session: Session, by: Keyholder, alike: str, *, at: datetime, limit: int = 1000) -> Apart:
    """Return which of the first *limit* reports of a group are not dismissed with it."""
    found = in_group(session, by.desk, alike, at=at, limit=limit).rows
    stay = staying(session, [row.id for row in found], by=by)
    return Apart(tuple(row for row in found if row.id in stay), len(found))


def _files(session: Session, ids: Sequence[str]) -> dict[str, int]:
    rows = attachments.c
    its = (rows.report_id.in_(ids), rows.copy_of == 0)
    query = select(rows.report_id, func.count()).where(*its).group_by(rows.report_id)
    return {row[0]: row[1] for row in session.execute(query)}


def _is_reachable(session: Session, by: Keyholder, report_id: str) -> bool:
    """Tell whether they left a number or a place; where that does not open nobody knows, and so it counts as told."""
    try:
        address, ways = by.open_contact(session, report_id)
    except EnvelopeNotFound:
        return False
    except SealBroken:
        return True
    return address is not None or any(ways.get(name) for name in _WAYS)


def _chose(session: Session, by: Keyholder, report_id: str) -> bool:
    account = by.open_accounts(session, report_id, [_FIRST_MESSAGE]).get(_FIRST_MESSAGE)
    return bool(account and any(account.details.get("answers", {}).values()))
