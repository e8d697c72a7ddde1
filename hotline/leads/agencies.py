"""Who may read leads: admit an agency, know it by its token, change what it may see, let it go."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, false, func, insert, or_, select, update

from hotline import audit
from hotline.domain.report import day
from hotline.errors import Malformed, NotFound
from hotline.leads import linking_out
from hotline.leads.agency import RATE, Agency, everyone, find, of_row
from hotline.leads.codes import COUNTRIES, Theme, Tlp
from hotline.leads.members import join, leave, members, of_member
from hotline.leads.stix import OBSERVABLES
from hotline.leads.tables import (
    agencies,
    agency_members,
    agency_tokens,
    lead_entities,
    lead_releases,
    leads,
    observables,
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
    "count_beyond",
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
    "rescope",
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
        "countries": _checked(countries),
        "themes": _themes(themes),
        "tlp": Tlp(tlp),
        "rate": _checked_rate(rate),
        "collection": str(uuid.uuid4()),
        "last_added": 0,
        "day": day(at),
    }
    session.execute(insert(agencies), row)
    token = keep_token(session, agency_id, at=at)
    audit.record(session, at=at, who=by, did="agency_admitted", what=agency_id)
    return token


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


def rescope(
    session: Session,
    agency_id: str,
    countries: Iterable[str],
    *,
    at: datetime,
    by: str,
    themes: Iterable[str] | None = None,
    tlp: Tlp | None = None,
    rate: int | None = None,
) -> None:
    """Change what an agency may see, and how often it may ask; None leaves it as it is.

    What was released to it and is beyond that now is taken from it at once.

    Raises:
        NotFound: there is no such agency.
        Malformed: as for `admit`.
    """
    agency = find(session, agency_id)
    chosen = {
        "countries": _checked(countries),
        "themes": list(agency.themes) if themes is None else _themes(themes),
        "tlp": agency.tlp if tlp is None else Tlp(tlp),
        "rate": agency.rate if rate is None else _checked_rate(rate),
    }
    # A step of the number makes every answer that a reader keeps by its ETag out of date.
    _change(session, agency_id, **chosen, last_added=agencies.c.last_added + 1)
    narrowed = find(session, agency_id)
    _take_away(session, narrowed)
    linking_out.retell_all(session, narrowed, at=at)
    audit.record(session, at=at, who=by, did="agency_rescoped", what=agency_id)


def count_beyond(session: Session, agency: Agency) -> int:
    """Return how many leads would be taken from an agency if it were admitted for no more than *agency* says."""
    its = lead_releases.c
    held = select(func.count()).select_from(lead_releases).join(leads, leads.c.id == its.lead_id)
    counted = held.where(its.agency_id == agency.id, _is_beyond(agency))
    return int(session.execute(counted).scalar_one())


def dismiss(session: Session, agency_id: str, *, at: datetime, by: str) -> None:
    """Let an agency go: its tokens, its webhooks, its collection and all in it."""
    agency = find(session, agency_id)
    for table in (stix_objects, observables):
        session.execute(delete(table).where(table.c.collection == agency.collection))
    for its in (lead_releases, lead_entities, agency_tokens, agency_members):
        session.execute(delete(its).where(its.c.agency_id == agency_id))
    webhooks.forget(session, agency_id)
    session.execute(delete(agencies).where(agencies.c.id == agency_id))
    audit.record(session, at=at, who=by, did="agency_dismissed", what=agency_id)


def _take_away(session: Session, agency: Agency) -> None:
    """Take from an agency what it may not be told any more."""
    own, its = (stix_objects.c.collection == agency.collection), lead_releases.c
    beyond = select(its.lead_id).join(leads, leads.c.id == its.lead_id)
    beyond = beyond.where(its.agency_id == agency.id, _is_beyond(agency))
    seen = observables.c.collection == agency.collection
    session.execute(delete(observables).where(seen, observables.c.lead_id.in_(beyond)))
    session.execute(delete(stix_objects).where(own, stix_objects.c.lead_id.in_(beyond)))
    session.execute(
        delete(lead_releases).where(its.agency_id == agency.id, its.lead_id.in_(beyond))
    )
    told = select(observables.c.stix_id).where(seen)
    unsaid = (stix_objects.c.type.in_(OBSERVABLES), stix_objects.c.stix_id.not_in(told))
    session.execute(delete(stix_objects).where(own, *unsaid))
    elsewhere = stix_objects.c.country.not_in([*agency.countries, ""])
    session.execute(delete(stix_objects).where(own, elsewhere))


def _is_beyond(agency: Agency) -> ColumnElement[bool]:
    markings = list(Tlp)
    stricter = markings[markings.index(agency.tlp) + 1 :]
    kind = leads.c.theme.not_in(agency.themes) if agency.themes else false()
    return or_(leads.c.country.not_in(agency.countries), kind, leads.c.tlp.in_(stricter))


def _change(session: Session, agency_id: str, **values: object) -> None:
    changed = session.execute(update(agencies).where(agencies.c.id == agency_id).values(**values))
    if changed.rowcount != 1:
        raise NotFound(ref=agency_id)


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
