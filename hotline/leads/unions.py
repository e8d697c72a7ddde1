"""What was told of one person by all leads of their reports, and who was told all of it.

What was read stays known: a lead that was recalled counts, and where a report is erased, or taken apart from those it was
merged with, what was told of it is handed on to the others (`lead_unions`), so that they tell no more than it left open.
"""

from collections.abc import Collection, Sequence
from functools import reduce
from operator import or_

from sqlalchemy import delete, func, insert, select

from hotline.leads.gating import Person
from hotline.leads.tables import lead_sources, lead_unions, lead_versions
from hotline.store import Session


def told_of(session: Session, report_ids: Collection[str]) -> Person:
    """Return what leads of these reports told of a person, and what was handed on to them."""
    kept = [
        person
        for table in (lead_sources, lead_unions)
        for person in session.execute(
            select(table.c.person).where(table.c.report_id.in_(report_ids))
        ).scalars()
    ]
    return reduce(or_, map(Person.from_json, kept), Person())


def who_were_told(session: Session, report_ids: Sequence[str]) -> frozenset[str]:
    """Return the ids of the agencies that were told all of it: each version of each lead.

    Nobody was where something was handed on, as nobody knows any more to whom that was told.
    """
    its, rows = lead_sources.c, lead_versions.c
    handed_on = select(lead_unions.c.report_id).where(lead_unions.c.report_id.in_(report_ids))
    if session.execute(handed_on.limit(1)).first() is not None:
        return frozenset()
    query = (
        select(its.lead_id, rows.agency_id, func.count(rows.first).label("versions"))
        .join(lead_versions, rows.lead_id == its.lead_id, isouter=True)
        .where(its.report_id.in_(report_ids))
        .group_by(its.lead_id, rows.agency_id)
    )
    told: dict[str, dict[str, int]] = {}
    for lead_id, agency_id, versions in session.execute(query):
        told.setdefault(lead_id, {})[agency_id] = versions
    whole = [
        {agency_id for agency_id, versions in each.items() if versions == max(each.values())}
        for each in told.values()
    ]
    return frozenset.intersection(*map(frozenset, whole)) if whole else frozenset()


def hand_on(session: Session, report_ids: Collection[str], *, to: str) -> None:
    """Let what was told of *report_ids* count for the report *to*, too."""
    person = told_of(session, report_ids)
    if person.places:
        add(session, to, person)


def add(session: Session, report_id: str, person: Person) -> None:
    """Let *person* be known of a report, without anybody who was told all of it."""
    rows = lead_unions.c
    its = select(rows.person).where(rows.report_id == report_id)
    kept = session.execute(its).scalar_one_or_none()
    forget(session, report_id)
    both = person | Person.from_json(kept or {})
    session.execute(insert(lead_unions), {"report_id": report_id, "person": both.to_json()})


def forget(session: Session, report_id: str) -> None:
    """Delete what was handed on to a report."""
    session.execute(delete(lead_unions).where(lead_unions.c.report_id == report_id))
