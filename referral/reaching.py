"""How staff reach a service: its mail, its telephones, and, once it took somebody in, the houses to go to."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.engine import Connection

from referral.tables import address, location, organization, phone, service, service_at_location
from referral.withheld import withheld

_MOST = 20


@dataclass(frozen=True, slots=True)
class Ways:
    """Mail addresses and telephone numbers of a service and its organization, its own first. Those of a house, and withheld ones, are none."""

    mail: tuple[str, ...] = ()
    telephones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class HouseAddress:
    """Where a house is, line by line as an envelope has it; *name* is what the directory calls it."""

    name: str
    lines: tuple[str, ...]


def ways_to(connection: Connection, service_id: str) -> Ways:
    """Return how *service_id* is written to and called; nothing where the directory does not say."""
    its = select(service.c.organization_id, service.c.email, organization.c.email.label("theirs"))
    row = connection.execute(
        its.join(organization, service.c.organization_id == organization.c.id).where(
            service.c.id == service_id
        )
    ).one_or_none()
    if row is None:
        return Ways()
    of_no_house = (phone.c.location_id.is_(None), phone.c.service_at_location_id.is_(None))
    theirs = or_(phone.c.service_id == service_id, phone.c.organization_id == row.organization_id)
    numbers = connection.execute(
        select(phone.c.id, phone.c.number)
        .where(theirs, *of_no_house)
        .order_by(phone.c.service_id.is_(None), phone.c.id)
        .limit(_MOST)
    )
    mail = dict.fromkeys(filter(None, (row.email, row.theirs)))
    parts = withheld(connection).parts
    return Ways(tuple(mail), tuple(dict.fromkeys(n for key, n in numbers if key not in parts)))


def houses_of(connection: Connection, service_id: str) -> tuple[HouseAddress, ...]:
    """Return where a service is given, also where that is withheld from everybody else.

    Whoever calls this decides who may know, and writes it down.
    """
    columns = ("address_1", "address_2", "postal_code", "city", "state_province", "country")
    rows = connection.execute(
        select(location.c.name, *(address.c[name] for name in columns))
        .join(service_at_location, service_at_location.c.location_id == location.c.id)
        .join(address, address.c.location_id == location.c.id)
        .where(service_at_location.c.service_id == service_id, address.c.address_type == "physical")
        .order_by(location.c.id, address.c.id)
        .limit(_MOST)
    )
    return tuple(
        HouseAddress(row.name or "", tuple(filter(None, (getattr(row, name) for name in columns))))
        for row in rows
    )
