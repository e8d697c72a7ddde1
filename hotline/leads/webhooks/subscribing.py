"""The webhooks of an agency: subscribe an address, see how it does, pause, replay, renew its secret, end it."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, insert, select, tuple_, update

from hotline import audit
from hotline.domain.report import day
from hotline.errors import NotFound, Refused
from hotline.jobs import Job, later
from hotline.leads.agency import Agency
from hotline.leads.shelving import from_milliseconds, in_milliseconds
from hotline.leads.tables import webhook_receipts, webhooks
from hotline.leads.webhooks.addresses import Fault, Networks, check
from hotline.leads.webhooks.makers import ENDED
from hotline.leads.webhooks.ringing import JOB
from hotline.store import Session, new_id
from hotline.vault.keys import PublicKey
from hotline.vault.relay import seal_webhook_secret

MOST = 10
"""Webhooks of one agency."""

KEPT = timedelta(days=90)
"""How long receipts are kept."""


class State(StrEnum):
    """*CHECKING*: the worker has not looked yet where the address leads. *FAILING* is off, too, until the agency asks for
    more.
    """

    CHECKING = "checking"
    ON = "on"
    OFF = "off"
    FAILING = "failing"


class Why(StrEnum):
    """What switched a webhook off: its receiver said that it is gone (410), or did not take anything for days; its
    secret does not open any more, and a new one is needed; who had it made may not read any more; or it leads to where
    nothing is called.
    """

    AGENCY = ""
    GONE = "gone"
    DOWN = "down"
    UNSIGNED = "secret"
    ENDED = ENDED
    NOT_ENCRYPTED = Fault.NOT_ENCRYPTED.value
    PORT = Fault.PORT.value
    NOT_PUBLIC = Fault.NOT_PUBLIC.value


_REFUSED = (Why.NOT_ENCRYPTED, Why.PORT, Why.NOT_PUBLIC)


class TooMany(Refused):
    default_message = "this agency has as many webhooks as there may be"


class Ended(Refused):
    default_message = "somebody who signs in at the hotline has to let this webhook go on"


@dataclass(frozen=True, slots=True, repr=False)
class Webhook:
    """A subscription. *cursor* is `added` of the last thing that was brought; *failures* is how often the next one was
    tried in vain, and it is not tried again before *due*.
    """

    id: str
    agency_id: str
    url: str
    state: State
    why: Why
    cursor: int
    failures: int
    due: datetime | None
    day: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a message about a lead was tried, last *at*, and the status of the answer: 0 where nobody answered."""

    id: str
    lead_id: str
    at: datetime
    status: int

    @property
    def is_delivered(self) -> bool:
        return 200 <= self.status < 300


def subscribe(
    session: Session,
    relay_public: PublicKey,
    agency: Agency,
    url: str,
    *,
    also: Networks,
    at: datetime,
    by: str = "",
    token_id: str = "",
) -> tuple[str, str]:
    """Bring to *url* what *agency* is told from now on; return the id, and the secret, which is shown this once.

    Where *url* leads the worker looks up, before it brings anything. *by* is the staff id of who asks, and empty where
    the agency's own tool does, with the token *token_id*. *also* are networks that are allowed besides.

    Raises:
        AddressRefused: the address is not one of the web, or is not called wherever it leads.
        TooMany: there may be no more.
    """
    address = check(url, also)
    its = select(func.count()).select_from(webhooks).where(webhooks.c.agency_id == agency.id)
    if session.execute(its).scalar_one() >= MOST:
        raise TooMany(ref=agency.id)
    webhook_id, secret = new_id(), _new_secret()
    row = {
        "id": webhook_id,
        "agency_id": agency.id,
        "by": by or token_id,
        "url": address.url,
        "secret": seal_webhook_secret(relay_public, secret, webhook_id),
        "cursor": agency.last_added,
        "day": day(at),
        **_fresh(State.CHECKING),
    }
    session.execute(insert(webhooks), row)
    later(session, Job(JOB, webhook_id, at))
    _note(session, agency.id, "webhook_added", webhook_id, at=at, by=by)
    return webhook_id, secret


def of_agency(session: Session, agency_id: str) -> list[Webhook]:
    """Return the webhooks of an agency, the oldest first."""
    its = select(webhooks).where(webhooks.c.agency_id == agency_id)
    rows = session.execute(its.order_by(webhooks.c.day, webhooks.c.id).limit(MOST))
    return [_webhook(row) for row in rows]


def find(session: Session, agency_id: str, webhook_id: str) -> Webhook:
    """Return one webhook of an agency.

    Raises:
        NotFound: it has none of this id.
    """
    its = (webhooks.c.id == webhook_id, webhooks.c.agency_id == agency_id)
    row = session.execute(select(webhooks).where(*its)).one_or_none()
    if row is None:
        raise NotFound(ref=webhook_id)
    return _webhook(row)


def end(session: Session, agency_id: str, webhook_id: str, *, at: datetime, by: str = "") -> None:
    """Bring nothing there any more, and forget the address.

    Raises:
        NotFound: the agency has no such webhook.
    """
    find(session, agency_id, webhook_id)
    _forget(session, [webhook_id])
    _note(session, agency_id, "webhook_ended", webhook_id, at=at, by=by)


def pause(session: Session, agency_id: str, webhook_id: str, *, at: datetime, by: str = "") -> None:
    """Bring nothing there until `resume`, which then brings what was missed.

    Raises:
        NotFound: the agency has no such webhook.
        Ended: as for `resume`.
    """
    _its_own(session, agency_id, webhook_id, by)
    _change(session, agency_id, webhook_id, state=State.OFF, why=Why.AGENCY)
    _note(session, agency_id, "webhook_paused", webhook_id, at=at, by=by)


def resume(
    session: Session, agency_id: str, webhook_id: str, *, at: datetime, by: str = ""
) -> None:
    """Go on where it stopped, whatever stopped it.

    Raises:
        NotFound: the agency has no such webhook.
        Ended: it stopped because who had it made may not read any more, and a tool asks.
    """
    _go_on(session, agency_id, webhook_id, at=at, by=by)
    _note(session, agency_id, "webhook_resumed", webhook_id, at=at, by=by)


def replay(
    session: Session,
    agency_id: str,
    webhook_id: str,
    since: int,
    *,
    at: datetime,
    by: str = "",
) -> None:
    """Bring all again that has `added` after *since* (0: everything that the agency may know), under the same ids.

    Raises:
        NotFound: the agency has no such webhook.
        Ended: as for `resume`.
    """
    _go_on(session, agency_id, webhook_id, at=at, by=by, cursor=since)
    _note(session, agency_id, "webhook_replayed", webhook_id, at=at, by=by)


def renew(
    session: Session,
    relay_public: PublicKey,
    agency_id: str,
    webhook_id: str,
    *,
    at: datetime,
    by: str = "",
) -> str:
    """Return a new secret, with which everything is signed from now on; and go on where it stopped.

    Raises:
        NotFound: the agency has no such webhook.
        Ended: as for `resume`.
    """
    secret = _new_secret()
    sealed = seal_webhook_secret(relay_public, secret, webhook_id)
    _go_on(session, agency_id, webhook_id, at=at, by=by, secret=sealed)
    _note(session, agency_id, "webhook_renewed", webhook_id, at=at, by=by)
    return secret


def receipts(
    session: Session, agency_id: str, webhook_id: str, *, before: str = "", limit: int = 50
) -> list[Receipt]:
    """Return what was tried, the newest first; *before* is the id of the last receipt of the page before.

    Raises:
        NotFound: the agency has no such webhook, or the webhook no such receipt.
    """
    find(session, agency_id, webhook_id)
    its = webhook_receipts.c
    query = select(its.id, its.lead_id, its.at, its.status).where(its.webhook_id == webhook_id)
    if before:
        last = session.execute(query.where(its.id == before)).one_or_none()
        if last is None:
            raise NotFound(ref=webhook_id)
        query = query.where(tuple_(its.at, its.id) < (last.at, last.id))
    rows = session.execute(query.order_by(its.at.desc(), its.id.desc()).limit(limit))
    return [Receipt(row.id, row.lead_id, from_milliseconds(row.at), row.status) for row in rows]


def agencies_of(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """Return whose webhooks these are: the id of the agency by that of the webhook."""
    its = select(webhooks.c.id, webhooks.c.agency_id).where(webhooks.c.id.in_(ids))
    return {row.id: row.agency_id for row in session.execute(its)}


def forget(session: Session, agency_id: str) -> None:
    """Forget every webhook of an agency that is let go."""
    its = select(webhooks.c.id).where(webhooks.c.agency_id == agency_id)
    _forget(session, list(session.execute(its).scalars()))


def sweep(session: Session, *, at: datetime) -> None:
    """Forget what was tried long ago."""
    session.execute(
        delete(webhook_receipts).where(webhook_receipts.c.at < in_milliseconds(at - KEPT))
    )


def _go_on(
    session: Session, agency_id: str, webhook_id: str, *, at: datetime, by: str, **values: object
) -> None:
    """Have it go on; who signs in answers from now on for what was ended with somebody else."""
    webhook = _its_own(session, agency_id, webhook_id, by)
    if webhook.why is Why.ENDED:
        values["by"] = by
    is_unknown = webhook.state is State.CHECKING or webhook.why in _REFUSED
    fresh = _fresh(State.CHECKING if is_unknown else State.ON)
    _change(session, agency_id, webhook_id, **fresh, **values)
    later(session, Job(JOB, webhook_id, at))


def _its_own(session: Session, agency_id: str, webhook_id: str, by: str) -> Webhook:
    """Return a webhook that may be changed by *by*, or by a tool where that is empty."""
    webhook = find(session, agency_id, webhook_id)
    if webhook.why is Why.ENDED and not by:
        raise Ended(ref=webhook_id)
    return webhook


def _change(session: Session, agency_id: str, webhook_id: str, **values: object) -> None:
    its = (webhooks.c.id == webhook_id, webhooks.c.agency_id == agency_id)
    if session.execute(update(webhooks).where(*its).values(**values)).rowcount != 1:
        raise NotFound(ref=webhook_id)


def _fresh(state: State) -> dict[str, object]:
    """Return how a webhook stands that nothing is wrong with; whoever holds it now has lost it."""
    return {
        "state": state,
        "why": Why.AGENCY,
        "failures": 0,
        "failing_since": 0,
        "due": 0,
        "held_until": 0,
    }


def _forget(session: Session, ids: list[str]) -> None:
    session.execute(delete(webhook_receipts).where(webhook_receipts.c.webhook_id.in_(ids)))
    session.execute(delete(webhooks).where(webhooks.c.id.in_(ids)))


def _new_secret() -> str:
    """Return 256 random bits, as the Standard Webhooks specification writes a secret."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def _note(
    session: Session, agency_id: str, did: str, webhook_id: str, *, at: datetime, by: str
) -> None:
    audit.record(session, at=at, who=by or agency_id, did=did, what=webhook_id)


def _webhook(row: Any) -> Webhook:
    due = from_milliseconds(row.due) if row.due else None
    return Webhook(
        row.id,
        row.agency_id,
        row.url,
        State(row.state),
        Why(row.why),
        row.cursor,
        row.failures,
        due,
        row.day,
    )
