"""Take a text to its reporter: claim it, call the provider with nothing open, record what came of it.

A worker can die between the call and the record. The claim says so: what was tried before is looked
for at the provider first, once nobody can still be calling, and sent again only when it is not there. Whether it
may go at all is decided in the claim, each time anew: only to somebody who is there (or as a knock), and only in
their hours.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update

from hotline.contact.alone import alone
from hotline.contact.carrier import (
    Carrier,
    CarrierBlocked,
    CarrierBusy,
    CarrierMisconfigured,
    CarrierRefused,
    ReporterOptedOut,
)
from hotline.contact.erasing import erase_later
from hotline.contact.fate import GIVEN_UP, LAST, Kind, State, give_up, note_status, settle, waits
from hotline.contact.knocking import ask_anew, hold, standing
from hotline.contact.outgoing import Outgoing
from hotline.contact.spending import Caps, may_answer, take_back
from hotline.contact.tables import erase_at_provider, sends
from hotline.domain.report import Channel, day
from hotline.jobs import Job, later
from hotline.store import Session, Store
from hotline.vault.envelope import SealBroken
from hotline.vault.keys import PublicKey
from hotline.vault.relay import RelayKey, seal_for_relay

SKEW = timedelta(days=1)
"""A clock may be wrong, and be put right later: so long before we tried it what we sent may stand in the provider's list."""

# What we ask the provider for leaves within half a minute or never; only then its list tells whether it has it.
_DOUBT = timedelta(seconds=30)


class Trouble(StrEnum):
    """What operators must hear of, because only they can mend it."""

    MISCONFIGURED = "misconfigured"
    UNCALLABLE = "uncallable"
    BLOCKED = "blocked"
    CAPPED = "capped"
    RUNG_OFTEN = "rung_often"
    NO_ROOM = "no_room"


Tell = Callable[[Session, Trouble, str], object]
"""Lets operators know of a trouble, with the provider's code, in the transaction that it is given."""


class OverCap(CarrierBusy):
    default_message = "today's texts have cost what they may"


@dataclass(frozen=True, slots=True)
class _Errand:
    """One text that is to be sent, with everything that it takes."""

    ref: str
    report_id: str
    kind: Kind
    outgoing: Outgoing
    tried_before: datetime | None
    expires_at: datetime
    at: datetime
    relay_public: PublicKey = field(repr=False)
    caps: Caps
    tell: Tell = field(repr=False)


def send(
    store: Store,
    carrier: Carrier,
    relay: RelayKey,
    ref: str,
    *,
    at: datetime,
    caps: Caps | None = None,
    tell: Tell = lambda _session, _trouble, _code: None,
) -> None:
    """Do the job: send one text once, if it may go now; else it waits, and says for what.

    Raises:
        CarrierBusy: the provider did not take it, or somebody else is at it; the job comes back.
        CarrierUnsure: the provider may have taken it; the job comes back and looks.
    """
    with alone(store, ref) as is_alone:
        if not is_alone:
            raise CarrierBusy(ref=ref)
        errand = _errand(store, relay, ref, at=at, caps=caps or Caps(), tell=tell)
        if errand:
            _run(store, carrier, errand)


def _errand(
    store: Store, relay: RelayKey, ref: str, *, at: datetime, caps: Caps, tell: Tell
) -> _Errand | None:
    """Return what is to be done; None where there is nothing to do any more."""
    with store.read() as session:
        row = _row(session, ref)
    if row is None:
        return None
    try:
        outgoing = Outgoing.from_json(relay.open(row.sealed))
        if row.put_off:
            outgoing = outgoing.at_any_hour()
    except SealBroken:
        store.write(lambda session: give_up(session, ref, row.tried_at, State.FAILED))
        return None
    return _Errand(
        ref, row.report_id, Kind(row.kind), outgoing, row.tried_at, row.expires_at, at,
        relay.public, caps, tell,
    )  # fmt: skip


def _run(store: Store, carrier: Carrier, errand: _Errand) -> None:
    provider_id = _found(store, carrier, errand)
    if not provider_id:
        if not _claimed(store, errand):
            return
        provider_id = _sent(store, carrier, errand)
    if provider_id:
        store.write(lambda session: _record(session, errand, provider_id))


def expire(store: Store, ref: str, *, at: datetime) -> None:
    """Do the job: let go of a text that could not be handed over in time."""

    def work(session: Session) -> None:
        row = _row(session, ref)
        if row is not None and row.expires_at <= at:
            _lapse(session, ref, row, at=at)

    store.write(work)


def _lapse(session: Session, ref: str, row: Any, *, at: datetime) -> None:
    """Let go of a text whose time is over. Whoever was never asked, as the provider was away, is asked anew."""
    give_up(session, ref, row.tried_at, State.EXPIRED)
    if row.kind == Kind.KNOCK and row.tried_at is None:
        ask_anew(session, row.report_id, at=at)


def _row(session: Session, ref: str) -> Any:
    """Return what is kept of a text that is on its way; None where there is nothing to do any more."""
    its = sends.c
    query = select(
        its.sealed, its.report_id, its.kind, its.held, its.tried_at, its.expires_at, its.put_off
    )
    return session.execute(query.where(its.id == ref, its.sealed.is_not(None))).one_or_none()


def _found(store: Store, carrier: Carrier, errand: _Errand) -> str:
    """Return the provider's id of this very text, if an earlier try did reach it.

    An equal text that is known to be another one, because its id waits to be erased, does not count. How an
    approved template reads at the provider is not known here, so of a knock any text of ours will do.

    Raises:
        CarrierBusy: the provider cannot tell, or not yet.
    """
    tried_before, at = errand.tried_before, errand.at
    if tried_before is None or errand.expires_at <= at:
        return ""
    if tried_before <= at < tried_before + _DOUBT:
        raise CarrierBusy(ref=errand.ref)
    outgoing = errand.outgoing
    candidates = carrier.find_sent(
        channel=outgoing.channel,
        to=outgoing.to,
        body="" if _is_template(errand) else outgoing.body,
        since=tried_before - SKEW,
    )
    known = erase_at_provider.c.provider_id
    with store.read() as session:
        others = set(
            session.execute(select(known).where(known.in_(list(candidates)))).scalars().all()
        )
    return next((candidate for candidate in candidates if candidate not in others), "")


def _claimed(store: Store, errand: _Errand) -> bool:
    """Say that the text is about to be tried; False where it may not go, or there is nothing to do any more.

    Raises:
        OverCap: it would cost more than the day may.
    """
    verdict = store.write(lambda session: _claim(session, errand))
    if verdict is State.STUCK:
        raise OverCap(ref=errand.ref)
    return verdict is State.WAITING


def _claim(session: Session, errand: _Errand) -> State | None:
    """Claim the text, and return what it waits for now: nothing but the call where that is `State.WAITING`."""
    # Two workers take turns.
    session.execute(select(sends.c.id).where(sends.c.id == errand.ref).with_for_update())
    row, at, outgoing = _row(session, errand.ref), errand.at, errand.outgoing
    if row is None or row.tried_at != errand.tried_before:
        return None
    if row.expires_at <= at:
        _lapse(session, errand.ref, row, at=at)
        return None
    # What an earlier try may have sent was looked for: it is not there.
    session.execute(update(sends).where(sends.c.id == errand.ref).values(tried_at=None))
    now = standing(session, errand.report_id, at=at)
    if now.is_closed:
        settle(session, ref=errand.ref, rank=GIVEN_UP, state=State.CLOSED)
        return None
    if now.is_quiet(at):
        later(session, Job("send", errand.ref, now.quiet_until))
        return State.HOURS
    is_held = errand.kind is Kind.CONTENT and (row.held or not now.is_open)
    if is_held or errand.kind is Kind.ASK:
        hold(
            session, outgoing, errand.relay_public,
            ref=errand.ref, report_id=errand.report_id, at=at, until=row.expires_at,
        )  # fmt: skip
        return State.HELD
    opens = outgoing.opens(at)
    if opens > at:
        waits(session, ref=errand.ref, state=State.HOURS)
        later(session, Job("send", errand.ref, opens))
        return State.HOURS
    if not _may_cost(session, errand):
        waits(session, ref=errand.ref, state=State.STUCK)
        errand.tell(session, Trouble.CAPPED, "")
        return State.STUCK
    waits(session, ref=errand.ref, state=State.WAITING)
    session.execute(update(sends).where(sends.c.id == errand.ref).values(tried_at=at))
    return State.WAITING


def _may_cost(session: Session, errand: _Errand) -> bool:
    parts, country = errand.outgoing.parts, errand.outgoing.country
    return not parts or may_answer(
        session, country=country, parts=parts, day=day(errand.at), caps=errand.caps
    )


def _sent(store: Store, carrier: Carrier, errand: _Errand) -> str:
    """Call the provider and return its id of the text; nothing where it will never be sent."""
    outgoing = errand.outgoing
    try:
        return carrier.send(
            channel=outgoing.channel,
            to=outgoing.to,
            body=outgoing.body,
            line=outgoing.line,
            ref=errand.ref,
            valid_for=outgoing.valid_for(errand.at, expires_at=errand.expires_at),
            template=_is_template(errand),
        )
    except CarrierRefused as refusal:
        code = refusal.ref
        state = State.CLOSED if isinstance(refusal, ReporterOptedOut) else State.FAILED
        is_fraud = isinstance(refusal, CarrierBlocked)
        store.write(lambda session: _refused(session, errand, state, code, is_fraud))
        return ""
    except CarrierBusy as failure:
        code = failure.ref
        is_ours = isinstance(failure, CarrierMisconfigured)
        store.write(lambda session: _untry(session, errand, code, is_ours))
        raise


def _refused(session: Session, errand: _Errand, state: State, code: str, is_fraud: bool) -> None:
    _uncount(session, errand)
    settle(session, ref=errand.ref, rank=GIVEN_UP, state=state, code=code)
    if is_fraud:
        errand.tell(session, Trouble.BLOCKED, code)


def _untry(session: Session, errand: _Errand, code: str, is_ours: bool) -> None:
    """Take back the claim of a try that certainly sent nothing."""
    _uncount(session, errand)
    session.execute(update(sends).where(sends.c.id == errand.ref).values(tried_at=None))
    if is_ours:
        waits(session, ref=errand.ref, state=State.STUCK)
        errand.tell(session, Trouble.MISCONFIGURED, code)


def _uncount(session: Session, errand: _Errand) -> None:
    parts = errand.outgoing.parts
    if parts:
        take_back(session, country=errand.outgoing.country, parts=parts, day=day(errand.at))


def _is_template(errand: _Errand) -> bool:
    return errand.kind is Kind.KNOCK and errand.outgoing.channel is Channel.WHATSAPP


def _record(session: Session, errand: _Errand, provider_id: str) -> None:
    """Keep that the provider has it; a status that overtook us stands."""
    note_status(session, ref=errand.ref, state="queued")
    receipt = seal_for_relay(errand.relay_public, json.dumps({"text": provider_id}).encode())
    is_under_way = (sends.c.id == errand.ref) & (sends.c.rank < LAST)
    session.execute(update(sends).where(is_under_way).values(receipt=receipt))
    erase_later(session, "message", provider_id, at=errand.at)
