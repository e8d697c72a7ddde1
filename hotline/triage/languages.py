"""Which languages people at a desk read and write; they say so themselves. ISO 639 codes, such as ``ti``."""

import re
from collections.abc import Collection

from sqlalchemy import bindparam, delete, insert, select

from hotline.statements import Statement
from hotline.store import Session
from hotline.triage.tables import staff_languages

_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{4})?")
_MOST = 60
_READERS = Statement(
    select(staff_languages.c.language, staff_languages.c.staff_id)
    .where(staff_languages.c.desk == bindparam("its_desk"))
    .order_by(staff_languages.c.language, staff_languages.c.staff_id)
)


def speak(session: Session, staff_id: str, desk: str, languages: Collection[str]) -> None:
    """Let *languages* be those of a member, in the place of what they said before; what is no code is left out."""
    said = sorted(code for code in set(languages) if _CODE.fullmatch(code))[:_MOST]
    session.execute(delete(staff_languages).where(staff_languages.c.staff_id == staff_id))
    if said:
        rows = [{"staff_id": staff_id, "language": code, "desk": desk} for code in said]
        session.execute(insert(staff_languages), rows)


def languages_of(session: Session, staff_id: str) -> tuple[str, ...]:
    """Return what a member reads, in the order of the codes."""
    rows = staff_languages.c
    found = select(rows.language).where(rows.staff_id == staff_id).order_by(rows.language)
    return tuple(session.execute(found).scalars())


def readers(session: Session, desk: str) -> dict[str, tuple[str, ...]]:
    """Return the staff ids of *desk* who read each language; a desk has few people."""
    found: dict[str, list[str]] = {}
    for row in _READERS.all(session, {"its_desk": desk}):
        found.setdefault(row.language, []).append(row.staff_id)
    return {language: tuple(ids) for language, ids in found.items()}
