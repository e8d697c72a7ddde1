"""What interpreters made of a report's texts, and what they are asked to make: every version, sealed to its desk."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from hotline.domain.report import day
from hotline.errors import Refused
from hotline.store import Session, new_id
from hotline.triage.tables import translations
from hotline.vault.desk_words import drop_words, keep_words, open_words_of
from hotline.vault.handed import Kind
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder

LONGEST = 16_000
"""Characters of a translation that are kept."""
_VERSIONS = 40


class TooManyVersions(Refused):
    default_message = "this text was translated often enough"


@dataclass(frozen=True, slots=True, repr=False)
class Translation:
    """A text in one version, by the staff id of its maker; *text* is empty where its seal is broken."""

    id: str
    kind: Kind
    seq: int
    version: int
    by: str
    day: str
    text: str = ""


def next_draft(session: Session, report_id: str) -> int:
    """Return the number of the next answer of a report that is to be translated."""
    rows = translations.c
    last = select(func.max(rows.seq)).where(rows.report_id == report_id, rows.kind == Kind.DRAFT)
    return (session.execute(last).scalar_one() or 0) + 1


def next_version(session: Session, report_id: str, kind: Kind, seq: int) -> int:
    """Return the number of the next version of a text.

    Raises:
        TooManyVersions: it has as many as it may have.
    """
    rows = translations.c
    its = (rows.report_id == report_id, rows.kind == kind, rows.seq == seq)
    version = (session.execute(select(func.max(rows.version)).where(*its)).scalar_one() or 0) + 1
    if version > _VERSIONS:
        raise TooManyVersions(ref=report_id)
    return version


def keep(
    session: Session,
    keyring: Keyring,
    desk: str,
    report_id: str,
    kind: Kind,
    seq: int,
    version: int,
    text: str,
    *,
    by: str,
    at: datetime,
) -> None:
    """Keep a version of a text of a report, sealed to *desk*; version 0 of a draft is what is to be translated."""
    row = {
        "id": new_id(),
        "report_id": report_id,
        "kind": kind,
        "seq": seq,
        "version": version,
        "by": by,
        "day": day(at),
    }
    session.execute(insert(translations), row)
    keep_words(
        session, keyring, str(row["id"]), text, desk=desk, report_id=report_id, longest=LONGEST
    )


def translations_of(
    session: Session, keyholder: Keyholder, report_id: str
) -> dict[tuple[Kind, int], list[Translation]]:
    """Return the translations of a report's texts, and its drafts, each with its newest version first.

    Raises:
        Refused: without the right to read.
    """
    rows = translations.c
    its = select(translations).where(rows.report_id == report_id).order_by(rows.version.desc())
    found = session.execute(its.limit(2000)).all()
    words = open_words_of(session, keyholder, [row.id for row in found])
    by_text: dict[tuple[Kind, int], list[Translation]] = {}
    for row in found:
        kind = Kind(row.kind)
        one = Translation(
            row.id, kind, row.seq, row.version, row.by, row.day, words.get(row.id, "")
        )
        by_text.setdefault((kind, row.seq), []).append(one)
    return by_text


def forget_message(session: Session, report_id: str, seq: int) -> None:
    """Delete the translations of a message in which more is masked now: what is masked may stand in them."""
    rows = translations.c
    its = (rows.report_id == report_id, rows.kind == Kind.MESSAGE, rows.seq == seq)
    drop_words(session, session.execute(select(rows.id).where(*its)).scalars().all())
    session.execute(delete(translations).where(*its))


def forget(session: Session, report_id: str) -> None:
    """Delete of which texts of a report there are translations; the words go with the desk's."""
    session.execute(delete(translations).where(translations.c.report_id == report_id))
