"""What somebody wrote and has not sent: sealed to their return code alone, so that nobody else reads it.

Where they made up a code word, code and word are needed together: whoever finds the code learns that there is a draft,
and not a word of it. A draft ends after a week, or when it is sent. Nobody on the desk sees them, so each is bounded,
and all of a day: what does not fit any more is not saved, and can still be sent.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select

from hotline.domain.report import day
from hotline.errors import Unavailable
from hotline.store import Session
from hotline.vault.envelope import SealBroken
from hotline.vault.reporters import ReporterKey, find_reporter
from hotline.vault.tables import drafts

KEPT = timedelta(days=7)
LONGEST = 100 << 10
"""Bytes of a form at most: an account as long as we keep one, and all that is typed beside it."""
ROWS, ROOM = 10_000, 96 << 20
"""How many drafts one day keeps, and how many bytes of them: whoever fills seven days fills less than 700 MB."""

Fields = Mapping[str, tuple[str, ...]]
"""What stands in the form: for each of its fields, all that was chosen or typed."""


@dataclass(frozen=True, slots=True)
class Locked:
    """A draft that does not open: it *asks for a word*, and that word was not given."""


def save_draft(
    session: Session, reporter: ReporterKey, fields: Fields, *, word: str, at: datetime
) -> bool:
    """Keep *fields* for who has the code and *word*, in the place of what was kept; tell whether it could be.

    It could not where the code opens a report already: then what is written belongs there.

    Raises:
        Unavailable: it is too long, or the day has no room for more; what was kept before stays.
    """
    if find_reporter(session, reporter.lookup) is not None:
        return False
    packed = _packed(fields)
    if len(packed) > LONGEST:
        raise Unavailable
    lookup, on, sealed = reporter.lookup, day(at), reporter.seal_draft(packed, word)
    if not _has_room(session, lookup, len(sealed), on):
        raise Unavailable
    forget_draft(session, lookup)
    row = {"lookup": lookup, "sealed": sealed, "asks_word": bool(word), "day": on}
    session.execute(insert(drafts), row)
    return True


def is_drafted(session: Session, lookup: bytes) -> bool:
    """Tell whether something is kept that was not sent."""
    return (
        session.execute(select(drafts.c.day).where(drafts.c.lookup == lookup)).first() is not None
    )


def open_draft(session: Session, reporter: ReporterKey, word: str) -> Fields | Locked | None:
    """Return what is kept for *reporter*; None where nothing is."""
    row = session.execute(select(drafts).where(drafts.c.lookup == reporter.lookup)).one_or_none()
    if row is None:
        return None
    try:
        return _unpacked(reporter.open_draft(row.sealed, word if row.asks_word else ""))
    except SealBroken:
        return Locked()


def forget_draft(session: Session, lookup: bytes) -> None:
    """Delete what was kept; nothing is there as well."""
    session.execute(delete(drafts).where(drafts.c.lookup == lookup))


def sweep_drafts(session: Session, *, at: datetime) -> None:
    """Delete what nobody came back for."""
    session.execute(delete(drafts).where(drafts.c.day < day(at - KEPT)))


def _has_room(session: Session, lookup: bytes, size: int, on: str) -> bool:
    """Tell whether the drafts that others saved on a day leave room for *size* bytes."""
    rows = drafts.c
    others = select(func.count(), func.coalesce(func.sum(func.length(rows.sealed)), 0)).where(
        rows.day == on, rows.lookup != lookup
    )
    count, taken = session.execute(others).one()
    return bool(count < ROWS and taken + size <= ROOM)


def _packed(fields: Fields) -> bytes:
    told = {name: list(given) for name, given in fields.items()}
    return json.dumps(told, ensure_ascii=False).encode()


def _unpacked(plain: bytes) -> Fields:
    return {name: tuple(given) for name, given in json.loads(plain).items()}
