"""Who may read leads: admit an agency, know it by its token, change what it may see, let it go."""

import hashlib
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, delete, insert, select, update

from hotline import audit
from hotline.domain.report import day
from hotline.errors import Malformed, NotFound
from hotline.leads.codes import COUNTRIES, Theme, Tlp
from hotline.leads.tables import (
    agencies,
    agency_members,
    agency_tokens,
    lead_releases,
    leads,
    stix_objects,
)
from hotline.store import Session, new_id

RATE = 600
"""Requests a minute that an agency may make unless another number was set."""


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency of investigators. *countries* (ISO 3166-1 alpha-2) are those whose leads it may be told, *themes* of
    which kinds (none named: every kind), and *tlp* the strictest marking that it may hold. *rate* is requests a minute.
    """

    id: str
    name: str
    countries: tuple[str, ...]
    collection: str
    last_added: int
    themes: tuple[str, ...] = ()
    tlp: Tlp = Tlp.STRICT
    rate: int = RATE

    def may_be_told(self, country: str, theme: str, tlp: str) -> bool:
        """Tell whether a lead of that country, theme and marking is one of those it was admitted for."""
        markings = list(Tlp)
        is_of_kind = not self.themes or theme in self.themes
        is_passed_on = markings.index(Tlp(tlp)) <= markings.index(self.tlp)
        return country in self.countries and is_of_kind and is_passed_on


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
    token, agency_id = _new_token(), new_id()
    row = {
        "id": agency_id,
        "name": _checked_name(name),
        "countries": _checked(countries),
        "themes": _themes(themes),
        "tlp": tlp,
        "rate": rate,
        "collection": str(uuid.uuid4()),
        "last_added": 0,
        "day": day(at),
    }
    session.execute(insert(agencies), row)
    _keep_token(session, agency_id, token, at=at)
    audit.record(session, at=at, who=by, did="agency_admitted", what=agency_id)
    return token


def by_token(session: Session, token: str) -> Agency | None:
    """Return whose token it is. The hash is looked up by index, so no comparison tells how near a guess was."""
    its = select(agencies).join(agency_tokens, agency_tokens.c.agency_id == agencies.c.id)
    row = session.execute(its.where(agency_tokens.c.hash == hash_of(token))).one_or_none()
    return None if row is None else _agency(row)


def find(session: Session, agency_id: str) -> Agency:
    """Return an agency by its id.

    Raises:
        NotFound: there is none.
    """
    row = session.execute(select(agencies).where(agencies.c.id == agency_id)).one_or_none()
    if row is None:
        raise NotFound(ref=agency_id)
    return _agency(row)


def of_country(session: Session, country: str) -> list[Agency]:
    """Return the agencies that may be told leads of *country*, in the order of their ids."""
    return [agency for agency in everyone(session) if country in agency.countries]


def everyone(session: Session, *, limit: int = 1000) -> list[Agency]:
    rows = session.execute(select(agencies).order_by(agencies.c.id).limit(limit))
    return [_agency(row) for row in rows]


def join(session: Session, agency_id: str, staff_id: str) -> None:
    """Let an investigator who signs in here belong to this agency, and to no other.

    Raises:
        NotFound: there is no such agency.
    """
    find(session, agency_id)
    leave(session, staff_id)
    row = {"staff_id": staff_id, "agency_id": agency_id}
    session.execute(insert(agency_members), row)


def leave(session: Session, staff_id: str) -> bool:
    """Let an investigator belong to no agency; tell whether that changed anything."""
    its = delete(agency_members).where(agency_members.c.staff_id == staff_id)
    return bool(session.execute(its).rowcount)


def of_member(session: Session, staff_id: str) -> Agency | None:
    """Return the agency that an investigator belongs to."""
    its = select(agencies).join(agency_members, agency_members.c.agency_id == agencies.c.id)
    row = session.execute(its.where(agency_members.c.staff_id == staff_id)).one_or_none()
    return None if row is None else _agency(row)


def members(session: Session) -> dict[str, str]:
    """Return the agency of each investigator who belongs to one, by their ids."""
    rows = session.execute(select(agency_members.c.staff_id, agency_members.c.agency_id))
    return {row.staff_id: row.agency_id for row in rows}


def renew(session: Session, agency_id: str, *, at: datetime, by: str) -> str:
    """Return a new token for an agency; the old one opens nothing from now on."""
    find(session, agency_id)
    token = _new_token()
    session.execute(delete(agency_tokens).where(agency_tokens.c.agency_id == agency_id))
    _keep_token(session, agency_id, token, at=at)
    audit.record(session, at=at, who=by, did="agency_renewed", what=agency_id)
    return token


def rescope(
    session: Session, agency_id: str, countries: Iterable[str], *, at: datetime, by: str
) -> None:
    """Change what an agency may see. What was released to it of other countries is taken from it at once."""
    agency, chosen = find(session, agency_id), _checked(countries)
    out = stix_objects.c.country.not_in([*chosen, ""])
    session.execute(delete(stix_objects).where(stix_objects.c.collection == agency.collection, out))
    elsewhere = select(leads.c.id).where(leads.c.country.not_in(chosen))
    session.execute(
        delete(lead_releases).where(
            lead_releases.c.agency_id == agency_id, lead_releases.c.lead_id.in_(elsewhere)
        )
    )
    # A step of the number makes every answer that a reader keeps by its ETag out of date.
    _change(session, agency_id, countries=chosen, last_added=agencies.c.last_added + 1)
    audit.record(session, at=at, who=by, did="agency_rescoped", what=agency_id)


def dismiss(session: Session, agency_id: str, *, at: datetime, by: str) -> None:
    """Let an agency go: its token, its collection and all in it."""
    agency = find(session, agency_id)
    session.execute(delete(stix_objects).where(stix_objects.c.collection == agency.collection))
    session.execute(delete(lead_releases).where(lead_releases.c.agency_id == agency_id))
    session.execute(delete(agency_tokens).where(agency_tokens.c.agency_id == agency_id))
    session.execute(delete(agency_members).where(agency_members.c.agency_id == agency_id))
    session.execute(delete(agencies).where(agencies.c.id == agency_id))
    audit.record(session, at=at, who=by, did="agency_dismissed", what=agency_id)


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _new_token() -> str:
    """Return 256 random bits in characters that no command line, form or file reads as anything else."""
    return secrets.token_hex(32)


def _keep_token(session: Session, agency_id: str, token: str, *, at: datetime) -> None:
    row = {
        "hash": hash_of(token),
        "agency_id": agency_id,
        "name": "",
        "day": day(at),
        "ends_day": "",
    }
    session.execute(insert(agency_tokens), row)


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


def _agency(row: Row[tuple[object, ...]]) -> Agency:
    return Agency(
        row.id,
        row.name,
        tuple(row.countries),
        row.collection,
        row.last_added,
        tuple(row.themes),
        Tlp(row.tlp),
        row.rate,
    )
