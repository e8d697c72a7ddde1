"""Bring a link to a provider by mail: its address alone, and never the PIN, which is told by telephone.

Whether the person still lets them know is asked again right before it goes.
Address and text are sealed to the worker's relay key until the mail is sent or its link is closed. A worker that dies
right after the mail server took it sends it once more: the same link twice opens once.
"""

import json
import re
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, exists, insert, select, update

from hotline import consent
from hotline.audit.herald import Herald
from hotline.errors import Malformed, NotFound
from hotline.handoff.events import Status
from hotline.handoff.links import Kind
from hotline.handoff.packet import whom
from hotline.handoff.tables import handoff_links, handoff_mails, handoffs
from hotline.i18n import CONSOLE, PROVIDER, SOURCE, Languages
from hotline.jobs import Job, later
from hotline.store import Session, Store, new_id
from hotline.vault.envelope import SealBroken
from hotline.vault.keys import PublicKey
from hotline.vault.relay import RelayKey, seal_for_relay

SEND = "mail_handoff"
"""The job that sends one mail."""

LIFETIME = timedelta(hours=24)
"""For so long a mail server may be asked; whoever is to answer within minutes is called long before."""

_LONGEST = 254
_ADDRESS = re.compile(r"[!-~]+@[a-zA-Z0-9.-]+\.[a-zA-Z0-9-]+")
_BREAKS = frozenset(',;<>()[]\\":')


class State(StrEnum):
    """*ENDED*: its link was closed, its time was over, or nothing may be told there, before the mail server took it."""

    WAITING = "waiting"
    SENT = "sent"
    ENDED = "ended"


class NoAddress(Malformed):
    default_message = "this is no mail address"


def read_address(typed: str) -> str:
    """Return a mail address as it is written to.

    Raises:
        NoAddress: it is none that every mail server takes.
    """
    address = typed.strip()
    if len(address) > _LONGEST or not _ADDRESS.fullmatch(address) or _BREAKS & set(address):
        raise NoAddress
    return address


def mail_link(
    session: Session,
    relay_public: PublicKey,
    *,
    languages: Languages,
    link_id: str,
    to: str,
    url: str,
    at: datetime,
) -> str:
    """Have the address *url* of a link sent to *to*, in the language of the link, and return the mail's id.

    Only for a house that has a mail server (`config.mail`); to be called in the transaction that makes the link, for
    nobody knows its address afterwards.

    Raises:
        NoAddress: *to* is none.
        NotFound: there is no such link that still opens.
    """
    address = read_address(to)
    link = session.execute(_LINK.where(handoff_links.c.id == link_id)).one_or_none()
    if link is None or link.expires_at <= at:
        raise NotFound(ref=link_id)
    speaks = languages.best([link.locale], PROVIDER) or SOURCE
    said = languages.render("provider/mail.txt", speaks, CONSOLE, url=url).strip()
    subject, _, text = said.partition("\n")
    mail = {"to": address, "subject": subject, "text": text.strip() + "\n"}
    row = {
        "id": new_id(),
        "link_id": link_id,
        "report_id": link.report_id or "",
        "sealed": seal_for_relay(relay_public, json.dumps(mail).encode()),
        "state": State.WAITING,
        "expires_at": min(link.expires_at, at + LIFETIME),
    }
    session.execute(insert(handoff_mails).values(row))
    later(session, Job(SEND, row["id"]))
    return str(row["id"])


def send(store: Store, herald: Herald, relay: RelayKey, ref: str, *, at: datetime) -> None:
    """Do the job: bring one mail to the mail server, if its link still waits for somebody.

    Raises:
        Unavailable: the mail server did not take it; the job comes back.
    """
    with store.read() as session:
        sealed = _due(session, ref, at)
    try:
        mail: dict[str, str] = json.loads(relay.open(sealed or b""))
    except SealBroken:
        store.write(lambda session: _settle(session, ref, State.ENDED))
        return
    herald.tell(f"mailto:{mail['to']}", subject=mail["subject"], text=mail["text"])
    store.write(lambda session: _settle(session, ref, State.SENT))


def _due(session: Session, ref: str, at: datetime) -> bytes | None:
    """Return a mail that may go now, sealed; None where its link waits for nobody, or consent does not let it out."""
    mails, links, offers = handoff_mails.c, handoff_links.c, handoffs.c
    its = select(mails.sealed, mails.link_id).where(mails.id == ref, *_goes(at))
    mail = session.execute(its).one_or_none()
    if mail is None:
        return None
    about = select(links.report_id, links.fields, offers.organization_id).join_from(
        handoff_links, handoffs, offers.id == links.handoff_id
    )
    link = session.execute(about.where(links.id == mail.link_id)).one_or_none()
    if link is not None:
        case = consent.case_of(session, link.report_id)
        if not case.may(whom(link.organization_id), link.fields, at=at):
            return None
    return bytes(mail.sealed)


def state_of(session: Session, link_id: str) -> str:
    """Return how the newest mail of a link stands, a `State`; empty where none was asked for."""
    rows = handoff_mails.c
    newest = select(rows.state).where(rows.link_id == link_id).order_by(rows.expires_at.desc())
    return session.execute(newest.limit(1)).scalar_one_or_none() or ""


def end_closed(session: Session, *, at: datetime, report_id: str = "") -> None:
    """Forget address and text of each mail, about a report or any, whose link waits for nobody any more."""
    rows = handoff_mails.c
    waits: list[ColumnElement[bool]] = [rows.sealed.is_not(None)]
    if report_id:
        waits.append(rows.report_id == report_id)
    goes = select(rows.id).where(*waits, *_goes(at)).correlate(None)
    over = update(handoff_mails).where(*waits, rows.id.not_in(goes))
    session.execute(over.values(sealed=None, state=State.ENDED))


def sweep(session: Session, *, at: datetime) -> None:
    """End what waits for nobody, and delete what is over."""
    end_closed(session, at=at)
    rows = handoff_mails.c
    session.execute(delete(handoff_mails).where(rows.sealed.is_(None), rows.expires_at <= at))


def forget(session: Session, report_id: str) -> None:
    """Delete every mail about a report that is being erased."""
    session.execute(delete(handoff_mails).where(handoff_mails.c.report_id == report_id))


def _goes(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return what must be so of a mail that may go: a link of nobody's report, or one that a provider has yet to open."""
    mails, links, offers = handoff_mails.c, handoff_links.c, handoffs.c
    is_asked = exists().where(offers.id == links.handoff_id, offers.status == Status.ASKED)
    opens = exists().where(
        links.id == mails.link_id,
        links.expires_at > at,
        (links.kind == Kind.CAPACITY) | (is_asked & (links.opened_day == "")),
    )
    return mails.sealed.is_not(None), mails.expires_at > at, opens


def _settle(session: Session, ref: str, state: State) -> None:
    """Forget address and text of a mail, and the minute at which it was asked for."""
    rows = handoff_mails.c
    its = (rows.id == ref, rows.state == State.WAITING)
    until = session.execute(select(rows.expires_at).where(*its)).scalar_one_or_none()
    if until is not None:
        over = {"sealed": None, "state": state, "expires_at": _day_after(until)}
        session.execute(update(handoff_mails).where(*its).values(over))


def _day_after(at: datetime) -> datetime:
    return datetime.combine(at.date() + timedelta(days=1), time(), UTC)


_LINK = select(handoff_links.c.report_id, handoff_links.c.locale, handoff_links.c.expires_at)
