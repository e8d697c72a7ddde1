"""Call somebody back: claimed first, in their hours only, at most three times, and never twice for one try.

A worker can die between the claim and the call. The claim says so, and the provider is asked before anybody's phone
rings again: for somebody who is afraid a second ring is a danger.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select, update

from hotline.contact.alone import alone
from hotline.contact.back_orders import Back, BackOrder, end, opened
from hotline.contact.calling_back import row_of
from hotline.contact.carrier import (
    Carrier,
    CarrierBusy,
    CarrierMisconfigured,
    CarrierRefused,
    CarrierUnsure,
)
from hotline.contact.dialing import found_call
from hotline.contact.erasing import erase_later
from hotline.contact.knocking import standing
from hotline.contact.on_call import is_on_call
from hotline.contact.sending import SKEW, Tell, Trouble
from hotline.contact.tables import call_backs
from hotline.domain.report import Status
from hotline.jobs import Job, later
from hotline.reports.tables import reports
from hotline.store import Session, Store
from hotline.vault.relay import RelayKey, seal_for_relay

RINGS = 25
"""Seconds: most voicemail takes over later."""
PATH = "/twilio/voice/back"

# The provider's list is asked only when a call that broke off must stand in it.
_DOUBT = timedelta(minutes=1)
_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Errand:
    """One call that is to be made; *tried_at* is when it was tried without an answer of the provider's."""

    ref: str
    order: BackOrder
    tried_at: datetime | None
    at: datetime
    relay: RelayKey = field(repr=False)
    tell: Tell = field(repr=False)


def call_back(
    store: Store,
    carrier: Carrier,
    relay: RelayKey,
    ref: str,
    *,
    at: datetime,
    tell: Tell = lambda _session, _trouble, _code: None,
) -> None:
    """Do the job: call somebody once, if they may be called now; else it waits, and says for what.

    Raises:
        CarrierBusy: the provider did not call, or somebody else is at it; the job comes back.
    """
    with alone(store, ref) as is_alone:
        if not is_alone:
            raise CarrierBusy(ref=ref)
        errand = _errand(store, relay, ref, at=at, tell=tell)
        if errand:
            _run(store, carrier, errand)


def _errand(store: Store, relay: RelayKey, ref: str, *, at: datetime, tell: Tell) -> _Errand | None:
    """Return what is to be done; None where there is nothing to do any more."""
    with store.read() as session:
        row = row_of(session, ref)
    if row is None or row.receipt is not None:
        return None
    order = opened(relay, row.sealed)
    if order is None:
        store.write(lambda session: end(session, ref, Back.FAILED))
        return None
    return _Errand(ref, order, row.tried_at, at, relay, tell)


def _run(store: Store, carrier: Carrier, errand: _Errand) -> None:
    tried_at = errand.tried_at
    if tried_at is not None:
        if tried_at <= errand.at < tried_at + _DOUBT:
            _ask_later(store, errand.ref, tried_at + _DOUBT)
            return
        if found := found_call(store, carrier, errand.order.number, since=tried_at - SKEW):
            store.write(lambda session: _record(session, errand, found))
            return
    if store.write(lambda session: _claim(session, errand)):
        _call(store, carrier, errand)


def end_call_back(store: Store, ref: str, *, at: datetime) -> None:
    """Do the job: let go of a call that could not be made in time."""

    def work(session: Session) -> None:
        row = row_of(session, ref)
        if row is not None and row.expires_at <= at:
            end(session, ref, Back.UNSURE if row.state == Back.CALLING else Back.EXPIRED)

    store.write(work)


def _ask_later(store: Store, ref: str, at: datetime) -> None:
    store.write(lambda session: later(session, Job("call_back", ref, at)))


def _claim(session: Session, errand: _Errand) -> bool:
    """Say that somebody is about to be called; False where they may not be now, and then it waits, or is over."""
    its = update(call_backs).where(call_backs.c.id == errand.ref)
    # Two workers take turns.
    session.execute(select(call_backs.c.id).where(call_backs.c.id == errand.ref).with_for_update())
    row, at, order = row_of(session, errand.ref), errand.at, errand.order
    if row is None or row.tried_at != errand.tried_at:
        return False
    if row.expires_at <= at:
        end(session, errand.ref, Back.EXPIRED)
        return False
    now = standing(session, order.report_id, at=at)
    hindrance = _hindrance(session, order.report_id, is_closed=now.is_closed)
    if hindrance:
        end(session, errand.ref, hindrance)
        return False
    opens = order.opens(max(at, now.quiet_until or at, row.not_before or at))
    if opens > at:
        return _wait(session, errand, Back.HOURS, opens)
    if not _is_free(session, errand, at):
        return _wait(session, errand, Back.AWAY, at + _AGAIN)
    # What an earlier try may have rung was looked for: it did not.
    rung = row.rung if row.tried_at is None else row.rung - 1
    session.execute(its.values(tried_at=at, state=Back.CALLING, rung=rung + 1))
    return True


def _hindrance(session: Session, report_id: str, *, is_closed: bool) -> Back | None:
    """Return why somebody may not be called any more: nobody works on it, they want no more, or it may not be they."""
    its = select(reports.c.status, reports.c.duress).where(reports.c.id == report_id)
    report = session.execute(its).one_or_none()
    if report is None or report.status != Status.OPEN:
        return Back.STOPPED
    return Back.CLOSED if is_closed or report.duress else None


def _is_free(session: Session, errand: _Errand, at: datetime) -> bool:
    """Tell whether whoever asked for the call is there to talk, and to nobody else."""
    its, by = call_backs.c, errand.order.by
    other = (its.by == by) & (its.state == Back.CALLING) & (its.id != errand.ref)
    is_calling = session.execute(select(its.id).where(other).limit(1)).first()
    return is_calling is None and is_on_call(session, by, at=at)


def _wait(session: Session, errand: _Errand, state: Back, until: datetime) -> bool:
    rows = call_backs.c
    unrung = rows.rung if errand.tried_at is None else rows.rung - 1
    its = update(call_backs).where(rows.id == errand.ref)
    session.execute(its.values(state=state, tried_at=None, rung=unrung))
    later(session, Job("call_back", errand.ref, until))
    return False


def _call(store: Store, carrier: Carrier, errand: _Errand) -> None:
    order = errand.order
    try:
        provider_id = carrier.call(
            to=order.number,
            line=order.line,
            url_path=PATH,
            ref=errand.ref,
            detects_machine=True,
            seconds=RINGS,
        )
    except CarrierRefused as refusal:
        code = refusal.ref
        store.write(lambda session: end(session, errand.ref, Back.FAILED, code))
    except CarrierUnsure:
        _ask_later(store, errand.ref, errand.at + _DOUBT)
    except CarrierBusy as failure:
        code, is_ours = failure.ref, isinstance(failure, CarrierMisconfigured)
        store.write(lambda session: _untry(session, errand, code, is_ours))
        raise
    else:
        store.write(partial(_record, errand=errand, provider_id=provider_id))


def _untry(session: Session, errand: _Errand, code: str, is_ours: bool) -> None:
    """Take back the claim of a call that certainly rang nobody."""
    rows = call_backs.c
    state = Back.STUCK if is_ours else Back.WAITING
    its = update(call_backs).where(rows.id == errand.ref, rows.state == Back.CALLING)
    session.execute(its.values(tried_at=None, rung=rows.rung - 1, state=state))
    if is_ours:
        errand.tell(session, Trouble.UNCALLABLE, code)


def _record(session: Session, errand: _Errand, provider_id: str) -> None:
    """Keep that it rings; news of it that overtook us stand."""
    receipt = seal_for_relay(errand.relay.public, json.dumps(["call", provider_id]).encode())
    rows = call_backs.c
    its = update(call_backs).where(rows.id == errand.ref, rows.state == Back.CALLING)
    session.execute(its.values(receipt=receipt))
    erase_later(session, "call", provider_id, at=errand.at)
