"""Put objects into an agency's collection, and take them out of it.

Whoever adds locks the agency's row until the commit. So `added` is distinct to the millisecond and rising, also
where it is read: clients page by it, and some cut it to milliseconds.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, insert, select, update

from hotline.leads.agencies import Agency
from hotline.leads.stix import StixObject, moment
from hotline.leads.tables import agencies, stix_objects
from hotline.store import Session

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Origin:
    """Which lead an object belongs to, its country and theme; empty for what all leads share."""

    lead_id: str = ""
    country: str = ""
    theme: str = ""


SHARED = Origin()


def add(
    session: Session,
    agency: Agency,
    objects: Sequence[tuple[Origin, StixObject]],
    *,
    at: datetime,
) -> dict[str, int]:
    """Add *objects* that the collection does not have yet, in order; return `added` of each by its STIX id.

    An object that is there already is left as it is: what leads share is the same in each of them.
    """
    last = _lock(session, agency)
    there = _there(session, agency, [found["id"] for _, found in objects])
    added: dict[str, int] = {}
    rows = []
    for origin, found in objects:
        if found["id"] in there:
            continue
        last = max(last + 1, in_milliseconds(at))
        there.add(found["id"])
        added[found["id"]] = last
        rows.append(_row(agency, origin, found, last))
    if rows:
        session.execute(insert(stix_objects), rows)
        _unlock(session, agency, last)
    return added


def replace(
    session: Session,
    agency: Agency,
    origin: Origin,
    objects: Sequence[StixObject],
    *,
    at: datetime,
) -> dict[str, int]:
    """Put new versions in the place of the former ones, which are deleted; return `added` of each."""
    remove(session, agency, [found["id"] for found in objects])
    return add(session, agency, [(origin, found) for found in objects], at=at)


def remove(session: Session, agency: Agency, ids: Sequence[str]) -> None:
    """Delete these objects from the collection."""
    session.execute(
        delete(stix_objects).where(
            stix_objects.c.collection == agency.collection, stix_objects.c.stix_id.in_(ids)
        )
    )


def drop_link(session: Session, agency: Agency, link_id: str) -> None:
    """Delete an observed link, or leave it to another lead of the collection that tells it too."""
    there = stix_objects.c.collection == agency.collection
    other = session.execute(
        select(stix_objects.c.lead_id)
        .where(
            there,
            stix_objects.c.type == "observed-data",
            stix_objects.c.body.contains(f'"{link_id}"', autoescape=True),
            stix_objects.c.body.not_like('%"revoked":true%'),
        )
        .limit(1)
    ).scalar_one_or_none()
    if other is None:
        return remove(session, agency, [link_id])
    session.execute(
        update(stix_objects).where(there, stix_objects.c.stix_id == link_id).values(lead_id=other)
    )
    return None


def of_lead(session: Session, agency: Agency, lead_id: str) -> list[StixObject]:
    """Return what belongs to one lead, in the order it was added."""
    bodies = session.execute(
        select(stix_objects.c.body)
        .where(
            stix_objects.c.lead_id == lead_id,
            stix_objects.c.collection == agency.collection,
        )
        .order_by(stix_objects.c.added)
    ).scalars()
    return [json.loads(body) for body in bodies]


def in_milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)


def from_milliseconds(added: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=added)


def written(found: object) -> str:
    """Return the JSON text in which an object is kept and served."""
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _row(agency: Agency, origin: Origin, found: StixObject, added: int) -> dict[str, object]:
    version = found.get("modified") or found.get("created") or moment(from_milliseconds(added))
    return {
        "collection": agency.collection,
        "added": added,
        "stix_id": found["id"],
        "version": version,
        "type": found["type"],
        "country": origin.country,
        "theme": origin.theme,
        "lead_id": origin.lead_id,
        "body": written(found),
    }


def _lock(session: Session, agency: Agency) -> int:
    last: int = session.execute(
        select(agencies.c.last_added).where(agencies.c.id == agency.id).with_for_update()
    ).scalar_one()
    return last


def _unlock(session: Session, agency: Agency, last: int) -> None:
    session.execute(update(agencies).where(agencies.c.id == agency.id).values(last_added=last))


def _there(session: Session, agency: Agency, ids: Sequence[str]) -> set[str]:
    found = session.execute(
        select(stix_objects.c.stix_id).where(
            stix_objects.c.collection == agency.collection, stix_objects.c.stix_id.in_(ids)
        )
    )
    return set(found.scalars())
