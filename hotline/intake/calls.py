"""A call, from its first step to its last: each key that tells something is kept at once, whatever happens next.

Where a call stands is known by the provider's id of it alone. A step that comes twice is answered as the first time; one that
comes late is answered with where the call stands by now.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, update

from hotline.contact import erase_later
from hotline.contact.back_orders import BackOrder
from hotline.contact.calling_back import Came, came, order_of
from hotline.contact.calls import change_state, keep_state, state_of
from hotline.contact.conversation import keep_conversation
from hotline.contact.ringing import ask_person, stop
from hotline.dialogue.calls.document import Document, Then, Wait
from hotline.dialogue.calls.state import CallState
from hotline.dialogue.calls.taking import take
from hotline.dialogue.calls.turns import Effect, Event, Heard, Turn
from hotline.domain.report import IncomingMessage, Receipt
from hotline.domain.urgency import Urgency
from hotline.errors import Conflict, NotFound, Unavailable
from hotline.intake.call_consent import heeded
from hotline.intake.call_messages import linked, message_of
from hotline.intake.call_settings import Call, CallSettings, to_whom_we_called
from hotline.intake.conversing import agreed_word, with_try
from hotline.intake.receive import Reception
from hotline.intake.recognizing import Recognizing
from hotline.intake.threads import Thread, of_reporter, of_sender
from hotline.reports.tables import messages, reports
from hotline.store import Session, Store
from hotline.vault.calls import call_step
from hotline.vault.codes import parse
from hotline.vault.envelope import SealBroken
from hotline.vault.keys import PublicKey
from hotline.vault.relay import RelayKey
from hotline.vault.reporters import ReporterKey

_TRIES = 5
_ALARMING = 2
"""Wrong code words, over all calls, after which the supervisors hear of it."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a recording of a call belongs."""

    report_id: str
    seq: int


@dataclass(frozen=True, kw_only=True)
class Calls:
    """Leads calls: each step becomes what is kept of it, and what is said next."""

    store: Store
    reception: Reception
    recognizing: Recognizing
    settings: CallSettings
    relay_public: PublicKey
    relay: RelayKey

    def answer(self, call: Call, heard: Heard, *, at: datetime) -> Document:
        """Take *heard* one step on, keep what it told, and return what is said next.

        Raises:
            Unavailable: it could not be kept; the channel must ask for a retry.
        """
        return self._answer(call, heard, "", at)

    def _answer(self, call: Call, heard: Heard, back: str, at: datetime) -> Document:
        for _ in range(_TRIES):
            state = self._state(call.id)
            if state is not None and heard.step != call_step(call.id, state.count):
                return _document(call, state)
            if state is None and call.is_ours and not back:
                # Whoever it was for, we do not know any more: nobody hears a greeting of ours.
                return Document(heard.step, self.settings.default_locale, (), Then(Wait.END))
            try:
                return self._step(call, state, heard, state.back if state else back, at)
            except Conflict:
                continue
        raise Unavailable

    def call_back(self, call: Call, ref: str, *, at: datetime) -> Document | None:
        """Begin the call *ref* of ours, which somebody took; None where nobody waits for it any more.

        Raises:
            Unavailable: it could not be kept; the channel must ask for a retry.
        """
        if self._state(call.id) is None and self._order(ref, at) is None:
            return None
        return self._answer(call, Heard(), ref, at)

    def machine_took(self, ref: str, *, at: datetime) -> None:
        """Remember that a machine took the call *ref* of ours: it hears nothing, and they may be called once more."""
        self.store.write(lambda session: came(session, self.relay, ref, Came.MACHINE, at=at))

    def ended(self, call_id: str, *, at: datetime) -> None:
        """Forget the secrets of a call that is over, and have it erased at the provider."""
        state = self._state(call_id)

        def work(session: Session) -> None:
            erase_later(session, "call", call_id, at=at)
            if state is None:
                return
            if state.then.ref:
                stop(session, state.then.ref, at=at)
            # Its last step, and its recording, may come later than this.
            left = replace(state, is_over=True, code="", word="", lines=(), put=(), reading=())
            change_state(session, call_id, left.to_json(), at=at)

        self.store.write(work)

    def spot_of(self, call_id: str) -> Spot | None:
        """Return where a recording of the call belongs; None for a call that is not ours, or was not to be recorded."""
        state = self._state(call_id)
        return Spot(state.report_id, state.recorded_at) if state and state.recorded_at else None

    def _state(self, call_id: str) -> CallState | None:
        with self.store.read() as session:
            try:
                plain = state_of(session, call_id)
            except SealBroken:
                raise Unavailable from None
        return None if plain is None else CallState.from_json(plain)

    def _step(
        self, call: Call, state: CallState | None, heard: Heard, back: str, at: datetime
    ) -> Document:
        order = self._order(back, at) if back else None
        known = state or CallState(self.settings.default_locale)
        if not (back or known.caller):
            known = self._recognized(call, known, at)
        setting = self.settings.of(call, self._thread(call, known, at), at)
        if back:
            setting = to_whom_we_called(setting, state, order)
        turn = take(state, heard, setting)
        turn = replace(turn, state=replace(turn.state, caller=known.caller, beside=known.beside))
        if back:
            its_report = order.report_id if order else turn.state.report_id
            turn = replace(turn, state=replace(turn.state, back=back, report_id=its_report))
        elif turn.keeps:
            turn = self._kept(call, state, turn, heard, at)
        turn = self._saved(call, turn, order, heard, at)
        return _document(call, turn.state)

    def _recognized(self, call: Call, state: CallState, at: datetime) -> CallState:
        """Return *state* with what the caller is known by.

        A number can be feigned, and a phone be in other hands. So it leads to the report that it called for before only
        as long as nothing guards that one; else the call is a report of its own, until the code is typed.
        """
        if not call.sender:
            return replace(state, caller=call.id)
        thread = self._thread(call, replace(state, caller=call.sender), at)
        if thread and (thread.has_code or agreed_word(thread)):
            return replace(state, caller=call.id, beside=thread.report_id)
        return replace(state, caller=call.sender)

    def _thread(self, call: Call, state: CallState, at: datetime) -> Thread | None:
        tickets = self.reception.tickets(message_of(call, state))
        with self.store.read() as session:
            return of_sender(session, tickets, at=at) if tickets else None

    def _order(self, ref: str, at: datetime) -> BackOrder | None:
        with self.store.read() as session:
            return order_of(session, self.relay, ref, at=at)

    # What is kept.

    def _kept(
        self, call: Call, state: CallState | None, turn: Turn, heard: Heard, at: datetime
    ) -> Turn:
        """Keep what was heard, as one message of the report; the step before the first makes it one."""
        if state is None or not state.is_kept:
            turn = linked(turn)
        if Effect.RETURN in turn.effects:
            turn = replace(turn, state=replace(turn.state, caller=call.id))
        is_elsewhere = Effect.RETURN in turn.effects or turn.state.cover > 0
        # Whoever was wrong about the word is never known again by that.
        is_doubtful = turn.state.cover > 0 or Effect.DURESS in turn.effects
        caller = "" if is_doubtful else turn.state.caller
        message = message_of(call, replace(turn.state, caller=caller), turn, heard, state)
        receipt = self._received(turn, message, at, is_elsewhere=is_elsewhere)
        spot = self._spot(message, receipt, at)
        if spot is None:
            return turn
        recorded_at = spot.seq if Effect.RECORD in turn.effects else turn.state.recorded_at
        return replace(
            turn, state=replace(turn.state, report_id=spot.report_id, recorded_at=recorded_at)
        )

    def _received(
        self, turn: Turn, message: IncomingMessage, at: datetime, *, is_elsewhere: bool
    ) -> Receipt:
        """Keep *message* where it belongs: in the report of the code that was typed, if that is still there."""
        if is_elsewhere:
            with suppress(NotFound):
                return self.reception.again(message, self._key(turn.state.code), at=at)
        key = self._key(turn.new_code) if turn.new_code else None
        return self.reception.receive(message, at=at, reporter=key)

    def _key(self, digits: str) -> ReporterKey:
        return self.recognizing.codes.derive(parse(digits))

    def _spot(self, message: IncomingMessage, receipt: Receipt, at: datetime) -> Spot | None:
        """Return where *message* is kept; a retry finds it by the caller."""
        if receipt.report_id:
            return Spot(receipt.report_id, receipt.seq)
        with self.store.read() as session:
            thread = of_sender(session, self.reception.tickets(message), at=at)
        return Spot(thread.report_id, thread.seq - 1) if thread else None

    def _saved(
        self, call: Call, turn: Turn, order: BackOrder | None, heard: Heard, at: datetime
    ) -> Turn:
        """Keep where the call stands, and have done what follows from it, in one transaction."""
        met = _met(turn, heard) if turn.state.back else None
        guessed = not turn.state.back and self._guessed(turn, at)

        def work(session: Session) -> Turn:
            settings = self.settings
            saved = heeded(session, settings.allowing, settings.prompts, turn, at=at)
            if guessed:
                guessed(session)
            if turn.read:
                its = messages.c.report_id == turn.state.report_id
                read = update(messages).where(its, messages.c.seq.in_(turn.read))
                session.execute(read.values(is_read=True))
            if Effect.PERSON in turn.effects and not turn.state.is_over:
                by = order.by if order else ""
                ref = self._ask_person(session, call, turn.state, by, at)
                then = Then(turn.then.wait, ref=ref)
                saved = replace(saved, state=replace(saved.state, then=then), then=then)
            if met:
                came(session, self.relay, turn.state.back, met, at=at, alarm=self._alarm)
            state = saved.state
            keep_state(session, call.id, state.to_json(), count=state.count, at=at)
            return saved

        return self.store.write(work)

    def _guessed(self, turn: Turn, at: datetime) -> Callable[[Session], None] | None:
        """Return what counts a try at a code word in the report that it guards, over all calls; None where none was made."""
        is_right = Effect.RETURN in turn.effects and turn.state.has_word
        if not is_right and Effect.TRIED not in turn.effects:
            return None
        key = self._key(turn.state.code)

        def count(session: Session) -> None:
            with suppress(NotFound):
                thread = of_reporter(session, key, at=at)
                before = thread.conversation
                sealed, tries = with_try(thread, is_right=is_right)
                keep_conversation(
                    session,
                    thread.report_id,
                    sealed=sealed,
                    open_until=before.open_until,
                    is_closed=before.is_closed,
                    at=at,
                )
                if tries >= _ALARMING:
                    self._alarm(session, "someone_else", thread.report_id, at)

        return count

    def _alarm(self, session: Session, kind: str, report_id: str, at: datetime) -> None:
        if self.reception.alarm:
            self.reception.alarm(session, kind, report_id, at)

    def _ask_person(
        self, session: Session, call: Call, state: CallState, only: str, at: datetime
    ) -> str:
        query = select(reports.c.urgency).where(reports.c.id == state.report_id)
        rank = session.execute(query).scalar_one_or_none() or 0
        return ask_person(
            session,
            self.relay_public,
            desk=self.settings.desk,
            report_id=state.report_id,
            urgency=Urgency.of_rank(rank),
            locale=state.locale,
            line=call.line,
            at=at,
            only=only,
            is_known=state.is_known,
        )


def _met(turn: Turn, heard: Heard) -> Came | None:
    """Return what a call of ours came to, where this step decided it."""
    if heard.event:
        return Came.TALKED if heard.event == Event.TALKED else Came.MISSED
    if Effect.WRONG_PERSON in turn.effects:
        return Came.WRONG_WORD
    return Came.LATER if Effect.LATER in turn.effects else None


def _document(call: Call, state: CallState) -> Document:
    return Document(call_step(call.id, state.count), state.locale, state.lines, state.then)
