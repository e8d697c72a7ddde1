"""What a message leads to, made ready in memory: understood, taken a step on, and sealed; one transaction keeps it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from hotline.contact import Caps
from hotline.dialogue.picking import lone_key
from hotline.dialogue.turns import Effect
from hotline.domain.identity import Address, Redaction
from hotline.domain.numbers import phone_number
from hotline.domain.report import Channel, IncomingMessage
from hotline.i18n import Languages
from hotline.intake.answered import remembered
from hotline.intake.consenting import Answer, Consents, Wished
from hotline.intake.conversing import TEXTS, Conversing, Step, with_word
from hotline.intake.facts import Alarm
from hotline.intake.forbidding import Forbidden
from hotline.intake.heeding import Wishes
from hotline.intake.inviting import Invitation, invite
from hotline.intake.keeping import Kept, Newcomer
from hotline.intake.placing import place_of
from hotline.intake.reaching import tells_ways
from hotline.intake.recognizing import Returned
from hotline.intake.threads import Thread, new_thread
from hotline.intake.understanding import (
    Assess,
    Reading,
    Redact,
    Understanding,
    read_words,
    understand,
)
from hotline.vault.attachments import Attachment, HeldFile
from hotline.vault.attest import HouseKey
from hotline.vault.codes import mint
from hotline.vault.digests import Digests
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PublicKey
from hotline.vault.reporters import CodeDesk, ReporterKey
from hotline.vault.sealing import CONTACT_SEQ, Envelope, seal_contact, seal_message
from hotline.vault.threads import ThreadKeys, Ticket

# Shorter texts say too little of their language to choose the first answer's by it.
_LETTERS_THAT_TELL = 25
_PRESSING = 2
"""The rank of urgency from which words are a cry, and no answer to a question of ours."""


@dataclass(frozen=True, slots=True, repr=False)
class Heard:
    """A message with its words read; *returned* where it came with a return code.

    *is_dear* says that nothing more may be spent on answers today. *consents* is what waits for their yes or no.
    """

    message: IncomingMessage
    reading: Reading
    returned: Returned | None
    is_dear: bool = False
    consents: Consents = field(default_factory=Consents)


@dataclass(frozen=True, kw_only=True)
class Preparing:
    """Makes messages ready to be kept."""

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
    codes: CodeDesk | None = None
    texts_from: str = ""
    relay: PublicKey | None = None
    alarm: Alarm | None = None
    wishes: Wishes | None = None
    caps: Caps = field(default_factory=Caps)

    def prepare(
        self,
        heard: Heard,
        thread: Thread | None,
        mine: Thread | None,
        tickets: tuple[Ticket, ...],
        reporter: ReporterKey | None,
        *,
        at: datetime,
    ) -> tuple[Kept, str]:
        """Return what the transaction keeps, and the answer. *mine* is the thread that the sender's phone spoke in."""
        thread = self._in_their_language(thread, heard.message, heard.reading)
        step = self._step(heard, thread, at)
        newcomer = self._newcomer(heard.message, step, reporter)
        state = step.turn.state if step else None
        if state and (state.locale, state.is_chosen) != (thread.locale, thread.locale_is_chosen):
            thread = replace(thread, locale=state.locale, locale_is_chosen=state.is_chosen)
        understood = self._understood(heard, thread, step)
        place = place_of(
            heard.returned, thread, mine, tickets, said_word=bool(step and step.said_word)
        )
        envelopes = self._envelopes(understood, thread, is_moving=place.is_moving)
        answer = step.answer if step else ""
        returned = heard.returned
        was_told = bool(returned and step and answer and not step.turn.state.cover)
        kept = Kept(
            understood=understood,
            thread=thread,
            desk=self.desk,
            at=at,
            envelopes=envelopes,
            digests=str(Digests.of(envelopes)),
            answered=remembered(heard.message.provider_id, answer, tickets),
            token=place.token,
            newcomer=newcomer,
            house=self.house,
            step=step,
            conversation=self._told_word(heard.message, thread),
            is_moving=place.is_moving,
            reads=returned.reads if returned and was_told else (),
            invitation=self._invitation(heard.message, thread),
            relay=self.relay,
            alarm=self.alarm,
            caps=self.caps,
            forbidden=self._forbidden(heard.message, thread),
            decided=self._decided(step, thread),
            wished=self._wished(step, thread),
        )
        return kept, answer

    def sealed_files(self, files: Sequence[HeldFile], thread: Thread) -> tuple[Attachment, ...]:
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

    def line_locale(self, message: IncomingMessage) -> str:
        """Return the locale in which somebody new is answered who says too little to tell their language."""
        return self.languages.best([self._line(message)]) or self.default_locale

    def _in_their_language(
        self, thread: Thread | None, message: IncomingMessage, reading: Reading
    ) -> Thread:
        """Return *thread*, or a new one, with the locale to answer in.

        A language that was chosen stays. By text, whoever has not chosen is asked; elsewhere words tell that are long
        enough, else the line.
        """
        if thread and message.channel is Channel.VOICE and message.locale_is_chosen:
            return replace(thread, locale=message.locale, locale_is_chosen=True)
        tells = message.channel not in TEXTS and self._tells(reading)
        if thread and (thread.locale_is_chosen or not tells):
            return thread
        told = [reading.language] if tells else []
        line = self._line(message)
        wanted = [message.locale] if message.locale_is_chosen else [*told, message.locale, line]
        before = [thread.locale] if thread else []
        locale = self.languages.best([*wanted, *before, self.default_locale])
        if thread:
            return replace(thread, locale=locale or thread.locale)
        return new_thread(locale or self.default_locale, locale_is_chosen=message.locale_is_chosen)

    def _line(self, message: IncomingMessage) -> str:
        return self.lines.get(message.line.removeprefix("whatsapp:"), self.default_locale)

    def _tells(self, reading: Reading) -> bool:
        """Tell whether a text is long enough to read a language off it that we answer in."""
        letters = sum(map(str.isalpha, reading.original))
        offered = self.languages.best([reading.language]) is not None
        return letters >= _LETTERS_THAT_TELL and offered

    def _step(self, heard: Heard, thread: Thread, at: datetime) -> Step | None:
        """Take a text one step on; other channels do not converse."""
        message = heard.message
        if message.channel not in TEXTS:
            return None
        is_silent = heard.is_dear or not message.wants_answer
        if message.wants_answer == is_silent:
            message = replace(message, wants_answer=not is_silent)
        is_cry = self._cry(heard.reading, thread)
        step = self.conversing.step(
            message, thread, heard.returned, is_cry, at=at, consents=heard.consents
        )
        if is_silent:
            # What was not said was not asked either.
            is_unsaid = heard.is_dear or step.needs_saying
            return self.conversing.unsaid(step, thread) if is_unsaid else step
        if Effect.CODE not in step.turn.effects:
            return step
        return self.conversing.with_code(step, mint(), message.channel)

    def _cry(self, reading: Reading, thread: Thread) -> Callable[[str], bool]:
        """Return what tells whether words are of somebody in danger: never an answer, never a code word."""

        return lambda text: self._presses(text, (reading.language, thread.locale))

    def is_pressing(self, words: str, locale: str) -> bool:
        """Tell whether *words* that were written beside the account are of somebody in danger."""
        beside = IncomingMessage(Channel.WEB, words, locale, locale_is_chosen=True)
        language = read_words(beside, redact=self.redact).language
        return self._presses(words, (language, locale))

    def _presses(self, text: str, languages: tuple[str, str]) -> bool:
        for language in dict.fromkeys(languages):
            try:
                found = self.assess(text, language=language)
            except Exception:
                return True
            rests_on_words = any(reason.end > reason.start for reason in found.reasons)
            if found.urgency.rank >= _PRESSING and rests_on_words:
                return True
        return False

    def _newcomer(
        self, message: IncomingMessage, step: Step | None, reporter: ReporterKey | None
    ) -> Newcomer | None:
        """Return who may come back to this report: whom the web gave a code, or who asked for one by text."""
        if reporter:
            return Newcomer(reporter, message.contact.get("word", ""))
        if step and step.code and self.codes:
            return Newcomer(self.codes.derive(step.code), step.word)
        return None

    def _told_word(self, message: IncomingMessage, thread: Thread) -> bytes | None:
        """Return the conversation with the code word that was told in a call: it holds by text as well."""
        word = message.contact.get("word", "")
        is_told = message.channel is Channel.VOICE and word
        return with_word(thread, word) if is_told else None

    def _forbidden(self, message: IncomingMessage, thread: Thread) -> Forbidden | None:
        """Return whom it must not reach, where the message names anybody."""
        if not message.not_to:
            return None
        return Forbidden(self.keyring, thread.report_id, message.not_to)

    def _decided(self, step: Step | None, thread: Thread) -> Answer | None:
        """Return their yes or no, with the words that were put to them."""
        if step is None or step.words is None or step.turn.decided is None:
            return None
        ask_id, yes = step.turn.decided.ask.id, step.turn.decided.yes
        return Answer(self.keyring, thread.report_id, ask_id, yes, step.words)

    def _wished(self, step: Step | None, thread: Thread) -> Wished | None:
        if step is None or self.wishes is None or not step.turn.wish:
            return None
        return Wished(self.wishes, step.turn.wish, thread.report_id)

    def _invitation(self, message: IncomingMessage, thread: Thread) -> Invitation | None:
        is_told = message.channel is Channel.VOICE or tells_ways(message)
        if not (thread.is_new or is_told):
            return None
        return invite(message, thread, self.threads, line=self.texts_from)

    def _understood(self, heard: Heard, thread: Thread, step: Step | None) -> Understanding:
        """Return what a message says. One that only answers a question of ours raises nothing by being short, and
        nobody reads a code word; but what is a cry is one wherever it stands.
        """
        message, reading = heard.message, heard.reading
        if step is None:
            if message.is_key:
                reading = Reading(message.text, None).as_typed()
                if message.locale_is_chosen:
                    spoken = Redaction(message.text, message.locale, ())
                    reading = replace(reading, redaction=spoken)
            understood = understand(message, reading, assess=self.assess, is_key=message.is_key)
            return understood.doubted() if message.is_doubted else understood
        turn = step.turn
        told = message
        if turn.answers or turn.contact:
            told = replace(
                message,
                answers={**message.answers, **turn.answers},
                contact={**message.contact, **turn.contact},
            )
        is_key = (turn.is_key or turn.is_secret) and not thread.is_new
        # Asked of answers alone: any other text is assessed whole.
        is_key = is_key and not self._cry(reading, thread)(reading.original)
        if turn.is_secret and heard.returned is None:
            reading = self._without_word(message, reading, turn.rest)
        elif lone_key(reading.original):
            reading = reading.as_typed()
        if heard.returned and reading.original:
            is_key = False
        understood = understand(told, reading, assess=self.assess, is_key=is_key)
        return understood.doubted() if Effect.DURESS in turn.effects else understood

    def _without_word(self, message: IncomingMessage, reading: Reading, rest: str) -> Reading:
        """Return the reading of a text that held the code word: the desk reads what stood beside it."""
        if not rest:
            return reading.hidden()
        left = read_words(replace(message, text=rest), redact=self.redact)
        return replace(left, sealed=reading.original)

    def _envelopes(
        self, understood: Understanding, thread: Thread, *, is_moving: bool
    ) -> tuple[Envelope, ...]:
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
        is_told = message.channel is not Channel.WEB or tells_ways(message)
        tells_more = is_told and bool(message.contact)
        if not (thread.is_new or tells_more or is_moving):
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


def _ways(message: IncomingMessage) -> dict[str, str]:
    """Return how the reporter is reached: what they said of it, and the number of ours that they wrote to."""
    line = {"line": message.line} if message.line else {}
    return {**message.contact, **line}


def _address(message: IncomingMessage) -> Address | None:
    """Return where an answer can go: the sender's own channel, or what a web reporter asked for."""
    if message.channel is Channel.VOICE and message.contact.get("how") == "text":
        return Address(Channel.SMS, message.sender) if message.sender else None
    if message.channel in (Channel.SMS, Channel.WHATSAPP, Channel.VOICE):
        return Address(message.channel, message.sender) if message.sender else None
    typed, how = message.contact.get("number", ""), message.contact.get("how")
    number = phone_number(typed) or typed
    if number and how == "text":
        return Address(Channel.SMS, number)
    # Whoever wants to be called elsewhere from now on is texted nowhere any more.
    return Address(Channel.VOICE, number) if number and tells_ways(message) else None
