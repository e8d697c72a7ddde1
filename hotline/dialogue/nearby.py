"""Numbers to call, for who needs somebody while none of us is awake: offered once a session, and said to who asks.

What a phone shows may be read over the shoulder, by whoever took it, or months later. So what is said tells as little as
it can and still helps: at most three names, numbers and hours, each in a text of its own; never for what need, never where,
never an address. It is the one answer of ours that depends on what was told, and stands behind three doors:

- they said in this session that it is safe to write here, with their code word where one is agreed;
- they asked for it, with a digit, after a question that names nothing;
- nothing makes us doubt who holds the phone: then nothing is offered, and nothing tells why.

A town is asked for anew each time and kept nowhere but in their account: see `questions`.
"""

from collections.abc import Sequence
from dataclasses import replace

from hotline.dialogue.state import State
from hotline.dialogue.turns import Saying, Setting, Turn

NEAR, PLACE = "near", "place"


def is_here(state: State, setting: Setting) -> bool:
    """Tell whether they said in this session, perhaps with this very text, that it is safe."""
    return setting.is_open or state.opened == int(setting.at.timestamp()) // 60


def is_due(state: State, setting: Setting) -> bool:
    """Tell whether to ask now if they want numbers to call."""
    is_new = NEAR not in state.asked and not state.is_near
    return is_new and is_here(state, setting) and setting.offers(state.needs)


def may_be_offered(state: State, setting: Setting) -> bool:
    """Tell whether to ask if now is a good time, so that they can be asked that: all else is done with."""
    is_idle = not state.step and "done" in state.told and not is_here(state, setting)
    return is_idle and setting.offers(state.needs)


def anew(state: State) -> State:
    """Return *state* as at the beginning of a session, in which it was not offered yet."""
    asked = tuple(name for name in state.asked if name != NEAR)
    return replace(state, asked=asked, is_near=False)


def wanted(state: State) -> State:
    """Return *state* after a yes: where it is must be told before any number fits."""
    asked = tuple(name for name in state.asked if name not in (NEAR, PLACE))
    return replace(state, asked=(*asked, NEAR), is_near=True)


def named(says: Sequence[Saying]) -> dict[str, str | list[str]]:
    """Return what the desk reads of *says*: who was named, or their number where they were not."""
    found = [one.verbatim.partition("\n")[0] for one in says if one.is_apart]
    return {"named": found} if found else {}


def knock_first(state: State, *says: Saying, step: str, is_key: bool = False) -> Turn:
    """Ask whether now is a good time, after what else we say: it may be somebody else by now."""
    state = replace(anew(state), step=step, again=not is_key)
    return Turn(state, (*says, Saying("knock")), is_key=is_key)
