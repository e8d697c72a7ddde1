"""Open a link by its PIN, once; and again only for the browser that did.

Looking at the address changes nothing. A try is counted before it is known whether it is right, and the key is derived
between two transactions. Wrong PINs close the way by PIN alone: who has the address can take nothing from who opened it.
What does not open looks the same for every reason.
"""

import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from hotline import audit, consent, jobs
from hotline.consent import Case
from hotline.domain.report import day, minute
from hotline.errors import Malformed
from hotline.handoff.closing import EMPTY, NO_LONGER_AWAITED, drop_prepared
from hotline.handoff.events import FREES, PROVIDER, SWEEP, Status
from hotline.handoff.linked import TRIES, VISIT, Closed, Kind, Link, Opened, Said, WrongPin
from hotline.handoff.packet import Packet, whom
from hotline.handoff.tables import handoff_links, handoff_talk, handoffs
from hotline.reports.belonging import desk_of
from hotline.store import Session, Store
from hotline.vault.envelope import SealBroken
from hotline.vault.links import (
    LinkDesk,
    LinkKey,
    is_token,
    lookup,
    new_ticket,
    read_pin,
    seat_of,
)

_FACTS = (
    "service_name",
    "organization_id",
    "need",
    "status",
    "answer_by",
    "outcome",
    "outcome_day",
    "until_day",
    "digest",
)
_NOTHING: Mapping[str, Any] = {}


def find(session: Session, token: str, at: datetime) -> Link | None:
    """Return the link of *token* that opens or was opened; None for whatever does not, whichever the reason.

    Changes nothing. A browser that holds a ticket asks `resume` first: it may still see what came of a closed link.
    """
    row = _row(session, token)
    return Link.of(row) if row is not None and _opens_now(session, row, at) else None


def try_pin(
    store: Store, links: LinkDesk, token: str, pin: str, at: datetime
) -> Opened | WrongPin | Closed:
    """Open a link by the PIN that somebody typed; to be called outside any transaction, and on a POST only.

    What is no PIN at all is no try.
    """
    read = read_pin(pin)
    counted = store.write(lambda session: _count(session, token, at, is_try=bool(read)))
    if counted is None:
        return Closed()
    if not read:
        return WrongPin(TRIES - counted.wrong)
    try:
        key = links.derive(token, read)
    except Exception:
        store.write(lambda session: _give_back(session, counted.id))
        raise
    return store.write(lambda session: _judge(session, counted, key, at))


def resume(session: Session, token: str, ticket: bytes, at: datetime) -> Opened | None:
    """Return what a browser may see that holds *ticket* (`vault.links.read_ticket` of its cookie); None where it is closed."""
    row = _row(session, token)
    if row is None or row.expires_at <= at:
        return None
    if _is(row.seat, ticket):
        return _resumed(session, row, ticket, at)
    if _is(row.visitor, ticket) and row.visit_until > at and _opens_now(session, row, at):
        return _visited(session, row, ticket)
    return None


def opens(session: Session, row: Row[Any], at: datetime, *, case: Case) -> bool:
    """Tell whether the link in *row* is open at all: to its PIN, to who opened it, to their answer.

    *case* is what is decided about its report, for a capacity link any.
    """
    if row.expires_at <= at or not (row.seat or row.wrong < TRIES):
        return False
    if row.kind == Kind.CAPACITY:
        return True
    offer = _offer(session, row)
    if row.sealed is None or offer is None or not _stands(offer, at):
        return False
    decide = case.still if row.seat else case.may
    return bool(decide(whom(offer.organization_id), row.fields, at=at))


def locked(session: Session, link_id: str) -> tuple[Row[Any] | None, Case]:
    """Return the row of a link, or None, and what is decided about its report, once nobody else changes either."""
    its = select(handoff_links).where(handoff_links.c.id == link_id)
    found = session.execute(its).one_or_none()
    report_id = found.report_id if found is not None else None
    case = consent.case_of(session, report_id, lock=True) if report_id else Case()
    return session.execute(its.with_for_update()).one_or_none(), case


def opened_talk(session: Session, key: LinkKey, handoff_id: str) -> tuple[Said, ...]:
    """Return what was said about an offer, as far as it was sealed to *key*, oldest first."""
    rows = handoff_talk.c
    its = (rows.handoff_id == handoff_id, rows.sealed.is_not(None))
    newest = select(handoff_talk).where(*its).order_by(rows.number.desc()).limit(100)
    return tuple(_said(row, key) for row in reversed(session.execute(newest).all()))


def _opens_now(session: Session, row: Row[Any], at: datetime) -> bool:
    """Tell so by what stands at this moment; whatever opens it or changes it asks once more, under a lock."""
    case = consent.case_of(session, row.report_id) if row.report_id else Case()
    return opens(session, row, at, case=case)


def _count(session: Session, token: str, at: datetime, *, is_try: bool) -> Row[Any] | None:
    """Count a try at a link that opens; None where it does not, or too many tries are on their way."""
    row = _row(session, token)
    if row is None or row.wrong >= TRIES or not _opens_now(session, row, at):
        return None
    rows = handoff_links.c
    its = (rows.id == row.id, rows.tries < TRIES)
    if is_try:
        counted = update(handoff_links).where(*its).values(tries=rows.tries + 1, tried_at=at)
        return row if session.execute(counted).rowcount else None
    return row if row.tries < TRIES else None


def _judge(
    session: Session, counted: Row[Any], key: LinkKey, at: datetime
) -> Opened | WrongPin | Closed:
    row, case = locked(session, counted.id)
    if row is None or row.wrong >= TRIES:
        return Closed()
    if not hmac.compare_digest(key.public.raw, row.public_key):
        return _wrong(session, row, at)
    its = update(handoff_links).where(handoff_links.c.id == row.id)
    wrong = 0 if row.kind == Kind.CAPACITY else row.wrong
    _write_tries(session, row, under_way=row.tries - row.wrong - 1, wrong=wrong)
    if not opens(session, row, at, case=case):
        return Closed()
    if row.kind == Kind.PACKET and row.seat is None:
        return _open(session, row, key, case, at) or Closed()
    ticket, until = new_ticket(), min(minute(at) + VISIT, row.expires_at)
    session.execute(its.values(visitor=seat_of(ticket), visit_until=until))
    return _visited(session, row, ticket)


def _wrong(session: Session, row: Row[Any], at: datetime) -> WrongPin | Closed:
    wrong = row.wrong + 1
    _write_tries(session, row, under_way=row.tries - wrong, wrong=wrong)
    if wrong < TRIES:
        return WrongPin(TRIES - wrong)
    if row.kind == Kind.PACKET:
        _close_by_pin(session, row, at)
    return Closed()


def _write_tries(session: Session, row: Row[Any], *, under_way: int, wrong: int) -> None:
    """Keep how many tries turned out wrong, and how many may yet; what the sweep gave back is not under way."""
    tried_at = row.tried_at if under_way > 0 else None
    values = {"tries": wrong + max(under_way, 0), "wrong": wrong, "tried_at": tried_at}
    session.execute(update(handoff_links).where(handoff_links.c.id == row.id).values(values))


def _give_back(session: Session, link_id: str) -> None:
    """Count a try as none of which nobody learned anything."""
    row, _case = locked(session, link_id)
    if row is not None:
        _write_tries(session, row, under_way=row.tries - row.wrong - 1, wrong=row.wrong)


def _close_by_pin(session: Session, row: Row[Any], at: datetime) -> None:
    """Close the way by PIN. Where nobody opened the link the offer can be asked again, and the sweep deletes the link.

    The sweep, which is hastened, tells staff: to ask another, or to call who took the person in.
    """
    links, rows = handoff_links.c, handoffs.c
    gone = EMPTY if row.seat is None else {"visitor": None, "visit_until": None}
    session.execute(update(handoff_links).where(links.id == row.id).values(gone))
    its = update(handoffs).where(rows.id == row.handoff_id)
    if row.seat is None:
        back = {"status": Status.OFFERED, **NO_LONGER_AWAITED}
        if session.execute(its.where(rows.status == Status.ASKED).values(back)).rowcount:
            drop_prepared(session, [row.handoff_id])
    session.execute(its.where(rows.status == Status.ACCEPTED).values(ask_again_at=at))
    _audit(session, row, "provider_locked_out", row.handoff_id, at)
    jobs.hasten(session, [SWEEP], at=at)


def _open(session: Session, row: Row[Any], key: LinkKey, case: Case, at: datetime) -> Opened | None:
    """Open the packet for the first and only time; None where it is not what was sealed, or may not be told now."""
    opened, offer = _opened(session, row, key, at), _offer(session, row)
    if opened is None or offer is None or opened.packet is None:
        return None
    packet = opened.packet
    if not case.may(whom(packet.organization_id), packet.fields, at=at):
        return None
    its = (handoff_links.c.id == row.id, handoff_links.c.seat.is_(None))
    seated = {"seat": key.seat, "opened_day": day(at)}
    session.execute(update(handoff_links).where(*its).values(seated))
    told = {"fields": sorted({*offer.fields, *packet.fields}), "handed_day": day(at)}
    session.execute(update(handoffs).where(handoffs.c.id == row.handoff_id).values(told))
    _audit(session, row, "provider_opened", f"{row.handoff_id} {packet.short}", at)
    return replace(opened, link=replace(opened.link, opened_day=day(at)))


def _resumed(session: Session, row: Row[Any], ticket: bytes, at: datetime) -> Opened | None:
    """Return the packet for who opened it; once the link is closed to them, only what came of it."""
    if _opens_now(session, row, at):
        return _opened(session, row, _key(ticket), at)
    offer = _offer(session, row)
    if offer is None or not (row.sealed is None or _is_late(offer, at)):
        return None
    return replace(_visited(session, row, ticket), is_closed=True)


def _opened(session: Session, row: Row[Any], key: LinkKey | None, at: datetime) -> Opened | None:
    offer = _offer(session, row)
    if key is None or offer is None:
        return None
    try:
        packet = Packet.from_bytes(key.open(row.sealed))
    except SealBroken:
        return None
    if packet.digest != offer.digest or packet.until < at.date():
        return None
    if packet.organization_id != offer.organization_id:
        return None
    talk = opened_talk(session, key, offer.id)
    return Opened(Link.of(row), key.root, key, packet, _facts(offer), talk)


def _visited(session: Session, row: Row[Any], ticket: bytes) -> Opened:
    offer = _offer(session, row)
    facts = _facts(offer) if offer is not None else _NOTHING
    return Opened(Link.of(row), ticket, None, None, facts)


def _row(session: Session, token: str) -> Row[Any] | None:
    if not is_token(token):
        return None
    its = select(handoff_links).where(handoff_links.c.lookup == lookup(token))
    return session.execute(its).one_or_none()


def _offer(session: Session, row: Row[Any]) -> Row[Any] | None:
    its = select(handoffs).where(handoffs.c.id == row.handoff_id)
    return session.execute(its).one_or_none() if row.handoff_id else None


def _stands(offer: Row[Any], at: datetime) -> bool:
    """Tell whether a provider is still waited for, or has taken the person in."""
    if offer.status == Status.ASKED:
        return bool(offer.answer_by > at)
    return offer.status == Status.ACCEPTED and offer.outcome not in FREES


def _is_late(offer: Row[Any], at: datetime) -> bool:
    """Tell whether its answer did not come in time, also while the sweep does not know yet."""
    return bool(offer.status == Status.ASKED and offer.answer_by <= at)


def _facts(offer: Row[Any]) -> Mapping[str, Any]:
    return {name: getattr(offer, name) for name in _FACTS}


def _is(kept: bytes | None, ticket: bytes) -> bool:
    return kept is not None and hmac.compare_digest(kept, seat_of(ticket))


def _key(ticket: bytes) -> LinkKey | None:
    try:
        return LinkKey(ticket)
    except Malformed:
        return None


def _said(row: Row[Any], key: LinkKey) -> Said:
    try:
        words = key.open_letter(row.sealed, row.id).decode()
    except SealBroken:
        words = ""
    return Said(row.id, row.number, row.by_provider, row.day, words)


def _audit(session: Session, row: Row[Any], did: str, what: str, at: datetime) -> None:
    its = {"desk": desk_of(session, row.report_id), "report_id": row.report_id}
    audit.record(session, at=at, who=PROVIDER, did=did, what=what, **its)
