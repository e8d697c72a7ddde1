"""A native speaker marks a sentence as wrong and says what it should say: until it is mended, the locale is not signed."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, select

from hotline import audit
from hotline.errors import NotFound
from hotline.proofreading.tables import wrong_sentences
from hotline.store import Session, new_id
from hotline.vault.desk_words import drop_words, keep_words
from hotline.vault.keyring import Keyring

LONGEST = 1000
_MOST = 500
"""Marks of one locale: more than it has sentences."""


@dataclass(frozen=True, slots=True)
class Mark:
    """That a member marked a *sentence* of *locale*, by its id; what it should say lies sealed under *id*."""

    id: str
    locale: str
    sentence: str
    staff_id: str
    day: date


def mark(
    session: Session,
    keyring: Keyring,
    locale: str,
    sentence: str,
    words: str,
    *,
    desk: str,
    by: str,
    at: datetime,
) -> None:
    """Keep that *sentence*, the id of one of *locale*, is wrong; *words* say what it should say, to *desk*.

    A second mark of the same member comes in the place of the first.
    """
    rows = wrong_sentences.c
    mine = (rows.locale == locale) & (rows.sentence == sentence) & (rows.staff_id == by)
    earlier = session.execute(select(rows.id).where(mine)).scalar_one_or_none()
    its_id = earlier or new_id()
    if earlier is None:
        row = {
            "id": its_id,
            "locale": locale,
            "sentence": sentence,
            "staff_id": by,
            "day": at.date(),
        }
        session.execute(insert(wrong_sentences).values(row))
    keep_words(session, keyring, its_id, words.strip(), desk=desk, report_id="", longest=LONGEST)
    audit.record(session, at=at, who=by, did="sentence_wrong", what=f"{locale} {sentence}")


def unmark(session: Session, locale: str, mark_id: str, *, by: str, at: datetime) -> None:
    """Take a mark back.

    Raises:
        NotFound: there is none.
    """
    found = next((one for one in marks_of(session, locale) if one.id == mark_id), None)
    if found is None:
        raise NotFound
    session.execute(delete(wrong_sentences).where(wrong_sentences.c.id == mark_id))
    drop_words(session, [mark_id])
    audit.record(session, at=at, who=by, did="sentence_right", what=f"{locale} {found.sentence}")


def marks_of(session: Session, locale: str) -> tuple[Mark, ...]:
    """Return what was marked of *locale*, the oldest first; also of sentences that are there no more."""
    rows = wrong_sentences.c
    query = select(rows.id, rows.locale, rows.sentence, rows.staff_id, rows.day)
    found = session.execute(
        query.where(rows.locale == locale).order_by(rows.day, rows.id).limit(_MOST)
    )
    return tuple(Mark(*row) for row in found)


def forget_mended(session: Session, ids_of: Callable[[str], Collection[str]]) -> None:
    """Delete the marks of sentences that *ids_of* their locale does not return any more: mended, or gone."""
    locales = session.execute(select(wrong_sentences.c.locale).distinct()).scalars().all()
    for locale in locales:
        now = ids_of(locale)
        # Where there is no sentence at all, the catalogs are not there, and nothing was mended.
        gone = [one.id for one in marks_of(session, locale) if now and one.sentence not in now]
        session.execute(delete(wrong_sentences).where(wrong_sentences.c.id.in_(gone)))
        drop_words(session, gone)
