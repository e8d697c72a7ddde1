"""A later version of a lead takes the place of what it told before, for those who may be told it; from the others that is recalled."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from hotline.errors import NotFound
from hotline.leads import misp
from hotline.leads.agencies import Agency
from hotline.leads.disclose import Disclosure, LeadRefused
from hotline.leads.items import item_of, newer_item
from hotline.leads.recipients import theme_told
from hotline.leads.releasing import revoke, shelve_newer, told_to
from hotline.leads.shelving import Origin
from hotline.leads.stix import Sender
from hotline.leads.tables import lead_releases, lead_sources, leads
from hotline.leads.wording import Fact, Problem
from hotline.store import Session


def see_that_stands(session: Session, lead_id: str, report_id: str) -> None:
    """See that there may be a later version of a lead.

    Raises:
        NotFound: no lead of that report has this id.
        LeadRefused: it was recalled.
    """
    its = (leads.c.id == lead_id, lead_sources.c.report_id == report_id)
    joined = select(leads.c.recalled_day).join(lead_sources, lead_sources.c.lead_id == leads.c.id)
    recalled_day = session.execute(joined.where(*its)).scalar_one_or_none()
    if recalled_day is None:
        raise NotFound(ref=lead_id)
    if recalled_day:
        raise LeadRefused(Problem("ground", Fact.TAKEN_BACK))


def those_who_read_on(
    session: Session, lead_id: str, recipients: Sequence[Agency]
) -> tuple[Agency, ...]:
    """Return *recipients* without those it was recalled from: what is revoked, in STIX, has no later version.

    Raises:
        LeadRefused: it was recalled from each of them.
    """
    rows = lead_releases.c
    its = (rows.lead_id == lead_id, rows.recalled_day != "")
    gone = set(session.execute(select(rows.agency_id).where(*its)).scalars())
    left = tuple(agency for agency in recipients if agency.id not in gone)
    if not left:
        raise LeadRefused(Problem("to", Fact.MAY_NOT_BE_TOLD))
    return left


def revise(
    session: Session,
    lead_id: str,
    told: Disclosure,
    marks: Mapping[str, Any],
    source: Mapping[str, Any],
    recipients: Sequence[Agency],
    who: Sender,
    *,
    at: datetime,
) -> None:
    """Let *recipients* read *told* as the lead; take the former one from everybody else who had it."""
    former = session.execute(select(leads).where(leads.c.id == lead_id)).one()
    item = newer_item(former.item, item_of(told, lead_id, at, tlp=marks["tlp"]), at)
    in_misp = misp.kept(told.to_json(), lead_id, day=former.day, tlp=marks["tlp"])
    texts = {"item": item, **in_misp}
    session.execute(update(leads).where(leads.c.id == lead_id).values(**texts, **marks))
    session.execute(update(lead_sources).where(lead_sources.c.lead_id == lead_id).values(**source))
    origin = Origin(lead_id, told.country, theme_told(told))
    chosen = {agency.id: agency for agency in recipients}
    without = {agency.id: agency for agency in told_to(session, lead_id)}
    # In the order of their ids, in which everybody locks their rows.
    for agency_id, agency in sorted({**chosen, **without}.items()):
        if agency_id in chosen:
            shelve_newer(session, agency, told, marks["tlp"], origin, who, at=at)
        else:
            revoke(session, agency, former, at=at)
