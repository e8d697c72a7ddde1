"""Close links: what they carried is gone from the database, in the transaction of whatever closes them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, update

from hotline.contact import preparing
from hotline.handoff.tables import handoff_links, handoff_talk, handoffs
from hotline.store import Session


def close(session: Session, *, handoff_ids: Sequence[str], thanks: bool = False) -> None:
    """Close the links of some offers. With *thanks* who opened one may still see what came of it, and nothing more."""
    rows = handoff_links.c
    its = [rows.handoff_id.in_(handoff_ids)]
    if thanks:
        opened = update(handoff_links).where(*its, rows.seat.is_not(None))
        session.execute(opened.values(EMPTY))
        its.append(rows.seat.is_(None))
    session.execute(delete(handoff_links).where(*its))
    talk = handoff_talk.c
    unread = update(handoff_talk).where(talk.handoff_id.in_(handoff_ids), talk.sealed.is_not(None))
    session.execute(unread.values(sealed=None))


def drop_prepared(session: Session, handoff_ids: Sequence[str]) -> None:
    """Forget the texts that were to go out once a provider says yes: none will."""
    rows = handoffs.c
    its = (rows.id.in_(handoff_ids), rows.prepared_id != "")
    for prepared_id in session.scalars(select(rows.prepared_id).where(*its)).all():
        preparing.drop(session, prepared_id)
    session.execute(update(handoffs).where(*its).values(prepared_id=""))


EMPTY: Mapping[str, Any] = {
    "sealed": None,
    "fields": [],
    "visitor": None,
    "visit_until": None,
}
"""What a closed link has left, where somebody may still see what came of it."""

NO_LONGER_AWAITED: Mapping[str, Any] = {"asked_at": None, "answer_by": None}
"""What an offer forgets once nobody waits for an answer."""
