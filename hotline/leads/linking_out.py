"""Tell agencies which of their leads share something of the alleged, so that none can join more than it was told.

What several leads share has one random id here, which never leaves. Each agency is told a grouping of those of its own
leads that share it, under an id that was made for this agency alone: two that compare notes see which lead both have,
as they do by its words, and no more. It never says what is shared.

Only leads that tell themselves what points to the alleged, a plate, a number, an account or a page, are grouped: to let
that be known is what was agreed to.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, delete, insert, select

from hotline import audit
from hotline.errors import Malformed, NotFound
from hotline.leads import shelving
from hotline.leads.agency import Agency, find
from hotline.leads.codes import Tlp
from hotline.leads.drafts import fields_of
from hotline.leads.sending import sender
from hotline.leads.shelving import Origin
from hotline.leads.stix import StixObject, grouping, recalled, revised
from hotline.leads.tables import entity_leads, lead_entities, lead_releases, lead_sources, leads
from hotline.store import Session, new_id

_TELLING = frozenset({"selectors", "links"})
_MOST = 50


@dataclass(frozen=True, slots=True)
class Alike:
    """A lead that stands and tells what points to the alleged, the report it came of, and the day on which it left."""

    id: str
    report_id: str
    day: str


def can_be_linked(session: Session, report_ids: Collection[str]) -> list[Alike]:
    """Return the leads of these reports that may be said to share something, the newest first."""
    rows = session.execute(
        select(leads.c.id, lead_sources.c.report_id, leads.c.day, leads.c.told)
        .join(lead_sources, lead_sources.c.lead_id == leads.c.id)
        .where(lead_sources.c.report_id.in_(report_ids), leads.c.recalled_day == "")
        .order_by(leads.c.day.desc(), leads.c.id)
        .limit(_MOST)
    )
    return [Alike(row.id, row.report_id, row.day) for row in rows if _points(row.told)]


def shared_with(session: Session, lead_id: str) -> Mapping[str, Sequence[str]]:
    """Return the ids of the other leads that share something with one, by the id of what they share."""
    its = select(entity_leads.c.entity_id).where(entity_leads.c.lead_id == lead_id)
    ids = session.execute(its.order_by(entity_leads.c.entity_id).limit(_MOST)).scalars()
    all_of = {entity_id: _leads_of(session, entity_id) for entity_id in ids}
    return {key: [one for one in each if one != lead_id] for key, each in all_of.items()}


def link_leads(session: Session, lead_ids: Iterable[str], *, by: str, at: datetime) -> str:
    """Say that *lead_ids* share something; return its id, which never leaves.

    Raises:
        NotFound: there is no such lead, or it tells nothing of the alleged.
        Malformed: one lead alone shares nothing.
    """
    chosen = sorted(set(lead_ids))
    kept = session.execute(select(leads.c.told).where(leads.c.id.in_(chosen))).scalars()
    if sum(map(_points, kept)) < len(chosen):
        raise NotFound
    if len(chosen) < 2:
        raise Malformed("one lead alone shares nothing")
    entity_id = new_id()
    rows = [{"entity_id": entity_id, "lead_id": one} for one in chosen]
    session.execute(insert(entity_leads), rows)
    _tell(session, entity_id, at=at)
    audit.record(session, at=at, who=by, did="leads_linked", what=entity_id)
    return entity_id


def unlink_leads(session: Session, entity_id: str, *, by: str, at: datetime) -> None:
    """Take back that leads share something."""
    session.execute(delete(entity_leads).where(entity_leads.c.entity_id == entity_id))
    _tell(session, entity_id, at=at)
    session.execute(delete(lead_entities).where(lead_entities.c.entity_id == entity_id))
    audit.record(session, at=at, who=by, did="leads_unlinked", what=entity_id)


def retell(session: Session, agency: Agency, lead_id: str, *, at: datetime) -> None:
    """Say anew to an agency what is shared with a lead, which it may know since now, or no more."""
    its = select(entity_leads.c.entity_id).where(entity_leads.c.lead_id == lead_id)
    for entity_id in session.execute(its.order_by(entity_leads.c.entity_id)).scalars().all():
        _tell_one(session, entity_id, agency, at=at)


def retell_all(session: Session, agency: Agency, *, at: datetime) -> None:
    """Say anew to an agency all that its leads share, when what it may be told has changed."""
    its = select(lead_entities.c.entity_id).where(lead_entities.c.agency_id == agency.id)
    for entity_id in session.execute(its.order_by(lead_entities.c.entity_id)).scalars().all():
        _tell_one(session, entity_id, agency, at=at)


def _tell(session: Session, entity_id: str, *, at: datetime) -> None:
    """Say to each agency which of its leads share it, in the order of their ids, in which their rows are locked."""
    had = select(lead_entities.c.agency_id).where(lead_entities.c.entity_id == entity_id)
    now = _standing(entity_id).with_only_columns(lead_releases.c.agency_id).distinct()
    ids = {*session.execute(had).scalars(), *session.execute(now).scalars()}
    for agency_id in sorted(ids):
        _tell_one(session, entity_id, find(session, agency_id), at=at)


def _tell_one(session: Session, entity_id: str, agency: Agency, *, at: datetime) -> None:
    query = _standing(entity_id).where(lead_releases.c.agency_id == agency.id)
    found = session.execute(query.order_by(lead_releases.c.added)).all()
    rows = [row for row in found if _points(row.told)]
    name = _name_for(session, entity_id, agency, is_wanted=len(rows) > 1)
    former = shelving.of_id(session, agency, f"grouping--{name}") if name else None
    if len(rows) < 2:
        _take_back(session, agency, former, at=at)
        return
    today, who = at.astimezone(UTC).date(), sender(session, at=at)
    tlp = max((Tlp(row.tlp) for row in rows), key=list(Tlp).index)
    made = grouping(name, [row.id for row in rows], who, today, tlp=tlp)
    if former and former["object_refs"] == made["object_refs"]:
        return
    (newer,) = revised([made], {made["id"]: former} if former else {}, today)
    countries, themes = {row.country for row in rows}, {row.theme for row in rows}
    origin = Origin("", _alone(countries), _alone(themes))
    shelving.replace(session, agency, origin, [newer], at=at)


def _take_back(
    session: Session, agency: Agency, former: StixObject | None, *, at: datetime
) -> None:
    """Revoke a grouping, if there is one. Its name goes too: what is revoked, in STIX, has no later version."""
    if former is None:
        return
    last = recalled(former, at.astimezone(UTC).date())
    shelving.replace(session, agency, shelving.SHARED, [last], at=at)
    name = former["id"].partition("--")[2]
    session.execute(delete(lead_entities).where(lead_entities.c.name == name))


def _name_for(session: Session, entity_id: str, agency: Agency, *, is_wanted: bool) -> str:
    """Return under which UUID one agency knows an entity; made up where it *is_wanted* and there is none."""
    its = lead_entities.c
    query = select(its.name).where(its.entity_id == entity_id, its.agency_id == agency.id)
    name = session.execute(query).scalar_one_or_none() or ""
    if not name and is_wanted:
        name = str(uuid.uuid4())
        row = {"entity_id": entity_id, "agency_id": agency.id, "name": name}
        session.execute(insert(lead_entities), row)
    return name


def _standing(entity_id: str) -> Select[tuple[str, str, str, str, dict[str, Any]]]:
    """Return the query of the leads of an entity that agencies may know now."""
    shared = (entity_leads.c.entity_id == entity_id, lead_releases.c.recalled_day == "")
    return (
        select(leads.c.id, leads.c.country, leads.c.theme, leads.c.tlp, leads.c.told)
        .join(entity_leads, entity_leads.c.lead_id == leads.c.id)
        .join(lead_releases, lead_releases.c.lead_id == leads.c.id)
        .where(*shared)
    )


def _leads_of(session: Session, entity_id: str) -> Sequence[str]:
    its = select(entity_leads.c.lead_id).where(entity_leads.c.entity_id == entity_id)
    return session.execute(its.order_by(entity_leads.c.lead_id)).scalars().all()


def _points(told: Mapping[str, Any]) -> bool:
    """Return whether what a lead tells points to the alleged."""
    return not _TELLING.isdisjoint(fields_of(told))


def _alone(codes: set[str]) -> str:
    return codes.pop() if len(codes) == 1 else ""
