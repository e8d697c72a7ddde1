"""Whose phone rings for whom: a phone rings for one caller at a time, the most urgent first, then who waits longest.

Each caller gets one phone before anybody gets a second. Who gets none waits, and is looked at again in a moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from hotline.contact import ring_hours
from hotline.contact.on_call import OnCall, Roster, phones
from hotline.contact.ringing import LIVE, Leg, Order, Ring, legs_of, order_of
from hotline.contact.tables import rings
from hotline.domain.urgency import Urgency
from hotline.store import Session
from hotline.vault.relay import RelayKey

AT_ONCE = 3
"""So many phones ring at once for one caller."""
TURNS = 2
"""So often the phone of one person rings for one caller."""


@dataclass(frozen=True, slots=True)
class Share:
    """Whom to ring for a caller now.

    *is_rung* says that a phone rings for them already, *is_held_up* that others can be rung once their phones are
    silent, *is_capped* that phones rang too often in this hour for callers of whom nothing is proved.
    """

    order: Order
    desk: str
    chosen: tuple[OnCall, ...]
    is_rung: bool
    is_held_up: bool
    is_capped: bool

    @property
    def is_nobody(self) -> bool:
        """Tell whether nobody rings, will ring, or might."""
        return not (self.chosen or self.is_rung or self.is_held_up)


@dataclass(frozen=True, slots=True)
class _Caller:
    """Somebody who waits; *people* may be rung for them, the best first, and *live* phones ring."""

    ref: str
    order: Order
    people: Sequence[OnCall] = field(repr=False)
    live: int


def share(
    session: Session, relay: RelayKey, roster: Roster, ref: str, *, at: datetime
) -> Share | None:
    """Return what the caller *ref* gets of the phones of the desk; None where they wait no more."""
    desk = session.execute(select(rings.c.desk).where(rings.c.id == ref)).scalar_one_or_none()
    if desk is None:
        return None
    people = phones(session, relay, roster, desk=desk, at=at)
    callers = _callers(session, relay, people, desk, at)
    caller = next((one for one in callers if one.ref == ref), None)
    if caller is None:
        return None
    given = _dealt(callers)[ref]
    allowed = AT_ONCE if caller.order.is_known else ring_hours.left(session, desk, at=at)
    is_full = caller.live + len(given) >= AT_ONCE or len(given) == len(caller.people)
    return Share(
        order=caller.order,
        desk=desk,
        chosen=tuple(given[:allowed]),
        is_rung=caller.live > 0,
        is_held_up=allowed > 0 and not is_full,
        is_capped=len(given) > allowed or (allowed == 0 and bool(caller.people)),
    )


def _callers(
    session: Session, relay: RelayKey, people: Sequence[OnCall], desk: str, at: datetime
) -> list[_Caller]:
    """Return who waits at *desk*, in the order in which they get phones."""
    query = select(rings.c.id).where(
        rings.c.desk == desk, rings.c.state == Ring.WAITING, rings.c.expires_at > at
    )
    refs = session.execute(query.order_by(rings.c.expires_at, rings.c.id)).scalars().all()
    found = [
        _caller(session, ref, order, people)
        for ref in refs
        if (order := order_of(session, relay, ref))
    ]
    # What is equal stays in its order.
    return sorted(found, key=lambda caller: -Urgency(caller.order.urgency).rank)


def _caller(session: Session, ref: str, order: Order, people: Sequence[OnCall]) -> _Caller:
    turns = _turns(session, ref)
    able = [
        person
        for person in people
        if order.only in ("", person.staff_id) and turns.get(person.staff_id, 0) < TURNS
    ]

    def place(person: OnCall) -> tuple[int, bool]:
        return turns.get(person.staff_id, 0), not person.phone.speaks(order.locale)

    return _Caller(ref, order, sorted(able, key=place), len(legs_of(session, ref, LIVE)))


def _turns(session: Session, ref: str) -> dict[str, int]:
    """Return how often each was rung; whoever said no, or whose phone rings now, was rung often enough."""
    turns: dict[str, int] = {}
    for leg in legs_of(session, ref, tuple(Leg)):
        turns[leg.staff_id] = turns.get(leg.staff_id, 0) + (1 if leg.state == Leg.MISSED else TURNS)
    return turns


def _dealt(callers: Sequence[_Caller]) -> dict[str, list[OnCall]]:
    """Return who is rung for each of *callers*, nobody for two."""
    given: dict[str, list[OnCall]] = {caller.ref: [] for caller in callers}
    is_taken: set[str] = set()
    for many in range(AT_ONCE):
        for caller in callers:
            if caller.live + len(given[caller.ref]) > many:
                continue
            silent = (
                one for one in caller.people if not one.is_rung and one.staff_id not in is_taken
            )
            if person := next(silent, None):
                is_taken.add(person.staff_id)
                given[caller.ref].append(person)
    return given
