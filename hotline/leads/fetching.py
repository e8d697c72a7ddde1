"""Which agency read what, and when: kept before an answer leaves, so that nobody reads without a trace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    delete,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite

from hotline import audit
from hotline.leads.agencies import Agency
from hotline.leads.shelving import from_milliseconds, in_milliseconds
from hotline.leads.tables import agencies, fetches, lead_versions
from hotline.store import Session, Store

KEPT = timedelta(days=400)
"""How long it is known who read what: longer than a year, so that a quarter is comparable with its last."""

WAYS = ("taxii", "json", "csv", "misp", "bundle", "webhook", "page")

_HOUR = 60 * 60 * 1000
# Milliseconds by which what was read and what was written may be told apart: numbers of a collection run ahead of the
# clock where much is added at once, and a page may be read while something else takes its place.
_APART = 60_000
_EVER = 2**53


@dataclass(frozen=True, slots=True)
class Reading:
    """That an agency was sent answers in which a lead stood, or could have stood: the first and the last time, to the hour.

    *agency* is its name, empty where it was dismissed since.
    """

    agency_id: str
    agency: str
    way: str
    first_at: datetime
    last_at: datetime


def note(store: Store, agency: Agency, way: str, first: int, last: int, *, at: datetime) -> None:
    """Write down, durably, that an answer which holds what has `added` from *first* to *last* is about to leave.

    To be called before the answer is sent, and not at all for one that holds nothing. *way* is one of `WAYS`. The log
    has a line of each; who sends the same question again and again has one row an hour.
    """
    now = in_milliseconds(at)
    what_it_says = f"{agency.id} {now // _HOUR} {way} {first} {last}"
    its_id = sha256(what_it_says.encode()).hexdigest()[:32]
    row = {
        "id": its_id,
        "agency_id": agency.id,
        "at": now,
        "way": way,
        "first": first,
        "last": last,
    }

    def keep(session: Session) -> None:
        inserting = postgresql.insert if session.dialect.name == "postgresql" else sqlite.insert
        session.execute(inserting(fetches).on_conflict_do_nothing(), row)
        what = f"{way} {first}-{last}"
        audit.record(session, at=at, who=agency.id, did="leads_fetched", what=what)

    store.write(keep)


def readers_of(session: Session, lead_id: str) -> Sequence[Reading]:
    """Return who was sent a lead, any version of it, while it stood; by agency and way.

    An answer counts when its range holds the lead, also where a filter left it out: rather too many than too few.
    """
    its = lead_versions.c
    ways = union_all(*(select(literal(way).label("way")) for way in WAYS)).subquery()
    name = func.coalesce(agencies.c.name, "")
    query = (
        select(its.agency_id, name, ways.c.way, _seek(ways.c.way), _seek(ways.c.way, last=True))
        .select_from(lead_versions)
        .join(ways, true())
        .outerjoin(agencies, agencies.c.id == its.agency_id)
        .where(its.lead_id == lead_id)
        .order_by(agencies.c.name, its.agency_id, ways.c.way)
    )
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    for agency_id, called, way, first, last in session.execute(query):
        if first is not None:
            earliest, latest = found.get((agency_id, called, way), (first, last))
            found[agency_id, called, way] = min(first, earliest), max(last, latest)
    return [
        Reading(*whose, from_milliseconds(first), from_milliseconds(last))
        for whose, (first, last) in found.items()
    ]


def _seek(way: ColumnElement[str], *, last: bool = False) -> ScalarSelect[int]:
    """Return when a version of a lead was read first, or last: two looks into an index, however much was read."""
    its, rows = lead_versions.c, fetches.c
    whose = (rows.agency_id == its.agency_id, rows.way == way)
    stood_then = (
        rows.at >= its.first - _APART,
        rows.at <= func.coalesce(its.until, _EVER) + _APART,
    )
    holds_it = (rows.first <= its.last, rows.last >= its.first)
    query = select(rows.at).where(*whose, *stood_then, *holds_it)
    return query.order_by(rows.at.desc() if last else rows.at).limit(1).scalar_subquery()


def sweep(session: Session, *, at: datetime) -> None:
    """Forget what was read long ago."""
    session.execute(delete(fetches).where(fetches.c.at < in_milliseconds(at - KEPT)))
