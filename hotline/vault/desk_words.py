"""What staff of a desk write about a report beside the conversation: sealed to those who read its accounts.

Each text stands under the id of what it belongs to, such as a task, and ends with it or with its report.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select

from hotline.domain.staff import Right
from hotline.store import Session
from hotline.vault.envelope import Place, Purpose, SealBroken
from hotline.vault.keyring import DESK, Keyring
from hotline.vault.opening import Keyholder
from hotline.vault.tables import desk_words
from hotline.vault.words import WRAP_END, epoch_of, open_text, seal_text

LONGEST = 4000
"""Characters of a text that are kept."""


def keep_words(
    session: Session,
    keyring: Keyring,
    its_id: str,
    text: str,
    *,
    desk: str,
    report_id: str,
    longest: int = LONGEST,
) -> None:
    """Seal *text* to *desk* under *its_id*, in the place of what stood there; an empty text is none.

    Raises:
        NotFound: there is no such desk.
    """
    drop_words(session, [its_id])
    if not text:
        return
    sealed = seal_text(keyring, DESK, desk_place(desk, its_id), text[:longest])
    row = {
        "id": its_id,
        "desk": desk,
        "report_id": report_id,
        "epoch_id": epoch_of(sealed),
        "wrap": sealed[:WRAP_END],
        "sealed": sealed[WRAP_END:],
    }
    session.execute(insert(desk_words).values(row))


def open_words_of(session: Session, keyholder: Keyholder, ids: Collection[str]) -> dict[str, str]:
    """Return the texts of some things by their ids, with a single query; what is missing or broken is left out.

    Raises:
        Refused: without the right to read.
    """
    keyholder.require(Right.READ)
    rows = desk_words.c
    if not ids:
        return {}
    found: Select[Any] = select(desk_words).where(rows.id.in_(ids), rows.desk == keyholder.desk)
    return dict(_opened(session, keyholder, session.execute(found).all()))


def drop_words(session: Session, ids: Collection[str]) -> None:
    """Delete the texts of some things."""
    session.execute(delete(desk_words).where(desk_words.c.id.in_(ids)))


def forget(session: Session, report_id: str) -> None:
    """Delete everything of this kind about a report."""
    session.execute(delete(desk_words).where(desk_words.c.report_id == report_id))


def desk_place(desk: str, its_id: str) -> Place:
    return Place(Purpose.DESK_WORDS, desk, its_id, "words")


def _opened(
    session: Session, keyholder: Keyholder, rows: Iterable[Row[Any]]
) -> Iterable[tuple[str, str]]:
    for row in rows:
        sealed = row.wrap + row.sealed
        try:
            place = desk_place(row.desk, row.id)
            yield row.id, open_text(session, keyholder.epochs, place, sealed)
        except SealBroken:
            continue
