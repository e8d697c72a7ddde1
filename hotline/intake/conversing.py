"""One step of the conversation by text: open where it stands, take what was heard, and say what comes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_time

from hotline.anonymize.language import candidates
from hotline.contact.conversation import Conversation
from hotline.dialogue.state import State
from hotline.dialogue.taking import come_back, take
from hotline.dialogue.tongues import Tongues
from hotline.dialogue.turns import Effect, Heard, Saying, Setting, Turn
from hotline.domain.opening import Opening
from hotline.domain.report import Channel, IncomingMessage, minute
from hotline.i18n import Languages
from hotline.intake.country import zones_of
from hotline.intake.recognizing import Returned
from hotline.intake.threads import Thread
from hotline.messages import render, segments
from hotline.vault.codes import ReturnCode
from hotline.vault.envelope import SealBroken
from hotline.vault.threads import open_state, seal_state, word_mark

TEXTS = frozenset({Channel.SMS, Channel.WHATSAPP})
STAYS_OPEN = timedelta(minutes=30)
"""For how long after their last text somebody who said that it is safe is taken to be there."""

# Shorter texts say too little of their language to list others before ours.
_LETTERS_THAT_TELL = 25
_SOON = timedelta(hours=18)


@dataclass(frozen=True, slots=True)
class Step:
    """What a text leads to: the *turn*, our whole answer, and the row that keeps where we stand.

    *code* is what was minted because they asked for it; *word* the code word that goes with it.
    """

    turn: Turn
    answer: str = field(repr=False)
    sealed: bytes = field(repr=False)
    open_until: datetime | None
    code: ReturnCode | None = None
    word: str = field(default="", repr=False)

    @property
    def parts(self) -> int:
        return segments(self.answer) if self.answer else 0


@dataclass(frozen=True)
class Conversing:
    """Leads conversations. *cover* maps locales to the lines of the operator's cover story; "" to those for all others."""

    languages: Languages
    opening: Opening
    cover: Mapping[str, Sequence[str]]

    @cached_property
    def _tongues(self) -> Tongues:
        return Tongues.of(self.languages.offered)

    def step(
        self,
        message: IncomingMessage,
        thread: Thread,
        returned: Returned | None,
        *,
        at: datetime,
    ) -> Step:
        """Take *message* one step on in the conversation of *thread*; *returned* is who came with a return code."""
        state = _opened(thread)
        setting = self._setting(message, thread, state, at)
        if returned:
            turn = come_back(state, setting, knows_word=returned.knows_word, locale=thread.locale)
        else:
            heard = Heard(message.text, self._suggested(message, state), message.opted)
            turn = take(state, heard, setting, locale=thread.locale)
        says = turn.says
        if returned and not turn.state.cover:
            says = (*returned.says, *turn.says)
        answer = self._said(says, turn, message.channel) if message.wants_answer else ""
        sealed = seal_state(thread.secret, turn.state.to_json(), report_id=thread.report_id)
        return Step(
            turn, answer, sealed, _open_until(thread.conversation, turn, at, message.sent_at)
        )

    def with_code(self, step: Step, code: ReturnCode, channel: Channel) -> Step:
        """Say *code* before what follows, because they asked for one."""
        locale = step.turn.state.locale
        # Groups that spaces divide would stand in reverse order in a text that runs from right to left.
        digits = code.digits.replace(" ", "-")
        told = render(self.languages, "tell_code", channel, locale, code=digits)
        answer = "\n".join(filter(None, (told, step.answer)))
        return replace(step, answer=answer, code=code, word=step.turn.word)

    def _setting(
        self, message: IncomingMessage, thread: Thread, state: State | None, at: datetime
    ) -> Setting:
        locale = state.locale if state else thread.locale
        return Setting(
            tongues=self._tongues,
            at=at,
            mark=lambda word: word_mark(thread.secret, word) if word else "",
            zones=lambda: zones_of(message.sender),
            read_from=self._read_from(message.sender, locale, at),
            is_awaited=thread.conversation.is_awaited,
            cover=self.cover,
        )

    def _read_from(self, sender: str, locale: str, at: datetime) -> str:
        """Return from when on a person reads this, on the clock of whoever wrote; empty where that is now."""
        opens = self.opening.next_opening(at)
        if opens <= at:
            return ""
        zones = zones_of(sender)
        local = opens.astimezone(ZoneInfo(zones[0]) if len(zones) == 1 else self.opening.zone)
        known = locale.replace("-", "_")
        if opens - at < _SOON:
            return format_time(local, "HH:mm", locale=known)
        return format_datetime(local, "EEE HH:mm", locale=known)

    def _suggested(self, message: IncomingMessage, state: State | None) -> tuple[str, ...]:
        """Return the offered locales that the words and the script of a first text suggest."""
        is_greeted = state is not None and "received" in state.told
        letters = sum(letter.isalpha() for letter in message.text)
        is_telling = letters >= _LETTERS_THAT_TELL or (letters and not message.text.isascii())
        if is_greeted or not is_telling:
            return ()
        offered = (self.languages.best([name]) for name in candidates(message.text))
        return tuple(dict.fromkeys(filter(None, offered)))

    def _said(self, says: Sequence[Saying], turn: Turn, channel: Channel) -> str:
        locale = turn.state.locale
        return "\n".join(
            saying.verbatim
            or _rendered(self.languages, saying.name, channel, locale, **saying.facts)
            for saying in says
        )


@lru_cache(maxsize=1024)
def _rendered(languages: Languages, name: str, channel: Channel, locale: str, **facts: str) -> str:
    """Render an automatic answer: it depends on the step and the locale, never on what was said."""
    return render(languages, name, channel, locale, **facts)


def _opened(thread: Thread) -> State | None:
    """Return where the conversation of *thread* stands; one that does not open begins anew."""
    sealed = thread.conversation.sealed
    if sealed is None:
        return State(thread.locale, is_chosen=True) if thread.locale_is_chosen else None
    try:
        return State.from_json(open_state(thread.secret, sealed, report_id=thread.report_id))
    except (SealBroken, ValueError, TypeError):
        return None


def _open_until(
    conversation: Conversation, turn: Turn, at: datetime, sent_at: datetime | None
) -> datetime | None:
    """Return until when they are taken to be there: what they say prolongs it, unless they are someone else.

    It counts from *sent_at*, where a text reached us late: who held the phone then need not hold it now.
    """
    ends = {Effect.CLOSE, Effect.LATER, Effect.DURESS}
    if turn.effects & ends or turn.state.cover or turn.state.is_closed:
        return None
    was_open = conversation.open_until is not None and conversation.open_until > at
    if not was_open and Effect.OPEN not in turn.effects:
        return None
    until = minute(min(sent_at or at, at)) + STAYS_OPEN
    return max(until, conversation.open_until) if was_open and conversation.open_until else until
