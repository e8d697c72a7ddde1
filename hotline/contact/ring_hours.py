"""How often the phones of a desk rang in this hour for callers of whom nothing is proved.

A number can be withheld or forged, so one caller can be many. Whoever lets phones ring again and again keeps them from
everybody else; from some number on such callers leave a message, until the hour is over.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.contact.on_call import takes_calls
from hotline.contact.tables import on_call, ring_hours
from hotline.store import Session

MOST = 30
"""So often the phone of each who is on call may ring in an hour, taken together."""


def left(session: Session, desk: str, *, at: datetime) -> int:
    """Return how often phones of *desk* may still ring in this hour for callers of whom nothing is proved."""
    people = select(func.count()).where(takes_calls(at), on_call.c.desk == desk)
    rung = select(ring_hours.c.rings).where(
        ring_hours.c.desk == desk, ring_hours.c.hour == _hour(at)
    )
    allowed: int = session.execute(people).scalar_one() * MOST
    return max(allowed - (session.execute(rung).scalar_one_or_none() or 0), 0)


def count(session: Session, desk: str, *, at: datetime) -> None:
    """Count that a phone of *desk* rings."""
    dialect = postgresql if session.dialect.name == "postgresql" else sqlite
    row = dialect.insert(ring_hours).values(desk=desk, hour=_hour(at), rings=1)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["desk", "hour"], set_={"rings": ring_hours.c.rings + 1}
        )
    )


def take_back(session: Session, desk: str, *, at: datetime) -> None:
    """Do not count a phone that did not ring after all."""
    its = (ring_hours.c.desk == desk) & (ring_hours.c.hour == _hour(at)) & (ring_hours.c.rings > 0)
    session.execute(update(ring_hours).where(its).values(rings=ring_hours.c.rings - 1))


def forget(session: Session, *, at: datetime) -> None:
    """Delete what was counted in hours that are over."""
    session.execute(delete(ring_hours).where(ring_hours.c.hour < _hour(at - timedelta(hours=1))))


def _hour(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H")
