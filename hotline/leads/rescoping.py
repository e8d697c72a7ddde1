"""Change what an agency may be told; what it holds beyond that is revoked for it, so that its tools learn to delete it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, false, func, or_, select, update

from hotline import audit
from hotline.leads import agencies, linking_out
from hotline.leads.agency import Agency, find
from hotline.leads.codes import Tlp
from hotline.leads.releasing import revoke_all
from hotline.leads.tables import agencies as rows_of_agencies
from hotline.leads.tables import lead_releases, leads, stix_objects
from hotline.store import Session


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

    What was released to it and is beyond that now is revoked for it at once: empty objects stand in its place, which
    tell its tools to delete it, and the agency is asked to say that it followed.

    Raises:
        NotFound: there is no such agency.
        Malformed: as for `agencies.admit`.
    """
    agency = find(session, agency_id)
    chosen = agencies.scope(
        countries,
        agency.themes if themes is None else themes,
        agency.tlp if tlp is None else tlp,
        agency.rate if rate is None else rate,
    )
    its = rows_of_agencies.c
    # A step of the number makes every answer that a reader keeps by its ETag out of date.
    changed = update(rows_of_agencies).where(its.id == agency_id)
    session.execute(changed.values(**chosen, last_added=its.last_added + 1))
    narrowed = find(session, agency_id)
    _take_away(session, narrowed, at=at)
    linking_out.retell_all(session, narrowed, at=at)
    audit.record(session, at=at, who=by, did="agency_rescoped", what=agency_id)


def count_beyond(session: Session, agency: Agency) -> int:
    """Return how many leads would be taken from an agency if it were admitted for no more than *agency* says."""
    its = lead_releases.c
    held = select(func.count()).select_from(lead_releases).join(leads, leads.c.id == its.lead_id)
    return int(session.execute(held.where(_is_beyond(agency))).scalar_one())


def _take_away(session: Session, agency: Agency, *, at: datetime) -> None:
    """Take from an agency what it may not be told any more."""
    its = lead_releases.c
    beyond = select(leads).join(lead_releases, its.lead_id == leads.c.id).where(_is_beyond(agency))
    revoke_all(session, agency, session.execute(beyond.order_by(its.added)).all(), at=at)
    own, shared = stix_objects.c.collection == agency.collection, stix_objects.c.lead_id == ""
    elsewhere = stix_objects.c.country.not_in([*agency.countries, ""])
    session.execute(delete(stix_objects).where(own, shared, elsewhere))


def _is_beyond(agency: Agency) -> ColumnElement[bool]:
    """Return what holds for a release that *agency* knows and may not be told."""
    markings, its = list(Tlp), lead_releases.c
    stricter = markings[markings.index(agency.tlp) + 1 :]
    kind = leads.c.theme.not_in(agency.themes) if agency.themes else false()
    outside = or_(leads.c.country.not_in(agency.countries), kind, leads.c.tlp.in_(stricter))
    return and_(its.agency_id == agency.id, its.recalled_day == "", outside)
