"""The tokens with which an agency's tools read: several at once, so that one can take over before another ends.

A token is 256 random bits that are shown once. Its SHA-256 is kept: nothing can be guessed from that.
"""

import hashlib
import secrets
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, insert, or_, select

from hotline import audit
from hotline.domain.report import day
from hotline.errors import Conflict, Malformed, NotFound
from hotline.leads.agency import Agency, find, of_row
from hotline.leads.tables import agencies, agency_tokens
from hotline.leads.webhooks import makers
from hotline.store import Session

MOST = 20
"""Tokens that an agency may have at once."""
_LONGEST = 80
# Asked for each request.
_BY_TOKEN = (
    select(agencies)
    .join(agency_tokens, agency_tokens.c.agency_id == agencies.c.id)
    .where(agency_tokens.c.hash == bindparam("hash"))
    .where(or_(agency_tokens.c.ends_day == "", agency_tokens.c.ends_day >= bindparam("today")))
)


class Token(NamedTuple):
    """What is known of a token. *id* is the beginning of its hash, *name* what its holders call it, *day* since when it
    is there, *ends_day* the last day (UTC) on which it opens anything; empty where it has none.
    """

    id: str
    name: str
    day: str
    ends_day: str


def by_token(session: Session, token: str, *, at: datetime) -> Agency | None:
    """Return whose token it is, if it opens anything today.

    The hash is looked up by index, so no comparison tells how near a guess was.
    """
    row = session.execute(_BY_TOKEN, {"hash": hash_of(token), "today": day(at)}).one_or_none()
    return None if row is None else of_row(row)


def add_token(
    session: Session, agency_id: str, name: str, ends_day: str, *, at: datetime, by: str
) -> str:
    """Return one more token for an agency; those that it has stay as they are.

    *ends_day* is the last day on which it opens anything (``2026-11-25``); empty for none.

    Raises:
        NotFound: there is no such agency.
        Malformed: the name is empty or long, or the day is none, or gone.
        Conflict: the agency has as many as it may have.
    """
    find(session, agency_id)
    row = {"name": _checked_name(name), "ends_day": _checked_day(ends_day, at)}
    if _count(session, agency_id, at=at) >= MOST:
        raise Conflict("an agency may not have more tokens")
    token = keep_token(session, agency_id, at=at, **row)
    audit.record(session, at=at, who=by, did="agency_token_added", what=agency_id)
    return token


def tokens(session: Session, agency_id: str) -> list[Token]:
    """Return what is known of an agency's tokens, those that have ended too; the newest first."""
    its = agency_tokens.c
    query = select(its.hash, its.name, its.day, its.ends_day).where(its.agency_id == agency_id)
    rows = session.execute(query.order_by(its.day.desc(), its.hash).limit(10 * MOST))
    return [Token(makers.token_id(row.hash), row.name, row.day, row.ends_day) for row in rows]


def end_token(session: Session, agency_id: str, token_id: str, *, at: datetime, by: str) -> None:
    """End one token of an agency at once, and pause the webhooks that were made with it.

    Raises:
        NotFound: the agency has no such token.
    """
    its = agency_tokens.c
    hashes = session.execute(select(its.hash).where(its.agency_id == agency_id)).scalars()
    found = [one for one in hashes if makers.token_id(one) == token_id]
    if not found:
        raise NotFound(ref=agency_id)
    session.execute(delete(agency_tokens).where(its.hash.in_(found)))
    makers.end(session, [token_id])
    audit.record(session, at=at, who=by, did="agency_token_ended", what=agency_id)


def renew(session: Session, agency_id: str, *, at: datetime, by: str) -> str:
    """Return a new token for an agency; all that it had open nothing from now on, nor bring anything."""
    find(session, agency_id)
    its = agency_tokens.c
    ended = delete(agency_tokens).where(its.agency_id == agency_id).returning(its.hash)
    makers.end(session, map(makers.token_id, session.execute(ended).scalars().all()))
    token = keep_token(session, agency_id, at=at)
    audit.record(session, at=at, who=by, did="agency_renewed", what=agency_id)
    return token


def keep_token(
    session: Session, agency_id: str, *, at: datetime, name: str = "", ends_day: str = ""
) -> str:
    """Make a token up and keep its hash. Its characters are such as no command line, form or file misreads."""
    token = secrets.token_hex(32)
    row = {"hash": hash_of(token), "agency_id": agency_id, "name": name}
    session.execute(insert(agency_tokens), {**row, "day": day(at), "ends_day": ends_day})
    return token


def id_of(token: str) -> str:
    """Return by what a token is named where it must not stand itself."""
    return makers.token_id(hash_of(token))


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _count(session: Session, agency_id: str, *, at: datetime) -> int:
    """Return how many stand, having let go of those that ended."""
    its = agency_tokens.c
    ended = (its.agency_id == agency_id, its.ends_day != "", its.ends_day < day(at))
    session.execute(delete(agency_tokens).where(*ended))
    count = select(func.count()).where(its.agency_id == agency_id)
    return int(session.execute(count).scalar_one())


def _checked_name(name: str) -> str:
    if not name.strip() or len(name.strip()) > _LONGEST:
        raise Malformed("a token needs a name")
    return name.strip()


def _checked_day(ends_day: str, at: datetime) -> str:
    if not ends_day:
        return ""
    try:
        ends = date.fromisoformat(ends_day)
    except ValueError:
        raise Malformed("the last day of a token is no day") from None
    if ends.isoformat() < day(at):
        raise Malformed("the last day of a token is gone")
    return ends.isoformat()
