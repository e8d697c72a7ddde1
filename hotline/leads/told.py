"""What was told on the ground of a yes, or of what staff decided for a child, and since when it counts no more: for the person."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from hotline import consent
from hotline.consent import Grant, Purpose, Recipient
from hotline.consent.case import Ground
from hotline.leads.tables import lead_releases, lead_sources, leads
from hotline.store import Session


@dataclass(frozen=True, slots=True)
class Told:
    """The *day* on which a first lead left, and the day on which the last was recalled: empty while one stands."""

    day: str
    recalled_day: str


@dataclass(frozen=True, slots=True)
class _Release:
    """One lead that one agency was told."""

    agency_id: str
    grant_id: str
    day: str
    recalled_day: str

    def rests_on(self, given: Grant) -> bool:
        """Tell whether *given* let that agency know it."""
        if not given.covers(Recipient(Purpose.LEAD, self.agency_id)):
            return False
        last = min(filter(None, (given.expires_day, given.ended_day, given.revoked_day)))
        is_of_its_days = bool(self.grant_id) and given.day <= self.day <= last
        return self.grant_id == given.id or is_of_its_days


def told_with_grants(session: Session, report_id: str) -> dict[str, Told]:
    """Return what was told of a report, by the id of the grant that it rests on."""
    released = _released(session, report_id)
    found = {
        given.id: [one for one in released if one.rests_on(given)]
        for given in consent.of_report(session, report_id)
    }
    return {grant_id: _told(its) for grant_id, its in found.items() if its}


def told_for_child(session: Session, report_id: str) -> list[Told]:
    """Return each lead that left because two of staff decided what is best for a child, the newest first."""
    rows, its = leads.c, lead_sources.c
    query = (
        select(rows.day, rows.recalled_day)
        .join(lead_sources, its.lead_id == rows.id)
        .where(its.report_id == report_id, its.ground == Ground.BEST_INTEREST)
    )
    return [Told(*row) for row in session.execute(query.order_by(rows.day.desc(), rows.id))]


def _told(released: Sequence[_Release]) -> Told:
    stands = any(not one.recalled_day for one in released)
    last = "" if stands else max(one.recalled_day for one in released)
    return Told(min(one.day for one in released), last)


def _released(session: Session, report_id: str) -> list[_Release]:
    rows, its = lead_releases.c, lead_sources.c
    query = (
        select(rows.agency_id, its.grant_id, leads.c.day, rows.recalled_day)
        .join(lead_releases, rows.lead_id == leads.c.id)
        .join(lead_sources, its.lead_id == leads.c.id)
        .where(its.report_id == report_id)
    )
    return [_Release(*row) for row in session.execute(query)]
