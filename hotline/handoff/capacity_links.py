"""Links by which a service says itself how much room it has: one service, some months, and nothing of a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, literal, select, tuple_

from hotline import audit
from hotline.domain.staff import Right
from hotline.errors import Conflict, Malformed, NotFound, Refused
from hotline.handoff.linked import TRIES, Kind
from hotline.handoff.links import close_link, write_capacity_link
from hotline.handoff.tables import handoff_links
from hotline.store import Session
from hotline.vault.links import LinkKey
from hotline.vault.opening import Keyholder
from referral.tables import organization, service

DAYS = (30, 90, 180, 366)
"""For how many days a link may be made."""

LONGEST_NAME = 80
MOST_OF_SERVICE = 20


@dataclass(frozen=True, slots=True)
class CapacityLink:
    """A link that is not over. *name* is who has it; *is_open* is false once too many PINs were wrong."""

    id: str
    name: str
    service_id: str
    service_name: str
    organization: str
    locale: str
    expires_at: datetime
    is_open: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """What is decided when a link is made: who gets it, in which language they read it, for how many days."""

    name: str
    locale: str
    days: int


def make(
    session: Session,
    keyholder: Keyholder,
    service_id: str,
    terms: Terms,
    *,
    key: LinkKey,
    token_lookup: bytes,
    at: datetime,
) -> str:
    """Let a service say how much room it has by the link of *key*, and return the link's id.

    Raises:
        Refused: *keyholder* does not keep the directory.
        NotFound: the directory has no such service.
        Malformed: it has no name, or one too long, or is for other days than `DAYS`.
        Conflict: the service has as many links as it may.
    """
    _require(keyholder)
    name = terms.name.strip()
    if not 0 < len(name) <= LONGEST_NAME or terms.days not in DAYS:
        raise Malformed
    if service_named(session, service_id) is None:
        raise NotFound
    if len(of_service(session, service_id, at=at)) >= MOST_OF_SERVICE:
        raise Conflict
    link_id = write_capacity_link(
        session,
        service_id=service_id,
        name=name,
        key=key,
        token_lookup=token_lookup,
        locale=terms.locale,
        expires_at=at + timedelta(days=terms.days),
    )
    _audit(session, keyholder, "capacity_link_made", f"{link_id} {service_id}", at)
    return link_id


def end(session: Session, keyholder: Keyholder, link_id: str, *, at: datetime) -> None:
    """End a link at once. Raises: Refused; NotFound, where there is none of that id."""
    _require(keyholder)
    if not close_link(session, link_id):
        raise NotFound
    _audit(session, keyholder, "capacity_link_ended", link_id, at)


def links(
    session: Session, *, at: datetime, after: str = "", limit: int = 50
) -> list[CapacityLink]:
    """Return up to *limit* links that follow the link *after*; what ends first comes first."""
    rows = handoff_links.c
    asked: list[ColumnElement[bool]] = []
    if after and (last := session.scalar(select(rows.expires_at).where(rows.id == after))):
        place = tuple_(literal(last, rows.expires_at.type), literal(after))
        asked.append(tuple_(rows.expires_at, rows.id) > place)
    return _read(session, asked, at=at, limit=limit)


def count_locked(session: Session, *, at: datetime) -> int:
    """Return how many links are closed because their PIN was wrong too often: somebody may be guessing, or forgot it."""
    rows = handoff_links.c
    locked = (rows.kind == Kind.CAPACITY, rows.wrong >= TRIES, rows.expires_at > at)
    return session.scalar(select(func.count()).where(*locked)) or 0


def of_service(session: Session, service_id: str, *, at: datetime) -> list[CapacityLink]:
    """Return the links of one service."""
    its = [handoff_links.c.service_id == service_id]
    return _read(session, its, at=at, limit=MOST_OF_SERVICE)


def service_named(session: Session, service_id: str) -> tuple[str, str] | None:
    """Return the name of a service and of its organization; None where the directory has none."""
    its = select(service.c.name, organization.c.name.label("of")).join_from(service, organization)
    row = session.execute(its.where(service.c.id == service_id)).one_or_none()
    return (row.name, row.of) if row else None


def _read(
    session: Session, asked: Iterable[ColumnElement[bool]], *, at: datetime, limit: int
) -> list[CapacityLink]:
    rows = handoff_links.c
    query = (
        select(
            handoff_links,
            func.coalesce(service.c.name, "").label("service_name"),
            func.coalesce(organization.c.name, "").label("organization"),
        )
        .outerjoin(service, service.c.id == rows.service_id)
        .outerjoin(organization, organization.c.id == service.c.organization_id)
        .where(rows.kind == Kind.CAPACITY, rows.expires_at > at, *asked)
        .order_by(rows.expires_at, rows.id)
        .limit(limit)
    )
    return [
        CapacityLink(
            id=row.id,
            name=row.name,
            service_id=row.service_id,
            service_name=row.service_name,
            organization=row.organization,
            locale=row.locale,
            expires_at=row.expires_at,
            is_open=row.wrong < TRIES,
        )
        for row in session.execute(query)
    ]


def _require(keyholder: Keyholder) -> None:
    if not (keyholder.may(Right.OVERSEE) or keyholder.may(Right.STAFF)):
        raise Refused


def _audit(session: Session, keyholder: Keyholder, did: str, what: str, at: datetime) -> None:
    who, desk = keyholder.staff_id, keyholder.desk
    audit.record(session, at=at, who=who, did=did, desk=desk, what=what)
