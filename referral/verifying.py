"""Whether what the directory says of a service still holds: when somebody checked it last, and which to check again.

The day stands in HSDS's ``assured_date``; who said so here stands in the `history`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.engine import Connection, Engine

from referral.among import among
from referral.editing import NotThere, lock, row_of, touch
from referral.fields import as_text
from referral.history import Changed, Record, checked_by, note
from referral.provenance import hold
from referral.revision import revision, wait_for_others
from referral.tables import organization, service, service_at_location
from referral.withheld import Withheld, told, withheld

STALE = timedelta(days=180)
STALE_IF_SECRET = timedelta(days=90)
"""A house whose address is kept secret moves when it is found: it is asked twice as often."""

_AFTER = "{}_{}"
_COUNTED: WeakKeyDictionary[Engine, tuple[str, date, int]] = WeakKeyDictionary()
"""How many were stale in each directory, at which mark and on which day."""


@dataclass(frozen=True, slots=True)
class Stale:
    """A service that is to be checked again. *checked* is a day, or empty; *by* a pseudonym or an address, or empty."""

    id: str
    name: str
    organization_id: str
    organization: str
    checked: str
    by: str
    is_secret: bool

    @property
    def place(self) -> str:
        """Where it stands in the list, for the next page."""
        return _AFTER.format(self.checked or "0", self.id)


def check(connection: Connection, services: Collection[str], *, by: str, at: datetime) -> list[str]:
    """Keep that somebody checked each of *services*, all of it; return the ids of those that are there. Does not commit."""
    day, found = at.date().isoformat(), []
    wait_for_others(connection)
    for service_id in services:
        try:
            row = row_of(connection, "service", service_id)
        except NotThere:
            continue
        record = lock(connection, Record("service", str(row["id"])))
        fields = {"assured_date": day, "assurer_email": None}
        told = [
            Changed("service", record.id, name, as_text(row[name]), as_text(value))
            for name, value in fields.items()
            if row[name] != value or name == "assured_date"
        ]
        hold(connection, "service", record.id, fields)
        connection.execute(update(service).where(service.c.id == record.id).values(fields))
        note(connection, record, told, by=by, at=at)
        touch(connection, record, at=at)
        found.append(record.id)
    return found


def count_stale(connection: Connection, today: date) -> int:
    """Return how many services are to be checked; counted once a day and change, because every page asks."""
    mark = revision(connection)
    if not mark:
        return 0
    kept = _COUNTED.get(connection.engine)
    if kept is None or kept[:2] != (mark, today):
        query = select(func.count()).select_from(service).where(_is_stale(connection, today))
        kept = (mark, today, connection.scalar(query) or 0)
        _COUNTED[connection.engine] = kept
    return kept[2]


def stale(connection: Connection, today: date, *, after: str = "", limit: int = 50) -> list[Stale]:
    """Return up to *limit* services that are to be checked, longest unchecked first, after that *place*."""
    secret = withheld(connection)
    checked = func.coalesce(service.c.assured_date, "0")
    conditions = [_is_stale(connection, today, secret)]
    day, _, key = after.partition("_")
    if key:
        conditions.append(or_(checked > day, and_(checked == day, service.c.id > key)))
    rows = connection.execute(
        select(
            service.c.id,
            service.c.name,
            service.c.organization_id,
            organization.c.name.label("organization"),
            service.c.assured_date,
            service.c.assurer_email,
        )
        .join(organization, organization.c.id == service.c.organization_id)
        .where(*conditions)
        .order_by(checked, service.c.id)
        .limit(limit)
    ).all()
    ids = [row.id for row in rows]
    who, hidden = checked_by(connection, ids), secret_services(connection, ids, secret)
    return [
        Stale(
            row.id,
            told(row.name, secret),
            row.organization_id,
            told(row.organization, secret),
            row.assured_date or "",
            _by(who.get(row.id), row.assured_date, row.assurer_email),
            row.id in hidden,
        )
        for row in rows
    ]


def last_check(connection: Connection, service_id: str) -> tuple[str, str]:
    """Return the day on which a service was checked last, and by whom; each is empty where it is not known."""
    row = row_of(connection, "service", service_id)
    day = str(row["assured_date"] or "")
    who = checked_by(connection, [service_id]).get(service_id)
    return day, _by(who, day, str(row["assurer_email"] or ""))


def is_due(checked: str, today: date, *, is_secret: bool) -> bool:
    """Say whether what was *checked* on that day, or never, is to be checked again."""
    return checked < (today - (STALE_IF_SECRET if is_secret else STALE)).isoformat()


def secret_services(
    connection: Connection, ids: Collection[str], secret: Withheld
) -> frozenset[str]:
    """Return those of the services *ids* that are withheld, or given at a withheld location."""
    marked = secret.service_ids & set(ids)
    if not secret.location_ids:
        return marked
    site = service_at_location.c
    hidden = among(connection, site.location_id, secret.location_ids)
    query = select(site.service_id).where(hidden, site.service_id.in_(ids))
    return marked | frozenset(connection.scalars(query))


def _by(who: tuple[str, str] | None, day: str | None, email: str | None) -> str:
    return who[1] if who and who[0] == day else email or ""


def _is_stale(
    connection: Connection, today: date, secret: Withheld | None = None
) -> ColumnElement[bool]:
    secret = withheld(connection) if secret is None else secret
    checked = func.coalesce(service.c.assured_date, "0")
    late = checked < (today - STALE).isoformat()
    if secret.location_ids or secret.service_ids:
        site = service_at_location.c
        hidden = select(site.service_id).where(
            among(connection, site.location_id, secret.location_ids)
        )
        is_secret = or_(
            service.c.id.in_(hidden), among(connection, service.c.id, secret.service_ids)
        )
        soon = checked < (today - STALE_IF_SECRET).isoformat()
        late = or_(late, and_(soon, is_secret))
    return and_(service.c.status.in_(("active", "temporarily closed")), late)
