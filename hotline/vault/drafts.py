"""What somebody wrote and has not sent: sealed to their return code alone, so that nobody else reads it.

Where they made up a code word, code and word are needed together: whoever finds the code learns that there is a draft,
and not a word of it. A draft ends after a week, or when it is sent.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from hotline.domain.report import day
from hotline.store import Session
from hotline.vault.envelope import SealBroken
from hotline.vault.reporters import ReporterKey, find_reporter
from hotline.vault.tables import drafts

KEPT = timedelta(days=7)

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
    """
    if find_reporter(session, reporter.lookup) is not None:
        return False
    forget_draft(session, reporter.lookup)
    session.execute(
        insert(drafts),
        {
            "lookup": reporter.lookup,
            "sealed": reporter.seal_draft(_packed(fields), word),
            "asks_word": bool(word),
            "day": day(at),
        },
    )
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


def _packed(fields: Fields) -> bytes:
    return json.dumps({name: list(given) for name, given in fields.items()}).encode()


def _unpacked(plain: bytes) -> Fields:
    return {name: tuple(given) for name, given in json.loads(plain).items()}
