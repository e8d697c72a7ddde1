"""One of our words asks for something: what we promise, of anybody who is there; the others beside the code word alone.

Where the word is wrong the text is one like any other: it is kept, and nothing tells that it was nearly right.
"""

from collections.abc import Mapping
from dataclasses import replace

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


def wished(state: State, heard: Heard, setting: Setting) -> Turn | None:
    """Return what comes of a wish with its code word; None where *heard* is none.

    It opens nothing beside, whatever else waits; but who knows the word need hear no cover story any more.
    """
    act = wish_in(state, heard.text, setting)
    if not act:
        return None
    says = (Saying(SAID[act]),) if act in SAID else setting.allowed()
    state = replace(state, cover=0, wrong=0, again=False)
    return Turn(state, says, is_key=True, is_secret=True, wish=act)


def promised(state: State, heard: Heard, setting: Setting) -> Turn | None:
    """Say a part of what we promise, and another each time; the question that waits goes on waiting."""
    if not setting.is_open or setting.wishes.get(fold(heard.text)) != HOW:
        return None
    left = [name for name in PROMISES if name not in state.told]
    told = [name for name in state.told if left or name not in PROMISES]
    name = (left or PROMISES)[0]
    return Turn(replace(state, told=(*told, name)), (Saying(name),), is_key=True)
