"""Which languages people at a desk read and write; they say so themselves. ISO 639 codes, such as ``ti``."""

import re
from collections.abc import Collection

from sqlalchemy import delete, insert, select

from hotline.store import Session
from hotline.triage.tables import staff_languages

_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{4})?")
_MOST = 60


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
    rows = staff_languages.c
    query = select(rows.language, rows.staff_id).where(rows.desk == desk)
    found: dict[str, list[str]] = {}
    for row in session.execute(query.order_by(rows.language, rows.staff_id)):
        found.setdefault(row.language, []).append(row.staff_id)
    return {language: tuple(ids) for language, ids in found.items()}
