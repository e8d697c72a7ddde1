"""Delete what ended of the ways in: sessions, pauses, browsers nobody uses any more, invitations and drafts."""

from datetime import datetime

from sqlalchemy import delete, select

from hotline.store import Session
from hotline.vault.candidates import sweep_candidates
from hotline.vault.devices import sweep_devices
from hotline.vault.drafts import sweep_drafts
from hotline.vault.sessions import sweep_ended
from hotline.vault.tables import devices, members, notices, recovery_codes
from hotline.vault.tries import sweep_tries


def sweep_sessions(session: Session, *, at: datetime) -> None:
    """Delete all of it that is over at *at*, and what a leaver's browsers were known by."""
    sweep_ended(session, at=at)
    sweep_tries(session, at=at)
    sweep_devices(session, at=at)
    sweep_candidates(session, at=at)
    sweep_drafts(session, at=at)
    for table in (devices, notices, recovery_codes):
        session.execute(delete(table).where(table.c.member_id.not_in(select(members.c.id))))
