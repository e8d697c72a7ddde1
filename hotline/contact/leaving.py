"""What the provider still holds of ours: what of it may go now, and what we wait for it to forget."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from hotline.contact.carrier import Held
from hotline.contact.erasing import erase_later
from hotline.contact.fetching import PICTURES, RECORDINGS
from hotline.contact.ringing import Leg
from hotline.contact.tables import call_backs, erase_at_provider, ring_calls, sends
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


def waiting_files(session: Session) -> list[Waiting]:
    """Return how many texts wait for their pictures to be fetched, and how many recordings wait, if any do."""
    found = [(wishes.table.name, *wishes.count(session)) for wishes in (PICTURES, RECORDINGS)]
    return [Waiting(kind, count, oldest, 0) for kind, count, oldest in found if oldest]


def erase_held(session: Session, held: Sequence[Held], *, at: datetime) -> None:
    """Ask that each of *held* be erased which may go.

    What a reporter sent stays until we have it: a text until it is kept, its pictures until they are
    fetched, a recording until it is, and its call with it. A text or call of ours stays while we do not know of some
    text or call whether it was sent or made: we look for it in the provider's list.
    """
    texts = {_text_of(one) for one in held if one.kind in ("message", "media")}
    kept, has_pictures = _kept(session, texts), PICTURES.among(session, texts)
    in_doubt, unfetched = _in_doubt(session), unheard(session, held)
    for one in held:
        text = _text_of(one)
        is_awaited = text in has_pictures or (one.is_incoming and text not in kept)
        is_awaited = is_awaited or one.provider_id in unfetched
        is_looked_for = one.kind in in_doubt and not one.is_incoming
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


def unheard(session: Session, held: Sequence[Held]) -> set[str]:
    """Return the recordings that wait to be fetched, and the calls that they are of."""
    calls = {one.provider_id: one.call_id for one in held if one.kind == "recording"}
    awaited = RECORDINGS.among(session, set(calls))
    return awaited | {calls[recording] for recording in awaited}


def _in_doubt(session: Session) -> set[str]:
    """Return of which kinds something of ours was tried, and nobody knows yet whether the provider has it."""
    is_ringing = call_backs.c.tried_at.is_not(None) & call_backs.c.receipt.is_(None)
    is_asked = (ring_calls.c.state == Leg.ASKED) & ring_calls.c.receipt.is_(None)
    tried = (
        ("message", sends.c.id, sends.c.tried_at.is_not(None) & sends.c.sealed.is_not(None)),
        ("call", call_backs.c.id, is_ringing & call_backs.c.open_for.is_not(None)),
        ("call", ring_calls.c.id, is_asked),
    )
    return {
        kind
        for kind, ref, is_open in tried
        if session.execute(select(ref).where(is_open).limit(1)).first()
    }
