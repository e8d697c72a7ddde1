from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from hotline import audit
from hotline.domain.report import day
from hotline.domain.staff import Right
from hotline.errors import NotFound
from hotline.handoff.tables import handoffs
from hotline.reports.belonging import desk_of
from hotline.reports.tables import reports
from hotline.store import Session, new_id
from hotline.vault.opening import Keyholder


@dataclass(frozen=True, slots=True)
class Offer:
    """A service that was offered to the person, and what came of it."""

    id: str
    service_id: str
    service_name: str
    need: str
    status: str
    day: str


def offer(
    session: Session,
    keyholder: Keyholder,
    *,
    report_id: str,
    service_id: str,
    service_name: str,
    need: str,
    at: datetime,
) -> str:
    """Record that *keyholder* offers a service to the person, and return the offer's id.

    The provider learns nothing by this: telling them anything takes a consent of its own.

    Raises:
        Refused: *keyholder* may not refer.
        NotFound: there is no such report at their desk.
        Conflict: this service was offered before.
    """
    keyholder.require(Right.REFER)
    _see_that_it_is_theirs(session, keyholder, report_id)
    offer_id = new_id()
    session.execute(
        insert(handoffs).values(
            id=offer_id,
            report_id=report_id,
            number=_next_number(session, report_id),
            service_id=service_id,
            service_name=service_name,
            need=need,
            status="offered",
            offered_by=keyholder.staff_id,
            day=day(at),
        )
    )
    audit.record(
        session,
        at=at,
        who=keyholder.staff_id,
        did="offer_referral",
        desk=keyholder.desk,
        report_id=report_id,
        what=service_id,
        purpose=need,
    )
    return offer_id


def _see_that_it_is_theirs(session: Session, keyholder: Keyholder, report_id: str) -> None:
    known = session.execute(
        select(reports.c.id).where(reports.c.id == report_id, reports.c.desk == keyholder.desk)
    ).first()
    if known is None:
        raise NotFound


def _next_number(session: Session, report_id: str) -> int:
    before: int = session.execute(
        select(func.count()).select_from(handoffs).where(handoffs.c.report_id == report_id)
    ).scalar_one()
    return before + 1


def offers(session: Session, report_id: str) -> list[Offer]:
    """Return what was offered for a report, in order; at most a hundred."""
    rows = session.execute(
        select(handoffs)
        .where(handoffs.c.report_id == report_id)
        .order_by(handoffs.c.number)
        .limit(100)
    )
    return [
        Offer(row.id, row.service_id, row.service_name, row.need, row.status, row.day)
        for row in rows
    ]


def withdraw(session: Session, report_id: str, *, by: str, at: datetime) -> int:
    """Take back every offer for a report that the person did not decline; return how many those were."""
    rows = handoffs.c
    standing = rows.status.not_in(("declined", "withdrawn"))
    taken = session.execute(
        update(handoffs).where(rows.report_id == report_id, standing).values(status="withdrawn")
    ).rowcount
    if taken:
        audit.record(
            session,
            at=at,
            who=by,
            did="withdraw_referral",
            desk=desk_of(session, report_id),
            report_id=report_id,
            what=str(taken),
        )
    return int(taken)


def forget(session: Session, report_id: str) -> None:
    """Delete what was offered for a report that is being erased."""
    session.execute(delete(handoffs).where(handoffs.c.report_id == report_id))
