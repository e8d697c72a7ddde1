"""What a caller who gave code and code word hears of their consent and has done: decided above this room, said here."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from hotline.consent import Words
from hotline.dialogue.calls.document import Line
from hotline.dialogue.calls.mine import NOTHING, Mine, Wish
from hotline.dialogue.calls.turns import Turn
from hotline.prompts import Prompts
from hotline.store import Session

QUESTION = "voice/question"
"""The name under which the words of a question are kept that was put in a call."""


class Allowing(Protocol):
    """Tells what somebody allowed, and does what they ask for."""

    def mine(self, session: Session, report_id: str, *, at: datetime) -> Mine:
        """Return what they said yes to and what waits for them."""

    def heed(
        self, session: Session, report_id: str, wish: Wish, words: Words, *, at: datetime
    ) -> bool:
        """Do what they wish; *words* are those in which they were asked. Tell whether it could be done."""


class AllowsNothing:
    """Where nothing above this room decides about consent: nothing was allowed, and nothing can be done."""

    def mine(self, session: Session, report_id: str, *, at: datetime) -> Mine:
        return NOTHING

    def heed(
        self, session: Session, report_id: str, wish: Wish, words: Words, *, at: datetime
    ) -> bool:
        return False


def heeded(
    session: Session, allowing: Allowing, prompts: Prompts, turn: Turn, *, at: datetime
) -> Turn:
    """Do what the caller of *turn* wishes, and return what is said then: something else where it could not be done.

    Only who gave code and code word in this call has a wish that counts. An answer that arrives when the call is over is
    none: the words in which it was asked are forgotten by then.
    """
    wish, state = turn.wish, turn.state
    if wish is None or not (state.has_word and state.is_known) or state.back:
        return turn
    words = Words(QUESTION, state.locale, spoken(prompts, wish.put))
    is_late = bool(wish.ask) and state.is_over
    is_done = not is_late and allowing.heed(session, state.report_id, wish, words, at=at)
    if is_done or not wish.instead:
        return turn
    return replace(turn, lines=wish.instead, state=replace(state, lines=wish.instead))


def spoken(prompts: Prompts, lines: Iterable[Line]) -> str:
    """Return exactly what is said, in the order in which it is."""
    return " ".join(
        part
        for line in lines
        for part in (
            prompts.words(line.prompt, line.locale) if line.prompt else "",
            line.digits,
            line.words,
        )
        if part
    )
