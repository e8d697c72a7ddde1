"""Keep an answer whole: its place in the conversation, its envelopes, what is to be sent, and who wrote it.

Whoever wrote it sealed it before, maybe long before: nothing is opened here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import case, insert, select, update

from hotline import audit
from hotline.contact.fate import State
from hotline.contact.knocking import Standing, standing
from hotline.domain.report import Direction, Status, day, minute
from hotline.domain.waiting import Limits
from hotline.errors import Conflict
from hotline.reports.tables import messages, reports
from hotline.reports.tallying import answered
from hotline.store import Session
from hotline.vault.digests import Digests
from hotline.vault.sealing import Envelope, keep


class Mail(Protocol):
    """What the worker is to send of an answer: sealed to it, with what asks for leave to send it."""

    def state(self, now: Standing, at: datetime) -> State:
        """Return what it waits for, as it stands *now* with their phone."""

    def send_later(
        self, session: Session, answer: "Answer", state: State, *, at: datetime
    ) -> None: ...


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """One sealed answer, with its place in the conversation. *by* is the staff id of its author.

    *has_false_code* says that the return code's key is not one that the house made: nothing is sealed to it.
    """

    report_id: str
    desk: str
    seq: int
    by: str
    channel: str
    envelopes: tuple[Envelope, ...]
    has_false_code: bool = False

    def keep(self, session: Session, mail: Mail | None, *, limits: Limits, at: datetime) -> None:
        """Keep it, and have *mail* sent; without any it waits here for their code.

        Raises:
            Conflict: its place is taken, or the line was closed; nothing of it may stay.
        """
        # Whoever sends what was prepared has the report first, too: so neither waits for the other.
        session.execute(
            select(reports.c.id).where(reports.c.id == self.report_id).with_for_update()
        )
        answered(session, self.report_id, limits=limits, at=at)
        is_open = self._take_place(session, at)
        state = self._state(session, mail, at)
        self._show(session, state, minute(at) if is_open else None, day(at))
        keep(session, self.envelopes)
        if mail is not None:
            mail.send_later(session, self, state, at=at)
        self._write_down(session, at)

    def _take_place(self, session: Session, at: datetime) -> bool:
        """Take the next place in the conversation, and tell whether the report is open."""
        # Minutes stand only beside open work.
        waiting = case((reports.c.status == Status.OPEN, minute(at)), else_=None)
        taken = session.execute(
            update(reports)
            .where(reports.c.id == self.report_id, reports.c.messages == self.seq - 1)
            .values(messages=self.seq, unanswered=False, waiting_since=waiting)
            .returning(reports.c.status)
        ).scalar_one_or_none()
        if taken is None:
            raise Conflict(ref=self.report_id)
        return bool(taken == Status.OPEN)

    def _state(self, session: Session, mail: Mail | None, at: datetime) -> State:
        if mail is None:
            return State.HERE
        now = standing(session, self.report_id, at=at)
        if now.is_closed:
            raise Conflict(ref=self.report_id)
        return mail.state(now, at)

    def _show(self, session: Session, state: State, at: datetime | None, its_day: str) -> None:
        row = {
            "report_id": self.report_id,
            "seq": self.seq,
            "direction": Direction.TO_REPORTER,
            "channel": self.channel,
            "day": its_day,
            "at": at,
            "author": self.by,
            "state": state,
            "is_read": False,
        }
        session.execute(insert(messages).values(row))

    def _write_down(self, session: Session, at: datetime) -> None:
        who, what = self.by, f"message {Digests.of(self.envelopes)}"
        desk, report_id = self.desk, self.report_id
        audit.record(
            session, at=at, who=who, did="reply", desk=desk, report_id=report_id, what=what
        )
        if self.has_false_code:
            audit.record(
                session, at=at, who="system", did="code_refused", desk=desk, report_id=report_id
            )
