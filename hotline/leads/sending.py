"""Under which name this hotline sends its leads, and with what it hashes what it keeps of them."""

import uuid
from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import insert, select, update

from hotline.leads import shelving
from hotline.leads.agency import everyone
from hotline.leads.stix import Sender, identity_of, of_day, version_after
from hotline.leads.tables import lead_senders
from hotline.store import Session

UNNAMED = "Hotline"


def sender(session: Session, *, at: datetime) -> Sender:
    """Return who sends; made up on the first lead, with a random id that stays."""
    return known(session) or _introduced(session, UNNAMED, at)


def known(session: Session) -> Sender | None:
    """Return who sends; None before the first lead."""
    row = session.execute(select(lead_senders)).one_or_none()
    return None if row is None else Sender(row.id, row.name, row.created, row.modified)


def salt_of(session: Session) -> str:
    """Return with what the places that leads told are hashed here; empty before the first lead, when none is kept."""
    return session.execute(select(lead_senders.c.salt)).scalar_one_or_none() or ""


def introduce(session: Session, name: str, *, at: datetime) -> Sender:
    """Give the hotline *name* towards investigators, also to those who know it by another."""
    row = session.execute(select(lead_senders)).one_or_none()
    if row is None:
        return _introduced(session, name, at)
    modified = version_after(row.modified, at.astimezone(UTC).date())
    session.execute(update(lead_senders).values(name=name, modified=modified))
    renamed = Sender(row.id, name, row.created, modified)
    for agency in everyone(session):
        if agency.last_added:
            identity = [identity_of(renamed)]
            shelving.replace(session, agency, shelving.SHARED, identity, at=at)
    return renamed


def _introduced(session: Session, name: str, at: datetime) -> Sender:
    today = of_day(at.astimezone(UTC).date())
    new = Sender(str(uuid.uuid4()), name, today, today)
    session.execute(insert(lead_senders), {"n": 1, **asdict(new)})
    return new
