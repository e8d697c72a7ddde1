"""Ask first: an answer waits until the person who holds the phone has said that now is a good time.

What they are asked is a *knock*: a neutral question, the same for everyone, and never twice while one is out.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import insert, select, update

from hotline.contact.fate import (
    GIVEN_UP,
    WAITING,
    Kind,
    State,
    drop_prepared,
    settle,
    waits,
)
from hotline.contact.outgoing import Outgoing
from hotline.contact.tables import conversations, sends
from hotline.domain.report import Channel
from hotline.jobs import Job, later
from hotline.reports.tables import reports
from hotline.store import Session, new_id, one_of
from hotline.vault.keys import PublicKey
from hotline.vault.relay import seal_for_relay

LIFETIME = timedelta(hours=72)
"""How long a number and a text may wait to be sent before both are forgotten."""

KNOCK_LIFETIME = timedelta(hours=24)
"""For so long after it may go a knock is out: nobody is asked twice meanwhile."""

_LONGEST_OPEN = timedelta(minutes=31)
_MOMENT = timedelta(milliseconds=1)
_IS_OUT = (State.WAITING, State.HOURS, State.STUCK, State.SENT, State.DELIVERED, State.UNSURE)

_STANDINGS = select(
    conversations.c.report_id,
    conversations.c.open_until,
    conversations.c.is_closed,
    conversations.c.quiet_until,
).where(one_of(conversations.c.report_id))


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with somebody's phone: *is_open* while they are there and have said that it is safe.

    Nothing is sent before *quiet_until*: they asked for later, or told other hours.
    """

    is_open: bool = False
    is_closed: bool = False
    quiet_until: datetime | None = None

    def is_quiet(self, at: datetime) -> bool:
        return self.quiet_until is not None and self.quiet_until > at


def standing(session: Session, report_id: str, *, at: datetime) -> Standing:
    """Return how it stands with the phone of a report's reporter at *at*."""
    return standings(session, [report_id], at=at).get(report_id, Standing())


def standings(
    session: Session, report_ids: Collection[str], *, at: datetime
) -> dict[str, Standing]:
    """Return how it stands with the phones of many reports' reporters; one without a conversation is left out."""
    found = session.execute(_STANDINGS, {"ids": report_ids})
    return {row.report_id: _standing(row, at) for row in found}


def _standing(row: Any, at: datetime) -> Standing:
    until = row.open_until
    # Nobody is taken to be there for longer than one text of theirs allows, whoever wrote that they are.
    is_open = until is not None and at < until <= at + _LONGEST_OPEN and not row.is_closed
    return Standing(is_open, row.is_closed, row.quiet_until)


class Sendable(Protocol):
    """What must be known of a text to keep it until it is sent, also where nobody here can open it."""

    @property
    def channel(self) -> Channel: ...

    @property
    def parts(self) -> int: ...

    @property
    def until(self) -> datetime | None: ...


def put(
    session: Session,
    outgoing: Sendable,
    sealed: bytes,
    *,
    report_id: str,
    seq: int,
    kind: Kind,
    state: State,
    expires_at: datetime,
    at: datetime,
) -> None:
    """Keep one text that is to be sent, and ask for it at *at*; what is held waits for `release`."""
    send_id = new_id()
    expires_at = min(expires_at, outgoing.until or expires_at)
    session.execute(
        insert(sends).values(
            id=send_id,
            report_id=report_id,
            seq=seq,
            channel=outgoing.channel,
            kind=kind,
            held=state is State.HELD,
            sealed=sealed,
            rank=WAITING,
            state=state,
            parts=outgoing.parts,
            expires_at=expires_at,
        )
    )
    if state is not State.HELD:
        later(session, Job("send", send_id, at))
    later(session, Job("expire", send_id, expires_at))


def knock(
    session: Session, outgoing: Outgoing, sealed: bytes, report_id: str, *, at: datetime
) -> bool:
    """Ask whether now is a good time, in their hours, unless they are being asked; tell which.

    *outgoing* is the knock, and *sealed* is it for the worker.
    """
    # Two who knock at one report take turns.
    query = select(reports.c.duress).where(reports.c.id == report_id)
    if session.execute(query.with_for_update()).scalar_one_or_none():
        # Someone else may hold the phone: a question that comes out of nowhere would tell them that they are right.
        return False
    is_out = select(sends.c.id).where(
        sends.c.report_id == report_id,
        sends.c.kind == Kind.KNOCK,
        sends.c.expires_at > at,
        sends.c.state.in_(_IS_OUT),
    )
    if session.execute(is_out.limit(1)).first():
        return False
    opens = outgoing.opens(max(at, standing(session, report_id, at=at).quiet_until or at))
    put(
        session,
        outgoing,
        sealed,
        report_id=report_id,
        seq=0,
        kind=Kind.KNOCK,
        state=State.WAITING if opens <= at else State.HOURS,
        expires_at=min(opens + KNOCK_LIFETIME, at + LIFETIME),
        at=opens,
    )
    return True


def hold(
    session: Session,
    outgoing: Outgoing,
    relay_public: PublicKey,
    *,
    ref: str,
    report_id: str,
    at: datetime,
    until: datetime,
) -> None:
    """Let the send *ref* wait once more, because nobody is there who said that it is safe, and ask them.

    The question is worth nothing after *until*, when what waits is forgotten: their hours may be over then.
    """
    waits(session, ref=ref, state=State.HELD, held=True)
    question = outgoing.as_knock(until=until)
    knock(session, question, seal_for_relay(relay_public, question.to_json()), report_id, at=at)


def ask_anew(session: Session, report_id: str, *, at: datetime) -> None:
    """Let the first of what still waits for the person be tried, and thereby held, once more: that asks them."""
    its = sends.c
    query = select(its.id).where(
        its.report_id == report_id, its.held, its.sealed.is_not(None), its.expires_at > at
    )
    ref = session.execute(query.order_by(its.seq).limit(1)).scalar_one_or_none()
    if ref:
        later(session, Job("send", ref, at))


def release(session: Session, report_id: str, *, at: datetime, is_put: bool = False) -> int:
    """Let go out what waited for the person to say that it is safe; return how many answers that was.

    They answered, so no knock is out any more; one that did not go yet never will. *is_put* says that we put a question
    for their yes or no in the same breath: then none waits to be put any more.
    """
    its = (sends.c.report_id == report_id, sends.c.held, sends.c.sealed.is_not(None))
    if is_put:
        put_now = select(sends.c.id).where(*its, sends.c.kind == Kind.ASK)
        for ref in session.execute(put_now).scalars().all():
            settle(session, ref=ref, rank=GIVEN_UP, state=State.SENT)
    held = select(sends.c.id).where(*its, sends.c.kind == Kind.CONTENT)
    released = session.execute(held.order_by(sends.c.seq)).scalars().all()
    for place, ref in enumerate(released):
        waits(session, ref=ref, state=State.WAITING)
        # All are due now, and go in the order in which they were written.
        later(session, Job("send", ref, at - _MOMENT * (len(released) - place)))
    _end_knocks(session, report_id, at)
    return len(released)


def put_off(
    session: Session,
    report_id: str,
    *,
    until: datetime,
    closes: datetime | None,
    at: datetime,
) -> None:
    """Send nothing before *until*, because they want it later or in other hours; then they are asked anew.

    What waits already has their old hours sealed with it: it goes by the new ones, and is forgotten when these are over
    (*closes*).
    """
    _end_knocks(session, report_id, at)
    its_report = conversations.c.report_id == report_id
    values: dict[str, Any] = {"quiet_until": until}
    if until > at:
        values["open_until"] = None
    session.execute(update(conversations).where(its_report).values(values))
    unsent = select(sends.c.id, sends.c.expires_at).where(
        sends.c.report_id == report_id,
        sends.c.kind != Kind.KNOCK,
        sends.c.sealed.is_not(None),
        sends.c.tried_at.is_(None),
    )
    for row in session.execute(unsent).all():
        expires_at = min(row.expires_at, closes or row.expires_at)
        waits(session, ref=row.id, state=State.HELD, held=True)
        session.execute(
            update(sends)
            .where(sends.c.id == row.id)
            .values(put_off=closes is not None, expires_at=expires_at)
        )
        later(session, Job("send", row.id, until))
        later(session, Job("expire", row.id, expires_at))


def move_away(session: Session, report_id: str, *, at: datetime) -> None:
    """Send nothing more to a phone that they have left: with their code they read here what waited for it."""
    unsent = select(sends.c.id).where(
        sends.c.report_id == report_id, sends.c.sealed.is_not(None), sends.c.tried_at.is_(None)
    )
    for ref in session.execute(unsent).scalars().all():
        settle(session, ref=ref, rank=GIVEN_UP, state=State.HERE)
    _end_knocks(session, report_id, at)
    drop_prepared(session, report_id)


def _end_knocks(session: Session, report_id: str, at: datetime) -> None:
    its = (sends.c.report_id == report_id, sends.c.kind == Kind.KNOCK)
    unsent = select(sends.c.id).where(*its, sends.c.sealed.is_not(None), sends.c.tried_at.is_(None))
    for ref in session.execute(unsent).scalars().all():
        settle(session, ref=ref, rank=GIVEN_UP, state=State.EXPIRED)
    session.execute(update(sends).where(*its, sends.c.expires_at > at).values(expires_at=at))
