"""They tell us anew how and when we may write: what waits for the old ways goes nowhere any more.

With their code they read here what waited. Whom to call, and whether it is safe now, is asked from the beginning.
"""

from datetime import datetime

from sqlalchemy import select, update

from hotline.contact.back_orders import Back, end
from hotline.contact.knocking import move_away
from hotline.contact.tables import call_backs, conversations
from hotline.store import Session


def let_go_of_old_ways(session: Session, report_id: str, *, at: datetime) -> None:
    """Send and call nothing more of what was made ready before; a call that rings already rings on.

    The phones that speak in the report keep doing so, and a line that was closed stays closed.
    """
    move_away(session, report_id, at=at)
    calls = call_backs.c
    waiting = select(calls.id).where(calls.open_for == report_id, calls.state != Back.CALLING)
    for ref in session.execute(waiting).scalars().all():
        end(session, ref, Back.STOPPED)
    its = update(conversations).where(conversations.c.report_id == report_id)
    session.execute(its.values(open_until=None))
