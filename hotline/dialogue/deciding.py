"""Take the answer to the question whether we may tell something.

A no counts at once, and nobody asks why. A yes is one only with the code word, after the words that say so: without a word
none is taken by text. What comes across another question of ours is no answer to this one, nor what comes late: somebody
else may hold the phone by then, and hears what a phone would say that was asked nothing.
"""

from dataclasses import replace

from hotline.dialogue import picking, waiting
from hotline.dialogue.asking import SURE, before_them, due, put
from hotline.dialogue.questions import more
from hotline.dialogue.state import State
from hotline.dialogue.turns import Ask, Decided, Heard, Saying, Setting, Turn


def sure(state: State, beside: str, setting: Setting) -> Turn | None:
    """Take the code word as a yes; None where it only proves who they are. What stands *beside* it may be a condition."""
    ask = before_them(state, setting)
    if ask is None or setting.is_asked or not setting.is_open:
        return None
    if beside:
        says = (more(setting), Saying("ask_sure"))
        return Turn(state, says, is_secret=True, rest=beside)
    return _decided(state, ask, setting, Saying("ask_yes", ask.facts), yes=True)


def decide(state: State, heard: Heard, setting: Setting) -> Turn | None:
    """Return what comes of *heard* after the question was put; None where it waits no more, or they may be gone."""
    if not setting.is_open:
        return None
    ask = before_them(state, setting)
    if ask is None:
        return _others(state, setting)
    key = picking.choice(heard.text)
    if key == "2":
        return _decided(state, ask, setting, Saying("ask_no"), yes=False)
    if key in ("3", "0"):
        state = replace(state, step="", ask="", again=False)
        return Turn(state, (more(setting),), is_key=True)
    if state.step == SURE:
        return _unsure(state, heard, setting)
    return _yes(state) if key == "1" else _put_again(state, ask, setting)


def _others(state: State, setting: Setting) -> Turn | None:
    """Put the question in the words that it has now, where those were others; else there is none any more."""
    ask = due(state, setting)
    is_same = ask is not None and state.ask.startswith(f"{ask.id} ")
    return put(Turn(state, (more(setting),)), ask, setting) if ask and is_same else None


def _yes(state: State) -> Turn:
    if not state.word:
        return Turn(replace(state, step="", ask=""), (Saying("ask_elsewhere"),), is_key=True)
    return Turn(replace(state, step=SURE, again=False), (Saying("ask_sure"),), is_key=True)


def _unsure(state: State, heard: Heard, setting: Setting) -> Turn:
    if picking.choice(heard.text) == "1":
        return Turn(state, (Saying("ask_sure"),), is_key=True)
    return waiting.try_word(state, heard, setting, otherwise=Saying("ask_sure"))


def _put_again(state: State, ask: Ask, setting: Setting) -> Turn:
    """Say that more of an account is kept, and ask once more, but not a third time."""
    if state.again:
        return Turn(state, (more(setting),))
    says = (more(setting), Saying(ask.name, ask.facts))
    return Turn(replace(state, again=True), says)


def _decided(state: State, ask: Ask, setting: Setting, says: Saying, *, yes: bool) -> Turn:
    state = replace(state, step="", ask="", again=False, wrong=0 if yes else state.wrong)
    turn = Turn(state, (says,), is_key=True, is_secret=yes, decided=Decided(ask, yes))
    others = [one for one in setting.asks if one.id != ask.id]
    return put(turn, others[0], setting) if others else turn
