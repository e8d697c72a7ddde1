"""Receive one message: look, understand, seal, and keep it all in one transaction."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from hotline.consent import excluding
from hotline.domain.report import Channel, IncomingMessage, Receipt
from hotline.errors import Conflict, NotFound, Unavailable
from hotline.intake.admission import Admission, Verdict
from hotline.intake.answered import earlier, remembered
from hotline.intake.consenting import AskGone, Consents
from hotline.intake.conversing import TEXTS
from hotline.intake.forbidding import told_in_account
from hotline.intake.keeping import Kept, TooDear, take_note
from hotline.intake.preparing import Heard, Preparing
from hotline.intake.reaching import change_of
from hotline.intake.recognizing import Recognizing, Returned
from hotline.intake.threads import KNOWN, Thread, new_thread, of_reporter, of_sender
from hotline.intake.understanding import HIDDEN, Reading, Understanding, read_words
from hotline.store import Session, Store
from hotline.vault.attachments import HeldFile
from hotline.vault.reporters import Answers, ReporterKey, find_reporter
from hotline.vault.stream import CHUNK
from hotline.vault.threads import Ticket

_TRIES = 5
FILE_BUDGET = (2048 << 20) // CHUNK
"""Chunks that the files of all reports may have in a day."""


@dataclass(frozen=True, kw_only=True)
class Reception(Preparing):
    """Everything that receiving needs, chosen once at start-up."""

    store: Store
    file_budget: int = FILE_BUDGET
    recognizing: Recognizing | None = None
    admission: Admission = field(default_factory=Admission)

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
            if earlier(session, message.provider_id, self.tickets(message)) is not None:
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
        message = self._with_forbidden(message, returning)
        reading: Reading | None = None
        verdict: Verdict | None = None
        tickets, is_dear, is_gone = self.tickets(message), False, False
        for _ in range(_TRIES):
            with self.store.read() as session:
                known = earlier(session, message.provider_id, tickets)
                if known is not None:
                    return known
                mine = self._mine(session, message, tickets, at)
                theirs = of_reporter(session, returning, at=at) if returning else None
                consents = self._consents(session, message, theirs or mine, at)
            if is_gone:
                consents = replace(consents, asks=())
            if returned and theirs:
                returned = self.conversing.judged(returned, theirs)
                if theirs.is_doubted and not returned.word:
                    # While we doubt who texts, the code alone opens nothing, as if nothing were new.
                    returned = replace(returned, answers=Answers({}))
                message = returned.message
            reading = reading or read_words(message, redact=self.redact)
            heard = Heard(message, reading, returned, is_dear=is_dear, consents=consents)
            thread = self._thread(heard, mine, theirs, at=at)
            kept, answer = self.prepare(heard, thread, mine, tickets, reporter, at=at)
            verdict = verdict or self._judged(kept, at)
            change = change_of(message, kept.thread, returning, kept.invitation)
            kept = replace(kept, verdict=verdict, change=change)
            if files:
                sealed = self.sealed_files(files, kept.thread)
                kept = replace(kept, files=sealed, budget=self.file_budget)
            try:
                left_out = self._kept(kept, verdict)
            except TooDear:
                is_dear = True
                continue
            except AskGone:
                is_gone = True
                continue
            except Conflict:
                continue
            its = kept.thread
            return Receipt(its.report_id, answer, its.is_new, left_out, its.seq, verdict.waits)
        self.admission.take_back(verdict or Verdict())
        raise Unavailable

    def _with_forbidden(
        self, message: IncomingMessage, returning: ReporterKey | None
    ) -> IncomingMessage:
        """Return *message* with whom it must not reach in its account too, where that must be read at once."""
        if not message.not_to:
            return message
        is_cry = self.is_pressing(message.not_to, message.locale)
        with self.store.read() as session:
            theirs = find_reporter(session, returning.lookup) if returning else None
            is_full = theirs is not None and not excluding.takes_more(session, theirs.report_id)
        return told_in_account(message, is_full=is_full, is_cry=is_cry)

    def _mine(
        self, session: Session, message: IncomingMessage, tickets: Sequence[Ticket], at: datetime
    ) -> Thread | None:
        """Return the thread that the sender's phone speaks in.

        One that was idle for too long is known again by nothing but a wish with the right code word.
        """
        mine = of_sender(session, tickets, at=at) if tickets else None
        if mine or not tickets or message.channel not in TEXTS:
            return mine
        if not self.conversing.speech.may_wish(message.text):
            return None
        known = of_sender(session, tickets, at=at, idle=KNOWN)
        return known if known and self.conversing.is_for(known, message, at=at) else None

    def _consents(
        self, session: Session, message: IncomingMessage, thread: Thread | None, at: datetime
    ) -> Consents:
        """Return what waits for the yes or no of whoever texts; nothing while we doubt who that is."""
        if self.wishes is None or thread is None or message.channel not in TEXTS:
            return Consents()
        wishes, report_id = self.wishes, thread.report_id
        asks = () if thread.is_doubted else wishes.asks(session, report_id, at=at)
        return Consents(
            asks, self.conversing.speech.our_words, lambda: wishes.allowed(report_id, at=at)
        )

    def _kept(self, kept: Kept, verdict: Verdict) -> int:
        """Keep it; where that cannot be done at all, it does not count among those alike."""
        try:
            return self.store.write(kept)
        except Unavailable:
            self.admission.take_back(verdict)
            raise

    def _judged(self, kept: Kept, at: datetime) -> Verdict:
        """Return whether a report of the web goes into the queue at once, or waits on there: it is kept either way."""
        understood, thread = kept.understood, kept.thread
        if understood.message.channel is not Channel.WEB:
            return Verdict()
        if thread.is_new:
            return self.admission.judge(understood.original, understood.assessment, at=at)
        return Verdict(waits=thread.is_aside and not self._is_let_back(understood, at))

    def _is_let_back(self, understood: Understanding, at: datetime) -> bool:
        return self.admission.lets_back(understood.assessment, at=at)

    def _thread(
        self, heard: Heard, mine: Thread | None, theirs: Thread | None, *, at: datetime
    ) -> Thread | None:
        """Return the thread that a message belongs to: the return code's, else its sender's if it is known by this."""
        if theirs is not None:
            is_here = mine is not None and mine.report_id == theirs.report_id
            return replace(theirs, token=mine.token) if mine and is_here else theirs
        if mine is None or not self.conversing.is_for(mine, heard.message, at=at):
            return None
        return mine

    def _heard(self, message: IncomingMessage, at: datetime) -> IncomingMessage | Receipt:
        """Let be done what a text asks for, and return its receipt; what asks for nothing comes back.

        Where it has no answer of its own, that is the one to any text. The text is kept nowhere: it opens everything.
        """
        if self.wishes is None or not message.provider_id or not self.wishes.concern(message):
            return message
        tickets = self.tickets(message)
        with self.store.read() as session:
            known = earlier(session, message.provider_id, tickets)
            thread = of_sender(session, tickets, at=at) if tickets else None
        if known is not None:
            return known
        heeded = self.wishes.heed(message, at=at)
        if isinstance(heeded, IncomingMessage):
            return heeded
        thread = thread or new_thread(self.line_locale(message), locale_is_chosen=False)
        any_text = replace(message, text=HIDDEN)
        answer = self.conversing.step(any_text, thread, None, lambda _text: False, at=at).answer
        if heeded.says:
            answer = self.conversing.speech.said(heeded.says, heeded.locale, message.channel)
        answered = remembered(message.provider_id, answer, tickets)
        if answered is not None:
            has_pictures = bool(message.media)
            # Two deliveries of one text: whichever is later finds that it is remembered.
            with suppress(Conflict):
                self.store.write(
                    partial(take_note, answered=answered, at=at, has_pictures=has_pictures)
                )
        return Receipt("", answer, False)

    def tickets(self, message: IncomingMessage) -> tuple[Ticket, ...]:
        """Return by what the sender of *message* is known."""
        is_call = message.channel is Channel.VOICE
        who = message.caller if is_call else message.sender
        return self.threads.tickets(message.channel, message.line, who) if who else ()
