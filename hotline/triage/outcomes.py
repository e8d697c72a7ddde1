"""What came of a report, said when the work on it ends, and what was learned from one that was urgent.

The outcome is a code in the clear; words beside it are sealed to the desk, and go when the report is taken up again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from hotline import audit
from hotline.domain.outcome import Outcome
from hotline.domain.report import day
from hotline.domain.urgency import Urgency
from hotline.errors import Malformed, Refused
from hotline.reports import reports
from hotline.reports.tallying import concluded
from hotline.store import Session, new_id
from hotline.triage.reading import ReportFacts, report_facts
from hotline.triage.tables import lessons
from hotline.vault import desk_words
from hotline.vault.contents import from_json, to_json
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder

QUESTIONS = ("well", "otherwise", "cost")
"""What staff are asked afterwards: what went well, what they would do differently, what it cost them."""

_LONGEST = 1000
_LINES = 200


class OutcomeMissing(Malformed):
    default_message = "say what came of it before it is closed"


class NothingSaid(Malformed):
    default_message = "answer at least one of the questions"


class StillOpen(Refused):
    default_message = "close it first: then look back at it"


@dataclass(frozen=True, slots=True, repr=False)
class Lesson:
    """What one member of staff learned; *answers* are empty where they do not open."""

    by: str
    day: str
    answers: Mapping[str, str]


def outcome_of(code: str) -> Outcome:
    """Return the outcome that a form says.

    Raises:
        OutcomeMissing: it says none.
    """
    if code not in list(Outcome):
        raise OutcomeMissing
    return Outcome(code)


def say(
    session: Session,
    keyring: Keyring,
    report_id: str,
    *,
    desk: str,
    by: str,
    outcome: Outcome,
    words: str,
    at: datetime,
) -> None:
    """Keep what came of a report, and write that down; *words* may be empty."""
    session.execute(update(reports).where(reports.c.id == report_id).values(outcome=outcome))
    desk_words.keep_words(session, keyring, report_id, words, desk=desk, report_id=report_id)
    concluded(session, report_id, outcome=outcome, at=at)
    its = {"at": at, "who": by, "desk": desk, "report_id": report_id}
    audit.record(session, did="outcome", what=outcome, **its)  # type: ignore[arg-type]


def unsay(session: Session, report_id: str) -> None:
    """Forget what came of a report that is taken up again; the log still says it."""
    session.execute(update(reports).where(reports.c.id == report_id).values(outcome=""))
    desk_words.drop_words(session, [report_id])


def is_worth_a_look(session: Session, facts: ReportFacts) -> bool:
    """Tell whether staff are asked what they learned: it was immediate, or number and place were opened at once."""
    if facts.is_open:
        return False
    lines = audit.of_report(session, facts.id, limit=_LINES)
    return facts.urgency is Urgency.IMMEDIATE or any(line.did == "emergency" for line in lines)


def learn(
    session: Session,
    report_id: str,
    *,
    keyring: Keyring,
    desk: str,
    by: str,
    answers: Mapping[str, str],
    at: datetime,
) -> None:
    """Seal what *by* answers to `QUESTIONS`, in the place of what they answered before.

    Raises:
        NothingSaid: every answer is empty.
        StillOpen: there is still work to be done on it.
        NotFound: *desk* has no such report.
    """
    if report_facts(session, report_id, desk=desk).is_open:
        raise StillOpen(ref=report_id)
    said = {name: answers.get(name, "").strip()[:_LONGEST] for name in QUESTIONS}
    if not any(said.values()):
        raise NothingSaid(ref=report_id)
    rows = lessons.c
    mine = (rows.report_id == report_id, rows.by == by)
    before = session.execute(select(rows.id).where(*mine)).scalars().all()
    desk_words.drop_words(session, before)
    session.execute(delete(lessons).where(*mine))
    row = {"id": new_id(), "desk": desk, "report_id": report_id, "by": by, "day": day(at)}
    session.execute(insert(lessons).values(row))
    words = to_json(said).decode()
    desk_words.keep_words(session, keyring, row["id"], words, desk=desk, report_id=report_id)
    audit.record(session, at=at, who=by, did="lesson", desk=desk, report_id=report_id)


def lessons_of(session: Session, keyholder: Keyholder, report_id: str) -> tuple[Lesson, ...]:
    """Return what the staff of the keyholder's desk learned from a report, the earliest first."""
    rows = lessons.c
    its = select(rows.id, rows.by, rows.day).where(rows.report_id == report_id)
    found = session.execute(its.order_by(rows.day, rows.id).limit(_LINES)).all()
    opened = desk_words.open_words_of(session, keyholder, [row.id for row in found])
    return tuple(
        Lesson(row.by, row.day, from_json(opened[row.id].encode()) if row.id in opened else {})
        for row in found
    )


def forget(session: Session, report_id: str) -> None:
    """Delete who learned from a report; the words go with all that was sealed about it."""
    session.execute(delete(lessons).where(lessons.c.report_id == report_id))
