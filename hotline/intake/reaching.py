"""Who came back with code and code word says anew how and when we may write, and with which word.

It is a message of its own, so that the desk sees that something changed; what they told is sealed as at first, and
a number is an invitation as at first: that phone speaks in the report only once it answered. The phones that spoke
here before go on speaking here; they open nothing of what is now written to another.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from hotline.contact.changing import let_go_of_old_ways
from hotline.contact.conversation import keep_conversation
from hotline.dialogue.picking import word_in
from hotline.dialogue.tongues import fold
from hotline.domain.report import Channel, IncomingMessage
from hotline.intake.conversing import with_new_word
from hotline.intake.inviting import Invitation
from hotline.intake.threads import CODE, LEFT, Thread
from hotline.reports.tables import threads
from hotline.store import Session
from hotline.vault.reporters import ReporterKey
from hotline.vault.rewording import change_word

_TOLD = ("how", "number", "hours", "word")


@dataclass(frozen=True, slots=True, repr=False)
class Change:
    """What else changes in the transaction that keeps the message: it is kept whole, or not at all."""

    thread: Thread
    key: ReporterKey
    word: str = ""
    state_sealed: bytes = b""
    known_as: tuple[bytes, ...] = ()

    def keep(self, session: Session, *, at: datetime) -> None:
        let_go_of_old_ways(session, self.thread.report_id, at=at)
        if self.known_as:
            self._leave_other_phones(session)
        if not self.word:
            return
        change_word(session, self.key, self.word)
        keep_conversation(
            session,
            self.thread.report_id,
            sealed=self.state_sealed,
            open_until=None,
            is_closed=self.thread.conversation.is_closed,
            at=at,
        )

    def _leave_other_phones(self, session: Session) -> None:
        """Let the phones that spoke here open nothing of what is written to the one that was named now."""
        rows = threads.c
        others = (rows.report_id == self.thread.report_id) & rows.token.not_in(self.known_as)
        session.execute(update(threads).where(others, rows.invited != CODE).values(invited=LEFT))


def ways_message(contact: dict[str, str], *, locale: str) -> IncomingMessage:
    """Return the message that says what of *contact* changed, and nothing of what it is; code and word were right."""
    return IncomingMessage(
        channel=Channel.WEB,
        text="",
        locale=locale,
        contact=contact,
        answers={"reach": [name for name in _TOLD if contact.get(name)]},
        is_key=True,
    )


def tells_ways(message: IncomingMessage) -> bool:
    """Tell whether *message* is one of `ways_message`: what else the web tells of being reached came without the word."""
    return message.channel is Channel.WEB and message.is_key and bool(message.contact)


def change_of(
    message: IncomingMessage,
    thread: Thread,
    returning: ReporterKey | None,
    invitation: Invitation | None,
) -> Change | None:
    """Return what else changes with *message*, which invites a phone or none; None where it tells no new ways."""
    if returning is None or thread.is_new or not tells_ways(message):
        return None
    known_as = invitation.known_as if invitation else ()
    typed = message.contact.get("word", "")
    if not typed:
        return Change(thread, returning, known_as=known_as)
    sealed = with_new_word(thread, word_in(typed) or fold(typed))
    return Change(thread, returning, typed, sealed, known_as)
