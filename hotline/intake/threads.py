"""Which report a message belongs to: found by the sender's ticket, or by a return code."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, func, or_, select

from hotline.contact.conversation import (
    IS_ASKED,
    IS_AWAITED,
    IS_TEXTED,
    Conversation,
    conversation_of,
)
from hotline.contact.tables import conversations
from hotline.domain.report import Status
from hotline.errors import NotFound
from hotline.reports.tables import reports, threads
from hotline.statements import Statement
from hotline.store import Session, new_id
from hotline.vault.reporters import ReporterKey, find_reporter
from hotline.vault.tables import return_codes
from hotline.vault.threads import Ticket, new_thread_secret

WEB, CODE, LEFT = "web", "code", "left"
IDLE = timedelta(hours=72)
"""After so long a number may be somebody else's: the next message starts a new report."""

KNOWN = timedelta(days=15)
"""For at most so long a phone is known again by what asks for something with the code word: its keys turn."""


@dataclass(frozen=True, slots=True)
class Thread:
    """Where the next message goes: its report, its place, and the secret that tags identifiers.

    A phone that was *invited* (from the `WEB`, or by a return `CODE` alone), or *is_idle* for so long that it may be somebody else's, is known by an answer to our
    question alone. One that they `LEFT`, because they named another with code and word, speaks here and opens nothing.
    *is_doubted* says that someone else may be answering.
    """

    report_id: str
    seq: int
    secret: bytes
    locale: str
    locale_is_chosen: bool
    token: bytes | None = None
    conversation: Conversation = field(default_factory=Conversation)
    invited: str = ""
    is_idle: bool = False
    has_code: bool = False
    is_aside: bool = False
    is_doubted: bool = False

    @property
    def is_new(self) -> bool:
        return self.seq == 1


def new_thread(locale: str, *, locale_is_chosen: bool) -> Thread:
    return Thread(new_id(), 1, new_thread_secret(), locale, locale_is_chosen)


HAS_CODE = exists(
    select(return_codes.c.lookup).where(return_codes.c.report_id == threads.c.report_id)
)
_OF_SENDER = Statement(
    select(
        threads.c.token,
        threads.c.report_id,
        threads.c.secret_sealed,
        threads.c.invited,
        reports.c.messages,
        reports.c.locale,
        reports.c.locale_is_chosen,
        conversations.c.sealed,
        conversations.c.open_until,
        func.coalesce(conversations.c.is_closed, False).label("is_closed"),
        IS_AWAITED.label("is_awaited"),
        IS_ASKED.label("is_asked"),
        IS_TEXTED.label("is_texted"),
        reports.c.duress,
        HAS_CODE.label("has_code"),
        threads.c.last_at,
    )
    .join(reports, reports.c.id == threads.c.report_id)
    .outerjoin(conversations, conversations.c.report_id == threads.c.report_id)
    .where(
        threads.c.token.in_((bindparam("current"), bindparam("previous"))),
        # Who is being asked something is known for longer, by the answer alone.
        or_(threads.c.last_at >= bindparam("since"), IS_ASKED),
    )
    .order_by(threads.c.invited, threads.c.last_at.desc())
    .limit(1)
)


def of_sender(
    session: Session, tickets: Sequence[Ticket], *, at: datetime, idle: timedelta = IDLE
) -> Thread | None:
    """Return the thread that one of *tickets* opens, unless it has been *idle* for longer."""
    by_token = {ticket.token: ticket for ticket in tickets}
    tokens = {"current": tickets[0].token, "previous": tickets[-1].token}
    row = _OF_SENDER.first(session, {**tokens, "since": at - idle, "now": at})
    if row is None:
        return None
    secret = by_token[bytes(row.token)].open(row.secret_sealed)
    conversation = Conversation(
        row.sealed, row.open_until, row.is_closed, row.is_awaited, row.is_asked, row.is_texted
    )
    return Thread(
        row.report_id,
        row.messages + 1,
        secret,
        row.locale,
        row.locale_is_chosen,
        bytes(row.token),
        conversation,
        invited=row.invited,
        is_idle=row.last_at < at - IDLE,
        has_code=row.has_code,
        is_doubted=row.duress,
    )


def of_reporter(session: Session, reporter: ReporterKey, *, at: datetime) -> Thread:
    """Return the thread that a return code opens.

    Raises:
        NotFound: no report has that code.
    """
    found = find_reporter(session, reporter.lookup)
    if found is None:
        raise NotFound
    row = session.execute(
        select(
            reports.c.messages,
            reports.c.locale,
            reports.c.locale_is_chosen,
            reports.c.status,
            reports.c.duress,
        ).where(reports.c.id == found.report_id)
    ).one()
    return Thread(
        found.report_id,
        row.messages + 1,
        reporter.open(found.secret_sealed),
        row.locale,
        row.locale_is_chosen,
        conversation=conversation_of(session, found.report_id, at=at),
        has_code=True,
        is_aside=row.status == Status.QUARANTINED,
        is_doubted=row.duress,
    )
