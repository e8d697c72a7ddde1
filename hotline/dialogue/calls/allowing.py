"""Somebody who gave their code and their code word hears what they allowed, takes it back, answers a question that waits.

A yes, a copy and erasure take one key more, to be sure; taking back takes one. Whatever breaks off before that key
changes nothing, and what was pressed to the end is done at once.
"""

from dataclasses import replace

from hotline.dialogue.calls.asking import put
from hotline.dialogue.calls.document import Line
from hotline.dialogue.calls.mine import Act, Wish
from hotline.dialogue.calls.saying import said, yeses
from hotline.dialogue.calls.state import CallState
from hotline.dialogue.calls.turns import Heard, Setting, Turn

_SURE, _BACK = "1", ("2", "0")
_SURES = {
    "sure_copy": (Act.COPY, "copy_asked"),
    "sure_erase": (Act.ERASE, "erase_asked"),
    "sure_keep": (Act.KEEP, "kept_after_all"),
}


def menu(state: CallState, heard: Heard, setting: Setting) -> Turn | None:
    """Take what they want to hear or have done."""
    key = heard.digits[:1]
    if key == "0":
        return put(state, "way", setting)
    if key == "1":
        return put(state, "mine", setting, yeses(state, setting))
    if key == "2":
        turn = put(state, "mine", setting, said(state, "taken_back"))
        return replace(turn, wish=Wish(Act.TAKE_BACK))
    if key == "3":
        return put(state, "sure_copy", setting)
    if key == "4":
        is_asked = setting.mine(state.report_id).is_to_be_erased
        return put(state, "sure_keep" if is_asked else "sure_erase", setting)
    waits = key == "5" and setting.mine(state.report_id).question
    return put(state, "question", setting) if waits else None


def answered(state: CallState, heard: Heard, setting: Setting) -> Turn | None:
    """Take the answer to the question that waits; a no needs no second key."""
    key = heard.digits[:1]
    if key == "0":
        return put(state, "mine", setting)
    if key == "1":
        return put(state, "sure_yes", setting)
    return _done(state, Act.SAY_NO, "said_no", state.put, setting) if key == "2" else None


def sure_of_yes(state: CallState, heard: Heard, setting: Setting) -> Turn | None:
    """Take the yes, or put the question again."""
    key = heard.digits[:1]
    if key == _SURE:
        spoken = (*state.put, *said(state, "sure_yes"))
        return _done(state, Act.SAY_YES, "said_yes", spoken, setting)
    return put(state, "question", setting) if key in _BACK else None


def sure(state: CallState, heard: Heard, setting: Setting) -> Turn | None:
    """Do what they are sure of."""
    key = heard.digits[:1]
    act, name = _SURES[state.step]
    if key == _SURE:
        return replace(put(state, "mine", setting, said(state, name)), wish=Wish(act))
    return put(state, "mine", setting) if key in _BACK else None


def _done(
    state: CallState, act: Act, name: str, spoken: tuple[Line, ...], setting: Setting
) -> Turn:
    """Go on after an answer; where the question waits no more, that is said instead."""
    asked, state = state.ask, replace(state, ask="", put=())
    turn = put(state, "way", setting, said(state, name))
    instead = put(state, "way", setting, said(state, "question_over")).lines
    return replace(turn, wish=Wish(act, asked, spoken, instead))


STEPS = {
    "mine": menu,
    "question": answered,
    "sure_yes": sure_of_yes,
    **dict.fromkeys(_SURES, sure),
}
"""What takes a key at each step of this."""
