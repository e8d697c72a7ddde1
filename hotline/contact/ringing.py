"""A caller wants a person: those on call are rung, the first who says yes gets the call, and the others are let go.

A row of `rings` says how it stands and knows neither report nor number: both stand sealed to the relay key, and only
until somebody took the call or nobody can. The caller waits in a queue of the ring's id; who takes the call is
connected to it from our own line.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, insert, select, update

from hotline.contact.on_call import forget_over
from hotline.contact.on_call import is_anyone_on_call as is_anyone_on_call
from hotline.contact.ring_hours import forget as forget_hours
from hotline.contact.tables import ring_calls, rings
from hotline.domain.urgency import Urgency
from hotline.errors import Malformed
from hotline.jobs import Job, later
from hotline.store import Session, new_id
from hotline.vault.envelope import SealBroken
from hotline.vault.keys import PublicKey
from hotline.vault.relay import RelayKey, seal_for_relay

LONGEST = timedelta(seconds=75)
"""Nobody waits for longer, and then says what they have to say to us instead."""
LONGEST_TALK = timedelta(hours=2)

_MARK = "ring"
FIRST = timedelta(hours=1)
_REMEMBERED = timedelta(minutes=5)


class Ring(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"
    OVER = "over"


class Leg(StrEnum):
    """How it stands with one call to somebody on call."""

    # The provider was asked, and did not answer yet.
    ASKED = "asked"
    RINGS = "rings"
    # They picked up, and hear what it is about.
    HEARD = "heard"
    TAKEN = "taken"
    DECLINED = "declined"
    MISSED = "missed"
    OVER = "over"


LIVE = (Leg.ASKED, Leg.RINGS, Leg.HEARD)


@dataclass(frozen=True, slots=True)
class Order:
    """Whom to ring, and what they are told: never who it is. *only* is the staff id of the one who is rung.

    *is_known* says that they proved who they are, or that it was us who called.
    """

    report_id: str
    urgency: str
    locale: str
    line: str
    only: str = ""
    is_known: bool = False

    def to_json(self) -> bytes:
        facts = [self.report_id, self.urgency, self.locale, self.line, self.only, self.is_known]
        return json.dumps([_MARK, *facts]).encode()

    @classmethod
    def from_json(cls, plain: bytes) -> "Order":
        """Read what `to_json` wrote.

        Raises:
            Malformed: it is something else that was sealed for the worker.
        """
        match json.loads(plain):
            case [mark, str(report), str(urgency), str(locale), str(line), str(only), bool(known)]:
                if mark == _MARK:
                    return cls(report, urgency, locale, line, only, known)
        raise Malformed


def ask_person(
    session: Session,
    relay_public: PublicKey,
    *,
    desk: str,
    report_id: str,
    urgency: Urgency,
    locale: str,
    line: str,
    at: datetime,
    only: str = "",
    is_known: bool = False,
) -> str:
    """Have those on call at *desk* rung for a caller, if *session* commits; return the name of the caller's queue.

    They are rung from *line* and told of *urgency* and of the language of *locale*. With *only* nobody is rung but
    that member of staff. *is_known* says that the caller proved who they are, as with the code of a report; of the
    others one can be many, and phones ring only so often in an hour for all of them.
    """
    ref = new_id()
    order = Order(report_id, urgency, locale, line, only, is_known or bool(only))
    session.execute(
        insert(rings).values(
            id=ref,
            desk=desk,
            state=Ring.WAITING,
            sealed=seal_for_relay(relay_public, order.to_json()),
            expires_at=at + LONGEST,
        )
    )
    # Before everything else that is due: somebody holds a phone to their ear.
    later(session, Job("ring_people", ref, at - FIRST))
    later(session, Job("end_ring", ref, at + LONGEST))
    return ref


def state(session: Session, ref: str, *, at: datetime) -> Ring:
    """Return how it stands with a caller who waits for a person; what is not known is over."""
    row = ring_of(session, ref)
    if row is None or (row.state == Ring.WAITING and row.expires_at <= at):
        return Ring.OVER
    return Ring(row.state)


def stop(session: Session, ref: str, *, at: datetime) -> None:
    """End a ring, because the caller hung up or talked to somebody: whatever rings for it falls silent."""
    if move(session, ref, (Ring.WAITING, Ring.TAKEN), Ring.OVER):
        later(session, Job("end_ring", ref, at - FIRST))


def sweep(session: Session, *, at: datetime) -> None:
    """Forget the rings that are over, and the numbers of those who are on call no more."""
    is_old = (rings.c.state != Ring.TAKEN) & (rings.c.expires_at <= at - _REMEMBERED)
    session.execute(delete(rings).where(is_old | (rings.c.expires_at <= at - LONGEST_TALK)))
    session.execute(delete(ring_calls).where(ring_calls.c.ring_id.not_in(select(rings.c.id))))
    forget_over(session, at=at)
    forget_hours(session, at=at)


def finish(session: Session, ref: str) -> bool:
    """Say that nobody takes the call; tell whether that is new."""
    return move(session, ref, (Ring.WAITING,), Ring.OVER)


def move(session: Session, ref: str, before: tuple[Ring, ...], after: Ring) -> bool:
    """Say how it stands with a caller, and forget what was sealed for the worker; tell whether that is new."""
    moved = update(rings).where(rings.c.id == ref, rings.c.state.in_(before))
    return session.execute(moved.values(state=after, sealed=None)).rowcount == 1


def ring_of(session: Session, ref: str) -> Any:
    """Return the row of a caller who waits, or waited just now."""
    return session.execute(select(rings).where(rings.c.id == ref)).one_or_none()


def legs_of(session: Session, ref: str, states: tuple[Leg, ...]) -> list[Any]:
    """Return the calls to somebody on call for a caller that stand as one of *states*, the first first."""
    its = select(ring_calls).where(ring_calls.c.ring_id == ref, ring_calls.c.state.in_(states))
    return list(session.execute(its.order_by(ring_calls.c.turn)).all())


def order_of(session: Session, relay: RelayKey, ref: str) -> Order | None:
    """Return what is to be done for a caller; None where somebody took the call, or it does not open."""
    sealed = session.execute(select(rings.c.sealed).where(rings.c.id == ref)).scalar_one_or_none()
    try:
        return Order.from_json(relay.open(sealed)) if sealed else None
    except (SealBroken, Malformed):
        return None
