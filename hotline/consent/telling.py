"""What was told without a yes: to save a life, or because the law commands it. Both are said beforehand.

Who was told what, and when, stands here for the person, who sees it on their own page as soon as that is safe.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, insert, select, update

from hotline import audit
from hotline.consent.fields import NEVER
from hotline.consent.grant import ConsentRefused, Why, tidy
from hotline.consent.sealing import seal, unseal
from hotline.consent.tables import disclosures
from hotline.domain.report import day, minute
from hotline.errors import NotFound
from hotline.reports.belonging import lock
from hotline.store import Session, new_id
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder


class Ground(StrEnum):
    EMERGENCY = "emergency"
    LAW = "law"


class To(StrEnum):
    POLICE = "police"
    AMBULANCE = "ambulance"
    FIRE = "fire"
    CHILD_PROTECTION = "child_protection"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Somebody was told something; *shown_day* is empty while the person's own page does not show it yet."""

    id: str
    report_id: str
    ground: str
    to: str
    fields: tuple[str, ...]
    by: str
    day: str
    shown_day: str


def tell(
    session: Session,
    keyring: Keyring,
    *,
    report_id: str,
    ground: str,
    to: str,
    fields: Collection[str],
    words: str,
    by: str,
    at: datetime,
    told_at: datetime | None = None,
) -> str:
    """Write down that somebody was told *fields*, and return the id; *words* say who exactly, and what.

    *told_at* is when that was, if it was not just now.

    Raises:
        NotFound: there is no such report.
        ConsentRefused: no fields, no words, or one that never leaves.
    """
    desk = lock(session, report_id)
    if NEVER & set(fields):
        raise ConsentRefused(Why.NEVER_LEAVES)
    if not fields or not words.strip():
        raise ConsentRefused(Why.NO_WORDS if fields else Why.NO_FIELDS)
    its_id = new_id()
    said = json.dumps([minute(told_at or at).isoformat(), words.strip()], ensure_ascii=False)
    ground, to = Ground(ground).value, To(to).value
    row = {
        "id": its_id,
        "report_id": report_id,
        "ground": ground,
        "to": to,
        "fields": tidy(fields),
        "words_sealed": seal(keyring, desk, its_id, said),
        "by": by,
        "day": day(at),
    }
    session.execute(insert(disclosures), row)
    audit.record(
        session,
        at=at,
        who=by,
        did="told",
        desk=desk,
        report_id=report_id,
        what=f"{its_id} {to}",
        purpose=ground,
    )
    return its_id


def let_know(session: Session, its_id: str, *, report_id: str, by: str, at: datetime) -> bool:
    """Let the person's own page show it from now on; tell whether that is new.

    Raises:
        NotFound: the report has no such disclosure.
    """
    desk = lock(session, report_id)
    if its_id not in [one.id for one in of_report(session, report_id)]:
        raise NotFound(ref=its_id)
    its = (disclosures.c.id == its_id, disclosures.c.shown_day == "")
    shown = session.execute(update(disclosures).where(*its).values(shown_day=day(at)))
    if shown.rowcount:
        audit.record(
            session, at=at, who=by, did="told_shown", desk=desk, report_id=report_id, what=its_id
        )
    return bool(shown.rowcount)


def of_report(session: Session, report_id: str) -> list[Disclosure]:
    """Return what was told without a yes, oldest first; at most two hundred."""
    query = select(*COLUMNS).where(disclosures.c.report_id == report_id)
    rows = session.execute(query.order_by(disclosures.c.day, disclosures.c.id).limit(200))
    return [Disclosure(**{**row._mapping, "fields": tuple(row.fields)}) for row in rows]


def untold(session: Session, *, until: str, limit: int = 500) -> list[tuple[str, str]]:
    """Return reports of which something was told to save a life, by the day *until*, that the person's page does not
    show; each with the first such day, the oldest first."""
    rows, first = disclosures.c, func.min(disclosures.c.day)
    hidden = (rows.ground == Ground.EMERGENCY, rows.shown_day == "", rows.day <= until)
    query = select(rows.report_id, first).where(*hidden).group_by(rows.report_id)
    found = session.execute(query.order_by(first, rows.report_id).limit(limit))
    return [(report_id, its_day) for report_id, its_day in found]


def open_words(session: Session, keyholder: Keyholder, its_id: str) -> tuple[str, str]:
    """Return when it was (an ISO time to the minute, in UTC), and who was told what, in the words of who told it.

    Raises:
        NotFound: there is no such disclosure.
        SealBroken: it is not for this keyholder.
    """
    its = select(disclosures.c.words_sealed).where(disclosures.c.id == its_id)
    sealed = session.execute(its).scalar_one_or_none()
    if sealed is None:
        raise NotFound(ref=its_id)
    at, words = json.loads(unseal(session, keyholder, its_id, sealed))
    return str(at), str(words)


def forget(session: Session, report_id: str) -> None:
    session.execute(delete(disclosures).where(disclosures.c.report_id == report_id))


COLUMNS = tuple(disclosures.c[name] for name in Disclosure.__slots__)
