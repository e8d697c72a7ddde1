"""Receive one message: look, understand, seal, and keep it all in one transaction."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from sqlalchemy import bindparam, select

from hotline.contact import Caps
from hotline.dialogue.turns import Effect
from hotline.domain.identity import Address
from hotline.domain.report import Channel, IncomingMessage, Receipt
from hotline.errors import Conflict, NotFound, Unavailable
from hotline.i18n import Languages
from hotline.intake.conversing import TEXTS, Conversing, Step
from hotline.intake.country import phone_number
from hotline.intake.heeding import Wishes
from hotline.intake.inviting import Invitation, invite, is_answer
from hotline.intake.keeping import Alarm, Answered, Kept, Newcomer, Token, TooDear, remember
from hotline.intake.recognizing import Recognizing, Returned
from hotline.intake.threads import Thread, new_thread, of_reporter, of_sender
from hotline.intake.understanding import (
    HIDDEN,
    Assess,
    Reading,
    Redact,
    Understanding,
    read_words,
    understand,
)
from hotline.reports.tables import seen
from hotline.store import Session, Store
from hotline.vault.attachments import Attachment, HeldFile
from hotline.vault.attest import HouseKey
from hotline.vault.codes import mint
from hotline.vault.digests import Digests
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PublicKey
from hotline.vault.reporters import CodeDesk, ReporterKey
from hotline.vault.sealing import CONTACT_SEQ, Envelope, seal_contact, seal_message
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
    conversing: Conversing
    lines: Mapping[str, str] = field(default_factory=dict)
    file_budget: int = FILE_BUDGET
    wishes: Wishes | None = None
    recognizing: Recognizing | None = None
    codes: CodeDesk | None = None
    texts_from: str = ""
    relay: PublicKey | None = None
    alarm: Alarm | None = None
    caps: Caps = field(default_factory=Caps)

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
        returned = self._returned(heard)
        if returned is not None:
            try:
                return self._receive(
                    returned.message, files, at=at, returning=returned.key, returned=returned
                )
            except NotFound:
                # It was erased between the look and the act; what came with the code is a report of its own.
                heard = returned.message
        return self._receive(heard, files, at=at, reporter=reporter)

    def _returned(self, message: IncomingMessage) -> Returned | None:
        """Return whose return code stands in a text; a retry costs nothing."""
        if self.recognizing is None or message.channel not in TEXTS:
            return None
        if not self.recognizing.concern(message):
            return None
        with self.store.read() as session:
            if _earlier(session, message.provider_id) is not None:
                return None
        return self.recognizing.of(message)

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
        return self._receive(message, files, at=at, returning=reporter)

    def _receive(
        self,
        message: IncomingMessage,
        files: Sequence[HeldFile],
        *,
        at: datetime,
        reporter: ReporterKey | None = None,
        returning: ReporterKey | None = None,
        returned: Returned | None = None,
    ) -> Receipt:
        reading: Reading | None = None
        tickets, silent = self._tickets(message), not message.wants_answer
        for _ in range(_TRIES):
            with self.store.read() as session:
                earlier = _earlier(session, message.provider_id)
                if earlier is not None:
                    return earlier
                thread = self._thread(session, tickets, returning, at)
            is_stranger = thread is not None and thread.is_invited and not is_answer(message)
            reading = reading or read_words(message, redact=self.redact)
            moves = returned is not None or is_stranger
            heard = _Heard(message, reading, returned, silent=silent, moves=moves)
            known = None if is_stranger else thread
            kept, answer = self._kept(heard, known, tickets, reporter, at)
            if files:
                sealed = self._sealed_files(files, kept.thread)
                kept = replace(kept, files=sealed, budget=self.file_budget)
            try:
                left_out = self.store.write(kept)
            except TooDear:
                silent = True
                continue
            except Conflict:
                continue
            return Receipt(kept.thread.report_id, answer, kept.thread.is_new, left_out)
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
        thread = thread or new_thread(self._line_locale(message), locale_is_chosen=False)
        any_text = replace(message, text=HIDDEN)
        answer = self.conversing.step(any_text, thread, None, at=at).answer
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

    def _in_their_language(
        self, thread: Thread | None, message: IncomingMessage, reading: Reading
    ) -> Thread:
        """Return *thread*, or a new one, with the locale to answer in.

        A language that was chosen stays. By text, whoever has not chosen is asked; elsewhere words tell that are long
        enough, else the line.
        """
        tells = message.channel not in TEXTS and self._tells(reading)
        if thread and (thread.locale_is_chosen or not tells):
            return thread
        told = [reading.language] if tells else []
        line = self._line(message)
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

    def _tells(self, reading: Reading) -> bool:
        """Tell whether a text is long enough to read a language off it that we answer in."""
        letters = sum(letter.isalpha() for letter in reading.original)
        offered = self.languages.best([reading.language]) is not None
        return letters >= _LETTERS_THAT_TELL and offered

    def _kept(
        self,
        heard: "_Heard",
        thread: Thread | None,
        tickets: tuple[Ticket, ...],
        reporter: ReporterKey | None,
        at: datetime,
    ) -> tuple[Kept, str]:
        """Return what the transaction keeps, and the answer."""
        thread = self._in_their_language(thread, heard.message, heard.reading)
        step = self._step(heard, thread, at)
        newcomer = self._newcomer(heard.message, step, reporter)
        if step:
            thread = replace(
                thread,
                locale=step.turn.state.locale,
                locale_is_chosen=step.turn.state.is_chosen,
            )
        understood = self._understood(heard, thread, step)
        envelopes = self._envelopes(understood, thread)
        answer = step.answer if step else ""
        returned = heard.returned
        kept = Kept(
            understood=understood,
            thread=thread,
            desk=self.desk,
            at=at,
            envelopes=envelopes,
            digests=str(Digests.of(envelopes)),
            answered=_answered(heard.message.provider_id, answer),
            token=_token(tickets, thread, moves=heard.moves),
            newcomer=newcomer,
            house=self.house,
            step=step,
            reads=returned.reads if returned and answer else (),
            invitation=self._invitation(heard.message, thread),
            relay=self.relay,
            alarm=self.alarm,
            caps=self.caps,
        )
        return kept, answer

    def _step(self, heard: "_Heard", thread: Thread, at: datetime) -> Step | None:
        """Take a text one step on; other channels do not converse."""
        message = heard.message
        if message.channel not in TEXTS:
            return None
        step = self.conversing.step(
            replace(message, wants_answer=not heard.silent), thread, heard.returned, at=at
        )
        if Effect.CODE not in step.turn.effects or heard.silent:
            return step
        return self.conversing.with_code(step, mint(), message.channel)

    def _newcomer(
        self, message: IncomingMessage, step: Step | None, reporter: ReporterKey | None
    ) -> Newcomer | None:
        """Return who may come back to this report: whom the web gave a code, or who asked for one by text."""
        if reporter:
            return Newcomer(reporter, message.contact.get("word", ""))
        if step and step.code and self.codes:
            return Newcomer(self.codes.derive(step.code), step.word)
        return None

    def _invitation(self, message: IncomingMessage, thread: Thread) -> Invitation | None:
        if not thread.is_new:
            return None
        return invite(message, thread, self.threads, line=self.texts_from)

    def _understood(self, heard: "_Heard", thread: Thread, step: Step | None) -> Understanding:
        """Return what a message says; one that only answers a question of ours raises nothing by being short."""
        message, reading = heard.message, heard.reading
        if step is None:
            return understand(message, reading, assess=self.assess)
        turn = step.turn
        told = replace(
            message,
            answers={**message.answers, **turn.answers},
            contact={**message.contact, **turn.contact},
        )
        shown = reading.hidden() if turn.is_secret else reading
        is_key = (turn.is_key or turn.is_secret) and not thread.is_new
        return understand(told, shown, assess=self.assess, is_key=is_key)

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
        message = understood.message
        envelopes = seal_message(
            self.keyring,
            desk=self.desk,
            report_id=thread.report_id,
            seq=thread.seq,
            account=understood.account(thread.secret),
            preview=understood.preview,
            identity=understood.identity(),
        )
        if not thread.is_new and not (message.contact and message.channel in TEXTS):
            return envelopes
        contact = seal_contact(
            self.keyring,
            desk=self.desk,
            report_id=thread.report_id,
            address=_address(message),
            ways=_ways(message),
            seq=CONTACT_SEQ if thread.is_new else thread.seq,
        )
        return (*envelopes, contact)


@dataclass(frozen=True, slots=True, repr=False)
class _Heard:
    """A message with its words read; *returned* where it came with a return code.

    *silent* says that nothing is answered, *moves* that this phone leaves the report that it spoke in.
    """

    message: IncomingMessage
    reading: Reading
    returned: Returned | None
    silent: bool
    moves: bool


def _token(tickets: tuple[Ticket, ...], thread: Thread, *, moves: bool) -> Token | None:
    if not tickets:
        return None
    return Token(tickets[0].token, tickets[0].seal(thread.secret), moves)


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
    typed = message.contact.get("number", "")
    number = phone_number(typed) or typed
    if number and message.contact.get("how") == "text":
        return Address(Channel.SMS, number)
    return None
