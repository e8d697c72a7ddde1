"""A caseworker answers: sealed for the desk, for the reporter's code, and for the worker that sends it."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, insert, select, update

from hotline import audit
from hotline.contact.fate import WAITING, State
from hotline.contact.sending import Outgoing
from hotline.contact.tables import sends
from hotline.domain.identity import Address
from hotline.domain.report import Channel, Direction, Status, day
from hotline.domain.staff import Right
from hotline.errors import Conflict, Malformed, NotFound, Refused
from hotline.jobs import Job, later
from hotline.reports.tables import messages, reports
from hotline.store import Session, Store, new_id
from hotline.vault.attest import Signer
from hotline.vault.contents import Account
from hotline.vault.digests import Digests
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PublicKey
from hotline.vault.opening import EnvelopeNotFound, Keyholder
from hotline.vault.relay import seal_for_relay
from hotline.vault.reporters import CodeNotOurs, reporter_public
from hotline.vault.sealing import Envelope, keep, seal_message

log = logging.getLogger(__name__)

LIFETIME = timedelta(hours=72)
"""How long a number and a text may wait to be sent before both are forgotten."""

LONGEST = {Channel.SMS: 1600, Channel.WHATSAPP: 1600}
"""Characters that a provider takes in one text."""

_TRIES = 5


class NoWayBack(Refused):
    """The reporter left no number, and no code was given to them: nothing that we write can reach them."""

    default_message = "there is no way to reach this reporter"


class NothingToSay(Malformed):
    default_message = "an answer needs words"


class TooLong(Malformed):
    default_message = "this is too long for one text"


class Overtaken(Conflict):
    """Something was added to the conversation after whoever answers read it: often this very answer."""

    default_message = "the conversation went on meanwhile"


@dataclass(frozen=True, slots=True)
class Way:
    """How an answer reaches a reporter: by text, by their return code, or by both.

    *is_false* says that somebody put a key of their own in the place of the reporter's: the code is no way then.
    """

    channel: Channel | None
    address: Address | None
    line: str
    reporter: PublicKey | None
    is_false: bool = False


def way_back(session: Session, keyholder: Keyholder, report_id: str, *, house_public: bytes) -> Way:
    """Return how the reporter is reached.

    Raises:
        Refused: without the right to reply.
        NoWayBack: they cannot be reached.
    """
    try:
        address, ways = keyholder.open_contact(session, report_id)
    except EnvelopeNotFound:
        address, ways = None, {}
    channel = Channel(address.channel) if address and address.channel in LONGEST else None
    reporter, is_false = code_of(session, report_id, house_public=house_public)
    if channel is None and reporter is None:
        raise NoWayBack(ref=report_id)
    return Way(channel, address if channel else None, ways.get("line", ""), reporter, is_false)


def code_of(
    session: Session, report_id: str, *, house_public: bytes
) -> tuple[PublicKey | None, bool]:
    """Return the reporter's key, and whether what stands there is not theirs."""
    try:
        return reporter_public(session, report_id, house_public=house_public), False
    except CodeNotOurs:
        log.warning("return code refused")
        return None, True


def reply(
    store: Store,
    keyholder: Keyholder,
    keyring: Keyring,
    relay_public: PublicKey,
    *,
    house_public: bytes,
    report_id: str,
    text: str,
    at: datetime,
    read: int | None = None,
) -> int:
    """Answer a report and return the number of the answer in its conversation.

    It goes out on the channel that the reporter used; who has a return code finds it there too. Number and
    text are forgotten for the worker as soon as the provider has them, and after 72 hours at the latest.
    *read* is how many messages whoever answers had before them. It is signed by its author, and sealed to the key
    of a return code only if the house vouched for that key.

    Raises:
        Overtaken: the report has another number of messages than *read*.
        Refused: without the right to reply.
        NoWayBack: the reporter cannot be reached.
        NothingToSay, TooLong: *text* cannot be sent.
        NotFound: the desk has no such report.
    """
    keyholder.require(Right.REPLY)
    text = text.strip().encode("utf-8", "replace").decode()
    if not text:
        raise NothingToSay(ref=report_id)
    for _ in range(_TRIES):
        with store.read() as session:
            report = _report(session, keyholder, report_id)
            way = way_back(session, keyholder, report_id, house_public=house_public)
        if read not in (None, report.messages):
            raise Overtaken(ref=report_id)
        if way.channel and len(text) > LONGEST[way.channel]:
            raise TooLong(ref=report_id)
        answer = _Answer(keyholder, report, way, report.messages + 1, text, at)
        envelopes = answer.envelopes(keyring)
        sealed = answer.sealed(relay_public)
        try:
            store.write(lambda session: answer.keep(session, envelopes, sealed))  # noqa: B023 - runs before the next round.
        except Conflict:
            continue
        return answer.seq
    raise Conflict(ref=report_id)


def _report(session: Session, keyholder: Keyholder, report_id: str) -> Any:
    report = session.execute(
        select(
            reports.c.id,
            reports.c.desk,
            reports.c.channel,
            reports.c.locale,
            reports.c.messages,
            reports.c.status,
        ).where(reports.c.id == report_id, reports.c.desk == keyholder.desk)
    ).one_or_none()
    if report is None:
        raise NotFound(ref=report_id)
    return report


@dataclass(frozen=True, slots=True, repr=False)
class _Answer:
    """One answer, with its place in the conversation."""

    by: Keyholder
    report: Any
    way: Way
    seq: int
    text: str
    at: datetime

    def envelopes(self, keyring: Keyring) -> tuple[Envelope, ...]:
        return seal_message(
            keyring,
            desk=self.report.desk,
            report_id=self.report.id,
            seq=self.seq,
            account=self._account(),
            preview=self.text,
            reporter_public=self.way.reporter,
        )

    def _account(self) -> Account:
        """Return the answer with its author's signature, which only the code and the desk will see."""
        author = Signer(self.by.staff_id, self.by.pseudonym, self.by.keys.signing)
        return author.answer(
            report_id=self.report.id,
            seq=self.seq,
            day=day(self.at),
            text=self.text,
            language=self.report.locale,
        )

    def sealed(self, relay_public: PublicKey) -> bytes | None:
        """Return number and text, sealed for the worker; nothing where nothing is sent."""
        if self.way.channel is None or self.way.address is None:
            return None
        outgoing = Outgoing(self.way.channel, self.way.address.value, self.text, self.way.line)
        return seal_for_relay(relay_public, outgoing.to_json())

    def keep(self, session: Session, envelopes: tuple[Envelope, ...], sealed: bytes | None) -> None:
        """Keep it whole: the conversation's next place, the envelopes, what is to be sent, and who wrote it."""
        self._take_place(session)
        session.execute(insert(messages).values(self._message_row(sealed)))
        keep(session, envelopes)
        if sealed is not None:
            self._send_later(session, sealed)
        audit.record(
            session,
            at=self.at,
            who=self.by.staff_id,
            did="reply",
            desk=self.report.desk,
            report_id=self.report.id,
            what=f"message {Digests.of(envelopes)}",
        )
        if self.way.is_false:
            audit.record(
                session,
                at=self.at,
                who="system",
                did="code_refused",
                desk=self.report.desk,
                report_id=self.report.id,
            )

    def _take_place(self, session: Session) -> None:
        taken = session.execute(
            update(reports)
            .where(reports.c.id == self.report.id, reports.c.messages == self.seq - 1)
            .values(
                messages=self.seq,
                unanswered=False,
                # Minutes stand only beside open work.
                waiting_since=case((reports.c.status == Status.OPEN, self._minute), else_=None),
            )
        )
        if taken.rowcount != 1:
            raise Conflict(ref=self.report.id)

    def _message_row(self, sealed: bytes | None) -> dict[str, Any]:
        return {
            "report_id": self.report.id,
            "seq": self.seq,
            "direction": Direction.TO_REPORTER,
            "channel": self.way.channel or self.report.channel,
            "day": day(self.at),
            "at": self._minute if self.report.status == Status.OPEN else None,
            "author": self.by.staff_id,
            "state": State.HERE if sealed is None else State.WAITING,
            "is_read": False,
        }

    def _send_later(self, session: Session, sealed: bytes) -> None:
        send_id, expires_at = new_id(), self.at + LIFETIME
        session.execute(
            insert(sends).values(
                id=send_id,
                report_id=self.report.id,
                seq=self.seq,
                channel=self.way.channel,
                sealed=sealed,
                rank=WAITING,
                state=State.WAITING,
                expires_at=expires_at,
            )
        )
        later(session, Job("send", send_id, self.at))
        later(session, Job("expire", send_id, expires_at))

    @property
    def _minute(self) -> datetime:
        return self.at.replace(second=0, microsecond=0)
