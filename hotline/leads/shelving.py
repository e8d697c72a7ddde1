"""Put objects into an agency's collection, and take them out of it.

Whoever adds locks the agency's row until the commit. So `added` is distinct to the millisecond and rising, also
where it is read: clients page by it, and some cut it to milliseconds.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, insert, select, union_all, update

from hotline.leads.agency import Agency
from hotline.leads.stix import OBSERVABLES, StixObject, moment
from hotline.leads.tables import agencies, lead_releases, observables, stix_objects
from hotline.store import Session

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Origin:
    """Which lead an object belongs to, its country and theme; empty for what all leads share."""

    lead_id: str = ""
    country: str = ""
    theme: str = ""


SHARED = Origin()


class Kept(NamedTuple):
    """What a collection has of an object: its version, and whose readers it is for."""

    version: str
    country: str
    theme: str


def add(
    session: Session,
    agency: Agency,
    objects: Sequence[tuple[Origin, StixObject]],
    *,
    at: datetime,
    anew: bool = False,
) -> dict[str, int]:
    """Add *objects* that the collection does not have yet, in order; return `added` of each by its STIX id.

    What is there already is left as it is, unless this is a later version of it, or what was observed is told of
    another country or theme too: then it is added anew, so that who reads those alone comes upon it. With *anew* so is
    what all leads share.
    """
    last = _lock(session, agency)
    there = _there(session, agency, [found["id"] for _, found in objects])
    added: dict[str, int] = {}
    rows: dict[str, dict[str, object]] = {}
    for origin, found in objects:
        row = _row(agency, origin, found, there.get(found["id"]))
        is_again = anew and _is_shared(origin, found) and found["id"] not in added
        if not is_again and _is_known(row, there.get(found["id"])):
            continue
        last = max(last + 1, in_milliseconds(at))
        row["version"] = row["version"] or moment(from_milliseconds(last))
        added[found["id"]] = last
        rows[found["id"]] = {**row, "added": last}
        there[found["id"]] = Kept(str(row["version"]), str(row["country"]), str(row["theme"]))
    if rows:
        remove(session, agency, list(rows))
        in_order = sorted(rows.values(), key=lambda row: added[str(row["stix_id"])])
        session.execute(insert(stix_objects), in_order)
        _unlock(session, agency, last)
    _tie(session, agency, objects)
    return added


def is_first(session: Session, agency: Agency, origin: Origin) -> bool:
    """Tell whether the collection has no lead of that country and theme: who follows such alone has not seen what
    all leads share, however long it is there.
    """
    its = lead_releases.c
    of = (its.agency_id == agency.id, its.country == origin.country, its.theme == origin.theme)
    return session.execute(select(its.added).where(*of).limit(1)).first() is None


def replace(
    session: Session,
    agency: Agency,
    origin: Origin,
    objects: Sequence[StixObject],
    *,
    at: datetime,
) -> dict[str, int]:
    """Put new versions in the place of the former ones, which are deleted; return `added` of each."""
    own = [found["id"] for found in objects if found["type"] not in OBSERVABLES]
    remove(session, agency, own)
    return add(session, agency, [(origin, found) for found in objects], at=at)


def remove(session: Session, agency: Agency, ids: Sequence[str]) -> None:
    """Delete these objects from the collection."""
    session.execute(
        delete(stix_objects).where(
            stix_objects.c.collection == agency.collection, stix_objects.c.stix_id.in_(ids)
        )
    )


def untie(session: Session, agency: Agency, lead_id: str) -> None:
    """Delete what a lead of the collection told as observed, or leave it to the other leads that tell it too."""
    its, rows = observables.c, stix_objects.c
    own = (its.collection == agency.collection, its.lead_id == lead_id)
    ids = list(session.execute(select(its.stix_id).where(*own)).scalars())
    if not ids:
        return
    session.execute(delete(observables).where(*own))
    others = select(its.stix_id).where(its.collection == agency.collection, its.stix_id.in_(ids))
    gone = (
        rows.collection == agency.collection,
        rows.stix_id.in_(ids),
        rows.stix_id.not_in(others),
    )
    session.execute(delete(stix_objects).where(*gone))


def of_lead(session: Session, agency: Agency, lead_id: str) -> list[StixObject]:
    """Return what belongs to one lead, in the order it was added."""
    rows, its = stix_objects.c, observables.c
    tied = select(its.stix_id).where(its.collection == agency.collection, its.lead_id == lead_id)
    here = select(rows.added, rows.body).where(rows.collection == agency.collection)
    both = union_all(here.where(rows.lead_id == lead_id), here.where(rows.stix_id.in_(tied)))
    found = sorted(tuple(row) for row in session.execute(both))
    return [json.loads(body) for _, body in found]


def of_id(session: Session, agency: Agency, stix_id: str) -> StixObject | None:
    """Return one object of the collection, if it has that."""
    rows = stix_objects.c
    its = select(rows.body).where(rows.collection == agency.collection, rows.stix_id == stix_id)
    body = session.execute(its).scalar_one_or_none()
    return None if body is None else json.loads(body)


def in_milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)


def from_milliseconds(added: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=added)


def written(found: object) -> str:
    """Return the JSON text in which an object is kept and served."""
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _row(
    agency: Agency, origin: Origin, found: StixObject, there: Kept | None
) -> dict[str, object]:
    country, theme = origin.country, origin.theme
    is_tied = found["type"] in OBSERVABLES
    if is_tied and there is not None:
        country = country if country == there.country else ""
        theme = theme if theme == there.theme else ""
    return {
        "collection": agency.collection,
        "stix_id": found["id"],
        "version": found.get("modified") or found.get("created") or "",
        "type": found["type"],
        "country": country,
        "theme": theme,
        "lead_id": "" if is_tied else origin.lead_id,
        "body": written(found),
    }


def _is_shared(origin: Origin, found: StixObject) -> bool:
    return not origin.lead_id and found["type"] not in OBSERVABLES


def _is_known(row: dict[str, object], there: Kept | None) -> bool:
    """Tell whether what is *there* already says as much as *row*, to as many."""
    if there is None:
        return False
    if row["type"] in OBSERVABLES:
        return (row["country"], row["theme"]) == (there.country, there.theme)
    return str(row["version"]) <= there.version


def _tie(session: Session, agency: Agency, objects: Sequence[tuple[Origin, StixObject]]) -> None:
    """Keep which leads tell what was observed."""
    wanted = {
        (found["id"], origin.lead_id) for origin, found in objects if found["type"] in OBSERVABLES
    }
    if not wanted:
        return
    its = observables.c
    lead_ids = {lead_id for _, lead_id in wanted}
    known = select(its.stix_id, its.lead_id).where(
        its.collection == agency.collection, its.lead_id.in_(lead_ids)
    )
    there = {tuple(row) for row in session.execute(known)}
    rows = [
        {"collection": agency.collection, "stix_id": stix_id, "lead_id": lead_id}
        for stix_id, lead_id in sorted(wanted - there)
    ]
    if rows:
        session.execute(insert(observables), rows)


def _lock(session: Session, agency: Agency) -> int:
    last: int = session.execute(
        select(agencies.c.last_added).where(agencies.c.id == agency.id).with_for_update()
    ).scalar_one()
    return last


def _unlock(session: Session, agency: Agency, last: int) -> None:
    session.execute(update(agencies).where(agencies.c.id == agency.id).values(last_added=last))


def _there(session: Session, agency: Agency, ids: Sequence[str]) -> dict[str, Kept]:
    rows = stix_objects.c
    found = session.execute(
        select(rows.stix_id, rows.version, rows.country, rows.theme).where(
            rows.collection == agency.collection, rows.stix_id.in_(ids)
        )
    )
    return {row.stix_id: Kept(row.version, row.country, row.theme) for row in found}
