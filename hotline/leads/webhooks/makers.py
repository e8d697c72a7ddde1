"""Who had a webhook made: a token, or somebody who signs in here. It brings nothing any more when they may not read.

Otherwise a token that was stolen would read on by an address of its thief when it is ended.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update

from hotline.domain.report import day
from hotline.leads.tables import agency_members, agency_tokens, webhooks
from hotline.store import Session
from hotline.vault.people import work_here

ENDED = "ended"
OFF = {"state": "off", "why": ENDED, "due": 0, "held_until": 0}
_SHOWN = 16


def token_id(its_hash: bytes) -> str:
    """Return the beginning of a token's hash, by which it is named."""
    return bytes(its_hash).hex()[:_SHOWN]


def end(session: Session, makers: Iterable[str]) -> None:
    """Switch off what was made by these, which are token ids or staff ids; whoever calls there now counts no more."""
    session.execute(update(webhooks).where(webhooks.c.by.in_(list(makers))).values(**OFF))


def may_read(session: Session, webhook: Any, *, at: datetime) -> bool:
    """Tell whether who had a webhook made may still read for its agency; *webhook* is its row."""
    theirs = agency_members.c
    is_member = (theirs.staff_id == webhook.by, theirs.agency_id == webhook.agency_id)
    reads = select(theirs.staff_id).where(*is_member, theirs.staff_id.in_(work_here()))
    if session.execute(reads).first() is not None:
        return True
    its = agency_tokens.c
    stands = or_(its.ends_day == "", its.ends_day >= day(at))
    hashes = select(its.hash).where(its.agency_id == webhook.agency_id, stands)
    return webhook.by in map(token_id, session.execute(hashes).scalars())
