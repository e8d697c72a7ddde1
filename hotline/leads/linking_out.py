"""Tell agencies which of their leads share something of the alleged, so that none can join more than it was told.

What several leads share has one random id here, which never leaves. Each agency is told a grouping of those of its own
leads that share it, under an id that was made for this agency alone: two that compare notes see which lead both have,
as they do by its words, and no more. It never says what is shared.

Whoever links sees to it that each lead's consent lets that be told.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Select, delete, insert, select

from hotline import audit
from hotline.errors import Malformed, NotFound
from hotline.leads import shelving
from hotline.leads.agency import Agency, find
from hotline.leads.codes import Tlp
from hotline.leads.sending import sender
from hotline.leads.shelving import Origin
from hotline.leads.stix import StixObject, grouping, recalled, revised
from hotline.leads.tables import entity_leads, lead_entities, lead_releases, leads
from hotline.store import Session, new_id


def link_leads(
    session: Session, lead_ids: Iterable[str], *, by: str, at: datetime, entity_id: str = ""
) -> str:
    """Say that *lead_ids* share something, with those that *entity_id* stands for; return its id, which never leaves.

    Raises:
        NotFound: there is no such entity, or no such lead.
        Malformed: one lead alone shares nothing.
    """
    chosen = sorted(set(lead_ids))
    known = list(session.execute(select(leads.c.id).where(leads.c.id.in_(chosen))).scalars())
    linked = _leads_of(session, entity_id) if entity_id else []
    if len(known) < len(chosen) or (entity_id and not linked):
        raise NotFound
    if len({*chosen, *linked}) < 2:
        raise Malformed("one lead alone shares nothing")
    entity_id = entity_id or new_id()
    new = [{"entity_id": entity_id, "lead_id": one} for one in chosen if one not in linked]
    if new:
        session.execute(insert(entity_leads), new)
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
    rows = session.execute(query.order_by(lead_releases.c.added)).all()
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


def _standing(entity_id: str) -> Select[tuple[str, str, str, str]]:
    """Return the query of the leads of an entity that agencies may know now."""
    shared = (entity_leads.c.entity_id == entity_id, lead_releases.c.recalled_day == "")
    return (
        select(leads.c.id, leads.c.country, leads.c.theme, leads.c.tlp)
        .join(entity_leads, entity_leads.c.lead_id == leads.c.id)
        .join(lead_releases, lead_releases.c.lead_id == leads.c.id)
        .where(*shared)
    )


def _leads_of(session: Session, entity_id: str) -> Sequence[str]:
    its = select(entity_leads.c.lead_id).where(entity_leads.c.entity_id == entity_id)
    return session.execute(its).scalars().all()


def _alone(codes: set[str]) -> str:
    return codes.pop() if len(codes) == 1 else ""
