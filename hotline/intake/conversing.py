"""One step of the conversation by text: open where it stands, take what was heard, and say what comes of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache, partial
from typing import Any

from hotline.anonymize.language import candidates
from hotline.consent import Words
from hotline.contact.conversation import Conversation
from hotline.contact.hours import Window
from hotline.dialogue.asking import CONSENT, SURE
from hotline.dialogue.flow import flow
from hotline.dialogue.picking import choice, clock_in, hours_in, lone_key, word_in
from hotline.dialogue.questions import YOUR_WORD
from hotline.dialogue.state import State
from hotline.dialogue.taking import come_back, take
from hotline.dialogue.tongues import Tongues, fold
from hotline.dialogue.turns import Effect, Heard, Saying, Setting, Turn
from hotline.dialogue.wishing import is_bare, wish_in
from hotline.domain.opening import Opening
from hotline.domain.report import Channel, IncomingMessage, minute
from hotline.i18n import Languages
from hotline.intake.consenting import Consents
from hotline.intake.country import zones_of
from hotline.intake.nearby import Nearby
from hotline.intake.reading_hours import read_from
from hotline.intake.recognizing import Returned
from hotline.intake.saying import APART, Speech
from hotline.intake.threads import LEFT, WEB, Thread
from hotline.law import NO_LAW, Law
from hotline.messages import render, segments
from hotline.vault.codes import ReturnCode
from hotline.vault.envelope import SealBroken
from hotline.vault.threads import open_state, seal_state, word_mark

TEXTS = frozenset({Channel.SMS, Channel.WHATSAPP})
STAYS_OPEN = timedelta(minutes=30)
"""For how long after their last text somebody who said that it is safe is taken to be there."""

# Shorter texts say too little of their language to list others before ours.
_LETTERS_THAT_TELL = 25
_LETTERS_THAT_HINT = 12
_LONGEST_OPEN = timedelta(hours=2)
_NOBODYS = "nobody's"
_ANSWERS = frozenset("12789")


@dataclass(frozen=True, slots=True)
class Step:
    """What a text leads to: the *turn*, our whole answer, and the row that keeps where we stand.

    Nothing is sent before *quiet_until*, where they asked for that; what waits already, not after *quiet_from* either.
    *code* is what was minted because they asked for it; *word* the code word that goes with it. *words* are those that
    were put to them to which they said yes or no.
    """

    turn: Turn
    answer: str = field(repr=False)
    sealed: bytes = field(repr=False)
    open_until: datetime | None
    quiet_until: datetime | None = None
    quiet_from: datetime | None = None
    code: ReturnCode | None = None
    word: str = field(default="", repr=False)
    words: Words | None = None

    @property
    def said_word(self) -> bool:
        """Tell whether the code word opened the line."""
        return self.turn.is_secret and Effect.OPEN in self.turn.effects

    @property
    def parts(self) -> int:
        return sum(segments(text) for text in self.answer.split(APART) if text)

    @property
    def needs_saying(self) -> bool:
        """Tell whether it is no step where nothing can be said: a yes is one only to words that were said."""
        return bool(self.turn.put) or self.turn.state.step in (CONSENT, SURE)


@dataclass(frozen=True)
class Conversing:
    """Leads conversations. *cover* maps locales to the lines of the operator's cover story; "" to those for all others.

    *nearby* finds whom they may call while none of us is awake.
    """

    languages: Languages
    opening: Opening
    cover: Mapping[str, Sequence[str]]
    law: Law = NO_LAW
    nearby: Nearby | None = None

    @property
    def _tongues(self) -> Tongues:
        return _tongues_of(self.languages.offered)

    @cached_property
    def speech(self) -> Speech:
        return Speech(self.languages)

    def step(
        self,
        message: IncomingMessage,
        thread: Thread,
        returned: Returned | None,
        is_cry: Callable[[str], bool],
        *,
        at: datetime,
        consents: Consents = Consents(),  # noqa: B008 - frozen.
    ) -> Step:
        """Take *message* one step on in the conversation of *thread*; *returned* is who came with a return code."""
        state, is_whole = _opened(thread)
        is_left = thread.invited == LEFT and not returned
        if is_left:
            consents = Consents()
        setting = self._setting(message, thread, state, is_cry, at, consents)
        turn = self._turn(message, thread, returned, state, setting)
        if not is_whole:
            turn = replace(turn, effects=turn.effects | {Effect.DURESS})
        if is_left:
            # What waits is for another phone, where nobody has said yet that it is safe.
            turn = replace(turn, effects=turn.effects - {Effect.OPEN, Effect.RELEASE})
        says = turn.says
        if returned and not turn.state.cover:
            says = (*returned.says, *turn.says)
        answer = ""
        if message.wants_answer:
            answer = self.speech.said(self._lawful(says, at), turn.state.locale, message.channel)
        sealed = seal_state(thread.secret, turn.state.to_json(), report_id=thread.report_id)
        until = _open_until(thread.conversation, turn, at, message.sent_at)
        if is_left and until:
            until = thread.conversation.open_until
        words = self.speech.led_to(turn.decided, turn.state.locale, message.channel)
        return Step(turn, answer, sealed, until, *_quiet(turn, at), words=words)

    def unsaid(self, step: Step, thread: Thread) -> Step:
        """Return *step* without its answer: the question that waited before goes on waiting."""
        before = _opened(thread)[0] or State(thread.locale)
        state = replace(
            step.turn.state,
            step=before.step,
            asked=before.asked,
            told=before.told,
            ask=before.ask,
            is_near=before.is_near,
            wish="",
        )
        turn = replace(step.turn, state=state, effects=step.turn.effects - {Effect.CODE}, put="")
        sealed = seal_state(thread.secret, state.to_json(), report_id=thread.report_id)
        return replace(step, turn=turn, sealed=sealed)

    def judged(self, returned: Returned, thread: Thread) -> Returned:
        """Return *returned* as far as the word goes that was agreed by text, after the code was given."""
        state, _ = _opened(thread)
        if state is None or not state.word or returned.word:
            return returned
        left = returned.message.text
        if left and word_mark(thread.secret, word_in(left) or fold(left)) == state.word:
            message = replace(returned.message, text="")
            return replace(returned, message=message, word=left, needs_word=False)
        return replace(returned, needs_word=True)

    def is_for(self, thread: Thread, message: IncomingMessage, *, at: datetime) -> bool:
        """Tell whether a text of a phone that is known by its answers alone is one: our question's, or the code word."""
        if thread.invited in ("", LEFT) and not thread.is_idle:
            return True
        state, _ = _opened(thread)
        if state is None or message.media:
            return False
        consents = Consents(wishes={} if thread.invited == LEFT else self.speech.our_words)
        setting = self._setting(message, thread, state, lambda _text: False, at, consents)
        if setting.is_word(state, message.text) or wish_in(state, message.text, setting):
            return True
        if is_bare(state, message.text, setting):
            return True
        if state.step in ("hours", "clock") and thread.invited == WEB:
            return bool(hours_in(message.text, flow().hours) or clock_in(message.text) is not None)
        # After so long without a word it may be anybody's phone.
        if not thread.conversation.is_asked or (thread.is_idle and not state.word):
            return False
        key = choice(message.text)
        if state.step == YOUR_WORD:
            return bool(word_in(message.text)) or key in _ANSWERS
        return key in _ANSWERS

    def _turn(
        self,
        message: IncomingMessage,
        thread: Thread,
        returned: Returned | None,
        state: State | None,
        setting: Setting,
    ) -> Turn:
        if returned:
            state = state or State(thread.locale, is_chosen=thread.locale_is_chosen)
            if returned.word:
                state = replace(state, word=setting.marked(returned.word))
            elif returned.needs_word and not state.word:
                # A word is agreed that only the code tells: until it comes beside it nothing opens.
                state = replace(state, word=_NOBODYS)
            return come_back(
                state,
                setting,
                knows_word=bool(returned.word),
                needs_word=returned.needs_word,
                locale=thread.locale,
            )
        is_late = message.sent_at is not None and setting.at - message.sent_at > STAYS_OPEN
        if is_late and message.opted != "stop" and lone_key(message.text) != "9":
            # Its keys mean nothing any more, but for a wish to be left alone; its words are kept like any.
            return Turn(state or State(thread.locale))
        heard = Heard(message.text, self._suggested(message, state, thread.locale), message.opted)
        return take(state, heard, setting, locale=thread.locale)

    def with_code(self, step: Step, code: ReturnCode, channel: Channel) -> Step:
        """Say *code* before what follows, because they asked for one."""
        locale = step.turn.state.locale
        # Groups that spaces divide would stand in reverse order in a text that runs from right to left.
        digits = code.digits.replace(" ", "-")
        told = render(self.languages, "tell_code", channel, locale, code=digits)
        answer = "\n".join(filter(None, (told, step.answer)))
        return replace(step, answer=answer, code=code, word=step.turn.word)

    def _setting(
        self,
        message: IncomingMessage,
        thread: Thread,
        state: State | None,
        is_cry: Callable[[str], bool],
        at: datetime,
        consents: Consents,
    ) -> Setting:
        locale = state.locale if state else thread.locale
        conversation = thread.conversation
        is_texted = conversation.is_texted and bool(consents.asks)
        zones = partial(zones_of, message.sender)
        return Setting(
            tongues=self._tongues,
            at=at,
            mark=lambda word: word_mark(thread.secret, word) if word else "",
            zones=zones,
            read_from=read_from(self.opening, locale, at=at, zones=zones),
            is_awaited=conversation.is_awaited or is_texted,
            is_asked=conversation.is_asked,
            is_doubted=thread.is_doubted,
            has_code=thread.has_code,
            # While we doubt who holds the phone no code goes there.
            gives_code=not (thread.has_code or thread.is_doubted),
            is_cry=is_cry,
            cover=self.cover,
            is_open=conversation.open_until is not None and conversation.open_until > at,
            asks=consents.asks,
            is_texted=is_texted,
            exact=lambda ask, locale: self.speech.put(ask, locale, message.channel).version,
            wishes=consents.wishes,
            allowed=consents.allowed,
            **self._numbers(thread, locale, at),
        )

    def _numbers(self, thread: Thread, locale: str, at: datetime) -> dict[str, Any]:
        """Return what tells whether numbers to call are offered, and says them; neither is looked for before it is asked.

        A phone that they left, or of which we doubt who holds it, is offered none.
        """
        nearby, report_id = self.nearby, thread.report_id
        if nearby is None or thread.is_doubted or thread.invited == LEFT:
            return {}
        return {
            "offers": lambda needs: nearby.offers(report_id, needs, at=at),
            "numbers": lambda needs, where: nearby.said(report_id, needs, where, locale, at=at),
        }

    def _suggested(
        self, message: IncomingMessage, state: State | None, locale: str
    ) -> tuple[str, ...]:
        """Return the offered locales that words and script suggest, until a language is chosen.

        Few words suggest another language than ours only where ours is out of the question.
        """
        letters = sum(map(str.isalpha, message.text))
        if (state and state.is_chosen) or letters < _LETTERS_THAT_HINT:
            return ()
        offered = (self.languages.best([name]) for name in candidates(message.text))
        found = tuple(dict.fromkeys(filter(None, offered)))
        tells = letters >= _LETTERS_THAT_TELL or not message.text.isascii()
        return found if tells or (state.locale if state else locale) not in found else ()

    def _lawful(self, says: Sequence[Saying], at: datetime) -> tuple[Saying, ...]:
        """Return *says* as the law of the house has them said; it never depends on what was told."""
        must = self.law.must_tell_of_children(at.date())
        stern = {"ask_young": "ask_young_must"} if must else {}
        return tuple(replace(one, name=stern.get(one.name, one.name)) for one in says)


def with_word(thread: Thread, word: str) -> bytes:
    """Return the sealed conversation of *thread* with a code word that was told elsewhere; one that is agreed stays."""
    state = _begun(thread)
    mark = word_mark(thread.secret, word) if word else ""
    state = replace(state, word=state.word or mark)
    return seal_state(thread.secret, state.to_json(), report_id=thread.report_id)


def with_new_word(thread: Thread, word: str) -> bytes:
    """Return the sealed conversation of *thread* with *word* in the place of the code word that was agreed."""
    state = _begun(thread)
    fresh = word if state.fresh_word else ""
    state = replace(state, word=word_mark(thread.secret, word), fresh_word=fresh)
    return seal_state(thread.secret, state.to_json(), report_id=thread.report_id)


def with_try(thread: Thread, *, is_right: bool) -> tuple[bytes, int]:
    """Return the sealed conversation of *thread* after a try at its code word in a call, and how many there were."""
    state = _begun(thread)
    state = replace(state, tried=0 if is_right else state.tried + 1)
    sealed = seal_state(thread.secret, state.to_json(), report_id=thread.report_id)
    return sealed, state.tried


def tries_at_word(thread: Thread) -> int:
    """Return how often somebody was wrong about the code word of *thread*, since it was last right."""
    state, _ = _opened(thread)
    return state.tried if state else 0


def agreed_word(thread: Thread) -> str:
    """Return the mark of the code word that was agreed by text in *thread*; empty for none."""
    state, _ = _opened(thread)
    return state.word if state else ""


def _begun(thread: Thread) -> State:
    """Return where the conversation of *thread* stands, as one that began elsewhere if there is none by text yet."""
    state, _ = _opened(thread)
    if state is None or thread.conversation.sealed is None:
        return State(thread.locale, is_chosen=True, told=("received",))
    return state


def _opened(thread: Thread) -> tuple[State | None, bool]:
    """Return where the conversation of *thread* stands, and whether that is what we kept.

    Where it does not open somebody wrote to the database: then nothing opens by a word that nobody knows.
    """
    conversation = thread.conversation
    if conversation.sealed is None:
        fresh = State(thread.locale, is_chosen=True) if thread.locale_is_chosen else None
        return fresh, True
    try:
        plain = open_state(thread.secret, conversation.sealed, report_id=thread.report_id)
        return replace(State.from_json(plain), is_closed=conversation.is_closed), True
    except (SealBroken, ValueError, TypeError):
        return State(thread.locale, told=("received", "keys", "done"), word=_NOBODYS), False


@lru_cache(maxsize=32)
def _tongues_of(offered: Sequence[str]) -> Tongues:
    return Tongues.of(offered)


def _quiet(turn: Turn, at: datetime) -> tuple[datetime | None, datetime | None]:
    """Return until when nothing is sent, and when the hours end in which it then may; None where they said nothing of it."""
    contact = turn.contact
    if "not_before" not in contact and "zone" not in contact:
        return None, None
    silent = contact.get("not_before", "")
    begins = max(at, datetime.fromisoformat(silent)) if silent else at
    hours = turn.state.hours if contact.get("hours") or contact.get("zone") else ""
    window = Window.parse(hours, contact.get("zone", "")) if hours and hours != "any" else None
    if window is None:
        return begins, None
    opens = window.next_opening(begins)
    return opens, window.closes(opens)


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
    # What they write prolongs it, but nobody is taken to be there for hours by chatter alone.
    until = min(until, datetime.fromtimestamp(turn.state.opened * 60, UTC) + _LONGEST_OPEN)
    return max(until, conversation.open_until) if was_open and conversation.open_until else until
