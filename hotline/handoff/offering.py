"""Offer a service to the person, and look after what was offered: handed over, looked over, withdrawn, forgotten."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, select, update

from hotline import audit, consent
from hotline.consent import Case, ConsentRefused, Why
from hotline.domain.report import day
from hotline.domain.staff import Right
from hotline.errors import Conflict, NotFound
from hotline.handoff.closing import NO_LONGER_AWAITED, close, drop_prepared
from hotline.handoff.events import FREES, OVER, Status
from hotline.handoff.packet import whom
from hotline.handoff.tables import handoff_links, handoff_talk, handoffs
from hotline.reports.belonging import desk_of
from hotline.reports.joined import lock_family
from hotline.reports.tables import reports
from hotline.store import Session, new_id
from hotline.vault.opening import Keyholder

_TELLABLE = (Status.OFFERED, Status.HANDED_OVER, Status.ASKED, Status.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Offer:
    """A service that was offered to the person, and what came of it.

    *fields* is what the organization was told, and *handed_day* when it last was. *answer_by* is set while an answer is
    awaited; *digest* and *until_day* are of the packet that was sent last. *status*, *declined_for* and *outcome* are of
    `events`.
    """

    id: str
    service_id: str
    service_name: str
    organization_id: str
    need: str
    status: str
    fields: tuple[str, ...]
    day: str
    handed_day: str
    digest: str = ""
    until_day: str = ""
    answer_by: datetime | None = None
    answered_day: str = ""
    declined_for: str = ""
    outcome: str = ""
    outcome_day: str = ""

    @property
    def is_handed(self) -> bool:
        """Tell whether the organization knows something that was not taken back."""
        return bool(self.handed_day) and self.status != Status.WITHDRAWN

    @property
    def stands(self) -> bool:
        """Tell whether something may still come of it."""
        return self.status not in OVER and self.outcome not in FREES


def offer(
    session: Session,
    keyholder: Keyholder,
    *,
    report_id: str,
    service_id: str,
    service_name: str,
    organization_id: str,
    need: str,
    at: datetime,
) -> str:
    """Record that *keyholder* offers a service to the person, and return the offer's id.

    The provider learns nothing by this: telling them anything takes a consent of its own.

    Raises:
        Refused: *keyholder* may not refer.
        NotFound: there is no such report at their desk.
        ConsentRefused: the person does not want that organization to know.
        Conflict: this service was offered before.
    """
    keyholder.require(Right.REFER)
    _see_that_it_is_theirs(session, keyholder, report_id)
    case = consent.case_of(session, report_id, lock=True)
    if case.excludes(whom(organization_id)):
        raise ConsentRefused(Why.EXCLUDED)
    offer_id = _offered_again(session, report_id, service_id, by=keyholder.staff_id, at=at)
    if not offer_id:
        offer_id = new_id()
        session.execute(
            insert(handoffs).values(
                id=offer_id,
                report_id=report_id,
                number=_next_number(session, report_id),
                service_id=service_id,
                service_name=service_name,
                organization_id=organization_id,
                need=need,
                status=Status.OFFERED,
                fields=[],
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


def _offered_again(
    session: Session, report_id: str, service_id: str, *, by: str, at: datetime
) -> str:
    """Offer once more what was withdrawn before, and return its id; empty where there was nothing of the kind."""
    rows = handoffs.c
    its = (
        rows.report_id == report_id,
        rows.service_id == service_id,
        rows.status == Status.WITHDRAWN,
    )
    nothing = dict.fromkeys(
        ("handed_day", "digest", "until_day", "answered_day", "outcome", "outcome_day"), ""
    )
    again = {"status": Status.OFFERED, "fields": [], "offered_by": by, "day": day(at), **nothing}
    found = update(handoffs).where(*its).values(**again).returning(rows.id)
    return session.execute(found).scalar_one_or_none() or ""


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
    return [_offer(row) for row in rows]


def service_names(session: Session, offer_ids: Collection[str]) -> dict[str, str]:
    """Return the names of the services that were offered, by the ids of the offers."""
    its = select(handoffs.c.id, handoffs.c.service_name).where(handoffs.c.id.in_(offer_ids))
    return {row.id: row.service_name for row in session.execute(its)}


def hand_over(
    session: Session, offer_id: str, fields: Collection[str], *, by: str, at: datetime
) -> None:
    """Write down that *fields* of a report went to the organization that was offered, if each may be told.

    What it was told before stays told.

    Raises:
        NotFound: there is no such offer.
        ConsentRefused: no fields, or one of them may not be told; nothing was written down.
        Conflict: it was declined or withdrawn meanwhile.
    """
    if not fields:
        raise ConsentRefused(Why.NO_FIELDS)
    report_id = _find(session, offer_id).report_id
    case = consent.case_of(session, report_id, lock=True)
    row = _find(session, offer_id)
    decision = case.may(whom(row.organization_id), fields, at=at)
    if decision.why:
        raise ConsentRefused(decision.why)
    if row.status not in _TELLABLE or row.outcome in FREES:
        raise Conflict(ref=offer_id)
    status = Status.HANDED_OVER if row.status == Status.OFFERED else row.status
    known = sorted({*row.fields, *fields})
    values = {"status": status, "fields": known, "handed_day": day(at)}
    its = (handoffs.c.id == offer_id, handoffs.c.status == row.status)
    if session.execute(update(handoffs).where(*its).values(values)).rowcount == 0:
        raise Conflict(ref=offer_id)
    what = f"{offer_id} {decision.grant_id or decision.ground}"
    _audit(session, report_id, "hand_over", what, by=by, at=at)


def _find(session: Session, offer_id: str) -> Any:
    row = session.execute(select(handoffs).where(handoffs.c.id == offer_id)).one_or_none()
    if row is None:
        raise NotFound(ref=offer_id)
    return row


def review(session: Session, report_id: str, *, by: str, at: datetime) -> list[str]:
    """Withdraw each offer to whom nothing may be told any more; return their ids.

    To be called in the transaction that takes a yes back, lets one end or excludes somebody.
    """
    case = consent.case_of(session, report_id, lock=True)
    sent = {link.handoff_id: link for link in _links(session, report_id)}
    gone = [
        one.id
        for one in offers(session, report_id)
        if _is_over(case, one, sent[one.id].fields if one.id in sent else (), at)
    ]
    if gone:
        _end(session, handoffs.c.id.in_(gone))
        close(session, handoff_ids=gone, thanks=True)
        _audit(session, report_id, "withdraw_referral", str(len(gone)), by=by, at=at)
    return gone


def _links(session: Session, report_id: str) -> Sequence[Row[Any]]:
    its = select(handoff_links).where(handoff_links.c.report_id == report_id)
    return session.execute(its.order_by(handoff_links.c.id).limit(100)).all()


def _is_over(case: Case, offered: Offer, sent: Collection[str], at: datetime) -> bool:
    """Tell whether an offer must not stand: its organization is excluded, or may not know what it was handed or *sent*."""
    if not offered.stands:
        return False
    its, known = whom(offered.organization_id), {*offered.fields, *sent}
    return case.excludes(its) or (bool(known) and not case.still(its, known, at=at))


def _offer(row: Any) -> Offer:
    its = {name: getattr(row, name) for name in Offer.__slots__}
    return Offer(**{**its, "fields": tuple(row.fields)})


def _audit(session: Session, report_id: str, did: str, what: str, *, by: str, at: datetime) -> None:
    desk = desk_of(session, report_id)
    audit.record(session, at=at, who=by, did=did, desk=desk, report_id=report_id, what=what)


def withdraw(session: Session, report_id: str, *, by: str, at: datetime) -> int:
    """Take back every offer for a report of which something may still come; return how many those were.

    Whoever had a link sees nothing any more.
    """
    with suppress(NotFound):
        lock_family(session, report_id)
    rows = handoffs.c
    its = rows.report_id == report_id
    taken = _end(session, and_(its, rows.status.not_in(OVER), rows.outcome.not_in(FREES)))
    close(session, handoff_ids=session.scalars(select(rows.id).where(its)).all())
    if taken:
        _audit(session, report_id, "withdraw_referral", str(taken), by=by, at=at)
    return taken


def _end(session: Session, which: ColumnElement[bool]) -> int:
    """Withdraw the offers that *which* names, with the texts that were to follow; return how many those were."""
    drop_prepared(session, session.scalars(select(handoffs.c.id).where(which)).all())
    over = {"status": Status.WITHDRAWN, "ask_again_at": None, **NO_LONGER_AWAITED}
    return int(session.execute(update(handoffs).where(which).values(over)).rowcount)


def forget(session: Session, report_id: str) -> None:
    """Delete what was offered for a report that is being erased, each link to a provider, and what was said there."""
    for table in (handoff_talk, handoff_links, handoffs):
        session.execute(delete(table).where(table.c.report_id == report_id))
