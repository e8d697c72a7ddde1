"""A call that a caseworker asks for: to somebody who said that they may be called, in their hours, and nowhere else.

Number, code word and hours are sealed to the relay key; the desk sees what came of it. Nothing is said to a machine,
and nobody is rung for whom nobody here is there to talk.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from hotline import audit
from hotline.contact.back_orders import Back, BackOrder, end
from hotline.contact.drafting import HoursUnread, LineClosed
from hotline.contact.knocking import LIFETIME, standing
from hotline.contact.on_call import is_on_call
from hotline.contact.tables import call_backs
from hotline.contact.ways import hours_of
from hotline.domain.identity import Address
from hotline.domain.numbers import phone_number
from hotline.domain.staff import Right
from hotline.errors import Conflict, NotFound, Refused
from hotline.jobs import Job, later
from hotline.reports.tables import reports
from hotline.store import Session, Store, new_id
from hotline.vault.keys import PublicKey
from hotline.vault.opening import EnvelopeNotFound, Keyholder
from hotline.vault.relay import seal_for_relay

_HIGHEST_RANK = 3


class NotToBeCalled(Refused):
    """They did not say that they may be called, or left no number."""

    default_message = "this reporter did not ask to be called"


class OutsideHours(Refused):
    default_message = "now is not within the hours of this reporter"


class NotOnCall(Refused):
    default_message = "whoever asks for a call must be there to talk"


class InDoubt(Refused):
    """Somebody else may hold the phone: a call that comes out of nowhere would tell them that they are right."""

    default_message = "it is in doubt who holds this phone"


class AskedAlready(Conflict):
    default_message = "a call to this reporter was asked for already"


@dataclass(frozen=True, slots=True)
class CallBack:
    """A call that was asked for by the member of staff *by*; *is_open* until nothing more is done about it."""

    id: str
    by: str
    state: Back
    is_open: bool
    rung: int
    code: str


def ask_call_back(
    store: Store,
    keyholder: Keyholder,
    relay_public: PublicKey,
    *,
    report_id: str,
    now: bool,
    at: datetime,
    minds_hours: bool = False,
) -> str:
    """Have the reporter called: *now*, or as soon as their hours are, and return the call's name.

    Whoever asks for it talks, so they must be on call. *minds_hours* says that they read hours which are told in
    words, and found that now is within them.

    Raises:
        Refused: without the right to reply.
        NotFound: the desk has no such report.
        NotToBeCalled: the reporter did not ask for calls, or left no number.
        LineClosed: they want to hear no more of us.
        InDoubt: somebody else may hold their phone.
        HoursUnread, OutsideHours: it is not their hours, or nobody knows.
        NotOnCall: whoever asks for it *now* cannot be rung.
        AskedAlready: a call to them waits, or rings.
    """
    keyholder.require(Right.REPLY)
    with store.read() as session:
        order = _order(session, keyholder, report_id, at=at, now=now, minds_hours=minds_hours)
        is_here = is_on_call(session, keyholder.staff_id, at=at)
    opens = order.opens(at)
    if now and opens > at:
        raise OutsideHours(ref=report_id)
    if now and not is_here:
        raise NotOnCall(ref=report_id)
    sealed, ref = seal_for_relay(relay_public, order.to_json()), new_id()
    try:
        store.write(lambda session: _keep(session, ref, order, sealed, opens, at))
    except Conflict:
        raise AskedAlready(ref=report_id) from None
    return ref


def stop_call_back(session: Session, keyholder: Keyholder, report_id: str, *, at: datetime) -> None:
    """Let nobody be called who was to be; a call that rings already rings on.

    Raises:
        Refused: without the right to reply.
        NotFound: the desk has no such report.
    """
    keyholder.require(Right.REPLY)
    _report(session, keyholder, report_id)
    its = call_backs.c
    query = select(its.id).where(its.open_for == report_id, its.state != Back.CALLING)
    ref = session.execute(query).scalar_one_or_none()
    if ref is not None and end(session, ref, Back.STOPPED):
        _write_down(session, keyholder.staff_id, "call_back_stopped", keyholder.desk, report_id, at)


def call_backs_of(session: Session, report_id: str) -> list[CallBack]:
    """Return the calls to a report's reporter that are known still, the newest first."""
    its = call_backs.c
    query = select(its.id, its.by, its.state, its.open_for, its.rung, its.code)
    rows = session.execute(query.where(its.report_id == report_id).order_by(its.expires_at.desc()))
    return [
        CallBack(row.id, row.by, Back(row.state), bool(row.open_for), row.rung, row.code)
        for row in rows
    ]


def number_to_call(address: Address | None, ways: dict[str, str]) -> str:
    """Return the number of somebody who said that they may be called: the one that they told us, or else their own.

    Empty where they did not say so, or no number of theirs can be called.
    """
    if ways.get("how") != "call":
        return ""
    own = address.value.removeprefix("whatsapp:") if address else ""
    return phone_number(ways.get("number", "")) or phone_number(own)


def _order(
    session: Session,
    keyholder: Keyholder,
    report_id: str,
    *,
    at: datetime,
    now: bool,
    minds_hours: bool,
) -> BackOrder:
    report = _report(session, keyholder, report_id)
    try:
        address, ways = keyholder.open_contact(session, report_id)
    except EnvelopeNotFound:
        address, ways = None, {}
    number = number_to_call(address, ways)
    if not number:
        raise NotToBeCalled(ref=report_id)
    if standing(session, report_id, at=at).is_closed:
        raise LineClosed(ref=report_id)
    if report.duress:
        raise InDoubt(ref=report_id)
    window, in_words = hours_of(ways)
    if in_words and not (now and minds_hours):
        raise HoursUnread(ref=report_id)
    return BackOrder(
        report_id,
        report.desk,
        keyholder.staff_id,
        number,
        report.locale,
        ways.get("line", ""),
        ways.get("word", ""),
        report.urgency,
        str(window or ""),
        window.zone.key if window else "",
        _instant(ways.get("not_before", "")),
    )


def _report(session: Session, keyholder: Keyholder, report_id: str) -> Any:
    its = reports.c
    row = session.execute(
        select(its.desk, its.locale, its.urgency, its.duress).where(
            its.id == report_id, its.desk == keyholder.desk
        )
    ).one_or_none()
    if row is None:
        raise NotFound(ref=report_id)
    return row


def _instant(written: str) -> str:
    try:
        return written if datetime.fromisoformat(written).tzinfo else ""
    except ValueError:
        return ""


def _keep(
    session: Session, ref: str, order: BackOrder, sealed: bytes, opens: datetime, at: datetime
) -> None:
    session.execute(
        insert(call_backs).values(
            id=ref,
            report_id=order.report_id,
            open_for=order.report_id,
            by=order.by,
            sealed=sealed,
            state=Back.WAITING if opens <= at else Back.HOURS,
            expires_at=at + LIFETIME,
        )
    )
    # Whoever is in more danger is called first when the hours of many begin.
    behind = timedelta(seconds=_HIGHEST_RANK - order.urgency if opens > at else 0)
    later(session, Job("call_back", ref, opens + behind))
    later(session, Job("end_call_back", ref, at + LIFETIME))
    _write_down(session, order.by, "call_back_asked", order.desk, order.report_id, at)


def _write_down(
    session: Session, who: str, did: str, desk: str, report_id: str, at: datetime
) -> None:
    audit.record(session, at=at, who=who, did=did, desk=desk, report_id=report_id)
