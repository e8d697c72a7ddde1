"""Take a text to its reporter: claim it, call the provider with nothing open, record what came of it.

A worker can die between the call and the record. The claim says so: what was tried before is looked
for at the provider first, and sent again only when it is not there.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select, update

from hotline.contact.carrier import Carrier, CarrierBusy, CarrierRefused, ReporterOptedOut
from hotline.contact.erasing import erase_later
from hotline.contact.fate import GIVEN_UP, State, note_status, settle
from hotline.contact.tables import erase_at_provider, sends
from hotline.domain.report import Channel
from hotline.jobs import Job, later
from hotline.store import Session, Store
from hotline.vault.envelope import SealBroken
from hotline.vault.relay import RelayKey

LONGEST_UNDER_WAY = timedelta(hours=4)
"""A text that lies at the network for longer may reach other hands than those it was for."""

# Clocks differ; a text that we tried at noon may stand in the provider's list a little earlier.
_SKEW = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A number and a text, as the worker alone sees them."""

    channel: Channel
    to: str = field(repr=False)
    body: str = field(repr=False)
    line: str = field(repr=False)

    def to_json(self) -> bytes:
        return json.dumps(
            {"channel": self.channel, "to": self.to, "body": self.body, "from": self.line}
        ).encode()

    @classmethod
    def from_json(cls, plain: bytes) -> "Outgoing":
        facts = json.loads(plain)
        return cls(Channel(facts["channel"]), facts["to"], facts["body"], facts["from"])


@dataclass(frozen=True, slots=True)
class _Claim:
    sealed: bytes = field(repr=False)
    tried_before: datetime | None


def send(store: Store, carrier: Carrier, relay: RelayKey, ref: str, *, at: datetime) -> None:
    """Do the job: send one text once.

    Raises:
        CarrierBusy: the provider did not take it; the job comes back.
        CarrierUnsure: the provider may have taken it; the job comes back and looks.
    """
    claim = store.write(lambda session: _claim(session, ref, at))
    if claim is None:
        return
    try:
        outgoing = Outgoing.from_json(relay.open(claim.sealed))
        provider_id = _found(store, carrier, outgoing, claim) or _sent(carrier, outgoing, ref)
    except (CarrierRefused, SealBroken) as refusal:
        state = State.CLOSED if isinstance(refusal, ReporterOptedOut) else State.FAILED
        store.write(lambda session: settle(session, ref=ref, rank=GIVEN_UP, state=state))
        return
    except CarrierBusy:
        store.write(lambda session: _untry(session, ref, claim.tried_before))
        raise
    store.write(lambda session: _record(session, ref, provider_id, at))


def release(session: Session, report_id: str, *, at: datetime) -> int:
    """Let go out what waited for the person to say that it is safe; return how many answers that was."""
    waits = select(sends.c.id).where(
        sends.c.report_id == report_id, sends.c.held, sends.c.sealed.is_not(None)
    )
    released = session.execute(waits).scalars().all()
    for ref in released:
        session.execute(update(sends).where(sends.c.id == ref).values(held=False))
        later(session, Job("send", ref, at))
    return len(released)


def expire(store: Store, ref: str, *, at: datetime) -> None:
    """Do the job: let go of a text that could not be handed over in time."""

    def work(session: Session) -> None:
        still = select(sends.c.id).where(
            sends.c.id == ref, sends.c.sealed.is_not(None), sends.c.expires_at <= at
        )
        if session.execute(still).first():
            settle(session, ref=ref, rank=GIVEN_UP, state=State.EXPIRED)

    store.write(work)


def _claim(session: Session, ref: str, at: datetime) -> _Claim | None:
    """Say that *ref* is about to be tried; None when there is nothing to do any more."""
    row = session.execute(
        select(sends.c.sealed, sends.c.tried_at, sends.c.expires_at)
        .where(sends.c.id == ref, sends.c.sealed.is_not(None))
        .with_for_update()
    ).one_or_none()
    if row is None:
        return None
    if row.expires_at <= at:
        settle(session, ref=ref, rank=GIVEN_UP, state=State.EXPIRED)
        return None
    if row.tried_at is None:
        session.execute(update(sends).where(sends.c.id == ref).values(tried_at=at))
    return _Claim(row.sealed, row.tried_at)


def _untry(session: Session, ref: str, tried_before: datetime | None) -> None:
    """Take back the claim of a try that certainly sent nothing; one that may have stays."""
    session.execute(update(sends).where(sends.c.id == ref).values(tried_at=tried_before))


def _found(store: Store, carrier: Carrier, outgoing: Outgoing, claim: _Claim) -> str:
    """Return the provider's id of this very text, if an earlier try did reach it.

    An equal text that is known to be another one, because its id waits to be erased, does not count.
    """
    if claim.tried_before is None:
        return ""
    candidates = carrier.find_sent(
        channel=outgoing.channel,
        to=outgoing.to,
        body=outgoing.body,
        since=claim.tried_before - _SKEW,
    )
    known = erase_at_provider.c.provider_id
    with store.read() as session:
        others = set(
            session.execute(select(known).where(known.in_(list(candidates)))).scalars().all()
        )
    return next((candidate for candidate in candidates if candidate not in others), "")


def _sent(carrier: Carrier, outgoing: Outgoing, ref: str) -> str:
    return carrier.send(
        channel=outgoing.channel,
        to=outgoing.to,
        body=outgoing.body,
        line=outgoing.line,
        ref=ref,
        valid_for=LONGEST_UNDER_WAY,
    )


def _record(session: Session, ref: str, provider_id: str, at: datetime) -> None:
    """Keep that the provider has it; a status that overtook us stands."""
    note_status(session, ref=ref, state="queued")
    erase_later(session, "message", provider_id, at=at)
