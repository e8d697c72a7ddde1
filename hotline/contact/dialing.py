"""Ring those on call: each try is written down before the provider is called, and what rings for nobody falls silent."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import insert, select, update

from hotline.contact import ring_hours
from hotline.contact.carrier import (
    Carrier,
    CarrierBusy,
    CarrierMisconfigured,
    CarrierRefused,
    CarrierUnsure,
)
from hotline.contact.erasing import erase_later
from hotline.contact.on_call import Roster, phone_of
from hotline.contact.on_call import rung as rung_for
from hotline.contact.ringing import LIVE, Leg, Ring, finish, legs_of, ring_of, state
from hotline.contact.sending import Tell, Trouble
from hotline.contact.sharing import share
from hotline.contact.tables import erase_at_provider, on_call, ring_calls, rings
from hotline.errors import Conflict
from hotline.jobs import Job, jobs, later
from hotline.store import Session, Store, new_id
from hotline.vault.envelope import SealBroken
from hotline.vault.relay import RelayKey, seal_for_relay

RINGS = 25
"""Seconds. Voicemail takes over later than that, on most phones."""
PATH = "/twilio/voice/person"

# Clocks differ a little.
_SKEW = timedelta(seconds=30)
# Seldom does asking the provider take longer, and then its list tells whether a phone rings. Where it does, a second
# phone rings for the caller at worst: they should not wait for the last doubt.
_DOUBT = timedelta(seconds=15)
_MOMENT = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class _Errand:
    """Somebody who is to be rung now: *leg_id* is the try that was written down.

    *counts_for* is the desk at which it counts, empty for a caller whom we know.
    """

    leg_id: str
    staff_id: str
    number: str = field(repr=False)
    line: str = field(repr=False)
    counts_for: str


def ring_people(
    store: Store,
    carrier: Carrier,
    relay: RelayKey,
    ref: str,
    *,
    roster: Roster,
    at: Callable[[], datetime],
    tell: Tell = lambda _session, _trouble, _code: None,
) -> None:
    """Do the job: let up to three phones ring for a caller; where there is none left to ring, nobody is free.

    While the phones ring for other callers, this one waits for them.

    Raises:
        CarrierBusy: the provider did not ring somebody; the job comes back.
    """
    _find_lost(store, carrier, relay, ref, at=at())
    with store.read() as session:
        its = share(session, relay, roster, ref, at=at())
    if its is None or its.is_nobody:
        store.write(lambda session: _end(session, ref, at()))
    if its is None:
        return
    if its.is_capped:
        store.write(lambda session: tell(session, Trouble.RUNG_OFTEN, ""))
    if its.is_held_up:
        store.write(lambda session: _look_again(session, ref, at()))
    counts_for = "" if its.order.is_known else its.desk
    failure: CarrierBusy | None = None
    for person in its.chosen:
        number = person.phone.number
        errand = _Errand(new_id(), person.staff_id, number, its.order.line, counts_for)
        if not _claimed(store, ref, errand, at()):
            store.write(lambda session: _look_again(session, ref, at()))
        else:
            failure = _rung(store, carrier, relay, ref, errand, at(), tell) or failure
    if failure:
        raise failure


def end_ring(store: Store, carrier: Carrier, relay: RelayKey, ref: str, *, at: datetime) -> None:
    """Do the job: end a ring that lasted too long, and every call of it that still rings.

    Who already picked up is told that nobody waits any more; who was connected to nobody is let go.

    Raises:
        CarrierBusy: a call could not be ended; the job comes back.
    """

    def close(session: Session) -> bool:
        if state(session, ref, at=at) is Ring.OVER:
            finish(session, ref)
        row = ring_of(session, ref)
        return row is not None and row.state == Ring.WAITING

    if store.write(close):
        return
    with store.read() as session:
        is_over = state(session, ref, at=at) is Ring.OVER
        ringing = legs_of(session, ref, (Leg.RINGS, Leg.TAKEN) if is_over else (Leg.RINGS,))
    failure: CarrierBusy | None = None
    for leg in ringing:
        try:
            if provider_id := _receipt(relay, leg.receipt):
                carrier.hang_up(provider_id)
        except CarrierBusy as busy:
            # The other phones must fall silent all the same.
            failure = busy
            continue
        store.write(partial(_set, leg_id=leg.id, fate=Leg.OVER, before=(*LIVE, Leg.TAKEN)))
    if failure:
        raise failure


def _find_lost(store: Store, carrier: Carrier, relay: RelayKey, ref: str, *, at: datetime) -> None:
    """Find out whether each call that the provider did not confirm was made: nobody is rung twice for it."""
    with store.read() as session:
        lost = [
            (leg, phone_of(session, relay, leg.staff_id))
            for leg in legs_of(session, ref, (Leg.ASKED, Leg.HEARD))
            if leg.receipt is None and leg.tried_at <= at - _DOUBT
        ]
    for leg, phone in lost:
        since = leg.tried_at - _SKEW
        found = found_call(store, carrier, phone.number, since=since) if phone else ""
        if found:
            store.write(partial(_keep, relay=relay, ref=ref, leg_id=leg.id, found=found, at=at))
        else:
            store.write(partial(_set, leg_id=leg.id, fate=Leg.MISSED, before=(Leg.ASKED,)))


def found_call(store: Store, carrier: Carrier, number: str, *, since: datetime) -> str:
    """Return the provider's id of a call that is known of nowhere else."""
    candidates = carrier.find_calls(to=number, since=since)
    known = erase_at_provider.c.provider_id
    with store.read() as session:
        others = set(session.execute(select(known).where(known.in_(list(candidates)))).scalars())
    return next((candidate for candidate in candidates if candidate not in others), "")


def _claimed(store: Store, ref: str, errand: _Errand, at: datetime) -> bool:
    """Say that somebody is about to be rung; False where their phone rings already, or nobody waits any more."""

    def claim(session: Session) -> bool:
        # Two workers take turns, for the same caller and at the same phone.
        session.execute(select(rings.c.id).where(rings.c.id == ref).with_for_update())
        its_phone = select(on_call.c.staff_id).where(on_call.c.staff_id == errand.staff_id)
        session.execute(its_phone.with_for_update())
        if state(session, ref, at=at) is not Ring.WAITING:
            return False
        rung = [leg for leg in legs_of(session, ref, tuple(Leg)) if leg.staff_id == errand.staff_id]
        if any(leg.state != Leg.MISSED for leg in rung):
            return False
        if errand.staff_id in session.execute(rung_for(at, but=ref)).scalars().all():
            return False
        if errand.counts_for:
            ring_hours.count(session, errand.counts_for, at=at)
        session.execute(
            insert(ring_calls).values(
                id=errand.leg_id,
                ring_id=ref,
                staff_id=errand.staff_id,
                turn=len(rung),
                state=Leg.ASKED,
                tried_at=at,
            )
        )
        return True

    try:
        return store.write(claim)
    except Conflict:
        return False


def _rung(
    store: Store,
    carrier: Carrier,
    relay: RelayKey,
    ref: str,
    errand: _Errand,
    at: datetime,
    tell: Tell,
) -> CarrierBusy | None:
    """Call one person; return what must be tried again."""
    try:
        provider_id = carrier.call(
            to=errand.number,
            line=errand.line,
            url_path=PATH,
            ref=errand.leg_id,
            detects_machine=True,
            seconds=RINGS,
        )
    except CarrierRefused:
        store.write(lambda session: _refused(session, ref, errand.leg_id, at))
        return None
    except CarrierUnsure:
        store.write(lambda session: later(session, Job("ring_people", ref, at + _DOUBT)))
        return None
    except CarrierBusy as failure:
        code, is_ours = failure.ref, isinstance(failure, CarrierMisconfigured)
        store.write(lambda session: _untry(session, errand, at, code if is_ours else "", tell))
        return failure
    store.write(
        partial(_keep, relay=relay, ref=ref, leg_id=errand.leg_id, found=provider_id, at=at)
    )
    return None


def _keep(
    session: Session, *, relay: RelayKey, ref: str, leg_id: str, found: str, at: datetime
) -> None:
    """Keep that a phone rings; where the caller went meanwhile, it must fall silent."""
    receipt = seal_for_relay(relay.public, json.dumps(["call", found]).encode())
    erase_later(session, "call", found, at=at)
    its = update(ring_calls).where(ring_calls.c.id == leg_id)
    session.execute(its.values(receipt=receipt))
    session.execute(its.where(ring_calls.c.state == Leg.ASKED).values(state=Leg.RINGS))
    row = ring_of(session, ref)
    if row is None or row.state != Ring.WAITING:
        later(session, Job("end_ring", ref, at))


def _receipt(relay: RelayKey, sealed: bytes | None) -> str:
    """Return the provider's id of a call; nothing where it is not known."""
    if sealed is None:
        return ""
    try:
        return str(json.loads(relay.open(sealed))[1])
    except SealBroken:
        return ""


def _set(session: Session, *, leg_id: str, fate: Leg, before: tuple[Leg, ...] = LIVE) -> None:
    its = update(ring_calls).where(ring_calls.c.id == leg_id, ring_calls.c.state.in_(before))
    session.execute(its.values(state=fate))


def _refused(session: Session, ref: str, leg_id: str, at: datetime) -> None:
    _set(session, leg_id=leg_id, fate=Leg.DECLINED)
    later(session, Job("ring_people", ref, at))


def _untry(session: Session, errand: _Errand, at: datetime, ours: str, tell: Tell) -> None:
    """Take back a try that certainly rang nobody; *ours* is the code of a fault that only we can mend."""
    session.execute(ring_calls.delete().where(ring_calls.c.id == errand.leg_id))
    if errand.counts_for:
        ring_hours.take_back(session, errand.counts_for, at=at)
    if ours:
        tell(session, Trouble.UNCALLABLE, ours)


def _look_again(session: Session, ref: str, at: datetime) -> None:
    """Have a caller who waits for phones of others looked at in a moment, unless that is asked for already."""
    its = (jobs.c.name == "ring_people") & (jobs.c.ref == ref) & (jobs.c.due_at > at)
    if session.execute(select(jobs.c.id).where(its)).first() is None:
        later(session, Job("ring_people", ref, at + _MOMENT))


def _end(session: Session, ref: str, at: datetime) -> None:
    if finish(session, ref):
        later(session, Job("end_ring", ref, at))
