"""Come back with a code: find the report, open the answers, and remember that they were read.

Opening happens outside the transaction that remembers: it takes time, and one thread writes for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from hotline import audit
from hotline.domain.report import Direction
from hotline.reports.tables import messages, reports
from hotline.retention.copying import COPY
from hotline.store import Session
from hotline.triage.alerts import Kind, raise_alert
from hotline.vault.attest import Authors
from hotline.vault.contents import Account
from hotline.vault.reporters import ReporterKey, find_reporter, knows_word, open_answers

_MOST = 200


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """One message of a conversation, as the reporter may see it: our words, or only that they wrote."""

    seq: int
    day: str
    account: Account | None
    is_new: bool


@dataclass(frozen=True, slots=True, repr=False)
class Conversation:
    """What a code opens, oldest first: answers not read before, or with the code word all of it.

    *forged* are the numbers of what was put among the answers and none of us wrote; it is not shown.
    """

    report_id: str
    said: tuple[Said, ...]
    is_whole: bool
    forged: tuple[int, ...] = ()

    @property
    def first_new(self) -> int | None:
        """The number of the first answer that was not read before."""
        return next((one.seq for one in self.said if one.is_new and one.account), None)


def open_conversation(
    session: Session,
    key: ReporterKey,
    *,
    authors: Authors,
    word: str = "",
    also_after: int | None = None,
) -> Conversation | None:
    """Return what *key* opens; None when no report has its code.

    Answers after message *also_after* are shown although they were read: they were read a moment ago, and
    the page may have been lost on its way.
    """
    found = find_reporter(session, key.lookup)
    if found is None:
        return None
    is_whole = bool(word) and knows_word(key, found, word)
    unread_only = not is_whole and also_after is None
    answers = open_answers(session, key, authors=authors, unread_only=unread_only, limit=_MOST)
    said = []
    for row in reversed(_told(session, found.report_id)):
        is_new = not row.is_read or (also_after is not None and row.seq > also_after)
        account = answers.genuine.get(row.seq)
        is_new = is_new and not (account and account.details.get(COPY))
        if account is not None and (is_whole or is_new):
            # The day that its author signed: the one in the clear could be another.
            said.append(Said(row.seq, account.details["day"], account, is_new))
        elif is_whole and row.direction == Direction.FROM_REPORTER:
            said.append(Said(row.seq, row.day, None, False))
    return Conversation(found.report_id, tuple(said), is_whole, answers.forged)


def mark_read(session: Session, conversation: Conversation) -> None:
    """Remember that the answers of *conversation* were shown."""
    session.execute(
        update(messages)
        .where(
            messages.c.report_id == conversation.report_id,
            messages.c.seq.in_([one.seq for one in conversation.said]),
            messages.c.direction == Direction.TO_REPORTER,
        )
        .values(is_read=True)
    )


def tell_of_forged(session: Session, conversation: Conversation, *, at: datetime) -> None:
    """Raise an alert, and write down what was left out: once for what is newest among it."""
    report_id = conversation.report_id
    desk = session.execute(select(reports.c.desk).where(reports.c.id == report_id)).scalar_one()
    is_new = raise_alert(
        session,
        desk=desk,
        kind=Kind.FORGED_ANSWER,
        at=at,
        report_id=report_id,
        once=f"{report_id} {conversation.forged[-1]}",
    )
    if is_new:
        audit.record(
            session,
            at=at,
            who="system",
            did="answer_refused",
            desk=desk,
            report_id=report_id,
            what=f"message {conversation.forged[-1]}",
        )


def _told(session: Session, report_id: str) -> Sequence[Row[Any, Any, Any, Any]]:
    rows = messages.c
    return session.execute(
        select(rows.seq, rows.direction, rows.day, rows.is_read)
        .where(rows.report_id == report_id, rows.direction != Direction.NOTE)
        # What staff typed of a recording or a file is no message that its reporter wrote.
        .where((rows.direction != Direction.FROM_REPORTER) | (rows.author == ""))
        .order_by(rows.seq.desc())
        .limit(_MOST)
    ).all()
