"""Somebody on call picks up: what they hear, and what they press. Nothing is told to a machine, and a machine takes nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update

from hotline import audit
from hotline.contact.on_call import phone_of
from hotline.contact.ringing import FIRST, LIVE, Leg, Ring, move, order_of, ring_of, state
from hotline.contact.tables import ring_calls, rings
from hotline.jobs import Job, later
from hotline.store import Session
from hotline.vault.relay import RelayKey
from hotline.vault.tables import members

_AGAIN = timedelta(seconds=5)
_MACHINES = ("machine", "fax")
_ENDED = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


class Whom(StrEnum):
    """To whom a call came that somebody on call picks up."""

    PERSON = "person"
    # It may be a machine: it is told nothing of the caller.
    UNSURE = "unsure"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Whisper:
    """What somebody hears who picks up, in the language *speaks*.

    *ring* is how it stands with the caller, *urgency* and *locale* are of the caller, and empty where they must not
    be told or nobody waits any more.
    """

    ring: Ring
    speaks: str
    whom: Whom = Whom.PERSON
    urgency: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """Who took the call of whom; *ring_id* is the queue in which the caller waits."""

    ring_id: str
    report_id: str
    staff_id: str
    desk: str


def hear(
    session: Session, relay: RelayKey, leg_id: str, *, answered_by: str, at: datetime
) -> Whisper | None:
    """Note that a call to somebody on call was picked up, and return what they hear; None for a call of nobody's.

    *answered_by* is the provider's word for who picked up. A machine hears nothing, and the call counts as missed.
    """
    leg = _leg(session, leg_id)
    if leg is None:
        return None
    phone = phone_of(session, relay, leg.staff_id)
    speaks, whom = phone.locale if phone else "", _whom(answered_by)
    if whom is Whom.MACHINE:
        _note(session, leg, Leg.MISSED, at=at)
        return Whisper(state(session, leg.ring_id, at=at), speaks, whom)
    _set(session, leg.id, (Leg.ASKED, Leg.RINGS), Leg.HEARD)
    ring, order = state(session, leg.ring_id, at=at), order_of(session, relay, leg.ring_id)
    if ring is not Ring.WAITING or order is None:
        return Whisper(ring, speaks, whom)
    if whom is Whom.UNSURE:
        return Whisper(ring, speaks, whom)
    return Whisper(ring, speaks, whom, order.urgency, order.locale)


def take(session: Session, relay: RelayKey, leg_id: str, *, at: datetime) -> Taken | None:
    """Give the caller to whoever pressed the key, and return who that is; None where they are too late.

    One conditional update decides, so of two who press at once one gets the call. A key press that the provider
    tells of twice gets the same answer, but for the report, which nobody knows any more.
    """
    leg = _leg(session, leg_id)
    if leg is None or not _works_here(session, leg.staff_id):
        return None
    ring, order = ring_of(session, leg.ring_id), order_of(session, relay, leg.ring_id)
    if ring is None:
        return None
    taken = Taken(ring.id, order.report_id if order else "", leg.staff_id, ring.desk)
    if leg.state == Leg.TAKEN:
        return taken if ring.state == Ring.TAKEN else None
    mine = update(rings).where(
        rings.c.id == ring.id, rings.c.state == Ring.WAITING, rings.c.expires_at > at
    )
    if session.execute(mine.values(state=Ring.TAKEN, sealed=None)).rowcount != 1:
        return None
    _set(session, leg.id, LIVE, Leg.TAKEN)
    later(session, Job("end_ring", ring.id, at - FIRST))
    audit.record(
        session,
        at=at,
        who=leg.staff_id,
        did="call_taken",
        desk=ring.desk,
        report_id=taken.report_id,
    )
    return taken


def decline(session: Session, leg_id: str, *, at: datetime) -> None:
    """Let somebody on call say no; another one is rung in their place."""
    leg = _leg(session, leg_id)
    if leg is not None:
        _note(session, leg, Leg.DECLINED, at=at)


def note_call(session: Session, leg_id: str, *, status: str, at: datetime) -> None:
    """Remember the provider's word *status* about a call to somebody on call."""
    leg = _leg(session, leg_id)
    if leg is None or status not in _ENDED:
        return
    if leg.state == Leg.TAKEN:
        _set(session, leg.id, (Leg.TAKEN,), Leg.OVER)
        move(session, leg.ring_id, (Ring.TAKEN,), Ring.OVER)
        return
    _note(session, leg, Leg.DECLINED if leg.state == Leg.HEARD else Leg.MISSED, at=at)


def ring_of_leg(session: Session, leg_id: str, *, at: datetime) -> Ring:
    """Return how it stands with the caller for whom somebody on call is rung."""
    leg = _leg(session, leg_id)
    return state(session, leg.ring_id, at=at) if leg else Ring.OVER


def speaks(session: Session, relay: RelayKey, leg_id: str) -> str:
    """Return the locale that somebody on call is spoken to in; empty where that is not known."""
    leg = _leg(session, leg_id)
    phone = phone_of(session, relay, leg.staff_id) if leg else None
    return phone.locale if phone else ""


def _note(session: Session, leg: Any, fate: Leg, *, at: datetime) -> None:
    """Say what became of a call that nobody took, and have others rung while the caller waits."""
    if _set(session, leg.id, LIVE, fate) and state(session, leg.ring_id, at=at) is Ring.WAITING:
        later(session, Job("ring_people", leg.ring_id, at + _AGAIN))


def _set(session: Session, leg_id: str, before: tuple[Leg, ...], after: Leg) -> bool:
    its = update(ring_calls).where(ring_calls.c.id == leg_id, ring_calls.c.state.in_(before))
    return session.execute(its.values(state=after)).rowcount == 1


def _leg(session: Session, leg_id: str) -> Any:
    return session.execute(select(ring_calls).where(ring_calls.c.id == leg_id)).one_or_none()


def _works_here(session: Session, staff_id: str) -> bool:
    its = (members.c.id == staff_id) & members.c.blocked.is_(False)
    return session.execute(select(members.c.id).where(its)).first() is not None


def _whom(answered_by: str) -> Whom:
    if answered_by.startswith(_MACHINES):
        return Whom.MACHINE
    return Whom.UNSURE if answered_by == "unknown" else Whom.PERSON
