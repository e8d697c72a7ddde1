"""Who wrote on the web and asked to be texted: their phone is known when it answers, and for nothing else.

Anybody can type anybody's number into a form. So a text from that phone belongs to the report only where it answers
our question, or says the code word; whatever else it says is a report of its own, by somebody whom we do not know.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, insert, select

from hotline.contact.conversation import keep_conversation
from hotline.dialogue.picking import word_in
from hotline.dialogue.state import State
from hotline.dialogue.tongues import fold
from hotline.domain.numbers import phone_number
from hotline.domain.report import Channel, IncomingMessage, hour
from hotline.intake.threads import IDLE, WEB, Thread
from hotline.reports.tables import threads
from hotline.store import Session
from hotline.vault.threads import ThreadKeys, seal_state, word_mark


@dataclass(frozen=True, slots=True)
class Invitation:
    """How the phone that a web reporter named is known when it answers."""

    report_id: str
    token: bytes
    known_as: tuple[bytes, ...]
    secret_sealed: bytes = field(repr=False)
    state_sealed: bytes = field(repr=False)

    def keep(self, session: Session, *, at: datetime) -> None:
        """Keep it, unless that phone talks with us already; the last one who named it counts."""
        its = threads.c.token.in_(self.known_as)
        is_live = its & (threads.c.invited == "") & (threads.c.last_at >= at - IDLE)
        if session.execute(select(threads.c.token).where(is_live)).first():
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
            is_closed=False,
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
    mark = word_mark(thread.secret, word) if word else ""
    state = State(thread.locale, is_chosen=True, told=("received",), word=mark)
    return Invitation(
        thread.report_id,
        tickets[0].token,
        tuple(ticket.token for ticket in tickets),
        tickets[0].seal(thread.secret),
        seal_state(thread.secret, state.to_json(), report_id=thread.report_id),
    )
