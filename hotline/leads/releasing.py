"""Put a lead into the collections of those who may know it, put a later version in its place, and take it out again."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, func, insert, select, update

from hotline.domain.report import day
from hotline.leads import linking_out, misp, notices, questions, shelving
from hotline.leads.agency import Agency, find
from hotline.leads.codes import Tlp
from hotline.leads.disclose import Disclosure
from hotline.leads.items import recalled_item
from hotline.leads.shelving import Origin, from_milliseconds, in_milliseconds
from hotline.leads.stix import (
    Sender,
    StixObject,
    ids_of,
    lead_objects,
    recalled,
    revised,
    shared_objects,
    stix_id_of,
)
from hotline.leads.tables import agencies, lead_releases, lead_versions
from hotline.leads.webhooks import ring
from hotline.store import Session


class Known(NamedTuple):
    """What one agency was told of a lead, which stays when it may not know it any more: the marking, and which slots of
    the MISP feed it saw. Versions that it was not told leave nothing here.
    """

    tlp: str
    slots: list[str]

    @classmethod
    def of(cls, told: Disclosure, tlp: Tlp) -> "Known":
        return cls(tlp, misp.slots_of(told.to_json()))


def shelve(
    session: Session,
    agency: Agency,
    lead: list[StixObject],
    known: Known,
    own: Origin,
    who: Sender,
    *,
    at: datetime,
) -> None:
    """Put a lead, and what it refers to, into the collection of one agency, which *known* says what it is told."""
    place, *rest = lead
    objects = [
        *((shelving.SHARED, found) for found in shared_objects(who, rest)),
        (Origin(country=own.country), place),
        *((own, found) for found in rest),
    ]
    is_first = shelving.is_first(session, agency, own)
    added = shelving.add(session, agency, objects, at=at, anew=is_first)
    _note_version(
        session,
        agency,
        own.lead_id,
        {found["id"]: added[found["id"]] for found in rest if found["id"] in added},
    )
    _note_release(session, agency, own, known, added[stix_id_of(own.lead_id)])
    linking_out.retell(session, agency, own.lead_id, at=at)
    ring(session, agency.id, at)


def shelve_newer(
    session: Session,
    agency: Agency,
    told: Disclosure,
    tlp: Tlp,
    own: Origin,
    who: Sender,
    *,
    at: datetime,
) -> None:
    """Put what a lead tells now in the place of what it told; its objects keep their ids, and no former version stays."""
    today = at.astimezone(UTC).date()
    former = {found["id"]: found for found in shelving.of_lead(session, agency, own.lead_id)}
    ids = ids_of(own.lead_id, former.values())
    place, *rest = lead_objects(told, ids, who, today, tlp=tlp)
    newer = revised(rest, former, today)
    kept = {found["id"] for found in newer}
    gone = [found for found in former.values() if found["id"] not in kept]
    shared = [(shelving.SHARED, found) for found in shared_objects(who, rest)]
    is_first = shelving.is_first(session, agency, own)
    there = [*shared, (Origin(country=own.country), place)]
    shelving.add(session, agency, there, at=at, anew=is_first)
    added = _replace(session, agency, own, newer, gone, at=at)
    known = Known(tlp, misp.slots_of(told.to_json(), _known(session, agency, own.lead_id).slots))
    _end_version(session, agency, own.lead_id, at=at)
    _note_version(session, agency, own.lead_id, added)
    _note_release(session, agency, own, known, added[stix_id_of(own.lead_id)])
    linking_out.retell(session, agency, own.lead_id, at=at)
    ring(session, agency.id, at)


def _replace(
    session: Session,
    agency: Agency,
    own: Origin,
    newer: Sequence[StixObject],
    gone: Sequence[StixObject],
    *,
    at: datetime,
) -> dict[str, int]:
    """Put *newer* in the place of what stood there, and revoke what is *gone*; return `added` of each."""
    today = at.astimezone(UTC).date()
    # What was observed has no versions, and is one object however many leads tell it.
    shelving.untie(session, agency, own.lead_id)
    its = [found for found in gone if "modified" in found and not found.get("revoked")]
    revoked = [recalled(found, today) for found in its]
    return shelving.replace(session, agency, own, [*newer, *revoked], at=at)


def told_to(session: Session, lead_id: str) -> list[Agency]:
    """Return the agencies that may know a lead now, in the order in which their rows are locked."""
    rows = lead_releases.c
    found = select(rows.agency_id).where(rows.lead_id == lead_id, rows.recalled_day == "")
    ids = session.execute(found.order_by(rows.agency_id)).scalars()
    return [find(session, agency_id) for agency_id in ids.all()]


def those_who_knew(session: Session, lead_id: str) -> list[tuple[str, str]]:
    """Return name and last day of the agencies that could read a lead and cannot any more; no name once they are let go."""
    its, name = lead_versions.c, func.coalesce(agencies.c.name, "")
    query = (
        select(name, func.max(its.until))
        .select_from(lead_versions)
        .outerjoin(agencies, agencies.c.id == its.agency_id)
        .where(its.lead_id == lead_id)
        .group_by(its.agency_id, agencies.c.name)
        .having(func.count(its.until) == func.count())
        .order_by(agencies.c.name, its.agency_id)
    )
    return [(who, day(from_milliseconds(until))) for who, until in session.execute(query)]


def revoke(session: Session, agency: Agency, lead: Any, *, at: datetime) -> None:
    """Put in the place of each of a lead's objects one that is revoked and empty, and ask the agency to follow."""
    revoke_all(session, agency, [lead], at=at)


def revoke_all(session: Session, agency: Agency, gone: Sequence[Any], *, at: datetime) -> None:
    """Revoke several leads (rows of `leads`) for one agency; its webhooks are rung once."""
    for lead in gone:
        _revoke(session, agency, lead, at=at)
    if gone:
        ring(session, agency.id, at, recalls=True)


def _revoke(session: Session, agency: Agency, lead: Any, *, at: datetime) -> None:
    former = shelving.of_lead(session, agency, lead.id)
    origin = Origin(lead.id, lead.country, lead.theme)
    added = _replace(session, agency, origin, [], former, at=at)
    known = _known(session, agency, lead.id)
    _end_version(session, agency, lead.id, at=at)
    last, item = added[stix_id_of(lead.id)], recalled_item(lead.item, at)
    _note_release(session, agency, origin, known, last, recalled_day=day(at), item=item)
    notices.give(session, agency.id, lead.id, at=at)
    questions.end(session, lead.id, agency_id=agency.id)
    linking_out.retell(session, agency, lead.id, at=at)


def _known(session: Session, agency: Agency, lead_id: str) -> Known:
    rows = lead_releases.c
    its = (rows.agency_id == agency.id, rows.lead_id == lead_id)
    row = session.execute(select(rows.tlp, rows.slots).where(*its)).one_or_none()
    return Known(row.tlp, row.slots) if row else Known("", [])


def _note_release(
    session: Session,
    agency: Agency,
    own: Origin,
    known: Known,
    added: int,
    *,
    recalled_day: str = "",
    item: str = "",
) -> None:
    row = {
        "agency_id": agency.id,
        "added": added,
        "lead_id": own.lead_id,
        "country": own.country,
        "theme": own.theme,
        "recalled_day": recalled_day,
        "item": item,
        "tlp": known.tlp,
        "slots": known.slots,
    }
    session.execute(insert(lead_releases), row)


def _note_version(session: Session, agency: Agency, lead_id: str, added: Mapping[str, int]) -> None:
    row = {"agency_id": agency.id, "lead_id": lead_id, "until": None}
    numbers = {"first": min(added.values()), "last": max(added.values())}
    session.execute(insert(lead_versions), {**row, **numbers})


def _end_version(session: Session, agency: Agency, lead_id: str, *, at: datetime) -> None:
    """Note until when an agency could read what a lead told; something else takes its place."""
    rows, its = lead_versions.c, lead_releases.c
    stood = (rows.agency_id == agency.id, rows.lead_id == lead_id, rows.until.is_(None))
    session.execute(update(lead_versions).where(*stood).values(until=in_milliseconds(at)))
    former = (its.agency_id == agency.id, its.lead_id == lead_id)
    session.execute(delete(lead_releases).where(*former))
