"""Bring to a webhook what came after its cursor: claim one event, call with nothing open, record what came of it.

A worker can die between the call and the record; then the event is brought again under the same id. Who holds a
webhook does so for a while only, and nobody else brings anything there meanwhile, so the order is kept: but what was
recalled and never taken overtakes all else, and is told again in its turn. What an agency may be told, and whether who
had the webhook made may still read, is looked at in the claim, each time anew.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy import Row, Select, and_, func, insert, literal_column, or_, select, update

from hotline.errors import NotFound
from hotline.jobs import Job, jobs, later
from hotline.leads import agency as agencies
from hotline.leads import fetching
from hotline.leads.agency import Agency
from hotline.leads.shelving import from_milliseconds, in_milliseconds
from hotline.leads.tables import lead_releases, leads, webhook_receipts, webhooks
from hotline.leads.webhooks import makers, subscribing
from hotline.leads.webhooks.calling import Answer, Caller
from hotline.leads.webhooks.checking import check_first
from hotline.leads.webhooks.messages import Event, body_of, headers_of, id_of
from hotline.leads.webhooks.retrying import PATIENCE, wait_after
from hotline.leads.webhooks.ringing import JOB
from hotline.leads.webhooks.subscribing import State, Why
from hotline.store import Session, Store
from hotline.vault.envelope import SealBroken
from hotline.vault.relay import RelayKey

_HOLD = timedelta(minutes=2)
# Seconds after which others have their turn.
_AT_ONCE = 10.0
# Releases that are looked at for one that the agency may still be told.
_WINDOW = 100
_GONE = 410


@dataclass(frozen=True, slots=True)
class _Errand:
    """One event on its way; *held_until* is the mark of who holds the webhook, and *failures* came before this try.

    *overtakes*: it comes before its turn. *is_new*: that it is read was not written down yet.
    """

    webhook_id: str
    agency: Agency
    url: str = field(repr=False)
    sealed: bytes = field(repr=False)
    event: Event = field(repr=False)
    held_until: int
    failures: int
    failing_since: int
    is_new: bool
    overtakes: bool

    @property
    def message_id(self) -> str:
        return id_of(self.webhook_id, self.event)


def deliver(
    store: Store,
    relay: RelayKey,
    caller: Caller,
    webhook_id: str,
    *,
    clock: Callable[[], datetime],
    draw: Callable[[], float] = random.random,
) -> None:
    """Do the job: bring what waits for a webhook, in order, until there is no more or one is not taken."""
    until = monotonic() + _AT_ONCE
    check_first(store, caller, webhook_id)
    while True:
        errand = store.write(lambda session: _claim(session, webhook_id, clock()))
        if errand is None:
            return
        if not _deliver_one(store, relay, caller, errand, clock, draw):
            return
        if monotonic() >= until:
            break
    # Others wait, too.
    store.write(lambda session: later(session, Job(JOB, webhook_id, clock())))


def _deliver_one(
    store: Store,
    relay: RelayKey,
    caller: Caller,
    errand: _Errand,
    clock: Callable[[], datetime],
    draw: Callable[[], float],
) -> bool:
    """Bring one event and tell whether it was taken."""
    try:
        secret = relay.open_webhook_secret(errand.sealed, errand.webhook_id)
    except SealBroken:
        # It was sealed to a key that was replaced since.
        store.write(lambda session: _switch(session, errand, State.FAILING, Why.UNSIGNED))
        return False
    at = clock()
    if errand.is_new:
        added = errand.event.added
        fetching.note(store, errand.agency, "webhook", added, added, at=at)
    body = body_of(errand.event)
    headers = headers_of(errand.message_id, body, secret, at=at)
    answer = caller.post(errand.url, body.encode(), headers)
    return store.write(lambda session: _record(session, errand, answer, clock(), draw()))


def _claim(session: Session, webhook_id: str, at: datetime) -> _Errand | None:
    """Hold the webhook for one event; None where there is nothing to do, or somebody else does it."""
    its, now = webhooks.c, in_milliseconds(at)
    # Two workers take turns.
    row = session.execute(
        select(webhooks).where(its.id == webhook_id).with_for_update()
    ).one_or_none()
    if row is None or row.state != State.ON or row.due > now:
        return None
    if row.held_until > now:
        _look_again(session, webhook_id, row.held_until)
        return None
    try:
        agency = agencies.find(session, row.agency_id)
    except NotFound:
        subscribing.forget(session, row.agency_id)
        return None
    if not makers.may_read(session, row, at=at):
        session.execute(update(webhooks).where(its.id == webhook_id).values(**makers.OFF))
        return None
    following = _next(session, agency, row)
    event = _recalled(session, agency, row) or following
    if event is None:
        return None
    held_until = now + _HOLD // timedelta(milliseconds=1)
    session.execute(update(webhooks).where(its.id == webhook_id).values(held_until=held_until))
    is_new = _try(session, webhook_id, event, now)
    return _Errand(
        webhook_id,
        agency,
        row.url,
        row.secret,
        event,
        held_until,
        row.failures,
        row.failing_since,
        is_new or not row.failures,
        event != following,
    )


def _look_again(session: Session, webhook_id: str, held_until: int) -> None:
    """See that somebody looks when the hold is over: who holds it may have died."""
    its, until = jobs.c, from_milliseconds(held_until)
    waits = (its.name == JOB, its.ref == webhook_id, its.due_at >= until)
    if session.execute(select(its.id).where(*waits).limit(1)).first() is None:
        later(session, Job(JOB, webhook_id, until))


def _next(session: Session, agency: Agency, row: Any) -> Event | None:
    """Return what comes after the cursor, and pass by what the agency may not be told any more."""
    cursor, found = row.cursor, _page(session, agency, row.cursor)
    while found:
        for one in found:
            if one.is_recalled or agency.may_be_told(one.country, one.theme, one.tlp):
                return _event(one)
            cursor = one.added
        _pass(session, row.id, cursor)
        found = _page(session, agency, cursor)
    return None


def _recalled(
    session: Session, agency: Agency, row: Any, *, is_untried: bool = False
) -> Event | None:
    """Return of what was recalled after the cursor and the receiver never took what was not tried for longest; with
    *is_untried* only what was never tried.
    """
    its, tried = lead_releases.c, webhook_receipts.c
    is_told = and_(tried.webhook_id == row.id, tried.added == its.added)
    untried = tried.id.is_(None)
    left = untried if is_untried else or_(untried, tried.status < 200, tried.status >= 300)
    query = (
        _after(agency, row.cursor)
        .outerjoin(webhook_receipts, is_told)
        # As the index has it: a value that is filled in later is not looked for there.
        .where(its.recalled_day != literal_column("''"), left)
        .order_by(func.coalesce(tried.at, 0), its.added)
    )
    found = session.execute(query.limit(1)).one_or_none()
    return None if found is None else _event(found)


def _event(row: Any) -> Event:
    return Event(row.added, row.lead_id, row.item)


def _page(session: Session, agency: Agency, cursor: int) -> Sequence[Row[Any]]:
    query = _after(agency, cursor).order_by(lead_releases.c.added).limit(_WINDOW)
    return session.execute(query).all()


def _after(agency: Agency, cursor: int) -> Select[Any]:
    """Return the query for what an agency was told after *cursor*."""
    its, lead = lead_releases.c, leads.c
    # What this agency alone may not know any more stands in its own release.
    own = func.nullif(its.item, "")
    return (
        select(
            its.added,
            its.lead_id,
            func.coalesce(own, lead.item).label("item"),
            (its.recalled_day != "").label("is_recalled"),
            lead.country,
            lead.theme,
            lead.tlp,
        )
        .join(leads, lead.id == its.lead_id)
        .where(its.agency_id == agency.id, its.added > cursor)
    )


def _pass(session: Session, webhook_id: str, cursor: int) -> None:
    session.execute(update(webhooks).where(webhooks.c.id == webhook_id).values(cursor=cursor))


def _try(session: Session, webhook_id: str, event: Event, now: int) -> bool:
    """Write down that an event is tried now, and tell whether it is for the first time."""
    its, message_id = webhook_receipts.c, id_of(webhook_id, event)
    again = update(webhook_receipts).where(its.id == message_id).values(at=now, status=0)
    if session.execute(again).rowcount:
        return False
    row = {"id": message_id, "webhook_id": webhook_id, "added": event.added, "status": 0}
    session.execute(insert(webhook_receipts), {**row, "lead_id": event.lead_id, "at": now})
    return True


def _record(session: Session, errand: _Errand, answer: Answer, at: datetime, draw: float) -> bool:
    """Keep what came of a call, and tell whether to go on.

    Where somebody else holds the webhook by now, or it was changed or ended, that alone counts.
    """
    its = webhook_receipts.c
    tried = update(webhook_receipts).where(its.id == errand.message_id)
    session.execute(tried.values(status=answer.status))
    if 200 <= answer.status < 300 and errand.overtakes:
        return _settle(session, errand, held_until=0)
    if 200 <= answer.status < 300:
        free = {"failures": 0, "failing_since": 0, "due": 0, "held_until": 0}
        return _settle(session, errand, cursor=errand.event.added, **free)
    if answer.status == _GONE:
        _switch(session, errand, State.OFF, Why.GONE)
        return False
    _put_off(session, errand, answer, at, draw)
    return False


def _put_off(session: Session, errand: _Errand, answer: Answer, at: datetime, draw: float) -> None:
    """Try again later, or not any more when it has failed for days."""
    its = webhooks.c
    # Whoever recalls something meanwhile waits for this: what they say to `due` is not lost.
    row = session.execute(
        select(webhooks).where(its.id == errand.webhook_id).with_for_update()
    ).one_or_none()
    if row is None:
        return
    now, failures = in_milliseconds(at), errand.failures + 1
    since = errand.failing_since or now
    if at - from_milliseconds(since) >= PATIENCE:
        _switch(session, errand, State.FAILING, Why.DOWN)
        return
    wait = wait_after(
        failures, status=answer.status, retry_after=answer.retry_after, at=at, draw=draw
    )
    due = now + wait // timedelta(milliseconds=1)
    trouble = {"failures": failures, "failing_since": since, "due": due, "held_until": 0}
    is_recalled = _recalled(session, errand.agency, row, is_untried=True) is not None
    if is_recalled:
        trouble["due"], due = 0, now
    if _settle(session, errand, **trouble):
        later(session, Job(JOB, errand.webhook_id, from_milliseconds(due)))


def _switch(session: Session, errand: _Errand, state: State, why: Why) -> None:
    _settle(session, errand, state=state, why=why, due=0, held_until=0)


def _settle(session: Session, errand: _Errand, **values: object) -> bool:
    """Let go of the webhook; tell whether it was still held by whom *errand* was given to."""
    its = webhooks.c
    mine = (its.id == errand.webhook_id, its.held_until == errand.held_until)
    return bool(session.execute(update(webhooks).where(*mine).values(**values)).rowcount)
