"""Who may read leads: admit an agency, know it by its token, let it go."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import and_, delete, insert, or_, select, update

from hotline import audit
from hotline.domain.report import day
from hotline.errors import Malformed
from hotline.leads.agency import RATE, Agency, everyone, find, of_row
from hotline.leads.codes import COUNTRIES, Theme, Tlp
from hotline.leads.members import join, leave, members, of_member
from hotline.leads.shelving import in_milliseconds
from hotline.leads.tables import (
    agencies,
    agency_members,
    agency_tokens,
    lead_entities,
    lead_outcomes,
    lead_questions,
    lead_releases,
    lead_versions,
    observables,
    recall_notices,
    stix_objects,
)
from hotline.leads.tokens import (
    Token,
    add_token,
    by_token,
    end_token,
    keep_token,
    renew,
    tokens,
)
from hotline.leads.webhooks import subscribing as webhooks
from hotline.store import Session, new_id

__all__ = [
    "FASTEST",
    "RATE",
    "Agency",
    "Token",
    "add_token",
    "admit",
    "by_token",
    "dismiss",
    "end_token",
    "everyone",
    "find",
    "join",
    "leave",
    "members",
    "of_country",
    "of_member",
    "page",
    "renew",
    "scope",
    "tokens",
]

FASTEST = 60_000
"""Requests a minute that no agency may exceed."""


def admit(
    session: Session,
    name: str,
    countries: Iterable[str],
    *,
    at: datetime,
    by: str = "system",
    themes: Iterable[str] = (),
    tlp: Tlp = Tlp.STRICT,
    rate: int = RATE,
) -> str:
    """Admit an agency and return its token, which is shown this once and not kept.

    It reads what is published from now on; nothing that was released to others before.

    Raises:
        Malformed: the name is empty, or a country is not an ISO 3166-1 alpha-2 code.
    """
    agency_id = new_id()
    row = {
        "id": agency_id,
        "name": _checked_name(name),
        **scope(countries, themes, tlp, rate),
        "collection": str(uuid.uuid4()),
        "last_added": 0,
        "day": day(at),
    }
    session.execute(insert(agencies), row)
    token = keep_token(session, agency_id, at=at)
    audit.record(session, at=at, who=by, did="agency_admitted", what=agency_id)
    return token


def scope(
    countries: Iterable[str], themes: Iterable[str], tlp: Tlp, rate: int
) -> Mapping[str, object]:
    """Return what an agency is admitted for as its row keeps it.

    Raises:
        Malformed: there is no such thing, or no country.
    """
    return {
        "countries": _checked(countries),
        "themes": _themes(themes),
        "tlp": Tlp(tlp),
        "rate": _checked_rate(rate),
    }


def of_country(session: Session, country: str) -> list[Agency]:
    """Return the agencies that may be told leads of *country*, in the order of their ids."""
    return [agency for agency in everyone(session) if country in agency.countries]


def page(session: Session, *, after: str = "", limit: int) -> list[Agency]:
    """Return agencies in the order of their names; *after* is the id of the last of the page before."""
    its = agencies.c
    query = select(agencies).order_by(its.name, its.id).limit(limit)
    if after:
        last = select(its.name).where(its.id == after).scalar_subquery()
        query = query.where(or_(its.name > last, and_(its.name == last, its.id > after)))
    return [of_row(row) for row in session.execute(query)]


def dismiss(session: Session, agency_id: str, *, at: datetime, by: str) -> None:
    """Let an agency go: its tokens, its webhooks, its collection and all in it, and what it asked and said.

    What it had read is kept, and until when it could read.
    """
    agency = find(session, agency_id)
    stood = (lead_versions.c.agency_id == agency_id, lead_versions.c.until.is_(None))
    session.execute(update(lead_versions).where(*stood).values(until=in_milliseconds(at)))
    for table in (stix_objects, observables):
        session.execute(delete(table).where(table.c.collection == agency.collection))
    theirs = (lead_releases, lead_entities, lead_questions, lead_outcomes, recall_notices)
    for its in (*theirs, agency_tokens, agency_members):
        session.execute(delete(its).where(its.c.agency_id == agency_id))
    webhooks.forget(session, agency_id)
    session.execute(delete(agencies).where(agencies.c.id == agency_id))
    audit.record(session, at=at, who=by, did="agency_dismissed", what=agency_id)


def _checked_name(name: str) -> str:
    if not name.strip() or len(name) > 200:
        raise Malformed("an agency needs a name")
    return name.strip()


def _checked(countries: Iterable[str]) -> list[str]:
    chosen = sorted(set(countries))
    if not chosen or any(country not in COUNTRIES for country in chosen):
        raise Malformed("an agency needs countries, as two letters of ISO 3166-1 each")
    return chosen


def _themes(themes: Iterable[str]) -> list[str]:
    chosen = sorted(set(themes))
    if any(theme not in [known.value for known in Theme] for theme in chosen):
        raise Malformed("an agency is told themes that there are")
    return chosen


def _checked_rate(rate: int) -> int:
    if not 1 <= rate <= FASTEST:
        raise Malformed("an agency may ask once a minute at least, and not more than a machine can")
    return rate
