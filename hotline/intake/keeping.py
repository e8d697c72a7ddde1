"""One transaction that keeps a message: all of it, or nothing."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from hotline import audit
from hotline.contact import (
    Caps,
    close_line,
    erase_later,
    may_answer,
    move_away,
    put_off,
    release,
)
from hotline.contact.conversation import keep_conversation
from hotline.contact.pictures import fetch_later
from hotline.dialogue.turns import Effect
from hotline.domain.report import Channel, Direction, Status, day, minute
from hotline.errors import Conflict
from hotline.intake.admission import Verdict
from hotline.intake.consenting import Answer, Wished
from hotline.intake.conversing import Step
from hotline.intake.facts import Alarm, Facts
from hotline.intake.forbidding import Forbidden
from hotline.intake.inviting import Invitation
from hotline.intake.reaching import Change
from hotline.intake.threads import IDLE, WEB, Thread
from hotline.intake.understanding import Understanding
from hotline.reports.joined import doubt
from hotline.reports.tables import messages, reports, seen, threads
from hotline.statements import Statement
from hotline.store import Session
from hotline.vault.attachments import Attachment, keep_files
from hotline.vault.attest import HouseKey
from hotline.vault.keys import PublicKey
from hotline.vault.reporters import ReporterKey, admit_reporter
from hotline.vault.sealing import Envelope, keep

_REMEMBER = Statement(insert(seen))
_SAY = Statement(insert(messages))
_READ = (
    update(messages)
    .where(
        messages.c.report_id == bindparam("its_id"),
        messages.c.seq.in_(bindparam("numbers", expanding=True)),
    )
    .values(is_read=True)
)
_IS_DOUBTED = select(reports.c.duress).where(reports.c.id == bindparam("its_id"))
_STATUS = select(reports.c.status).where(reports.c.id == bindparam("its_id"))
_ENTER = Statement(insert(threads))
_LEAVE = Statement(
    delete(threads).where(
        (threads.c.token == bindparam("found"))
        | ((threads.c.token == bindparam("current")) & (threads.c.last_at < bindparam("stale")))
    )
)
_STAY = Statement(
    update(threads)
    .where(threads.c.token == bindparam("found"))
    .values(last_at=bindparam("now"), invited=bindparam("how"))
)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a retry needs: a hash of the provider's id, and the answer sealed under that id."""

    provider_id: str
    id_hash: bytes
    answer_sealed: bytes


@dataclass(frozen=True, slots=True)
class Token:
    """By what the sender's next message finds the thread, and the thread's secret sealed under it.

    *known_as* are all tokens that the sender may have. *moves* says that this phone leaves the report that it spoke in. Where it is *invited* it is known by the code word
    alone, because it came with a return code and without that word.
    """

    token: bytes
    secret_sealed: bytes
    moves: bool = False
    known_as: tuple[bytes, ...] = ()
    invited: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Newcomer:
    """Who may return to the report from now on: the key that follows from their code, and their code word."""

    key: ReporterKey
    word: str = ""


class TooDear(Conflict):
    default_message = "today's answers have cost what they may"


@dataclass(frozen=True, slots=True)
class Kept:
    """A message, sealed and ready; calling it keeps it, and tells how many of its files found no room.

    Raises:
        Conflict: another message took this place in the thread, or this one is kept already.
        AskGone: what they answered does not wait for an answer any more.
        TooDear: the answer would cost more than a day may.
    """

    understood: Understanding
    thread: Thread
    desk: str
    at: datetime
    envelopes: tuple[Envelope, ...]
    digests: str
    answered: Answered | None
    token: Token | None
    newcomer: Newcomer | None
    house: HouseKey
    step: Step | None = None
    conversation: bytes | None = None
    reads: tuple[int, ...] = ()
    is_moving: bool = False
    invitation: Invitation | None = None
    relay: PublicKey | None = None
    alarm: Alarm | None = None
    caps: Caps = field(default_factory=Caps)
    files: tuple[Attachment, ...] = ()
    budget: int = 0
    change: Change | None = None
    forbidden: Forbidden | None = None
    decided: Answer | None = None
    wished: Wished | None = None
    verdict: Verdict = field(default_factory=Verdict)

    def __call__(self, session: Session) -> int:
        if self.answered:
            message = self.understood.message
            remember(session, self.answered, at=self.at)
            # A call is erased there when it is over.
            if message.channel is not Channel.VOICE:
                _erase_later(session, self.answered, at=self.at, has_pictures=bool(message.media))
        facts = Facts(self.understood, self.thread, self.desk, self.verdict, self.alarm, self.at)
        facts.keep(session)
        _SAY.run(session, self._message_row())
        keep(session, self.envelopes)
        self._write_down(session, self.digests)
        if self.token:
            self._re_token(session, self.token)
        if self.newcomer:
            self._admit(session, self.newcomer)
        if self.step:
            self._converse(session, self.step)
        elif self.understood.message.is_doubted:
            self._doubt(session)
        for also in (self.invitation, self.change, self.forbidden, self.decided, self.wished):
            if also:
                also.keep(session, at=self.at)
        if self.conversation:
            self._keep_word(session, self.conversation)
        self._fetch_pictures(session)
        return self._keep_files(session) if self.files else 0

    def _keep_files(self, session: Session) -> int:
        """Keep what there is room for, enter in the log which bytes that are, and count what is left out."""
        aside = session.execute(_STATUS, {"its_id": self.thread.report_id}).scalar_one_or_none()
        kept = keep_files(
            session,
            self.files,
            day=day(self.at),
            budget=self.budget,
            is_aside=aside == Status.QUARANTINED,
        )
        for file in kept:
            self._write_down(session, file.digest_line)
        return len(self.files) - len(kept)

    def _write_down(self, session: Session, digests: str) -> None:
        """Enter in the log which bytes came in, so that they can be shown to be the same for ever after."""
        audit.record(
            session,
            at=self.at,
            who="system",
            did="receive",
            desk=self.desk,
            report_id=self.thread.report_id,
            what=digests,
        )

    def _admit(self, session: Session, newcomer: Newcomer) -> None:
        """Let the code return to the report; not where we have just begun to doubt who holds the phone."""
        its = {"its_id": self.thread.report_id}
        if self.step and session.execute(_IS_DOUBTED, its).scalar_one_or_none():
            raise Conflict(ref=self.thread.report_id)
        admit_reporter(
            session,
            newcomer.key,
            house=self.house,
            report_id=self.thread.report_id,
            thread_secret=self.thread.secret,
            word=newcomer.word,
        )

    def _converse(self, session: Session, step: Step) -> None:
        """Keep where the conversation stands, and do what it leads to."""
        report_id, effects = self.thread.report_id, step.turn.effects
        parts = step.parts if self.understood.message.channel is Channel.SMS else 0
        if parts and not may_answer(
            session,
            country=self.understood.country,
            parts=parts,
            day=day(self.at),
            caps=self.caps,
        ):
            raise TooDear
        keep_conversation(
            session,
            report_id,
            sealed=step.sealed,
            open_until=step.open_until,
            is_closed=step.turn.state.is_closed,
            at=self.at,
        )
        if self.reads:
            session.execute(_READ, {"its_id": report_id, "numbers": list(self.reads)})
        if Effect.CLOSE in effects:
            close_line(session, report_id)
        if self.is_moving:
            self._move(session)
        elif Effect.RELEASE in effects:
            release(session, report_id, at=self.at, is_put=bool(step.turn.put))
        if step.quiet_until:
            put_off(session, report_id, until=step.quiet_until, closes=step.quiet_from, at=self.at)
        if Effect.DURESS in effects:
            self._doubt(session)

    def _keep_word(self, session: Session, sealed: bytes) -> None:
        before = self.thread.conversation
        keep_conversation(
            session,
            self.thread.report_id,
            sealed=sealed,
            open_until=before.open_until,
            is_closed=before.is_closed,
            at=self.at,
        )

    def _doubt(self, session: Session) -> None:
        """Say that someone else may be answering, and tell the supervisors."""
        report_id = self.thread.report_id
        doubt(session, report_id)
        if self.alarm:
            self.alarm(session, "someone_else", report_id, self.at)

    def _move(self, session: Session) -> None:
        """Reach them at this phone from now on; the one that they left is nobody's here any more."""
        report_id = self.thread.report_id
        move_away(session, report_id, at=self.at)
        token = self.token.token if self.token else b""
        others = delete(threads).where(threads.c.report_id == report_id, threads.c.token != token)
        session.execute(others)

    def _fetch_pictures(self, session: Session) -> None:
        message = self.understood.message
        if message.media and message.provider_id and self.relay:
            fetch_later(
                session,
                self.relay,
                provider_id=message.provider_id,
                report_id=self.thread.report_id,
                seq=self.thread.seq,
                at=self.at,
            )

    def _message_row(self) -> dict[str, Any]:
        return {
            "report_id": self.thread.report_id,
            "seq": self.thread.seq,
            "direction": Direction.FROM_REPORTER,
            "channel": self.understood.message.channel,
            "day": day(self.at),
            "at": minute(self.at),
            "author": "",
            "state": "",
            "is_read": False,
        }

    def _re_token(self, session: Session, token: Token) -> None:
        """Let the thread be found under the current key only, and remember when, to the hour.

        Two first messages that race both insert the same token: the slower one meets `Conflict`,
        starts again, and finds the thread of the other.
        """
        now = self.at.replace(minute=0, second=0, microsecond=0)
        if self.thread.token == token.token:
            its = {"found": token.token, "now": now, "how": self._invited}
            _STAY.run(session, its)
            return
        if token.moves:
            session.execute(delete(threads).where(threads.c.token.in_(token.known_as)))
        _LEAVE.run(
            session,
            {
                "found": self.thread.token or b"",
                "current": token.token,
                "stale": self.at - IDLE,
            },
        )
        _ENTER.run(
            session,
            {
                "token": token.token,
                "report_id": self.thread.report_id,
                "secret_sealed": token.secret_sealed,
                "last_at": now,
                "invited": self._invited,
            },
        )

    @property
    def _invited(self) -> str:
        """Say how this phone is known by its answers alone still; who said the code word is known for good."""
        if self.is_moving or (self.step and self.step.said_word):
            return ""
        if self.token and self.token.invited:
            return self.token.invited
        return self.thread.invited or (WEB if self.thread.is_idle else "")


def take_note(session: Session, answered: Answered, *, at: datetime, has_pictures: bool) -> None:
    """Know a text again by what the provider calls it, and let the provider forget it.

    Raises:
        Conflict: it is known already.
    """
    remember(session, answered, at=at)
    _erase_later(session, answered, at=at, has_pictures=has_pictures)


def remember(session: Session, answered: Answered, *, at: datetime) -> None:
    """Know what came in again by what the provider calls it.

    Raises:
        Conflict: it is known already.
    """
    its = {"id_hash": answered.id_hash, "answer_sealed": answered.answer_sealed, "day": day(at)}
    _REMEMBER.run(session, its)


def _erase_later(session: Session, answered: Answered, *, at: datetime, has_pictures: bool) -> None:
    # Deleting a message would delete its pictures, which nobody has fetched yet: only its words go.
    erase_later(session, "text" if has_pictures else "message", answered.provider_id, at=at)
