"""Put the question whether we may tell something: only to somebody who is there and proved who they are.

It waits like a caseworker's answer, and is said in the language that they chose. Which words exactly were said stands in
the state as a digest: where any of them would be others now, such as in another language, it is put anew.
"""

from dataclasses import replace

from hotline.dialogue.state import State
from hotline.dialogue.turns import Ask, Saying, Setting, Turn

CONSENT, SURE = "consent", "consent_sure"
"""The steps in which we wait for yes or no, and, after a yes, for the code word that makes it one."""


def before_them(state: State, setting: Setting) -> Ask | None:
    """Return the question that was put, where it waits still and in those very words."""
    return next((ask for ask in setting.asks if _key(ask, state, setting) == state.ask), None)


def due(state: State, setting: Setting) -> Ask | None:
    """Return the question to put now: the one that was put and not answered, else the first that a caseworker asked."""
    if not (setting.is_texted or state.ask):
        return None
    known = state.ask.partition(" ")[0]
    return next((ask for ask in setting.asks if ask.id == known), next(iter(setting.asks), None))


def put(turn: Turn, ask: Ask, setting: Setting) -> Turn:
    """Say *ask* after what *turn* says, and wait for the answer."""
    state = replace(turn.state, step=CONSENT, again=False, ask=_key(ask, turn.state, setting))
    says = (*turn.says, Saying(ask.name, ask.facts))
    return replace(turn, state=state, says=says, put=ask.id)


def put_anew(turn: Turn, setting: Setting) -> Turn:
    """Put the question once more that waits, because what they chose changed its words.

    Who is not known to be there any more is asked first whether now is a good time.
    """
    ask = due(turn.state, setting)
    if not setting.is_open or ask is None:
        state = replace(turn.state, step="may_write" if ask else "", again=False)
        says = (*turn.says, Saying("knock")) if ask else turn.says
        return replace(turn, state=state, says=says)
    return put(turn, ask, setting)


def only_if_said(turn: Turn, before: State) -> Turn:
    """Return *turn*, where a phone that floods us was not answered, as if nothing had been asked either."""
    state = turn.state
    is_asked = state.step in (CONSENT, SURE) and (state.step, state.ask) != (
        before.step,
        before.ask,
    )
    if turn.says or not is_asked:
        return turn
    return replace(turn, state=replace(state, step=before.step, ask=before.ask), put="")


def _key(ask: Ask, state: State, setting: Setting) -> str:
    return f"{ask.id} {setting.exact(ask, state.locale)}"
