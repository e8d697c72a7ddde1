"""A native speaker signs that they have read every safety sentence of a locale, and takes it back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from hotline import audit
from hotline.errors import Conflict, NotFound
from hotline.proofreading.tables import sign_offs, wrong_sentences
from hotline.reviews import Sentence, version_of
from hotline.store import Session


class OtherVersion(Conflict):
    default_message = "the sentences are no longer those that were read"


class MarkedWrong(Conflict):
    default_message = "a sentence is marked as wrong"


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who signed which version of a locale, and on which day."""

    locale: str
    staff_id: str
    version: str
    day: date


def sign(
    session: Session,
    locale: str,
    sentences: Collection[Sentence],
    *,
    version: str,
    by: str,
    at: datetime,
) -> None:
    """Keep that *by*, a native speaker, has read *version* of *locale*, whose *sentences* are those of today.

    Raises:
        OtherVersion: what was read is not what stands there now, or a translation is missing.
        MarkedWrong: one of the sentences is marked as wrong.
    """
    if not version or version != version_of(sentences):
        raise OtherVersion
    rows = wrong_sentences.c
    marked = session.execute(select(rows.sentence).where(rows.locale == locale)).scalars()
    if {one.id for one in sentences} & set(marked):
        raise MarkedWrong
    row = {"locale": locale, "staff_id": by, "version": version, "day": at.date()}
    dialect = postgresql if session.dialect.name == "postgresql" else sqlite
    kept = dialect.insert(sign_offs).values(row)
    changed = {"version": kept.excluded.version, "day": kept.excluded.day}
    session.execute(kept.on_conflict_do_update(index_elements=["locale", "staff_id"], set_=changed))
    audit.record(session, at=at, who=by, did="locale_signed", what=f"{locale} {version}")


def withdraw(session: Session, locale: str, staff_id: str, *, by: str, at: datetime) -> None:
    """Take the signature of a member back.

    Raises:
        NotFound: there is none.
    """
    rows = sign_offs.c
    gone = session.execute(
        delete(sign_offs).where(rows.locale == locale, rows.staff_id == staff_id)
    )
    if gone.rowcount != 1:
        raise NotFound
    audit.record(session, at=at, who=by, did="locale_unsigned", what=f"{locale} {staff_id}")


def sign_offs_of(session: Session, locale: str = "") -> tuple[SignOff, ...]:
    """Return who has signed *locale*, or any: as many as a house has people who read its languages."""
    rows = sign_offs.c
    query = select(rows.locale, rows.staff_id, rows.version, rows.day)
    if locale:
        query = query.where(rows.locale == locale)
    found = session.execute(query.order_by(rows.locale, rows.day, rows.staff_id))
    return tuple(SignOff(*row) for row in found)
