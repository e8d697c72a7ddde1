"""One of our words asks for something: what we promise, of anybody who is there; the others beside the code word alone.

Where the word is wrong the text is one like any other: it is kept, and nothing tells that it was nearly right.
"""

from collections.abc import Mapping
from dataclasses import replace

from hotline.dialogue.asking import CONSENT, SURE
from hotline.dialogue.questions import more
from hotline.dialogue.state import State
from hotline.dialogue.tongues import fold
from hotline.dialogue.turns import Heard, Saying, Setting, Turn

BACK, WHAT, COPY, HOW = "back_word", "what_word", "copy_word", "how_word"
"""Take back every yes, read what was said yes to, ask for a copy; read what we promise. The names of our words."""

WITH_WORD = (BACK, WHAT, COPY)
SAID: Mapping[str, str] = {BACK: "taken_back", COPY: "copy_asked"}
"""What we answer to what was done; to `WHAT` it depends on what was allowed."""

PROMISES = ("promise", "exceptions", "who_reads", "what_next")


def wish_in(state: State, text: str, setting: Setting) -> str:
    """Return what *text* asks for: one of our words before or behind the code word, and nothing else; or nothing."""
    if not setting.wishes or not state.word:
        return ""
    first, *rest = text.split() or [""]
    tries = ((first, rest), (rest[-1], [first, *rest[:-1]])) if rest else ()
    for ours, theirs in tries:
        act = setting.wishes.get(fold(ours), "")
        if act in WITH_WORD and setting.is_word(state, " ".join(theirs)):
            return act
    return ""


def is_bare(state: State, text: str, setting: Setting) -> bool:
    """Tell whether *text* asks for something of somebody who is there and agreed on a code word, but without it."""
    is_ours = setting.wishes.get(fold(text), "") in WITH_WORD
    return is_ours and bool(state.word) and setting.is_open


def bare(state: State, heard: Heard, setting: Setting) -> Turn | None:
    """Ask for the code word that a wish lacks: the next text may be it. None where *heard* is no such wish.

    It is asked for whatever was allowed. Where the word was awaited to make a yes, it is that no more.
    """
    if not is_bare(state, heard.text, setting):
        return None
    step = CONSENT if state.step == SURE else state.step
    state = replace(state, wish=setting.wishes[fold(heard.text)], step=step)
    return Turn(state, (Saying("ask_for_word"),), is_key=True)


def wished(state: State, heard: Heard, setting: Setting) -> Turn | None:
    """Return what comes of a wish with its code word; None where *heard* is none.

    It opens nothing beside, whatever else waits; but who knows the word need hear no cover story any more.
    """
    act = wish_in(state, heard.text, setting) or _completed(state, heard.text, setting)
    if not act:
        return None
    state = replace(state, cover=0, wrong=0, again=False, wish="")
    says = _said(act, setting)
    return Turn(state, says, is_key=True, is_secret=True, wish=act)


def _completed(state: State, text: str, setting: Setting) -> str:
    """Return what they asked for in the text before, where *text* is the code word for it."""
    return state.wish if setting.is_open and setting.is_word(state, text) else ""


def _said(act: str, setting: Setting) -> tuple[Saying, ...]:
    """Return what we say to what was done. Who has no code cannot read a copy with it, so none is promised."""
    if act == COPY and not setting.has_code:
        return (more(setting),)
    return (Saying(SAID[act]),) if act in SAID else setting.allowed()


def promised(state: State, heard: Heard, setting: Setting) -> Turn | None:
    """Say a part of what we promise, and another each time; the question that waits goes on waiting."""
    if not setting.is_open or setting.wishes.get(fold(heard.text)) != HOW:
        return None
    left = [name for name in PROMISES if name not in state.told]
    told = [name for name in state.told if left or name not in PROMISES]
    name = (left or PROMISES)[0]
    return Turn(replace(state, told=(*told, name)), (Saying(name),), is_key=True)
