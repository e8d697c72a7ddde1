"""A link to one provider: made for an offer, found by its address, and taken back.

It is opened in `opening`, and answered in `answering`.
"""

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from hotline import audit, consent
from hotline.consent import ConsentRefused, Why
from hotline.domain.report import minute
from hotline.domain.staff import Right
from hotline.errors import Conflict, Malformed, NotFound
from hotline.handoff.closing import NO_LONGER_AWAITED, close, drop_prepared
from hotline.handoff.events import FREES, Status
from hotline.handoff.linked import TRIES, VISIT, Closed, Kind, Link, Opened, Said, WrongPin
from hotline.handoff.opening import find, resume, try_pin
from hotline.handoff.packet import Packet, last_day
from hotline.handoff.tables import handoff_links, handoffs
from hotline.reports.joined import family, lock_family
from hotline.reports.tables import reports
from hotline.store import Session, new_id
from hotline.vault.links import LinkKey
from hotline.vault.opening import Keyholder

__all__ = [
    "TRIES",
    "VISIT",
    "Closed",
    "Kind",
    "Link",
    "Opened",
    "Said",
    "WrongPin",
    "ask",
    "close_link",
    "close_links",
    "find",
    "links_of",
    "resume",
    "take_back",
    "try_pin",
    "write_capacity_link",
]

_ASKABLE = (
    Status.OFFERED,
    Status.HANDED_OVER,
    Status.DECLINED,
    Status.UNANSWERED,
    Status.NOT_NEEDED,
)


def ask(
    session: Session,
    keyholder: Keyholder,
    *,
    offer_id: str,
    packet: Packet,
    key: LinkKey,
    token_lookup: bytes,
    locale: str,
    answer_by: datetime,
    at: datetime,
    prepared_id: str = "",
) -> str:
    """Ask the provider of an offer by a link, and return the link's id; an older link of the offer ends.

    *token_lookup* is `vault.links.lookup` of the token. The provider has time until *answer_by*, to the minute.

    Raises:
        Refused: *keyholder* may not refer.
        NotFound: their desk has no such offer.
        ConsentRefused: what is in *packet* may not be told to that organization, or not until that day.
        Conflict: it is asked, accepted or withdrawn already, or somebody took the person in for that need.
        Malformed: the packet is another organization's, or the answer is due before it can come.
    """
    keyholder.require(Right.REFER)
    case = consent.case_of(session, offer_of(session, keyholder, offer_id).report_id, lock=True)
    row = offer_of(session, keyholder, offer_id)
    until = min(minute(answer_by), end_of(packet))
    if packet.organization_id != row.organization_id or until <= at:
        raise Malformed(ref=offer_id)
    if packet.until > last_day(case, row.organization_id, packet.fields, at=at):
        raise ConsentRefused(Why.TOO_LONG)
    if who_took_in(session, row.report_id, row.need) or not _may_be_asked(row):
        raise Conflict(ref=offer_id)
    values: dict[str, Any] = {
        "status": Status.ASKED,
        "digest": packet.digest,
        "until_day": packet.until.isoformat(),
        "asked_at": minute(at),
        "answer_by": until,
        "asked_by": keyholder.staff_id,
        "answered_day": "",
        "declined_for": "",
        "outcome": "",
        "outcome_day": "",
        "ask_again_at": None,
        "reminders": 0,
        "answer_seq": None,
        "prepared_id": prepared_id,
    }
    close(session, handoff_ids=[offer_id])
    session.execute(update(handoffs).where(handoffs.c.id == offer_id).values(values))
    link = {
        "id": new_id(),
        "kind": Kind.PACKET,
        "handoff_id": offer_id,
        "report_id": row.report_id,
        "service_id": row.service_id,
        "lookup": token_lookup,
        "public_key": key.public.raw,
        "sealed": key.seal(packet.to_bytes()),
        "fields": list(packet.fields),
        "locale": locale,
        "expires_at": end_of(packet),
    }
    session.execute(insert(handoff_links).values(link))
    its = {"desk": keyholder.desk, "report_id": row.report_id}
    what = f"{offer_id} {packet.short}"
    audit.record(session, at=at, who=keyholder.staff_id, did="provider_asked", what=what, **its)
    return str(link["id"])


def take_back(session: Session, keyholder: Keyholder, offer_id: str, *, at: datetime) -> None:
    """Close the link of an offer that no provider has answered; the offer stands, and can be asked again.

    Raises:
        Refused: *keyholder* may not refer.
        NotFound: their desk has no such offer.
        Conflict: it was answered, or nobody was asked.
    """
    keyholder.require(Right.REFER)
    row = offer_of(session, keyholder, offer_id)
    consent.case_of(session, row.report_id, lock=True)
    its = (handoffs.c.id == offer_id, handoffs.c.status == Status.ASKED)
    back = {"status": Status.OFFERED, **NO_LONGER_AWAITED}
    if session.execute(update(handoffs).where(*its).values(back)).rowcount == 0:
        raise Conflict(ref=offer_id)
    close(session, handoff_ids=[offer_id], thanks=True)
    drop_prepared(session, [offer_id])
    did = {"did": "provider_link_ended", "desk": keyholder.desk, "report_id": row.report_id}
    audit.record(session, at=at, who=keyholder.staff_id, what=offer_id, **did)


def links_of(session: Session, report_id: str) -> dict[str, Link]:
    """Return the open link of each offer of a report, by the offer's id."""
    rows = handoff_links.c
    its = (rows.report_id == report_id, rows.sealed.is_not(None))
    found = session.execute(select(handoff_links).where(*its).limit(100))
    return {row.handoff_id: Link.of(row) for row in found}


def write_capacity_link(
    session: Session,
    *,
    service_id: str,
    name: str,
    key: LinkKey,
    token_lookup: bytes,
    locale: str,
    expires_at: datetime,
) -> str:
    """Keep a capacity link for one service and return its id; who may make one is decided by the caller."""
    link = {
        "id": new_id(),
        "kind": Kind.CAPACITY,
        "service_id": service_id,
        "lookup": token_lookup,
        "public_key": key.public.raw,
        "locale": locale,
        "expires_at": expires_at,
        "name": name,
    }
    session.execute(insert(handoff_links).values(link))
    return str(link["id"])


def close_link(session: Session, link_id: str) -> bool:
    """End a capacity link; False where there is none of that id."""
    its = (handoff_links.c.id == link_id, handoff_links.c.kind == Kind.CAPACITY)
    return bool(session.execute(delete(handoff_links).where(*its)).rowcount)


def close_links(session: Session, report_id: str) -> None:
    """Close every link about a report, as when its case ends; what was accepted stays so, and nobody is asked any more."""
    with suppress(NotFound):
        lock_family(session, report_id)
    rows = handoffs.c
    ids = session.scalars(select(rows.id).where(rows.report_id == report_id)).all()
    awaited = (rows.report_id == report_id, rows.status == Status.ASKED)
    back = {"status": Status.OFFERED, **NO_LONGER_AWAITED}
    session.execute(update(handoffs).where(*awaited).values(back))
    reminded = update(handoffs).where(rows.report_id == report_id)
    session.execute(reminded.values(ask_again_at=None))
    close(session, handoff_ids=ids, thanks=True)
    drop_prepared(session, ids)


def offer_of(session: Session, keyholder: Keyholder, offer_id: str) -> Row[Any]:
    """Return the row of an offer for a report of the keyholder's desk.

    Raises:
        NotFound: there is none.
    """
    its = (handoffs.c.id == offer_id, reports.c.desk == keyholder.desk)
    found = select(handoffs).join(reports, reports.c.id == handoffs.c.report_id).where(*its)
    row = session.execute(found).one_or_none()
    if row is None:
        raise NotFound(ref=offer_id)
    return row


def end_of(packet: Packet) -> datetime:
    """Return the first moment at which a packet opens no more: consent counts days in UTC."""
    return datetime.combine(packet.until + timedelta(days=1), time(), UTC)


def who_took_in(session: Session, report_id: str, need: str) -> str:
    """Return the id of the offer by which somebody took the person in for a need; empty where nobody did.

    Reports that are merged are of one person.
    """
    rows = handoffs.c
    its = (
        rows.report_id.in_(family(session, report_id)),
        rows.need == need,
        rows.status == Status.ACCEPTED,
        rows.outcome.not_in(FREES),
    )
    return session.execute(select(rows.id).where(*its).limit(1)).scalar_one_or_none() or ""


def _may_be_asked(row: Row[Any]) -> bool:
    return row.status in _ASKABLE or (row.status == Status.ACCEPTED and row.outcome in FREES)
