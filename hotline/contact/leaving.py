"""What the provider still holds of ours: what of it may go now, and what we wait for it to forget."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from hotline.contact.carrier import Held
from hotline.contact.erasing import erase_later
from hotline.contact.tables import erase_at_provider, pictures, sends
from hotline.reports.tables import seen
from hotline.store import Session
from hotline.vault.seen import seen_key


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many things of one *kind* wait to be erased there, since when, and how many for far too long."""

    kind: str
    count: int
    oldest: datetime
    stuck: int


def waiting(session: Session) -> list[Waiting]:
    """Return what waits to be erased at the provider, by kind; never which."""
    rows = erase_at_provider.c
    stuck = func.sum(case((rows.is_stuck, 1), else_=0))
    query = (
        select(rows.kind, func.count(), func.min(rows.since), stuck)
        .group_by(rows.kind)
        .order_by(rows.kind)
    )
    return [Waiting(*row) for row in session.execute(query)]


def waiting_pictures(session: Session) -> Waiting | None:
    """Return how many texts wait for their pictures to be fetched, if any do."""
    row = session.execute(select(func.count(), func.min(pictures.c.since))).one()
    return Waiting("pictures", row[0], row[1], 0) if row[0] else None


def erase_held(session: Session, held: Sequence[Held], *, at: datetime) -> None:
    """Ask that each of *held* be erased which may go.

    What a reporter sent stays until we have it: a text until it is kept, its pictures until they are
    fetched. A text of ours stays while we do not know of some text whether it was sent: we look for it
    in the provider's list.
    """
    texts = {_text_of(one) for one in held if one.kind in ("message", "media")}
    kept, has_pictures = _kept(session, texts), _unfetched(session, texts)
    is_unsure = _is_unsure(session)
    for one in held:
        text = _text_of(one)
        is_awaited = text in has_pictures or (one.is_incoming and text not in kept)
        is_looked_for = is_unsure and one.kind == "message" and not one.is_incoming
        if not is_awaited and not is_looked_for:
            erase_later(session, one.kind, one.provider_id, at=at)


def _text_of(held: Held) -> str:
    return held.provider_id.partition("/")[0]


def _kept(session: Session, texts: set[str]) -> set[str]:
    """Return those of *texts* that we have: what is remembered, or asked to be erased, was kept before."""
    hashes = {seen_key(text): text for text in texts}
    remembered = select(seen.c.id_hash).where(seen.c.id_hash.in_(list(hashes)))
    rows = erase_at_provider.c
    asked = select(rows.provider_id).where(rows.provider_id.in_(list(texts)))
    return {hashes[bytes(row)] for row in session.execute(remembered).scalars()} | set(
        session.execute(asked).scalars()
    )


def _unfetched(session: Session, texts: set[str]) -> set[str]:
    hashes = {seen_key(text): text for text in texts}
    query = select(pictures.c.id_hash).where(pictures.c.id_hash.in_(list(hashes)))
    return {hashes[bytes(row)] for row in session.execute(query).scalars()}


def _is_unsure(session: Session) -> bool:
    tried = select(sends.c.id).where(sends.c.tried_at.is_not(None), sends.c.sealed.is_not(None))
    return session.execute(tried.limit(1)).first() is not None
