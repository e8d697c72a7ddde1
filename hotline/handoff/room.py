"""What a provider's no says of its room: which service, and when; of whom nothing. It counts for one night, then it is forgotten."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select

from hotline.domain.report import minute
from hotline.handoff.tables import handoff_noes
from hotline.store import Session, new_id

NIGHT = timedelta(hours=6)


def remember_no(session: Session, service_id: str, at: datetime) -> None:
    """Keep that a service just said that it has no room."""
    row = {"id": new_id(), "service_id": service_id, "said_at": minute(at)}
    session.execute(insert(handoff_noes).values(row))


def said_no_room(session: Session, at: datetime) -> dict[str, datetime]:
    """Return when each service last said that it has no room, of those that did so in this night."""
    its = handoff_noes.c
    said = select(its.service_id, func.max(its.said_at).label("said_at"))
    lately = said.where(its.said_at > at - NIGHT).group_by(its.service_id)
    return {row.service_id: row.said_at for row in session.execute(lately)}


def forget_noes(session: Session, at: datetime) -> None:
    """Forget what counts no more."""
    session.execute(delete(handoff_noes).where(handoff_noes.c.said_at <= at - NIGHT))
