"""Which agency an investigator who signs in here belongs to: one, or none."""

from sqlalchemy import delete, insert, select

from hotline.leads.agency import Agency, find, of_row
from hotline.leads.tables import agencies, agency_members
from hotline.leads.webhooks import makers
from hotline.store import Session


def join(session: Session, agency_id: str, staff_id: str) -> None:
    """Let an investigator who signs in here belong to this agency, and to no other.

    Raises:
        NotFound: there is no such agency.
    """
    find(session, agency_id)
    now = of_member(session, staff_id)
    if now is not None and now.id == agency_id:
        return
    leave(session, staff_id)
    row = {"staff_id": staff_id, "agency_id": agency_id}
    session.execute(insert(agency_members), row)


def leave(session: Session, staff_id: str) -> bool:
    """Let an investigator belong to no agency, and pause the webhooks that they made; tell whether they left one."""
    makers.end(session, [staff_id])
    its = delete(agency_members).where(agency_members.c.staff_id == staff_id)
    return bool(session.execute(its).rowcount)


def of_member(session: Session, staff_id: str) -> Agency | None:
    """Return the agency that an investigator belongs to."""
    its = select(agencies).join(agency_members, agency_members.c.agency_id == agencies.c.id)
    row = session.execute(its.where(agency_members.c.staff_id == staff_id)).one_or_none()
    return None if row is None else of_row(row)


def members(session: Session) -> dict[str, str]:
    """Return the agency of each investigator who belongs to one, by their ids."""
    rows = session.execute(select(agency_members.c.staff_id, agency_members.c.agency_id))
    return {row.staff_id: row.agency_id for row in rows}
