"""Two reports that a person sees together: the same person, place or alleged trafficker. It moves nothing.

Only reports of one desk are linked, and a link to what somebody may not see is not there for them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import case, delete, insert, or_, select

from hotline import audit
from hotline.domain.report import day
from hotline.errors import Conflict, Malformed, NotFound
from hotline.reports import reports
from hotline.store import Session
from hotline.triage.access import require_seen, seen_by
from hotline.triage.tables import report_links

_MOST = 50


class Link(StrEnum):
    """Why two reports are seen together."""

    SAME_PERSON = "same_person"
    SAME_PLACE = "same_place"
    SAME_ACCUSED = "same_accused"
    SAME_EVENT = "same_event"
    SAME_TEXT = "same_text"


class LinkedToItself(Malformed):
    default_message = "a report is linked to another one"


class NoSuchName(Malformed):
    default_message = "no report of this desk has that name"


@dataclass(frozen=True, slots=True)
class Linked:
    """Another report, and why it is seen together with this one; *by* is the staff id of who said so."""

    report_id: str
    reason: str
    by: str
    day: str
    status: str
    urgency: int


def link(
    session: Session,
    report_id: str,
    *,
    other_id: str,
    reason: Link,
    desk: str,
    by: str,
    at: datetime,
) -> None:
    """See two reports of *desk* together, for *reason*.

    Raises:
        LinkedToItself: they are one.
        Conflict: they are linked already.
        NotFound: *by* does not see both of them at *desk*.
    """
    if other_id == report_id:
        raise LinkedToItself(ref=report_id)
    for its in (report_id, other_id):
        require_seen(session, its, desk=desk, staff_id=by)
    first, second = sorted((report_id, other_id))
    if _is_linked(session, first, second):
        raise Conflict(ref=report_id)
    pair = {"report_id": first, "other_id": second}
    row = {**pair, "reason": reason, "by": by, "day": day(at)}
    session.execute(insert(report_links).values(row))
    _write_down(session, "linked", (report_id, other_id), reason, desk=desk, by=by, at=at)


def unlink(
    session: Session, report_id: str, *, other_id: str, desk: str, by: str, at: datetime
) -> None:
    """See two reports together no more.

    Raises:
        NotFound: they are not linked, or *by* does not see both.
    """
    for its in (report_id, other_id):
        require_seen(session, its, desk=desk, staff_id=by)
    first, second = sorted((report_id, other_id))
    rows = report_links.c
    pair = (rows.report_id == first, rows.other_id == second)
    if session.execute(delete(report_links).where(*pair)).rowcount == 0:
        raise NotFound(ref=report_id)
    _write_down(session, "unlinked", (report_id, other_id), "", desk=desk, by=by, at=at)


def find(session: Session, typed: str, *, desk: str, staff_id: str) -> str:
    """Return the id of the report of *desk* that staff call *typed*, such as ``K7-4QX``.

    Raises:
        NoSuchName: *staff_id* sees none of that name, or more than one.
    """
    name = "".join(typed.upper().split())
    its = (reports.c.desk == desk, reports.c.reference == name, seen_by(staff_id))
    found = session.execute(select(reports.c.id).where(*its).limit(2)).scalars().all()
    if len(found) != 1:
        raise NoSuchName
    return str(found[0])


def linked(session: Session, report_id: str, *, staff_id: str) -> tuple[Linked, ...]:
    """Return the reports that are linked to one, as far as *staff_id* may see them, the latest first."""
    rows = report_links.c
    other = case((rows.report_id == report_id, rows.other_id), else_=rows.report_id)
    found = session.execute(
        select(reports.c.id, rows.reason, rows.by, rows.day, reports.c.status, reports.c.urgency)
        .join(reports, reports.c.id == other)
        .where(or_(rows.report_id == report_id, rows.other_id == report_id), seen_by(staff_id))
        .order_by(rows.day.desc(), reports.c.id)
        .limit(_MOST)
    )
    return tuple(Linked(*row) for row in found)


def leave_out_hidden(
    session: Session, report_id: str, lines: Iterable[audit.Line], *, staff_id: str
) -> list[audit.Line]:
    """Return *lines* of the log about a report without those that tell of a link to one that *staff_id* may not see."""
    rows = report_links.c
    other = case((rows.report_id == report_id, rows.other_id), else_=rows.report_id)
    its = or_(rows.report_id == report_id, rows.other_id == report_id)
    found = session.execute(
        select(rows.by, rows.reason, rows.day)
        .join(reports, reports.c.id == other)
        .where(its, ~seen_by(staff_id))
    )
    hidden = {tuple(row) for row in found}
    return [
        line
        for line in lines
        if line.did != "linked" or (line.who, line.what, day(line.at)) not in hidden
    ]


def alike(session: Session, report_id: str, *, desk: str, staff_id: str) -> tuple[str, ...]:
    """Return the ids of a few open reports whose text was almost the same within a day, and that *staff_id* may see."""
    group = session.execute(select(reports.c.alike).where(reports.c.id == report_id)).scalar()
    if group is None:
        return ()
    its = (reports.c.desk == desk, reports.c.alike == group, reports.c.id != report_id)
    query = select(reports.c.id).where(*its, seen_by(staff_id)).order_by(reports.c.id)
    return tuple(session.execute(query.limit(5)).scalars())


def forget(session: Session, report_id: str) -> None:
    """Delete every link to and from a report."""
    rows = report_links.c
    its = or_(rows.report_id == report_id, rows.other_id == report_id)
    session.execute(delete(report_links).where(its))


def _is_linked(session: Session, first: str, second: str) -> bool:
    rows = report_links.c
    pair = (rows.report_id == first, rows.other_id == second)
    return session.execute(select(rows.day).where(*pair)).first() is not None


def _write_down(
    session: Session,
    did: str,
    both: tuple[str, str],
    what: str,
    *,
    desk: str,
    by: str,
    at: datetime,
) -> None:
    """Write down the same of either: a line that named the other would outlast it."""
    for its in both:
        audit.record(session, at=at, who=by, did=did, desk=desk, report_id=its, what=what)
