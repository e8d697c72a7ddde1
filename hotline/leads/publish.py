"""Let a lead out, and take it back.

A lead leaves only where `consent.case_of` lets each of its facts be told to each agency, in the transaction that
releases it. Where somebody who only saw it told us, a member of staff must have read the account and answer for that:
the reporter's own answer or the machine may be wrong.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from hotline import audit, consent
from hotline.consent import Case, Decision, Purpose, Recipient, Why
from hotline.consent.case import Ground
from hotline.domain.report import day
from hotline.errors import NotFound
from hotline.leads import agencies, shelving
from hotline.leads.agencies import Agency
from hotline.leads.codes import Theme, theme_of
from hotline.leads.disclose import Disclosure, LeadDraft, LeadRefused, disclose, fields_of
from hotline.leads.items import item_of, recalled_item
from hotline.leads.names import names_of
from hotline.leads.sending import sender
from hotline.leads.shelving import Origin
from hotline.leads.stix import (
    Sender,
    StixObject,
    lead_objects,
    new_ids,
    recalled,
    shared_objects,
    stix_id_of,
)
from hotline.leads.tables import lead_releases, lead_sources, leads
from hotline.leads.wording import Fact, Problem
from hotline.reports import desk_of
from hotline.store import Session, new_id


def publish(
    session: Session,
    draft: LeadDraft,
    *,
    report_id: str,
    by: str,
    at: datetime,
    to: Collection[str] | None = None,
    account: str = "",
    confirmed_by: str = "",
    offered: Collection[str] = (),
) -> str:
    """Let *draft* out and return the id of the lead, which follows from nothing.

    *to* are ids of agencies; None means all that may be told. *account*, the redacted text of the report, is only held
    against the words of the lead. *confirmed_by* is who answers for it that a bystander told it.
    *offered* are ids of organizations that were offered to the person: no lead says that they help.

    Raises:
        LeadRefused: its `problems` name what decided: the words, the consent, or whom it was to be told.
    """
    names = names_of(session, report_id, offered)
    told = disclose(draft, account=account, staff=names.staff, organizations=names.organizations)
    case = consent.case_of(session, report_id, lock=True)
    recipients, decision = _recipients(session, case, told, to, at)
    if decision.ground is Ground.BYSTANDER and not confirmed_by:
        raise LeadRefused(Problem("saw_only", Fact.NOT_CONFIRMED))
    lead_id, who = new_id(), sender(session, at=at)
    is_for_all = len(recipients) == len(agencies.of_country(session, told.country))
    marks = {"tlp": draft.tlp, "k": 0, "could_know": draft.could_know}
    _keep(session, lead_id, told, marks, is_for_all=is_for_all, by=by, at=at)
    answers_for_it = confirmed_by if decision.ground is Ground.BYSTANDER else ""
    _keep_source(session, lead_id, report_id, decision, answers_for_it)
    own = lead_objects(told, new_ids(lead_id), who, at.astimezone(UTC).date())
    for agency in recipients:
        _shelve(session, agency, own, Origin(lead_id, told.country, theme_told(told)), who, at=at)
    what = f"{lead_id} {decision.ground} {answers_for_it}".strip()
    desk = desk_of(session, report_id)
    audit.record(session, at=at, who=by, did="publish", desk=desk, report_id=report_id, what=what)
    return lead_id


def recall(session: Session, lead_id: str, *, by: str, at: datetime) -> bool:
    """Take a lead back: each of its objects is replaced by a revoked, empty one. False where it was so already.

    What an agency has read it still knows; its tools learn here that the lead no longer stands.

    Raises:
        NotFound: there is no such lead.
    """
    lead = session.execute(select(leads).where(leads.c.id == lead_id)).one_or_none()
    if lead is None:
        raise NotFound(ref=lead_id)
    emptied = {"recalled_day": day(at), "told": {}, "item": recalled_item(lead.item, at)}
    changed = session.execute(
        update(leads).where(leads.c.id == lead_id, leads.c.recalled_day == "").values(**emptied)
    )
    if changed.rowcount != 1:
        return False
    for agency in _told(session, lead_id):
        _revoke(session, agency, lead, at=at)
    report_id = _report_behind(session, lead_id)
    desk = desk_of(session, report_id) if report_id else ""
    audit.record(session, at=at, who=by, did="recall", desk=desk, report_id=report_id, what=lead_id)
    return True


def review(session: Session, report_id: str, *, by: str, at: datetime) -> list[str]:
    """Take back what may no longer be known, from each agency that may no longer know it.

    To be called in the transaction that takes a yes back, lets one end or excludes somebody. Returns the leads that
    changed.
    """
    case = consent.case_of(session, report_id, lock=True)
    standing = select(leads).join(lead_sources, lead_sources.c.lead_id == leads.c.id)
    its = (lead_sources.c.report_id == report_id, leads.c.recalled_day == "")
    found = session.execute(standing.where(*its).order_by(leads.c.id)).all()
    return [lead.id for lead in found if _review(session, case, lead, by=by, at=at)]


def of_report(session: Session, report_id: str) -> list[str]:
    """Return the ids of the leads that came from a report, for the caseworkers of its desk."""
    found = select(lead_sources.c.lead_id).where(lead_sources.c.report_id == report_id)
    return list(session.execute(found.order_by(lead_sources.c.lead_id)).scalars())


def forget(session: Session, report_id: str) -> None:
    """Cut the tie between a report that is being erased and its leads; recall them first where they must go."""
    session.execute(delete(lead_sources).where(lead_sources.c.report_id == report_id))


def _report_behind(session: Session, lead_id: str) -> str:
    """Return the report that a lead came from; empty when it is no more."""
    source = select(lead_sources.c.report_id).where(lead_sources.c.lead_id == lead_id)
    return session.execute(source).scalar_one_or_none() or ""


def whom(agency: Agency) -> Recipient:
    """Return an agency as consent knows it."""
    return Recipient(Purpose.LEAD, agency.id, frozenset(agency.countries))


def _recipients(
    session: Session, case: Case, told: Disclosure, to: Collection[str] | None, at: datetime
) -> tuple[tuple[Agency, ...], Decision]:
    """Return whom it is told, in the order of their ids, in which their rows are locked; and on which ground.

    Raises:
        LeadRefused: nobody may be told it, or somebody in *to* may not.
    """
    known = agencies.of_country(session, told.country)
    asked_for = [agency for agency in known if to is None or agency.id in to]
    if to is not None and not set(to) <= {agency.id for agency in known}:
        raise LeadRefused(Problem("to", Fact.MAY_NOT_BE_TOLD))
    answers = {agency: case.may(whom(agency), told.fields, at=at) for agency in asked_for}
    may = [agency for agency in asked_for if answers[agency]]
    refused = [agency for agency in asked_for if not answers[agency]]
    if not asked_for:
        raise LeadRefused(Problem("to", Fact.NOBODY_TO_TELL))
    if not may or (to is not None and refused):
        raise LeadRefused(*_problems(case, told, refused, at))
    return tuple(may), answers[may[0]]


def _problems(case: Case, told: Disclosure, refused: list[Agency], at: datetime) -> list[Problem]:
    """Return why none of *refused* may be told, with each fact that the person did not agree to."""
    whom_not = [whom(agency) for agency in refused]
    whys = {case.may(one, told.fields, at=at).why for one in whom_not}
    missing = [
        Problem(name, Fact.NOT_IN_CONSENT)
        for name in told.fields
        if any(case.may(one, (name,), at=at).why is Why.NOT_IN_CONSENT for one in whom_not)
    ]
    return missing or [Problem("ground", Fact(why)) for why in sorted(filter(None, whys))]


def theme_told(told: Disclosure) -> Theme:
    return theme_of(told.exploitation, minor=told.minor == "yes")


def _keep(
    session: Session,
    lead_id: str,
    told: Disclosure,
    marks: Mapping[str, object],
    *,
    is_for_all: bool,
    by: str,
    at: datetime,
) -> None:
    row: dict[str, object] = {
        "id": lead_id,
        "country": told.country,
        "day": day(at),
        "recalled_day": "",
        "by": by,
        "is_for_all": is_for_all,
        "theme": theme_told(told),
        **marks,
        "told": told.to_json(),
        "item": item_of(told, lead_id, at),
    }
    session.execute(insert(leads), row)


def _keep_source(
    session: Session, lead_id: str, report_id: str, decision: Decision, confirmed_by: str
) -> None:
    row: dict[str, object] = {
        "lead_id": lead_id,
        "report_id": report_id,
        "ground": decision.ground,
        "grant_id": decision.grant_id,
        "confirmed_by": confirmed_by,
        "person": {},
    }
    session.execute(insert(lead_sources), row)


def _shelve(
    session: Session,
    agency: Agency,
    lead: list[StixObject],
    own: Origin,
    who: Sender,
    *,
    at: datetime,
) -> None:
    """Put a lead, and what it refers to, into the collection of one agency."""
    place, *rest = lead
    objects = [
        *((shelving.SHARED, found) for found in shared_objects(who)),
        (Origin(country=own.country), place),
        *((own, found) for found in rest),
    ]
    added = shelving.add(session, agency, objects, at=at)
    _note_release(session, agency, own, added[stix_id_of(own.lead_id)])


def _note_release(
    session: Session,
    agency: Agency,
    own: Origin,
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
    }
    session.execute(insert(lead_releases), row)


def _told(session: Session, lead_id: str) -> list[Agency]:
    """Return the agencies that may know a lead now, in the order in which their rows are locked."""
    rows = lead_releases.c
    found = select(rows.agency_id).where(rows.lead_id == lead_id, rows.recalled_day == "")
    ids = session.execute(found.order_by(rows.agency_id)).scalars()
    return [agencies.find(session, agency_id) for agency_id in ids.all()]


def _review(session: Session, case: Case, lead: Any, *, by: str, at: datetime) -> bool:
    """Take one lead back from whom may not know it any more; tell whether that changed anything."""
    told = fields_of(lead.told)
    there = _told(session, lead.id)
    gone = [one for one in there if not case.still(whom(one), told, at=at)]
    if len(gone) == len(there):
        return recall(session, lead.id, by=by, at=at)
    for agency in gone:
        _revoke(session, agency, lead, at=at)
    if gone:
        session.execute(update(leads).where(leads.c.id == lead.id).values(is_for_all=False))
        report_id = _report_behind(session, lead.id)
        desk = desk_of(session, report_id)
        what = f"{lead.id} {len(gone)}"
        audit.record(
            session, at=at, who=by, did="recall_some", desk=desk, report_id=report_id, what=what
        )
    return bool(gone)


def _revoke(session: Session, agency: Agency, lead: Any, *, at: datetime) -> None:
    today = at.astimezone(UTC).date()
    former = shelving.of_lead(session, agency, lead.id)
    last = [recalled(found, today) for found in former if found["type"] != "url"]
    own = Origin(lead.id, lead.country, lead.theme)
    added = shelving.replace(session, agency, own, last, at=at)
    for link in (found["id"] for found in former if found["type"] == "url"):
        shelving.drop_link(session, agency, link)
    rows = lead_releases.c
    session.execute(
        delete(lead_releases).where(rows.agency_id == agency.id, rows.lead_id == lead.id)
    )
    _note_release(
        session,
        agency,
        own,
        added[stix_id_of(lead.id)],
        recalled_day=day(at),
        item=recalled_item(lead.item, at),
    )
