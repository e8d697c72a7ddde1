"""What is still to be done with a report, by whom and until when: written by staff, or asked for by the house in a code.

What cannot be done without a person becomes a task. When it is due stands in the clear, to the minute, only while it is
open; what somebody wrote is sealed to the desk.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, literal, select, tuple_, update

from hotline import audit
from hotline.domain.report import day, minute
from hotline.domain.staff import RIGHTS, Right
from hotline.errors import Malformed, NotFound
from hotline.store import Session, UtcTime, new_id
from hotline.triage.access import hidden_from, named_for
from hotline.triage.reading import report_facts
from hotline.triage.tables import tasks
from hotline.vault import desk_words
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder
from hotline.vault.roster import MemberEntry
from hotline.vault.tables import desk_words as desk_words_rows

LONGEST = 500
"""Characters of a task's words."""

ANYBODY = ""
"""Whom a task is given to that is anybody's at the desk."""

_DAY = timedelta(days=1)
_FURTHEST = timedelta(days=366)
_OF_ONE = 200
_MOST_COUNTED = 99


class Kind(StrEnum):
    """*WORDS*: what somebody wrote. The others are said in fixed words, and hold none of anybody's."""

    WORDS = "words"
    ANSWER_PROVIDER = "answer_provider"
    ASK_ARRIVED = "ask_arrived"
    CALL_BACK = "call_back"
    CHECK_MASKS = "check_masks"
    CHECK_LEAD = "check_lead"
    CHECK_EXCLUSION = "check_exclusion"
    FIND_SERVICE = "find_service"
    HEAR_RECORDING = "hear_recording"
    LOOK_BACK = "look_back"
    NEXT_SERVICE = "next_service"
    TELL_PERSON = "tell_person"
    TRANSLATE = "translate"


OF_ONE_OFFER = (Kind.ANSWER_PROVIDER, Kind.ASK_ARRIVED)
"""What is asked for at each offer by itself; any other kind once for a report."""


class State(StrEnum):
    """*ENDED*: it was open when its report was closed."""

    OPEN = "open"
    DONE = "done"
    ENDED = "ended"


class TaskWordsMissing(Malformed):
    default_message = "say what is to be done"


class DueUnknown(Malformed):
    default_message = "say a day and time to come, within a year"


class NotAColleague(Malformed):
    default_message = "give it to somebody of this desk who may see the report"


@dataclass(frozen=True, slots=True, repr=False)
class Task:
    """*assigned_to* is empty where it is anybody's; *due_at* is None, and *done_day* there, once it is not open.

    *about* is the id of the offer to a provider that it came of; empty where it came of none.
    """

    id: str
    report_id: str
    kind: str
    state: str
    assigned_to: str
    by: str
    day: str
    due_at: datetime | None
    done_by: str
    done_day: str
    about: str

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    def is_over(self, at: datetime) -> bool:
        """Tell whether it should have been done before *at*."""
        return self.due_at is not None and self.due_at < at


def colleagues(keyring: Keyring, desk: str) -> tuple[MemberEntry, ...]:
    """Return who at *desk* can be given a task, by name."""
    found = [m for m in keyring.members if m.desk == desk and Right.REPLY in RIGHTS[m.role]]
    return tuple(sorted(found, key=lambda member: member.name))


def make(
    session: Session,
    report_id: str,
    *,
    keyring: Keyring,
    desk: str,
    by: str,
    words: str,
    to: str,
    due_at: datetime | None,
    at: datetime,
) -> str:
    """Write down what is to be done with an open report of *desk*, and give it *to* somebody or anybody; return its id.

    Raises:
        TaskWordsMissing, DueUnknown, NotAColleague: what is missing.
        NotFound: *desk* has no such open report.
    """
    said = words.strip()[:LONGEST]
    if not said:
        raise TaskWordsMissing(ref=report_id)
    if due_at is None or not at <= due_at <= at + _FURTHEST:
        raise DueUnknown(ref=report_id)
    _require_colleague(session, keyring, report_id, desk=desk, to=to)
    its_id = _keep(session, report_id, Kind.WORDS, desk=desk, by=by, to=to, due_at=due_at, at=at)
    desk_words.keep_words(session, keyring, its_id, said, desk=desk, report_id=report_id)
    return its_id


def ask(
    session: Session,
    report_id: str,
    *,
    kind: Kind,
    desk: str,
    at: datetime,
    to: str = ANYBODY,
    by: str = "system",
    due_at: datetime | None = None,
    about: str = "",
) -> bool:
    """Ask the desk for what only a person can do, within a day where nothing else is said; tell whether it is new.

    What is asked for already, and not done yet, is not asked for twice. *about* is the offer that it came of.

    Raises:
        NotFound: *desk* has no such open report.
    """
    same = _open_ones(report_id, kind, about if kind in OF_ONE_OFFER else "")
    if session.execute(select(tasks.c.id).where(*same)).first() is not None:
        return False
    due = due_at or at + _DAY
    _keep(session, report_id, kind, desk=desk, by=by, to=to, due_at=due, at=at, about=about)
    return True


def finish(
    session: Session, report_id: str, *, task_id: str, desk: str, by: str, at: datetime
) -> None:
    """Write down that *by* did an open task; when it was due is forgotten.

    Raises:
        NotFound: there is no such open task.
    """
    values = {"state": State.DONE, "due_at": None, "done_by": by, "done_day": day(at)}
    rows = tasks.c
    its = _its(report_id, task_id, desk)
    changed = session.execute(update(tasks).where(*its, rows.state == State.OPEN).values(values))
    if changed.rowcount == 0:
        raise NotFound(ref=task_id)
    _write_down(session, "task_done", report_id, task_id, desk=desk, by=by, at=at)


def settle(
    session: Session, report_id: str, *, kind: Kind, by: str, at: datetime, about: str = ""
) -> None:
    """Write down that what was asked for in fixed words is done, where that is known without anybody's saying so.

    With *about* only what came of that offer.
    """
    rows, its = tasks.c, _open_ones(report_id, kind, about)
    for row in session.execute(select(rows.id, rows.desk).where(*its)).all():
        finish(session, report_id, task_id=row.id, desk=row.desk, by=by, at=at)


def take_up(
    session: Session, report_id: str, *, task_id: str, desk: str, by: str, at: datetime
) -> None:
    """Open a task again that was not done after all; it is due within a day.

    Raises:
        NotFound: there is no such task that is not open, or its report is closed.
    """
    if not report_facts(session, report_id, desk=desk).is_open:
        raise NotFound(ref=report_id)
    values = {"state": State.OPEN, "due_at": minute(at + _DAY), "done_by": "", "done_day": ""}
    its = _its(report_id, task_id, desk)
    not_open = tasks.c.state != State.OPEN
    if session.execute(update(tasks).where(*its, not_open).values(values)).rowcount == 0:
        raise NotFound(ref=task_id)
    _write_down(session, "task_undone", report_id, task_id, desk=desk, by=by, at=at)


def end_all(session: Session, report_id: str, *, at: datetime) -> None:
    """Let what was still to be done end with the work on a report: no minute of it stays."""
    rows = tasks.c
    values = {"state": State.ENDED, "due_at": None, "done_day": day(at)}
    its = (rows.report_id == report_id, rows.state == State.OPEN)
    session.execute(update(tasks).where(*its).values(values))


def hand_on(session: Session, report_id: str, *, to: str) -> None:
    """Let what is still to be done with a report be done with another one, into which it is merged."""
    rows, words = tasks.c, desk_words_rows.c
    its = (rows.report_id == report_id, rows.state == State.OPEN)
    ids = session.execute(select(rows.id).where(*its)).scalars().all()
    session.execute(update(tasks).where(rows.id.in_(ids)).values(report_id=to))
    session.execute(update(desk_words_rows).where(words.id.in_(ids)).values(report_id=to))


def of_report(session: Session, report_id: str) -> tuple[Task, ...]:
    """Return the tasks of a report: the open ones by when they are due, then the others."""
    rows = tasks.c
    order = (rows.state != State.OPEN, rows.due_at, rows.done_day.desc(), rows.id)
    query = select(*_COLUMNS).where(rows.report_id == report_id).order_by(*order)
    return tuple(Task(*row) for row in session.execute(query.limit(_OF_ONE)))


def of_staff(
    session: Session, staff_id: str, desk: str, *, after: str = "", limit: int = 50
) -> tuple[Task, ...]:
    """Return up to *limit* open tasks that are *staff_id*'s or anybody's, what is longest over first, behind *after*."""
    rows = tasks.c
    query = select(*_COLUMNS).where(*_to_do(staff_id, desk)).order_by(rows.due_at, rows.id)
    seen = (rows.desk == desk, rows.report_id.not_in(hidden_from(staff_id)))
    due = select(rows.due_at).where(rows.id == after, *seen)
    since = session.execute(due).scalar_one_or_none()
    if since is not None:
        place = tuple_(literal(since, UtcTime()), literal(after))
        query = query.where(tuple_(rows.due_at, rows.id) > place)
    return tuple(Task(*row) for row in session.execute(query.limit(limit)))


def count_open(session: Session, staff_id: str, desk: str) -> int:
    """Return how many open tasks are *staff_id*'s or anybody's; beyond 99 nobody counts."""
    some = select(tasks.c.id).where(*_to_do(staff_id, desk)).limit(_MOST_COUNTED).subquery()
    return session.execute(select(func.count()).select_from(some)).scalar_one()


def words_of(session: Session, keyholder: Keyholder, found: tuple[Task, ...]) -> dict[str, str]:
    """Return what was written, by the ids of tasks; those in fixed words are not among them."""
    ids = [one.id for one in found if one.kind == Kind.WORDS]
    return desk_words.open_words_of(session, keyholder, ids)


def forget(session: Session, report_id: str) -> None:
    """Delete what was to be done with a report; the words go with all that was sealed about it."""
    session.execute(delete(tasks).where(tasks.c.report_id == report_id))


def _to_do(staff_id: str, desk: str) -> tuple[ColumnElement[bool], ...]:
    rows = tasks.c
    return (
        rows.desk == desk,
        rows.state == State.OPEN,
        rows.assigned_to.in_((staff_id, ANYBODY)),
        rows.report_id.not_in(hidden_from(staff_id)),
    )


def _open_ones(report_id: str, kind: Kind, about: str) -> tuple[ColumnElement[bool], ...]:
    rows = tasks.c
    its = (rows.report_id == report_id, rows.kind == kind, rows.state == State.OPEN)
    return (*its, rows.about == about) if about else its


def _its(report_id: str, task_id: str, desk: str) -> tuple[ColumnElement[bool], ...]:
    rows = tasks.c
    return rows.id == task_id, rows.report_id == report_id, rows.desk == desk


def _require_colleague(
    session: Session, keyring: Keyring, report_id: str, *, desk: str, to: str
) -> None:
    named = named_for(session, report_id)
    here = {member.id for member in colleagues(keyring, desk)}
    if to != ANYBODY and (to not in here or (named and to not in named)):
        raise NotAColleague(ref=report_id)


def _keep(
    session: Session,
    report_id: str,
    kind: Kind,
    *,
    desk: str,
    by: str,
    to: str,
    due_at: datetime,
    at: datetime,
    about: str = "",
) -> str:
    if not report_facts(session, report_id, desk=desk).is_open:
        raise NotFound(ref=report_id)
    row: dict[str, Any] = {
        "id": new_id(),
        "desk": desk,
        "report_id": report_id,
        "kind": kind,
        "state": State.OPEN,
        "assigned_to": to,
        "by": by,
        "day": day(at),
        "due_at": minute(due_at),
        "done_by": "",
        "done_day": "",
        "about": about,
    }
    session.execute(insert(tasks).values(row))
    _write_down(session, "task_made", report_id, row["id"], desk=desk, by=by, at=at)
    return str(row["id"])


def _write_down(
    session: Session, did: str, report_id: str, task_id: str, *, desk: str, by: str, at: datetime
) -> None:
    kind = select(tasks.c.kind).where(tasks.c.id == task_id)
    what = session.execute(kind).scalar_one()
    audit.record(session, at=at, who=by, did=did, desk=desk, report_id=report_id, what=what)


_COLUMNS = tuple(tasks.c[name] for name in Task.__slots__)
