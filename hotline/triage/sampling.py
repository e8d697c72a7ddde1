"""Closed reports that a supervisor looks at again, drawn by lot, so that nobody picks whose work is looked at.

The lots of a month are drawn once: whoever draws more goes on where the last one ended. What was found stands as codes,
and as words that are sealed to the desk; who is told of them is whoever worked on the report, and counts have no names.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import nsmallest
from typing import Any

from sqlalchemy import Select, delete, func, insert, literal, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline import audit
from hotline.domain.report import Status, day
from hotline.errors import Malformed, NotFound, Refused
from hotline.reports import messages, reports
from hotline.store import Session, new_id
from hotline.triage.access import seen_by
from hotline.triage.statistics import month_after
from hotline.triage.tables import sample_seeds, samples
from hotline.vault.desk_words import drop_words, keep_words
from hotline.vault.keyring import Keyring

QUESTIONS = ("in_time", "language", "consent", "masks", "urgency", "tone")
"""Answered in time? In their language? Asked before anything left? Masked right? Urgent as it was? The right tone?"""

ANSWERS = ("yes", "no", "none")
"""NONE says that a question does not fit the report."""

MOST = 20
"""So many are drawn at once, at most."""

_MOST_LOTS = 200_000
_SHOWN = 100


class OwnWork(Refused):
    default_message = "somebody else must look at your work"


class AnswersMissing(Malformed):
    default_message = "answer each question"


@dataclass(frozen=True, slots=True)
class Sample:
    """A report that was drawn; *by* and *day* are empty until somebody looked at it."""

    id: str
    report_id: str
    month: str
    who: str
    place: int
    by: str
    day: str
    answers: Mapping[str, str]


_COLUMNS = tuple(samples.c[name] for name in Sample.__slots__)


def draw(session: Session, *, desk: str, by: str, month: str, count: int, at: datetime) -> int:
    """Draw up to *count* more closed reports that came to *desk* in *month*; return how many there were.

    Restricted ones are drawn only by those who are named for them.

    Raises:
        Malformed: that is no month that is over, or no number that may be drawn.
    """
    first = _first_day(month)
    if not 1 <= count <= MOST or month_after(first) > at.date():
        raise Malformed
    seed, drawn = _seed(session, desk, month), _drawn(session, desk, month)
    lots = nsmallest(count, _closed(session, desk, first, by), key=lambda one: _lot(seed, one))
    rows = [
        {
            "id": new_id(),
            "desk": desk,
            "month": month,
            "report_id": report_id,
            "who": _worked_on(session, report_id),
            "place": drawn + number,
            "answers": {},
        }
        for number, report_id in enumerate(lots, 1)
    ]
    if rows:
        session.execute(insert(samples), rows)
        audit.record(session, at=at, who=by, did="sample", desk=desk, what=f"{len(rows)} {month}")
    return len(rows)


def review(
    session: Session,
    report_id: str,
    *,
    keyring: Keyring,
    desk: str,
    by: str,
    answers: Mapping[str, str],
    words: str,
    at: datetime,
) -> None:
    """Keep what *by* found about a report that was drawn, in the place of what was found before.

    Raises:
        NotFound: it was not drawn.
        OwnWork: *by* worked on it.
        AnswersMissing: a question is open.
    """
    its = find(session, report_id, desk=desk)
    if its.who == by:
        raise OwnWork(ref=report_id)
    said = {question: answers.get(question, "") for question in QUESTIONS}
    if not set(said.values()) <= set(ANSWERS):
        raise AnswersMissing(ref=report_id)
    found = {"by": by, "day": day(at), "answers": said}
    session.execute(update(samples).where(samples.c.id == its.id).values(**found))
    words = words.strip()
    keep_words(session, keyring, its.id, words, desk=desk, report_id=report_id)
    audit.record(session, at=at, who=by, did="sample_reviewed", desk=desk, report_id=report_id)


def find(session: Session, report_id: str, *, desk: str) -> Sample:
    """Return a report that was drawn.

    Raises:
        NotFound: it was not.
    """
    rows = samples.c
    query = select(*_COLUMNS).where(rows.report_id == report_id, rows.desk == desk)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound(ref=report_id)
    return Sample(*row)


def samples_of(session: Session, *, desk: str, month: str, staff_id: str) -> tuple[Sample, ...]:
    """Return what was drawn of a month, the newest first, as far as *staff_id* may see it."""
    rows = samples.c
    query = _seen(staff_id).where(rows.desk == desk, rows.month == month)
    found = session.execute(query.order_by(rows.place.desc()).limit(_SHOWN))
    return tuple(Sample(*row) for row in found)


def results(session: Session, *, desk: str, month: str, staff_id: str) -> dict[str, Counter[str]]:
    """Return how often each question of a month got each answer, as far as *staff_id* may see; of nobody in particular."""
    rows = samples.c
    its_report = samples.join(reports, reports.c.id == rows.report_id)
    ours = (rows.desk == desk, rows.month == month, rows.by != "")
    query = select(rows.answers).select_from(its_report).where(*ours, seen_by(staff_id))
    found: dict[str, Counter[str]] = {question: Counter() for question in QUESTIONS}
    for (answers,) in session.execute(query):
        for question, answer in answers.items():
            found.setdefault(question, Counter())[answer] += 1
    return found


def about(
    session: Session, staff_id: str, *, after: str = "", limit: int = 25
) -> tuple[Sample, ...]:
    """Return what was found about the work of *staff_id*, the newest first, behind the sample *after*."""
    rows = samples.c
    query = _seen(staff_id).where(rows.who == staff_id, rows.by != "")
    last = session.execute(
        select(rows.day).where(rows.id == after, rows.who == staff_id)
    ).scalar_one_or_none()
    if last is not None:
        query = query.where(tuple_(rows.day, rows.id) < tuple_(literal(last), literal(after)))
    found = session.execute(query.order_by(rows.day.desc(), rows.id.desc()).limit(limit))
    return tuple(Sample(*row) for row in found)


def forget(session: Session, report_id: str) -> None:
    """Delete what was found about a report."""
    ids = select(samples.c.id).where(samples.c.report_id == report_id)
    drop_words(session, session.execute(ids).scalars().all())
    session.execute(delete(samples).where(samples.c.report_id == report_id))


def _seen(staff_id: str) -> Select[Any]:
    its_report = samples.join(reports, reports.c.id == samples.c.report_id)
    return select(*_COLUMNS).select_from(its_report).where(seen_by(staff_id))


def _first_day(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Malformed from None


def _seed(session: Session, desk: str, month: str) -> bytes:
    """Return by what the lots of a month are drawn; whoever draws first makes it, and nobody chooses it."""
    row = {"desk": desk, "month": month, "seed": secrets.token_bytes(16)}
    adding = postgresql.insert if session.dialect.name == "postgresql" else sqlite.insert
    session.execute(adding(sample_seeds).values(row).on_conflict_do_nothing())
    rows = sample_seeds.c
    its = select(rows.seed).where(rows.desk == desk, rows.month == month)
    return bytes(session.execute(its).scalar_one())


def _drawn(session: Session, desk: str, month: str) -> int:
    rows = samples.c
    last = select(func.max(rows.place)).where(rows.desk == desk, rows.month == month)
    return session.execute(last).scalar_one() or 0


def _closed(session: Session, desk: str, first: date, by: str) -> Sequence[str]:
    rows = reports.c
    query = select(rows.id).where(
        rows.desk == desk,
        rows.day >= first.isoformat(),
        rows.day < month_after(first).isoformat(),
        rows.status == Status.CLOSED,
        rows.joined_to.is_(None),
        rows.id.not_in(select(samples.c.report_id)),
        seen_by(by),
    )
    return session.execute(query.limit(_MOST_LOTS)).scalars().all()


def _lot(seed: bytes, report_id: str) -> bytes:
    return hashlib.sha256(seed + report_id.encode()).digest()


def _worked_on(session: Session, report_id: str) -> str:
    """Return who wrote last in the conversation of a report; empty where nobody of us did."""
    rows = messages.c
    last = select(rows.author).where(rows.report_id == report_id, rows.author != "")
    return session.execute(last.order_by(rows.seq.desc()).limit(1)).scalar_one_or_none() or ""
