"""Words that caseworkers give back: each may be a name in truth, so it stays sealed until it was decided about.

Whoever reads the log of the desk opens it, as all that staff write down. It ends with its report, with the decision,
or by itself.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.domain.report import day
from hotline.domain.staff import Right
from hotline.store import Ids, Session, new_id, unless
from hotline.vault.envelope import Place, Purpose, SealBroken
from hotline.vault.keyring import RECORD, Keyring
from hotline.vault.opening import Keyholder
from hotline.vault.tables import given_words
from hotline.vault.words import WRAP_END, epoch_of, open_text, seal_text

KEPT = timedelta(days=30)
"""How long a word waits for somebody who decides."""


@dataclass(frozen=True, slots=True, repr=False)
class GivenWord:
    """A *word* as it was given back, with the staff id of who gave it."""

    id: str
    language: str
    by: str
    day: str
    word: str


def give(
    session: Session,
    keyholder: Keyholder,
    keyring: Keyring,
    word: str,
    *,
    report_id: str,
    seq: int,
    placeholder: str,
    language: str,
    at: datetime,
) -> bool:
    """Seal *word*, which stands behind *placeholder* of a message; tell whether the giver had not given it before."""
    its_id = new_id()
    sealed = seal_text(keyring, RECORD, given_place(keyholder.desk, its_id), word)
    row = {
        "id": its_id,
        "desk": keyholder.desk,
        "report_id": report_id,
        "seq": seq,
        "placeholder": placeholder,
        "language": language,
        "by": keyholder.staff_id,
        "day": day(at),
        "epoch_id": epoch_of(sealed),
        "wrap": sealed[:WRAP_END],
        "sealed": sealed[WRAP_END:],
    }
    dialect = postgresql if session.dialect.name == "postgresql" else sqlite
    kept = dialect.insert(given_words).values(row).on_conflict_do_nothing()
    return session.execute(kept.returning(given_words.c.id)).first() is not None


def waiting(
    session: Session, keyholder: Keyholder, *, limit: int, hidden: Ids | None = None
) -> list[GivenWord]:
    """Return up to *limit* words of the keyholder's desk, the oldest first; what does not open is left out.

    None is from a report of those that are *hidden* from them.

    Raises:
        Refused: without the right to oversee.
    """
    keyholder.require(Right.OVERSEE)
    rows = given_words.c
    its = (rows.desk == keyholder.desk, unless(rows.report_id, hidden))
    oldest = select(given_words).where(*its).order_by(rows.day, rows.id)
    found = []
    for row in session.execute(oldest.limit(limit)).all():
        place = given_place(row.desk, row.id)
        try:
            word = open_text(session, keyholder.epochs, place, row.wrap + row.sealed)
        except SealBroken:
            continue
        found.append(GivenWord(row.id, row.language, row.by, row.day, word))
    return found


def given_of(session: Session, report_id: str, seq: int) -> frozenset[str]:
    """Return the placeholders of a message whose word waits for a decision."""
    rows = given_words.c
    its = select(rows.placeholder).where(rows.report_id == report_id, rows.seq == seq)
    return frozenset(session.execute(its).scalars())


def drop(session: Session, ids: Collection[str]) -> int:
    """Delete words that were decided about; return how many there were."""
    return session.execute(delete(given_words).where(given_words.c.id.in_(ids))).rowcount


def rename(session: Session, report_id: str, seq: int, old: str, new: str) -> None:
    """Let words that wait know the new name of their placeholder."""
    rows = given_words.c
    its = (rows.report_id == report_id, rows.seq == seq, rows.placeholder == old)
    session.execute(update(given_words).where(*its).values(placeholder=new))


def forget(session: Session, report_id: str) -> None:
    """Delete what was given back out of a report."""
    session.execute(delete(given_words).where(given_words.c.report_id == report_id))


def sweep(session: Session, *, at: datetime) -> None:
    """Delete what nobody decided about in time."""
    session.execute(delete(given_words).where(given_words.c.day < day(at - KEPT)))


def given_place(desk: str, its_id: str) -> Place:
    return Place(Purpose.GIVEN_WORD, desk, its_id, "word")
