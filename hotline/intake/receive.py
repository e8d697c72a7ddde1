"""Receive one message: look, understand, seal, and keep it all in one transaction."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache, partial

from sqlalchemy import bindparam, select

from hotline.domain.identity import Address
from hotline.domain.report import Channel, IncomingMessage, Receipt
from hotline.errors import Conflict, Unavailable
from hotline.i18n import Languages
from hotline.intake.heeding import Wishes
from hotline.intake.keeping import Answered, Kept, Token, remember
from hotline.intake.threads import Thread, new_thread, of_reporter, of_sender
from hotline.intake.understanding import Assess, Redact, Understanding, understand
from hotline.messages import render
from hotline.reports.tables import seen
from hotline.store import Session, Store
from hotline.vault.attachments import Attachment, HeldFile
from hotline.vault.attest import HouseKey
from hotline.vault.digests import Digests
from hotline.vault.keyring import Keyring
from hotline.vault.reporters import ReporterKey
from hotline.vault.sealing import Envelope, seal_contact, seal_message
from hotline.vault.seen import open_answer, seal_answer, seen_key
from hotline.vault.stream import CHUNK
from hotline.vault.threads import ThreadKeys, Ticket

_EARLIER = select(seen.c.answer_sealed).where(seen.c.id_hash == bindparam("its_hash"))
_TRIES = 5
FILE_BUDGET = (2048 << 20) // CHUNK
"""Chunks that the files of all reports may have in a day."""
# Shorter texts say too little of their language to choose the first answer's by it.
_LETTERS_THAT_TELL = 25


@dataclass(frozen=True)
class Reception:
    """Everything that receiving needs, chosen once at start-up."""

    store: Store
    keyring: Keyring
    threads: ThreadKeys
    languages: Languages
    redact: Redact
    assess: Assess
    desk: str
    default_locale: str
    house: HouseKey
    lines: Mapping[str, str] = field(default_factory=dict)
    file_budget: int = FILE_BUDGET
    wishes: Wishes | None = None

    def receive(
        self,
        message: IncomingMessage,
        *,
        at: datetime,
        reporter: ReporterKey | None = None,
        files: Sequence[HeldFile] = (),
    ) -> Receipt:
        """Keep *message* once and return the answer to it; a retry gets the answer it got before.

        With *reporter*, the new report can be returned to with that code. *files* that find no room are left
        out, and counted in the receipt.

        Raises:
            Unavailable: it could not be kept; the channel must ask for a retry.
        """
        heard = self._heard(message, at)
        if isinstance(heard, Receipt):
            return heard
        return self._receive(heard, files, at=at, reporter=reporter, returning=False)

    def again(
        self,
        message: IncomingMessage,
        reporter: ReporterKey,
        *,
        at: datetime,
        files: Sequence[HeldFile] = (),
    ) -> Receipt:
        """Keep what someone who came back with a code sends.

        Raises:
            NotFound: no report has that code.
        """
        return self._receive(message, files, at=at, reporter=reporter, returning=True)

    def _receive(
        self,
        message: IncomingMessage,
        files: Sequence[HeldFile],
        *,
        at: datetime,
        reporter: ReporterKey | None,
        returning: bool,
    ) -> Receipt:
        understood: Understanding | None = None
        tickets = self._tickets(message)
        for _ in range(_TRIES):
            with self.store.read() as session:
                earlier = _earlier(session, message.provider_id)
                if earlier is not None:
                    return earlier
                thread = self._thread(session, tickets, reporter if returning else None, at)
            understood = understood or understand(message, redact=self.redact, assess=self.assess)
            thread = self._in_their_language(thread, understood)
            newcomer = None if returning else reporter
            kept, answer = self._sealed(understood, thread, tickets, newcomer, at)
            if files:
                kept = replace(
                    kept, files=self._sealed_files(files, thread), budget=self.file_budget
                )
            try:
                left_out = self.store.write(kept)
            except Conflict:
                continue
            return Receipt(thread.report_id, answer, thread.is_new, left_out)
        raise Unavailable

    def _heard(self, message: IncomingMessage, at: datetime) -> IncomingMessage | Receipt:
        """Let be done what a text asks for, and return its receipt; what asks for nothing comes back.

        The answer is that of any text, and the text itself is kept nowhere: it opens everything.
        """
        if self.wishes is None or not message.provider_id or not self.wishes.concern(message):
            return message
        tickets = self._tickets(message)
        with self.store.read() as session:
            earlier = _earlier(session, message.provider_id)
            thread = self._thread(session, tickets, None, at)
        if earlier is not None:
            return earlier
        left = self.wishes.heed(message, at=at)
        if left is not None:
            return left
        locale = thread.locale if thread else self._line_locale(message)
        answer = self._answer(message, locale, is_new=thread is None)
        answered = _answered(message.provider_id, answer)
        if answered is not None:
            has_pictures = bool(message.media)
            # Two deliveries of one text: whichever is later finds that it is remembered.
            with suppress(Conflict):
                self.store.write(
                    partial(remember, answered=answered, at=at, has_pictures=has_pictures)
                )
        return Receipt("", answer, False)

    def _tickets(self, message: IncomingMessage) -> tuple[Ticket, ...]:
        if not message.sender:
            return ()
        return self.threads.tickets(message.channel, message.line, message.sender)

    def _thread(
        self,
        session: Session,
        tickets: tuple[Ticket, ...],
        returning: ReporterKey | None,
        at: datetime,
    ) -> Thread | None:
        if returning is not None:
            return of_reporter(session, returning)
        return of_sender(session, tickets, at=at) if tickets else None

    def _in_their_language(self, thread: Thread | None, understood: Understanding) -> Thread:
        """Return *thread*, or a new one, with the locale to answer in.

        A language that was chosen stays. Until one is, a text that is long enough tells; else the line's does.
        """
        message = understood.message
        if thread and (thread.locale_is_chosen or not self._tells(understood)):
            return thread
        line = self._line(message)
        told = [understood.language] if self._tells(understood) else []
        wanted = [message.locale] if message.locale_is_chosen else [*told, message.locale, line]
        earlier = [thread.locale] if thread else []
        locale = self.languages.best([*wanted, *earlier, self.default_locale])
        if thread:
            return replace(thread, locale=locale or thread.locale)
        return new_thread(locale or self.default_locale, locale_is_chosen=message.locale_is_chosen)

    def _line(self, message: IncomingMessage) -> str:
        return self.lines.get(message.line.removeprefix("whatsapp:"), self.default_locale)

    def _line_locale(self, message: IncomingMessage) -> str:
        """Return the locale in which somebody new is answered who says too little to tell their language."""
        line = self._line(message)
        return self.languages.best([line]) or self.default_locale

    def _tells(self, understood: Understanding) -> bool:
        """Tell whether a text is long enough to read a language off it that we answer in."""
        letters = sum(letter.isalpha() for letter in understood.original)
        offered = self.languages.best([understood.language]) is not None
        return letters >= _LETTERS_THAT_TELL and offered

    def _sealed(
        self,
        understood: Understanding,
        thread: Thread,
        tickets: tuple[Ticket, ...],
        reporter: ReporterKey | None,
        at: datetime,
    ) -> tuple[Kept, str]:
        """Return what the transaction keeps, and the answer."""
        answer = self._answer(understood.message, thread.locale, is_new=thread.is_new)
        ticket = tickets[0] if tickets else None
        envelopes = self._envelopes(understood, thread)
        kept = Kept(
            understood=understood,
            thread=thread,
            desk=self.desk,
            at=at,
            envelopes=envelopes,
            digests=str(Digests.of(envelopes)),
            answered=_answered(understood.message.provider_id, answer),
            token=Token(ticket.token, ticket.seal(thread.secret)) if ticket else None,
            reporter=reporter,
            house=self.house,
        )
        return kept, answer

    def _sealed_files(self, files: Sequence[HeldFile], thread: Thread) -> tuple[Attachment, ...]:
        return tuple(
            file.seal(
                self.keyring,
                desk=self.desk,
                report_id=thread.report_id,
                seq=thread.seq,
                number=number,
            )
            for number, file in enumerate(files, 1)
        )

    def _envelopes(self, understood: Understanding, thread: Thread) -> tuple[Envelope, ...]:
        envelopes = seal_message(
            self.keyring,
            desk=self.desk,
            report_id=thread.report_id,
            seq=thread.seq,
            account=understood.account(thread.secret),
            preview=understood.preview,
            identity=understood.identity(),
        )
        if not thread.is_new:
            return envelopes
        contact = seal_contact(
            self.keyring,
            desk=self.desk,
            report_id=thread.report_id,
            address=_address(understood.message),
            ways=_ways(understood.message),
        )
        return (*envelopes, contact)

    def _answer(self, message: IncomingMessage, locale: str, *, is_new: bool) -> str:
        if message.channel not in (Channel.SMS, Channel.WHATSAPP) or not message.wants_answer:
            return ""
        name = "received" if is_new else "received_more"
        return _rendered(self.languages, name, message.channel, locale)


@lru_cache(maxsize=512)
def _rendered(languages: Languages, name: str, channel: Channel, locale: str) -> str:
    """Render an automatic answer: it depends on the step and the locale, never on what was said."""
    return render(languages, name, channel, locale)


def _answered(provider_id: str, answer: str) -> Answered | None:
    if not provider_id:
        return None
    return Answered(provider_id, seen_key(provider_id), seal_answer(provider_id, answer))


def _earlier(session: Session, provider_id: str) -> Receipt | None:
    """Return what was answered to this very message before."""
    if not provider_id:
        return None
    its = {"its_hash": seen_key(provider_id)}
    sealed = session.execute(_EARLIER, its).scalar_one_or_none()
    return None if sealed is None else Receipt("", open_answer(provider_id, sealed), False)


def _ways(message: IncomingMessage) -> dict[str, str]:
    """Return how the reporter is reached: what they said of it, and the number of ours that they wrote to."""
    line = {"line": message.line} if message.line else {}
    return {**message.contact, **line}


def _address(message: IncomingMessage) -> Address | None:
    """Return where an answer can go: the sender's own channel, or what a web reporter asked for."""
    if message.channel in (Channel.SMS, Channel.WHATSAPP, Channel.VOICE):
        return Address(message.channel, message.sender) if message.sender else None
    number = message.contact.get("number", "")
    if number and message.contact.get("how") == "text":
        return Address(Channel.SMS, number)
    return None
