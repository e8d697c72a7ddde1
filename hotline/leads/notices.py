"""Recalls that agencies must say they have followed: that the lead is gone from their own systems, too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, insert, select, tuple_, update

from hotline import audit
from hotline.domain.report import day
from hotline.errors import NotFound
from hotline.leads.tables import agencies, lead_sources, lead_versions, recall_notices
from hotline.reports.tables import reports
from hotline.store import Session

PATIENCE = timedelta(days=3)
"""So long an agency may take to say that it followed a recall, before the desk hears that it did not."""


@dataclass(frozen=True, slots=True)
class Notice:
    """That a lead was recalled from an agency on *day*; *acknowledged_day* is empty until it says that it followed."""

    agency_id: str
    agency: str
    lead_id: str
    day: str
    acknowledged_day: str
    acknowledged_by: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """A recall that some agency did not follow in time; desk and report are empty once the report is erased."""

    lead_id: str
    report_id: str
    desk: str


def give(session: Session, agency_id: str, lead_id: str, *, at: datetime) -> None:
    """Ask an agency, which knew a lead, to follow its recall."""
    row = {"agency_id": agency_id, "lead_id": lead_id, "day": day(at)}
    session.execute(insert(recall_notices), {**row, "acknowledged_day": "", "acknowledged_by": ""})


def give_to_rest(session: Session, lead_id: str, *, at: datetime) -> None:
    """Ask those, too, who knew a lead before they were admitted for other leads: they may have kept it."""
    its, rows = lead_versions.c, recall_notices.c
    asked = select(rows.agency_id).where(rows.lead_id == lead_id)
    knew = select(its.agency_id).join(agencies, agencies.c.id == its.agency_id).distinct()
    left = knew.where(its.lead_id == lead_id, its.agency_id.not_in(asked))
    for agency_id in session.execute(left.order_by(its.agency_id)).scalars().all():
        give(session, agency_id, lead_id, at=at)


def open_for(
    session: Session, agency_id: str, *, after: tuple[str, str] = ("", ""), limit: int = 50
) -> Sequence[Notice]:
    """Return the recalls that an agency has not said it followed, the oldest first; *after* day and lead of the last."""
    rows = recall_notices.c
    place = tuple_(rows.day, rows.lead_id) > after
    its = (rows.agency_id == agency_id, rows.acknowledged_day == "", place)
    return _notices(session, _every().where(*its).order_by(rows.day, rows.lead_id).limit(limit))


def of_lead(session: Session, lead_id: str) -> Sequence[Notice]:
    """Return which agencies a lead was recalled from, and which of them followed."""
    rows = recall_notices.c
    query = _every().where(rows.lead_id == lead_id)
    return _notices(session, query.order_by(agencies.c.name, agencies.c.id))


def acknowledge(session: Session, agency_id: str, lead_id: str, *, by: str, at: datetime) -> bool:
    """Keep that an agency says it followed a recall; *by* is a staff id, or the agency's where a tool says so.

    False where it said so before.

    Raises:
        NotFound: nothing of that lead was recalled from it.
    """
    rows = recall_notices.c
    its = (rows.agency_id == agency_id, rows.lead_id == lead_id)
    if session.execute(select(rows.day).where(*its)).first() is None:
        raise NotFound(ref=lead_id)
    changed = session.execute(
        update(recall_notices)
        .where(*its, rows.acknowledged_day == "")
        .values(acknowledged_day=day(at), acknowledged_by=by)
    )
    if changed.rowcount:
        audit.record(session, at=at, who=by, did="recall_followed", what=f"{lead_id} {agency_id}")
    return bool(changed.rowcount)


def overdue(session: Session, *, at: datetime, limit: int = 100) -> Sequence[Overdue]:
    """Return each recall that some agency has not said it followed for longer than `PATIENCE`: of each agency the
    oldest, up to *limit*.
    """
    rows = recall_notices.c
    place = func.row_number().over(partition_by=rows.agency_id, order_by=(rows.day, rows.lead_id))
    late = (
        select(rows.lead_id, place.label("place"))
        .join(agencies, agencies.c.id == rows.agency_id)
        .where(rows.acknowledged_day == "", rows.day < day(at - PATIENCE))
        .subquery()
    )
    query = (
        select(late.c.lead_id, lead_sources.c.report_id, reports.c.desk)
        .outerjoin(lead_sources, lead_sources.c.lead_id == late.c.lead_id)
        .outerjoin(reports, reports.c.id == lead_sources.c.report_id)
        .where(late.c.place <= limit)
        .distinct()
        .order_by(late.c.lead_id)
    )
    return [
        Overdue(lead_id, report_id or "", desk or "")
        for lead_id, report_id, desk in session.execute(query)
    ]


def _every() -> Select[Any]:
    rows = recall_notices.c
    columns = (rows.agency_id, agencies.c.name, rows.lead_id, rows.day)
    query = select(*columns, rows.acknowledged_day, rows.acknowledged_by)
    return query.join(agencies, agencies.c.id == rows.agency_id)


def _notices(session: Session, query: Select[Any]) -> Sequence[Notice]:
    return [Notice(*row) for row in session.execute(query)]
