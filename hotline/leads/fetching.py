"""Which agency read what, and when: kept before an answer leaves, so that nobody reads without a trace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select

from hotline import audit
from hotline.leads.agencies import Agency
from hotline.leads.shelving import from_milliseconds, in_milliseconds
from hotline.leads.tables import agencies, fetches, lead_versions
from hotline.store import Session, Store, new_id

KEPT = timedelta(days=400)
"""How long it is known who read what: longer than a year, so that a quarter is comparable with its last."""

WAYS = ("taxii", "json", "csv", "misp", "bundle", "webhook", "page")

_INSERT = insert(fetches)
# Milliseconds by which what was read and what was written may be told apart: numbers of a collection run ahead of the
# clock where much is added at once, and a page may be read while something else takes its place.
_APART = 60_000


@dataclass(frozen=True, slots=True)
class Reading:
    """That an agency was sent answers in which a lead stood, or could have stood: the first and the last time.

    *agency* is its name, empty where it was dismissed since.
    """

    agency_id: str
    agency: str
    way: str
    first_at: datetime
    last_at: datetime


def note(store: Store, agency: Agency, way: str, first: int, last: int, *, at: datetime) -> None:
    """Write down, durably, that an answer which holds what has `added` from *first* to *last* is about to leave.

    To be called before the answer is sent, and not at all for one that holds nothing. *way* is one of `WAYS`.
    """
    row = {"id": new_id(), "agency_id": agency.id, "at": in_milliseconds(at), "way": way}
    row |= {"first": first, "last": last}

    def keep(session: Session) -> None:
        session.execute(_INSERT, row)
        what = f"{way} {first}-{last}"
        audit.record(session, at=at, who=agency.id, did="leads_fetched", what=what)

    store.write(keep)


def readers_of(session: Session, lead_id: str) -> Sequence[Reading]:
    """Return who was sent a lead, any version of it, while it stood; by agency and way.

    An answer counts when its range holds the lead, also where a filter left it out: rather too many than too few.
    """
    its, rows, name = lead_versions.c, fetches.c, func.coalesce(agencies.c.name, "")
    had_ended = its.until.is_not(None) & (rows.at > its.until + _APART)
    stood_then = (rows.at >= its.first - _APART) & ~had_ended
    holds_it = (rows.first <= its.last) & (rows.last >= its.first)
    query = (
        select(its.agency_id, name, rows.way, func.min(rows.at), func.max(rows.at))
        .select_from(lead_versions)
        .join(fetches, (rows.agency_id == its.agency_id) & stood_then & holds_it)
        .outerjoin(agencies, agencies.c.id == its.agency_id)
        .where(its.lead_id == lead_id)
        .group_by(its.agency_id, agencies.c.name, rows.way)
        .order_by(agencies.c.name, its.agency_id, rows.way)
    )
    return [
        Reading(agency_id, called, way, from_milliseconds(first), from_milliseconds(last))
        for agency_id, called, way, first, last in session.execute(query)
    ]


def sweep(session: Session, *, at: datetime) -> None:
    """Forget what was read long ago."""
    session.execute(delete(fetches).where(fetches.c.at < in_milliseconds(at - KEPT)))
