"""A lead waits before it leaves, for a time that nobody can foresee: who is seen to text us is not known by when a lead comes out.

When its time is over everything is asked again, in the transaction that lets it out: the yes, whom it may reach, how
many could have told it. Until then it may be called back, and nothing outside ever shows that it was there.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select

from hotline import audit, consent
from hotline.consent import Case
from hotline.domain.outcome import Outcome
from hotline.domain.report import Direction, Status, day
from hotline.errors import Conflict, NotFound
from hotline.jobs import Job, later
from hotline.leads.codes import Tlp
from hotline.leads.disclose import CouldKnow, Disclosure, LeadRefused
from hotline.leads.drafts import told_of
from hotline.leads.leaving import Leave, Plan, decide, let_out
from hotline.leads.recipients import admitted, whom
from hotline.leads.shelving import from_milliseconds, in_milliseconds
from hotline.leads.tables import waiting_leads
from hotline.leads.wording import Fact, Problem
from hotline.reports import desk_of, messages, reports
from hotline.reports.joined import family, root_of
from hotline.store import Session, new_id

RELEASE = "release_lead"
"""The job that lets a waiting lead out; it carries the id of the wait, which stands for nothing else."""

NOTHING_LEAVES = (
    Outcome.NOT_A_REPORT,
    Outcome.DUPLICATE,
    Outcome.NOT_TRAFFICKING,
    Outcome.WITHDREW,
)
"""The outcomes with which nothing more leaves of a report."""

IsReviewed = Callable[[Session, str], bool]
"""Tells of a report, with what is merged into it, whether somebody reviewed all that came; decided above this room."""

_HOUR = 60 * 60 * 1000


class AlreadyWaits(Conflict):
    default_message = "a later version of this lead waits already: call that back first"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A lead that was let out on *day* and has not left: not even the desk is shown when it will.

    *to* are ids of agencies, None for all that may be told; with *is_newer* it is a later version of what the lead
    tells now. *warned* is whether the person was told that they may be guessed, and still agreed.
    """

    id: str
    lead_id: str
    told: Disclosure
    to: tuple[str, ...] | None
    by: str
    day: str
    is_newer: bool
    warned: bool


@dataclass(frozen=True, slots=True)
class Dropped:
    """That a lead did not leave when its time had come, and what decided: for the desk to look at."""

    lead_id: str
    report_id: str
    desk: str
    facts: frozenset[Fact]


def keep(
    session: Session, plan: Plan, leave: Leave, hours: tuple[int, int], *, at: datetime
) -> None:
    """Let *plan* wait, for a random time of so many *hours* to so many."""
    its_id, due = new_id(), in_milliseconds(at) + _wait(hours)
    row = {
        "id": its_id,
        "report_id": plan.report_id,
        "lead_id": plan.lead_id,
        "is_newer": plan.is_newer,
        "by": plan.by,
        "confirmed_by": plan.confirmed_by,
        "to": None if plan.to is None else list(plan.to),
        "told": plan.told.to_json(),
        "tlp": plan.tlp,
        "k": leave.judged.k,
        "could_know": plan.could_know,
        "warned": plan.warned,
        "heard": _heard(session, plan.report_id),
        "day": day(at),
        "due": due,
    }
    session.execute(insert(waiting_leads), row)
    later(session, Job(RELEASE, its_id, from_milliseconds(due)))
    what = f"{plan.lead_id} warned" if plan.warned else plan.lead_id
    _write_down(session, "lead_waits", plan.report_id, what, by=plan.by, at=at)


def waits(session: Session, lead_id: str) -> bool:
    """Tell whether a lead, or a later version of it, waits to leave."""
    found = select(waiting_leads.c.id).where(waiting_leads.c.lead_id == lead_id)
    return session.execute(found).first() is not None


def see_that_none_waits(session: Session, lead_id: str) -> None:
    """See that a version of a lead may be let out: one that waits would take its place later, however old it is.

    Raises:
        AlreadyWaits: a later version of it waits.
    """
    if waits(session, lead_id):
        raise AlreadyWaits(ref=lead_id)


def of_report(session: Session, report_id: str) -> Sequence[Waiting]:
    """Return what waits to leave of a report, for the caseworkers of its desk."""
    rows = waiting_leads.c
    query = select(waiting_leads).where(rows.report_id == report_id)
    found = session.execute(query.order_by(rows.day, rows.id)).all()
    return [_waiting(row) for row in found]


def call_back(session: Session, its_id: str, *, by: str, at: datetime) -> None:
    """Let a waiting lead never leave.

    Raises:
        NotFound: nothing of that id waits, or it has left.
    """
    row = session.execute(_taking(waiting_leads.c.id == its_id)).one_or_none()
    if row is None:
        raise NotFound(ref=its_id)
    _write_down(session, "lead_called_back", row.report_id, row.lead_id, by=by, at=at)


def release(
    session: Session, its_id: str, *, k: int, is_reviewed: IsReviewed, at: datetime
) -> Dropped | None:
    """Let a lead out whose time has come, if it still may; otherwise it is dropped, and this says why.

    It may not where anything came from the reporter since it was let out, also where that *is_reviewed*: the lead was
    judged without it. Nothing happens where it left already, or was called back.
    """
    rows = waiting_leads.c
    found = select(rows.report_id).where(rows.id == its_id, rows.due <= in_milliseconds(at))
    report_id = session.execute(found).scalar_one_or_none()
    if report_id is None:
        return None
    # Who takes a yes back, calls it back or lets it out at the same time comes before this or after it.
    case = consent.case_of(session, report_id, lock=True)
    row = session.execute(_taking(rows.id == its_id)).one_or_none()
    if row is None:
        return None
    plan = _plan(row)
    try:
        _see_that_stands_as_judged(session, row, is_reviewed)
        leave = decide(session, case, plan, k=k, at=at, to_fewer=True)
    except LeadRefused as refused:
        _write_down(session, "lead_dropped", report_id, plan.lead_id, by="system", at=at)
        return Dropped(plan.lead_id, report_id, desk_of(session, report_id), refused.facts)
    let_out(session, plan, leave, by="system", at=at)
    return None


def review(session: Session, case: Case, report_id: str, *, by: str, at: datetime) -> None:
    """End what waits to leave of a report and may be told to nobody any more."""
    rows = waiting_leads.c
    query = select(waiting_leads).where(rows.report_id == report_id).order_by(rows.id)
    for row in session.execute(query).all():
        if not _may_reach_somebody(session, case, _plan(row), at):
            _end(session, row, by=by, at=at)


def end_all(session: Session, report_id: str, *, by: str, at: datetime) -> tuple[str, ...]:
    """End everything that waits to leave of a report; return the ids of those leads."""
    query = select(waiting_leads).where(waiting_leads.c.report_id == report_id)
    found = session.execute(query.order_by(waiting_leads.c.id)).all()
    for row in found:
        _end(session, row, by=by, at=at)
    return tuple(row.lead_id for row in found)


def end_of_lead(session: Session, lead_id: str) -> None:
    """End the later version that waits, of a lead that is being recalled."""
    session.execute(delete(waiting_leads).where(waiting_leads.c.lead_id == lead_id))


def forget(session: Session, report_id: str) -> None:
    session.execute(delete(waiting_leads).where(waiting_leads.c.report_id == report_id))


def _see_that_stands_as_judged(session: Session, row: Any, is_reviewed: IsReviewed) -> None:
    """See that nothing was heard since a lead was let out, and that its report still is one.

    Raises:
        LeadRefused: something was, or it was closed as none or put aside.
    """
    heard = _heard(session, row.report_id)
    if any(last > row.heard.get(one, 0) for one, last in heard.items()):
        raise LeadRefused(Problem("review", Fact.NOT_REVIEWED))
    if not is_reviewed(session, root_of(session, row.report_id)):
        raise LeadRefused(Problem("review", Fact.NOT_REVIEWED))
    its = select(reports.c.status, reports.c.outcome)
    root = session.execute(its.where(reports.c.id == root_of(session, row.report_id))).one()
    if root.status == Status.QUARANTINED or root.outcome in NOTHING_LEAVES:
        raise LeadRefused(Problem("ground", Fact.NO_REPORT))


def _heard(session: Session, report_id: str) -> dict[str, int]:
    """Return the number of the last message from the reporter, of each of the reports of one person."""
    rows = messages.c
    its = (
        rows.report_id.in_(family(session, report_id)),
        rows.direction == Direction.FROM_REPORTER,
    )
    query = select(rows.report_id, func.max(rows.seq)).where(*its).group_by(rows.report_id)
    return dict(session.execute(query).all())


def _wait(hours: tuple[int, int]) -> int:
    """Return a time in milliseconds, each of the span as likely as any other."""
    shortest, longest = hours
    return shortest * _HOUR + secrets.randbelow((longest - shortest) * _HOUR + 1)


def _taking(condition: Any) -> Any:
    """Return the statement that deletes a wait and returns its row: of several who try, one gets it."""
    return delete(waiting_leads).where(condition).returning(waiting_leads)


def _end(session: Session, row: Any, *, by: str, at: datetime) -> None:
    if session.execute(_taking(waiting_leads.c.id == row.id)).one_or_none() is not None:
        _write_down(session, "lead_dropped", row.report_id, row.lead_id, by=by, at=at)


def _may_reach_somebody(session: Session, case: Case, plan: Plan, at: datetime) -> bool:
    return any(
        bool(case.still(whom(agency), plan.told.fields, at=at))
        for agency in admitted(session, plan.told, plan.tlp)
        if plan.to is None or agency.id in plan.to
    )


def _plan(row: Any) -> Plan:
    return Plan(
        lead_id=row.lead_id,
        report_id=row.report_id,
        told=told_of(row.told),
        tlp=Tlp(row.tlp),
        could_know=CouldKnow(row.could_know),
        by=row.by,
        confirmed_by=row.confirmed_by,
        to=None if row.to is None else tuple(row.to),
        is_newer=row.is_newer,
        warned=row.warned,
    )


def _waiting(row: Any) -> Waiting:
    plan = _plan(row)
    return Waiting(
        row.id, row.lead_id, plan.told, plan.to, row.by, row.day, row.is_newer, row.warned
    )


def _write_down(
    session: Session, did: str, report_id: str, lead_id: str, *, by: str, at: datetime
) -> None:
    desk = desk_of(session, report_id)
    audit.record(session, at=at, who=by, did=did, desk=desk, report_id=report_id, what=lead_id)
