"""Somebody is asked to look at the desk, and the next, until one says that they do.

What is sent says nothing: why, the desk alone tells. First whoever holds the report, then who is on duty and reads its
language, others on duty, the supervisors, and those whom the house calls (`HOUSE`); a restricted report asks the named
alone. After some rounds everybody is asked at once; what is immediate reaches everybody again each hour. That somebody
says they look, or opens a report, counts for a while only: what nobody claims or answers by then goes on to the next.
Rows come first: a step is claimed by a conditional update, so two
workers take it once, and one that died leaves it to be taken. Nobody gets a second text within one wait: many reports
at once are still one reason to look.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from hotline import audit
from hotline.domain.report import Status
from hotline.domain.urgency import Urgency
from hotline.jobs import Job, Priority, later
from hotline.reports import reports
from hotline.statements import Statement
from hotline.store import Session, UtcTime, new_id
from hotline.triage.access import seen_by
from hotline.triage.alerts import PAGE, Kind, raise_alert
from hotline.triage.ladder import HOUSE, Reason, Terms, in_order, next_of
from hotline.triage.tables import paged, pages

log = logging.getLogger(__name__)

GO_ON = "page_on"
"""The job that lets a page go on to the next; it carries the page's id."""

TELL = "page_staff"
"""The job that brings one page to one member; it carries the id of the row in `paged`."""

LOOKS_FOR = timedelta(minutes=10)
"""How long it counts for an immediate report that somebody looks; what is claimed meanwhile waits for its holder."""

_LOOKS_FOR_OTHERS = timedelta(minutes=30)
_OPENED_FOR_OTHERS = timedelta(hours=4)
_EVERYBODY_AGAIN = timedelta(hours=1)
WAITS = ("open", "over")
"""The states of a page that nobody acknowledged."""
_TOLD = ("asked", "tried", "sent")
_MOST_SHOWN = 50
_LOST = timedelta(minutes=2)
_BEGIN = Statement(lambda insert: insert(pages).on_conflict_do_nothing().returning(pages.c.id))
_SUPERSEDE = Statement(
    update(pages)
    .where(pages.c.report_id == bindparam("its_id"), pages.c.id != bindparam("its_page"))
    .values(state="ended", open_for=None)
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page that nobody acknowledged yet; *is_mine* tells whether whoever reads was asked."""

    id: str
    reason: str
    report_id: str
    is_mine: bool


def begin(session: Session, *, desk: str, reason: Reason, report_id: str, at: datetime) -> bool:
    """Ask, if *session* commits, that somebody look at a report; tell whether nobody is being asked for it already."""
    page_id = new_id()
    row = {
        "id": page_id,
        "desk": desk,
        "reason": reason,
        "report_id": report_id,
        "open_for": report_id,
        "state": "open",
        "next_at": at,
    }
    if _BEGIN.first(session, row) is None:
        return False
    _supersede(session, report_id, by=page_id)
    later(session, Job(GO_ON, page_id, at, Priority.ALARM))
    return True


def go_on(session: Session, page_id: str, terms: Terms, *, at: datetime) -> None:
    """Do the job: ask the next, if it is time and nobody looks, or nobody did what they said."""
    page = _claimed(session, page_id, at=at, until=at + terms.again)
    if page is None:
        return
    report = _WAITING.first(session, {"its_id": page.report_id})
    if report is None:
        forget(session, page.report_id)
        return
    if page.state == "taken":
        if report.claimed_until and report.claimed_until > at:
            _again(session, page, min(report.claimed_until, at + LOOKS_FOR))
            return
        _supersede(session, page.report_id, by=page_id)
    first, others = in_order(session, page, report, terms, at=at)
    turn, whom = next_of(page.round, _asked(session, page), first, others, terms)
    is_last = turn >= terms.rounds
    if is_last and not whom:
        _reached_nobody(session, page, at=at)
    its = {"its_id": page_id, "turn": turn}
    stands = ("over", None) if is_last else ("open", page.report_id)
    _TURN.run(session, {**its, "stands": stands[0], "its_report": stands[1]})
    for staff_id in whom:
        _ask(session, page, staff_id, turn, terms, at=at)
    if not is_last:
        later(session, Job(GO_ON, page_id, at + terms.again, Priority.ALARM))
    elif report.urgency == Urgency.IMMEDIATE.rank:
        _again(session, page, at + _EVERYBODY_AGAIN)


def claim_step(session: Session, ref: str) -> tuple[str, bool] | None:
    """Claim one step; return whom to tell, and whether that was tried before. None where there is nothing to do."""
    rows = paged.c
    waits = select(pages.c.id).where(pages.c.id == rows.page_id, pages.c.state.in_(WAITS))
    its = (rows.id == ref, waits.exists())
    mine = update(paged).where(*its, rows.state == "asked").values(state="tried")
    claimed = session.execute(mine.returning(rows.staff_id)).scalar_one_or_none()
    if claimed is not None:
        return claimed, False
    tried = select(rows.staff_id).where(*its, rows.state == "tried")
    before = session.execute(tried).scalar_one_or_none()
    return (before, True) if before is not None else None


def was_sent(session: Session, ref: str) -> None:
    """Keep that a step reached the provider."""
    rows = paged.c
    session.execute(update(paged).where(rows.id == ref, rows.state == "tried").values(state="sent"))


def was_not_sent(session: Session, ref: str, *, at: datetime) -> None:
    """Let a step that reached nobody go on to the next at once. What is no step of a page changes nothing."""
    rows = paged.c
    its = (rows.id == ref, rows.state.in_(("tried", "sent")))
    lost = update(paged).where(*its).values(state="failed").returning(rows.page_id, rows.step)
    step = session.execute(lost).one_or_none()
    if step is None:
        return
    current = (pages.c.id == step.page_id, pages.c.state == "open", pages.c.step == step.step)
    if session.execute(update(pages).where(*current).values(next_at=at)).rowcount:
        later(session, Job(GO_ON, step.page_id, at, Priority.ALARM))


def take(session: Session, *, desk: str, by: str, at: datetime) -> int:
    """Let *by*, who was asked, look: every page that asked them rests for a while. Return how many there were."""
    theirs = select(paged.c.page_id).where(paged.c.staff_id == by)
    until = at + _LOOKS_FOR_OTHERS
    return _take(session, pages.c.id.in_(theirs), until, desk=desk, by=by, at=at)


def take_with(session: Session, report_id: str, *, desk: str, by: str, at: datetime) -> None:
    """Let *by*, who opens or claims a report, look at it: its pages rest, for as long as it is claimed."""
    until = at + _OPENED_FOR_OTHERS
    _take(session, pages.c.report_id == report_id, until, desk=desk, by=by, at=at)


def is_asked_for(session: Session, report_id: str) -> bool:
    """Tell whether somebody is asked to look at a report."""
    its = (pages.c.report_id == report_id, pages.c.state.in_(WAITS))
    return session.execute(select(pages.c.id).where(*its).limit(1)).first() is not None


def waiting(session: Session, *, desk: str, staff_id: str) -> tuple[Waiting, ...]:
    """Return pages of *desk* that nobody acknowledged, of reports that *staff_id* may see, those that asked them first."""
    asked = select(paged.c.page_id).where(paged.c.staff_id == staff_id)
    is_mine = pages.c.id.in_(asked)
    query = (
        select(pages.c.id, pages.c.reason, pages.c.report_id, is_mine.label("is_mine"))
        .join(reports, reports.c.id == pages.c.report_id)
        .where(pages.c.desk == desk, pages.c.state.in_(WAITS), seen_by(staff_id))
    )
    ordered = query.order_by(is_mine.desc(), pages.c.next_at, pages.c.id).limit(_MOST_SHOWN)
    return tuple(Waiting(*row) for row in session.execute(ordered))


def count_mine(session: Session, staff_id: str) -> int:
    """Return how many pages asked *staff_id*, and nobody acknowledged them."""
    its = (paged.c.staff_id == staff_id, pages.c.state.in_(WAITS), seen_by(staff_id))
    joined = paged.join(pages, pages.c.id == paged.c.page_id)
    found = select(pages.c.id).select_from(joined.join(reports, reports.c.id == pages.c.report_id))
    some = found.where(*its).distinct().limit(_MOST_SHOWN).subquery()
    return session.execute(select(func.count()).select_from(some)).scalar_one()


def forget(session: Session, report_id: str) -> None:
    """Delete every page for a report, and who was asked."""
    of_report = select(pages.c.id).where(pages.c.report_id == report_id)
    session.execute(delete(paged).where(paged.c.page_id.in_(of_report)))
    session.execute(delete(pages).where(pages.c.report_id == report_id))


def has_leftovers(session: Session, *, desk: str, at: datetime) -> bool:
    """Tell whether `sweep` has something to do at *desk*."""
    some = select(pages.c.id).where(or_(_is_over(desk), _is_late(desk, at))).limit(1)
    return session.execute(some).first() is not None


def sweep(session: Session, *, desk: str, at: datetime) -> None:
    """Forget pages of *desk* whose report waits for nobody, and ask again for those whose job was lost."""
    over = select(pages.c.report_id).where(_is_over(desk)).limit(_MOST_SHOWN)
    for report_id in session.execute(over).scalars().all():
        forget(session, report_id)
    late = select(pages.c.id).where(_is_late(desk, at)).limit(_MOST_SHOWN)
    for page_id in session.execute(late).scalars().all():
        later(session, Job(GO_ON, page_id, at, Priority.ALARM))


def _is_over(desk: str) -> ColumnElement[bool]:
    waits = select(reports.c.id).where((reports.c.id == pages.c.report_id) & _waits())
    return (pages.c.desk == desk) & ~waits.exists()


def _is_late(desk: str, at: datetime) -> ColumnElement[bool]:
    return (pages.c.desk == desk) & _goes_on() & (pages.c.next_at < at - _LOST)


def _goes_on() -> ColumnElement[bool]:
    """Return which pages go on when it is time: those that reached everybody only for what is immediate."""
    return or_(pages.c.state.in_(("open", "taken")), (pages.c.state == "over") & _is_immediate())


def _is_immediate() -> ColumnElement[bool]:
    its = (reports.c.id == pages.c.report_id, reports.c.urgency == Urgency.IMMEDIATE.rank)
    return select(reports.c.id).where(*its).exists()


def _claimed(session: Session, page_id: str, *, at: datetime, until: datetime) -> Any:
    """Claim the next step of a page; of two who ask at once one gets it, and only when it is time."""
    return _CLAIM.first(session, {"its_id": page_id, "now": at, "until": until})


def _waits() -> ColumnElement[bool]:
    return (reports.c.status == Status.OPEN) & reports.c.unanswered


def _asked(session: Session, page: Any) -> set[str]:
    """Return whom a page asked in the round in which it is."""
    found = _ASKED.all(session, {"its_id": page.id, "turn": page.round})
    return {row.staff_id for row in found}


# What each immediate report runs: built once.
_CLAIM = Statement(
    update(pages)
    .where(
        pages.c.id == bindparam("its_id"),
        _goes_on(),
        pages.c.next_at <= bindparam("now", type_=UtcTime()),
    )
    .values(step=pages.c.step + 1, next_at=bindparam("until", type_=UtcTime()))
    .returning(pages)
)
_WAITING = Statement(
    select(
        reports.c.language,
        reports.c.restricted,
        reports.c.urgency,
        reports.c.claimed_by,
        reports.c.claimed_until,
    ).where(reports.c.id == bindparam("its_id"), _waits())
)
_ASKED = Statement(
    select(paged.c.staff_id).where(
        paged.c.page_id == bindparam("its_id"), paged.c.round == bindparam("turn")
    )
)
_AGAIN = Statement(
    update(pages)
    .where(pages.c.id == bindparam("its_id"))
    .values(next_at=bindparam("then", type_=UtcTime()))
)
_TURN = Statement(
    update(pages)
    .where(pages.c.id == bindparam("its_id"))
    .values(round=bindparam("turn"), state=bindparam("stands"), open_for=bindparam("its_report"))
)


def _again(session: Session, page: Any, when: datetime) -> None:
    _AGAIN.run(session, {"its_id": page.id, "then": when})
    later(session, Job(GO_ON, page.id, when, Priority.ALARM))


def _supersede(session: Session, report_id: str, *, by: str) -> None:
    """Let every page for a report end but *by*: nobody is asked for the same by two."""
    _SUPERSEDE.run(session, {"its_id": report_id, "its_page": by})


def _reached_nobody(session: Session, page: Any, *, at: datetime) -> None:
    """Put what is immediate before the supervisors at once: of a restricted report those alone who are named see it."""
    log.warning("page reached nobody")
    if page.reason == Reason.IMMEDIATE:
        once = f"{page.report_id} {Urgency.IMMEDIATE.rank}"
        its = {"desk": page.desk, "report_id": page.report_id, "once": once}
        raise_alert(session, kind=Kind.CLOCK_OVER, at=at, pages=False, **its)


def _ask(
    session: Session, page: Any, staff_id: str, turn: int, terms: Terms, *, at: datetime
) -> None:
    """Ask one; who was told moments ago hears of it at the desk."""
    rows, ref = paged.c, new_id()
    lately = (rows.staff_id == staff_id, rows.at > at - terms.again, rows.state.in_(_TOLD))
    is_told = session.execute(select(rows.id).where(*lately).limit(1)).first() is not None
    state = "heard" if is_told else "sent" if staff_id == HOUSE else "asked"
    row = {"id": ref, "page_id": page.id, "staff_id": staff_id, "step": page.step, "round": turn}
    session.execute(insert(paged).values(**row, state=state, at=at))
    if state == "asked":
        later(session, Job(TELL, ref, at, Priority.ALARM))
    elif state == "sent":
        later(session, Job(PAGE, page.id, at, Priority.ALARM))


def _take(
    session: Session,
    which: ColumnElement[bool],
    until: datetime,
    *,
    desk: str,
    by: str,
    at: datetime,
) -> int:
    """Let pages rest *until* then, or for what is immediate a few minutes."""
    its = (which, pages.c.desk == desk, pages.c.state.in_(WAITS))
    soon, then = (literal(when, UtcTime()) for when in (at + LOOKS_FOR, until))
    rests = {"next_at": case((_is_immediate(), soon), else_=then)}
    taken = update(pages).where(*its).values(state="taken", by=by, open_for=None, **rests)
    found = session.execute(taken.returning(pages.c.id, pages.c.report_id, pages.c.next_at)).all()
    for row in found:
        later(session, Job(GO_ON, row.id, row.next_at, Priority.ALARM))
    for report_id in dict.fromkeys(row.report_id for row in found):
        audit.record(session, at=at, who=by, did="page_taken", desk=desk, report_id=report_id)
    return len(found)
