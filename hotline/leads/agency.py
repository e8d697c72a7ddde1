"""An agency of investigators: what it may be told, and where it reads."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from hotline.errors import NotFound
from hotline.leads.codes import Tlp
from hotline.leads.tables import agencies
from hotline.store import Session

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


def find(session: Session, agency_id: str) -> Agency:
    """Return an agency by its id.

    Raises:
        NotFound: there is none.
    """
    row = session.execute(select(agencies).where(agencies.c.id == agency_id)).one_or_none()
    if row is None:
        raise NotFound(ref=agency_id)
    return of_row(row)


def everyone(session: Session, *, limit: int = 1000) -> list[Agency]:
    """Return the agencies in the order of their ids, in which everybody locks their rows."""
    rows = session.execute(select(agencies).order_by(agencies.c.id).limit(limit))
    return [of_row(row) for row in rows]


def of_row(row: Any) -> Agency:
    """Return the agency that a row of the table is."""
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
