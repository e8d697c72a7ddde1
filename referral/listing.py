"""Lists of the directory for those who keep it: by name, found by a few words or a telephone number.

A withheld place is found by none of them, as in the API.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, case, func, not_, or_, select
from sqlalchemy.engine import Connection

from referral.among import among
from referral.tables import address, location, organization, phone, service
from referral.verifying import secret_services
from referral.wanted import Wanted, of_locations, of_organizations, of_services
from referral.withheld import Withheld, told, withheld

Conditions = list[ColumnElement[bool]]

_NUMBER = re.compile(r"\+?[\d\s()./-]{3,}")
_BETWEEN = " ()./-"


@dataclass(frozen=True, slots=True)
class Service:
    """A line of the list of services. *checked* is the day on which somebody did, or empty."""

    id: str
    name: str
    organization_id: str
    organization: str
    status: str
    checked: str
    is_secret: bool


@dataclass(frozen=True, slots=True)
class Organization:
    """A line of the list of organizations. *services* counts those that are not retired."""

    id: str
    name: str
    services: int


@dataclass(frozen=True, slots=True)
class Location:
    """A line of the list of locations; of a secret one neither *name* nor *city* is told."""

    id: str
    name: str
    organization_id: str
    organization: str
    city: str
    is_secret: bool


def services(
    connection: Connection,
    *,
    words: str = "",
    of: str = "",
    after: str = "",
    limit: int = 50,
) -> list[Service]:
    """Return up to *limit* services by name, after the one with that id; *of* one organization, if that is given."""
    secret = withheld(connection)
    conditions = (
        _by_number(connection, words, secret)
        if _is_number(words)
        else of_services(connection, Wanted(search=words, organization_id=of), secret)
    )
    query = select(
        service.c.id,
        service.c.name,
        service.c.organization_id,
        organization.c.name.label("organization"),
        service.c.status,
        service.c.assured_date,
    ).join(organization, organization.c.id == service.c.organization_id)
    rows = _page(connection, query, service, conditions, after=after, limit=limit)
    hidden = secret_services(connection, [row.id for row in rows], secret)
    return [
        Service(
            row.id,
            told(row.name, secret),
            row.organization_id,
            told(row.organization, secret),
            row.status,
            row.assured_date or "",
            row.id in hidden,
        )
        for row in rows
    ]


def organizations(
    connection: Connection, *, words: str = "", after: str = "", limit: int = 50
) -> list[Organization]:
    """Return up to *limit* organizations by name, after the one with that id."""
    secret = withheld(connection)
    conditions = of_organizations(connection, Wanted(search=words), secret)
    counted = (
        select(func.count())
        .where(service.c.organization_id == organization.c.id, service.c.status != "defunct")
        .scalar_subquery()
    )
    query = select(organization.c.id, organization.c.name, counted.label("services"))
    rows = _page(connection, query, organization, conditions, after=after, limit=limit)
    return [Organization(row.id, told(row.name, secret), row.services) for row in rows]


def locations(
    connection: Connection,
    *,
    words: str = "",
    of: str = "",
    after: str = "",
    limit: int = 50,
) -> list[Location]:
    """Return up to *limit* locations by name, after the one with that id; *of* one organization, if that is given."""
    secret = withheld(connection)
    conditions = of_locations(connection, Wanted(search=words, organization_id=of), secret)
    city = (
        select(func.min(address.c.city))
        .where(address.c.location_id == location.c.id)
        .scalar_subquery()
    )
    query = select(
        location.c.id,
        location.c.name,
        location.c.organization_id,
        organization.c.name.label("organization"),
        city.label("city"),
    ).join(organization, organization.c.id == location.c.organization_id, isouter=True)
    # A name that is not told must not show in the order either.
    hidden = among(connection, location.c.id, secret.location_ids)
    name = case((hidden, ""), else_=func.coalesce(location.c.name, ""))
    rows = _page(connection, query, location, conditions, name=name, after=after, limit=limit)
    return [_location(row, secret) for row in rows]


def _location(row: Any, secret: Withheld) -> Location:
    hidden = row.id in secret.location_ids
    return Location(
        row.id,
        "" if hidden else told(row.name or "", secret),
        row.organization_id or "",
        told(row.organization or "", secret),
        "" if hidden else row.city or "",
        hidden,
    )


def _page(
    connection: Connection,
    query: Select[Any],
    table: Table,
    conditions: Conditions,
    *,
    after: str,
    limit: int,
    name: ColumnElement[str] | None = None,
) -> Sequence[Any]:
    """Return the rows in the order of names, and of ids where names are the same or missing."""
    name = func.coalesce(table.c.name, "") if name is None else name
    if after:
        last = connection.scalar(select(name).where(table.c.id == after))
        if last is not None:
            conditions = [*conditions, or_(name > last, and_(name == last, table.c.id > after))]
    query = query.where(*conditions).order_by(name, table.c.id).limit(limit)
    return connection.execute(query).all()


def _is_number(words: str) -> bool:
    return bool(_NUMBER.fullmatch(words.strip()))


def _by_number(connection: Connection, words: str, secret: Withheld) -> Conditions:
    """Compare digits alone, of the telephones of services and of their organizations; not of those kept secret."""
    plain: ColumnElement[str] = phone.c.number
    for each in _BETWEEN:
        plain = func.replace(plain, each, "")
    wanted = re.sub(r"\D", "", words)
    open_ones = not_(among(connection, phone.c.id, secret.parts))
    found = and_(plain.contains(wanted, autoescape=True), open_ones)
    return [
        or_(
            service.c.id.in_(select(phone.c.service_id).where(found)),
            service.c.organization_id.in_(select(phone.c.organization_id).where(found)),
        )
    ]
