"""What agencies may ask about a lead: a fixed list, and fixed answers to each. Nobody types anything.

That nobody answers, that the desk refuses, and that there is nobody left to ask look the same to who asked: the
question stands there without an answer. An answer shows on the second day after the one on which it was given, a
whole day later at least, never in the hour in which somebody spoke to the person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, true, update

from hotline import audit, consent
from hotline.domain.report import day
from hotline.errors import Conflict, Malformed, NotFound, Refused
from hotline.leads import answering
from hotline.leads.agency import Agency, find
from hotline.leads.codes import read_table
from hotline.leads.recipients import whom
from hotline.leads.tables import agencies, lead_questions, lead_releases, lead_sources
from hotline.reports import desk_of
from hotline.reports.tables import reports
from hotline.store import Session, new_id

MOST_OPEN = 3
"""So many questions about one lead an agency may have without an answer, whatever the reason is."""

MOST_A_DAY = 20
"""So many an agency may ask on one day, of all its leads, so that it cannot drown out what others ask."""

SHOWS_AFTER = timedelta(days=1)
"""So long at least an answer stands before it shows."""

OPEN, ANSWERED, REFUSED = "open", "answered", "refused"


class AskedBefore(Conflict):
    default_message = "this was asked about this lead before"


class TooMany(Refused):
    default_message = "so many questions about this lead have no answer yet"


class TooManyToday(Refused):
    default_message = "so much was asked today; ask again tomorrow"


class MayNotBeTold(Refused):
    default_message = "the person did not agree that this agency learns it"


@dataclass(frozen=True, slots=True)
class Question:
    """What may be asked: *tells* is the fact that an answer tells, as a consent lists it."""

    tells: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the desk sees it. *state* is open, answered or refused; no agency ever sees it."""

    id: str
    agency_id: str
    agency: str
    lead_id: str
    question: str
    day: str
    state: str
    answer: str


@dataclass(frozen=True, slots=True)
class Own:
    """A question as the agency that asked it sees it: *answer* is empty where there is none."""

    id: str
    question: str
    day: str
    answer: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that the desk has neither answered nor refused."""

    id: str
    report_id: str
    desk: str


QUESTIONS: Mapping[str, Question] = MappingProxyType(
    {
        row["question"]: Question(row["tells"], tuple(row["answers"].split()))
        for row in read_table("questions.tsv")
    }
)
"""Every question, by its code."""


def ask(session: Session, agency: Agency, lead_id: str, code: str, *, by: str, at: datetime) -> str:
    """Keep that *agency* asks *code* about a lead that it may read, and return the id; *by* is a staff id or its own.

    Raises:
        Malformed: there is no such question.
        NotFound: it may read no such lead.
        AskedBefore: it asked that before.
        TooMany: it has `MOST_OPEN` questions about it that show no answer.
        TooManyToday: it asked `MOST_A_DAY` today.
    """
    if code not in QUESTIONS:
        raise Malformed("there is no such question")
    _see_that_reads(session, agency, lead_id)
    asked = of_agency(session, agency.id, lead_id, at=at)
    if code in [one.question for one in asked]:
        raise AskedBefore(ref=lead_id)
    if len([one for one in asked if not one.answer]) >= MOST_OPEN:
        raise TooMany(ref=lead_id)
    if _asked_on(session, agency.id, day(at)) >= MOST_A_DAY:
        raise TooManyToday(ref=lead_id)
    row = {"id": (its_id := new_id()), "agency_id": agency.id, "lead_id": lead_id, "day": day(at)}
    row |= {"question": code, "answer": "", "answered_day": "", "state": OPEN}
    session.execute(insert(lead_questions), row)
    audit.record(session, at=at, who=by, did="lead_asked", what=f"{lead_id} {agency.id} {code}")
    return its_id


def of_agency(session: Session, agency_id: str, lead_id: str, *, at: datetime) -> Sequence[Own]:
    """Return what an agency asked about a lead, and of the answers those that may be seen at *at*."""
    rows = lead_questions.c
    its = (rows.agency_id == agency_id, rows.lead_id == lead_id)
    query = select(rows.id, rows.question, rows.day, rows.answer, rows.answered_day).where(*its)
    found = session.execute(query.order_by(rows.day, rows.id)).all()
    shown = day(at - SHOWS_AFTER)
    return [
        Own(row.id, row.question, row.day, row.answer if row.answered_day < shown else "")
        for row in found
    ]


def of_report(session: Session, report_id: str) -> Sequence[Asked]:
    """Return what agencies asked about the leads of a report, for the caseworkers of its desk."""
    query = _every().where(lead_sources.c.report_id == report_id)
    rows = lead_questions.c
    return [Asked(*row) for row in session.execute(query.order_by(rows.day.desc(), rows.id))]


def count_open(session: Session, report_id: str) -> int:
    """Return how many questions about the leads of a report wait for its desk."""
    query = (
        select(func.count())
        .select_from(lead_questions)
        .join(lead_sources, lead_sources.c.lead_id == lead_questions.c.lead_id)
        .where(lead_sources.c.report_id == report_id, lead_questions.c.state == OPEN)
    )
    return int(session.execute(query).scalar_one())


def answer(
    session: Session, its_id: str, given: str | None, *, by: str, k: int, at: datetime
) -> None:
    """Keep what the desk says to an open question: one of its answers, or None for a refusal, which nobody sees.

    An answer that tells of a person must fit *k* sources, as it would have to in a lead.

    Raises:
        NotFound: there is no such open question.
        Malformed: that is none of its answers.
        MayNotBeTold: the person does not let that agency learn it.
        TooFew: with all that was told of the person, too few could be meant.
    """
    row = session.execute(
        select(lead_questions, lead_sources.c.report_id)
        .join(lead_sources, lead_sources.c.lead_id == lead_questions.c.lead_id)
        .where(lead_questions.c.id == its_id, lead_questions.c.state == OPEN)
    ).one_or_none()
    if row is None:
        raise NotFound(ref=its_id)
    if given is not None:
        _see_that_may_say(session, row, given, at)
        fact = QUESTIONS[row.question].tells
        if answering.tells_of_person(fact, given):
            answering.keep_told(session, row, fact, given, k=k, at=at)
    said = {"state": REFUSED} if given is None else {"state": ANSWERED, "answer": given}
    is_open = (lead_questions.c.id == its_id, lead_questions.c.state == OPEN)
    changed = session.execute(
        update(lead_questions).where(*is_open).values(answered_day=day(at), **said)
    )
    if changed.rowcount != 1:
        raise NotFound(ref=its_id)
    audit.record(
        session,
        at=at,
        who=by,
        did="lead_answer_refused" if given is None else "lead_answered",
        desk=desk_of(session, row.report_id),
        report_id=row.report_id,
        what=f"{row.lead_id} {row.question}",
    )


def find_unanswered(session: Session, its_id: str) -> Unanswered | None:
    """Return a question that its desk still has to look at; None where there is no desk for it any more."""
    rows = lead_questions.c
    query = (
        select(rows.id, lead_sources.c.report_id, reports.c.desk)
        .join(lead_sources, lead_sources.c.lead_id == rows.lead_id)
        .join(reports, reports.c.id == lead_sources.c.report_id)
        .where(rows.id == its_id, rows.state == OPEN)
    )
    row = session.execute(query).one_or_none()
    return row and Unanswered(*row)


def unanswered(session: Session, *, limit: int = 100) -> Sequence[Unanswered]:
    """Return the questions that some desk still has to look at: of each agency the oldest, up to *limit*."""
    rows = lead_questions.c
    in_order = func.row_number().over(partition_by=rows.agency_id, order_by=(rows.day, rows.id))
    every = (
        select(rows.id, rows.day, lead_sources.c.report_id, reports.c.desk, in_order.label("place"))
        .join(lead_sources, lead_sources.c.lead_id == rows.lead_id)
        .join(reports, reports.c.id == lead_sources.c.report_id)
        .where(rows.state == OPEN)
        .subquery()
    )
    oldest = select(every.c.id, every.c.report_id, every.c.desk).where(every.c.place <= limit)
    found = session.execute(oldest.order_by(every.c.day, every.c.id))
    return [Unanswered(*row) for row in found]


def close(session: Session, lead_id: str) -> None:
    """Let nobody answer any more what was asked about a lead whose report is erased.

    What was asked stands, so that whoever asked sees nothing of this; an answer that was given stays, as it would.
    """
    rows = lead_questions.c
    is_open = (rows.lead_id == lead_id, rows.state == OPEN)
    session.execute(update(lead_questions).where(*is_open).values(state=REFUSED))


def end(session: Session, lead_id: str, *, agency_id: str = "") -> None:
    """Delete what was asked about a lead that is recalled; or only what *agency_id* asked."""
    rows = lead_questions.c
    whose = rows.agency_id == agency_id if agency_id else true()
    session.execute(delete(lead_questions).where(rows.lead_id == lead_id, whose))


def _asked_on(session: Session, agency_id: str, its_day: str) -> int:
    """Return how much an agency asked on a day, whatever became of it: nothing of that shows here."""
    rows = lead_questions.c
    its = (rows.agency_id == agency_id, rows.day == its_day)
    asked = select(func.count()).select_from(lead_questions).where(*its)
    return int(session.execute(asked).scalar_one())


def _see_that_reads(session: Session, agency: Agency, lead_id: str) -> None:
    rows = lead_releases.c
    its = (rows.agency_id == agency.id, rows.lead_id == lead_id, rows.recalled_day == "")
    if session.execute(select(rows.added).where(*its)).first() is None:
        raise NotFound(ref=lead_id)


def _see_that_may_say(session: Session, row: Any, given: str, at: datetime) -> None:
    question = QUESTIONS[row.question]
    if given not in question.answers:
        raise Malformed("this question has no such answer")
    case = consent.case_of(session, row.report_id, lock=True)
    agency = find(session, row.agency_id)
    if not case.may(whom(agency), (question.tells,), at=at):
        raise MayNotBeTold(ref=row.id)


def _every() -> Select[Any]:
    rows = lead_questions.c
    return (
        select(
            rows.id,
            rows.agency_id,
            agencies.c.name,
            rows.lead_id,
            rows.question,
            rows.day,
            rows.state,
            rows.answer,
        )
        .join(agencies, agencies.c.id == rows.agency_id)
        .join(lead_sources, lead_sources.c.lead_id == rows.lead_id)
    )
