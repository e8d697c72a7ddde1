"""Who wrote on the web and asked to be texted: their phone is known when it answers, and for nothing else.

Anybody can type anybody's number into a form. So a text from that phone belongs to the report only where it answers
our question, or says the code word; whatever else it says is a report of its own, by somebody whom we do not know.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, select

from hotline.contact.conversation import IS_ASKED, keep_conversation
from hotline.contact.tables import conversations
from hotline.dialogue.picking import word_in
from hotline.dialogue.tongues import fold
from hotline.domain.numbers import phone_number
from hotline.domain.report import Channel, IncomingMessage, hour
from hotline.intake.conversing import with_word
from hotline.intake.threads import IDLE, WEB, Thread
from hotline.reports.tables import threads
from hotline.store import Session
from hotline.vault.threads import ThreadKeys


@dataclass(frozen=True, slots=True)
class Invitation:
    """How the phone that a web reporter named is known when it answers."""

    report_id: str
    token: bytes
    known_as: tuple[bytes, ...]
    secret_sealed: bytes = field(repr=False)
    state_sealed: bytes = field(repr=False)
    is_closed: bool = False
    is_shy: bool = False

    def keep(self, session: Session, *, at: datetime) -> None:
        """Keep it, unless that phone talks with us already, or is being asked; the last one who named it counts.

        What *is_shy* takes no phone from anybody who named it before.
        """
        its = threads.c.token.in_(self.known_as)
        is_live = (threads.c.invited == "") & (threads.c.last_at >= at - IDLE)
        asked = select(conversations.c.report_id).where(IS_ASKED)
        is_taken = its if self.is_shy else its & (is_live | threads.c.report_id.in_(asked))
        known = select(threads.c.token).where(is_taken)
        if session.execute(known, {"now": at}).first():
            return
        session.execute(delete(threads).where(its))
        session.execute(
            insert(threads).values(
                token=self.token,
                report_id=self.report_id,
                secret_sealed=self.secret_sealed,
                last_at=hour(at),
                invited=WEB,
            )
        )
        keep_conversation(
            session,
            self.report_id,
            sealed=self.state_sealed,
            open_until=None,
            is_closed=self.is_closed,
            at=at,
        )


def invite(
    message: IncomingMessage, thread: Thread, keys: ThreadKeys, *, line: str
) -> Invitation | None:
    """Return the invitation of a web report that asks to be texted; *line* is what we text from."""
    if message.contact.get("how") != "text":
        return None
    named = {Channel.WEB: message.contact.get("number", ""), Channel.VOICE: message.sender}
    number = phone_number(named.get(message.channel, ""))
    if not number or not line:
        return None
    tickets = keys.tickets(Channel.SMS, line, number)
    typed = message.contact.get("word", "")
    word = word_in(typed) or fold(typed)
    return Invitation(
        thread.report_id,
        tickets[0].token,
        tuple(ticket.token for ticket in tickets),
        tickets[0].seal(thread.secret),
        with_word(thread, word),
        thread.conversation.is_closed,
        # A call can feign its number.
        is_shy=message.channel is Channel.VOICE,
    )
