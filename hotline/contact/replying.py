"""A caseworker answers: sealed for the desk, for the reporter's code, and for the worker that sends it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import case, insert, select, update

from hotline import audit
from hotline.contact.fate import Kind, State
from hotline.contact.knocking import LIFETIME, knock, put, standing
from hotline.contact.outgoing import Outgoing
from hotline.contact.ways import LONGEST, Way, way_back
from hotline.domain.report import Channel, Direction, Status, day
from hotline.domain.staff import Right
from hotline.domain.urgency import Urgency
from hotline.domain.waiting import USUAL, Limits
from hotline.errors import Conflict, Malformed, NotFound, Refused
from hotline.i18n import Languages
from hotline.messages import render
from hotline.reports.tables import messages, reports
from hotline.reports.tallying import answered
from hotline.store import Session, Store
from hotline.vault.attest import Signer
from hotline.vault.contents import Account
from hotline.vault.digests import Digests
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PublicKey
from hotline.vault.opening import Keyholder
from hotline.vault.relay import seal_for_relay
from hotline.vault.sealing import Envelope, keep, seal_message

UNREAD_LIFETIME = timedelta(hours=1)
"""For so long a text may wait where a caseworker read somebody's hours and found that they are now."""

_TRIES = 5


class LineClosed(Refused):
    """They asked that nobody write to their phone again, and they have no code by which they would find an answer."""

    default_message = "this reporter asked that nothing more be sent"


class HoursUnread(Refused):
    """They told their hours in words: a person must read them before anything goes out."""

    default_message = "the hours of this reporter stand in words"


class NothingToSay(Malformed):
    default_message = "an answer needs words"


class TooLong(Malformed):
    default_message = "this is too long for one text"


class Overtaken(Conflict):
    """Something was added to the conversation after whoever answers read it: often this very answer."""

    default_message = "the conversation went on meanwhile"


def reply(
    store: Store,
    keyholder: Keyholder,
    keyring: Keyring,
    relay_public: PublicKey,
    *,
    languages: Languages,
    house_public: bytes,
    report_id: str,
    text: str,
    at: datetime,
    read: int | None = None,
    minds_hours: bool = False,
    limits: Limits = USUAL,
) -> int:
    """Answer a report and return the number of the answer in its conversation.

    It goes out on the channel that the reporter used; who has a return code finds it there too. While the reporter
    is there and has said that it is safe it goes at once, in their hours; else they are asked first, and it waits.
    Number and text are forgotten for the worker as soon as the provider has them, and after 72 hours at the latest.
    *read* is how many messages whoever answers had before them; *minds_hours*, that they read hours which are told
    in words, and found that now is within them; *limits*, how long it may wait for a first answer: whether it did
    is counted. It is signed by its author, and sealed to the key of a return code only if the house vouched for that key.

    Raises:
        Overtaken: the report has another number of messages than *read*.
        Refused: without the right to reply.
        NoWayBack: the reporter cannot be reached.
        LineClosed: the reporter wants no more texts, and has no code.
        HoursUnread: their hours stand in words, and were not read.
        NothingToSay, TooLong: *text* cannot be sent.
        NotFound: the desk has no such report.
    """
    keyholder.require(Right.REPLY)
    text = text.strip().encode("utf-8", "replace").decode()
    if not text:
        raise NothingToSay(ref=report_id)
    for _ in range(_TRIES):
        with store.read() as session:
            report = report_of(session, keyholder, report_id)
            way = way_back(session, keyholder, report_id, house_public=house_public)
            now = standing(session, report_id, at=at)
        if read not in (None, report.messages):
            raise Overtaken(ref=report_id)
        if now.is_closed or way.only_by_code:
            way = replace(way, channel=None, address=None)
        if way.channel is None and way.reporter is None:
            raise LineClosed(ref=report_id)
        if way.channel and len(text) > LONGEST[way.channel]:
            raise TooLong(ref=report_id)
        if way.channel and way.hours_in_words and not minds_hours and not now.is_open:
            raise HoursUnread(ref=report_id)
        question = render(languages, "knock", way.channel or Channel.SMS, report.locale)
        answer = _Answer(keyholder, report, way, report.messages + 1, text, question, at, limits)
        envelopes = answer.envelopes(keyring)
        mail = answer.mail(relay_public)
        try:
            store.write(lambda session: answer.keep(session, envelopes, mail))  # noqa: B023 - runs before the next round.
        except Conflict:
            continue
        return answer.seq
    raise Conflict(ref=report_id)


def report_of(session: Session, keyholder: Keyholder, report_id: str) -> Any:
    """Return what of a report of their desk decides how something goes out.

    Raises:
        NotFound: the desk has no such report.
    """
    report = session.execute(
        select(
            reports.c.id,
            reports.c.desk,
            reports.c.channel,
            reports.c.locale,
            reports.c.messages,
            reports.c.status,
            reports.c.country,
            reports.c.urgency,
        ).where(reports.c.id == report_id, reports.c.desk == keyholder.desk)
    ).one_or_none()
    if report is None:
        raise NotFound(ref=report_id)
    return report


def outgoing(way: Way, report: Any, text: str, *, knock: str, at: datetime) -> Outgoing | None:
    """Return *text* on its way, with the question that goes before it; None where they are not reached by text."""
    if way.channel is None or way.address is None:
        return None
    return Outgoing(
        channel=way.channel,
        to=way.address.value,
        body=text,
        line=way.line,
        country=report.country,
        hours=str(way.window or ""),
        zone=way.window.zone.key if way.window else "",
        not_before=way.not_before,
        is_urgent=report.urgency == Urgency.IMMEDIATE.rank,
        until=at + UNREAD_LIFETIME if way.hours_in_words else None,
        knock=knock,
    )


@dataclass(frozen=True, slots=True, repr=False)
class _Mail:
    """What the worker is to send: the answer, and what asks for leave to send it; each also sealed to the worker."""

    content: Outgoing
    content_sealed: bytes
    knock: Outgoing
    knock_sealed: bytes


@dataclass(frozen=True, slots=True, repr=False)
class _Answer:
    """One answer, with its place in the conversation."""

    by: Keyholder
    report: Any
    way: Way
    seq: int
    text: str
    question: str
    at: datetime
    limits: Limits

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

    def mail(self, relay_public: PublicKey) -> _Mail | None:
        """Return number and texts, sealed for the worker; nothing where nothing is sent."""
        content = outgoing(self.way, self.report, self.text, knock=self.question, at=self.at)
        if content is None:
            return None
        first = content.as_knock()
        seal = partial(seal_for_relay, relay_public)
        return _Mail(content, seal(content.to_json()), first, seal(first.to_json()))

    def keep(self, session: Session, envelopes: tuple[Envelope, ...], mail: _Mail | None) -> None:
        """Keep it whole: the conversation's next place, the envelopes, what is to be sent, and who wrote it."""
        answered(session, self.report.id, limits=self.limits, at=self.at)
        self._take_place(session)
        state = self._state(session, mail)
        session.execute(insert(messages).values(self._message_row(state)))
        keep(session, envelopes)
        if mail is not None:
            self._send_later(session, mail, state)
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

    def _state(self, session: Session, mail: _Mail | None) -> State:
        """Return what the answer waits for, as it stands in this transaction.

        Raises:
            Conflict: the line was closed just now; whoever answers is told so in the next round.
        """
        if mail is None:
            return State.HERE
        now = standing(session, self.report.id, at=self.at)
        if now.is_closed:
            raise Conflict(ref=self.report.id)
        if not now.is_open:
            return State.HELD
        return State.WAITING if mail.content.opens(self.at) <= self.at else State.HOURS

    def _message_row(self, state: State) -> dict[str, Any]:
        return {
            "report_id": self.report.id,
            "seq": self.seq,
            "direction": Direction.TO_REPORTER,
            "channel": self.way.channel or self.report.channel,
            "day": day(self.at),
            "at": self._minute if self.report.status == Status.OPEN else None,
            "author": self.by.staff_id,
            "state": state,
            "is_read": False,
        }

    def _send_later(self, session: Session, mail: _Mail, state: State) -> None:
        put(
            session,
            mail.content,
            mail.content_sealed,
            report_id=self.report.id,
            seq=self.seq,
            kind=Kind.CONTENT,
            state=state,
            expires_at=self.at + LIFETIME,
            at=mail.content.opens(self.at),
        )
        if state is State.HELD:
            knock(session, mail.knock, mail.knock_sealed, self.report.id, at=self.at)

    @property
    def _minute(self) -> datetime:
        return self.at.replace(second=0, microsecond=0)
