"""Change the language, and take that back."""

from dataclasses import replace

from hotline.dialogue import asking, picking
from hotline.dialogue.flow import flow
from hotline.dialogue.questions import MAY_WRITE, YOUR_WORD
from hotline.dialogue.state import State
from hotline.dialogue.tongues import PAGE, lines_of
from hotline.dialogue.turns import Heard, Saying, Setting, Turn


def listed(menu: tuple[str, ...], setting: Setting) -> Saying:
    """Return the list of languages as what we say: a digit and the language's own name, and no sentence."""
    more = "\n0 …" if len(setting.tongues.offered) > PAGE else ""
    return Saying(verbatim=lines_of(menu) + more)


def switch(state: State, heard: Heard, setting: Setting) -> Turn | None:
    """Return what comes of *heard* where it is about the language; None where it is about anything else."""
    key = picking.lone_key(heard.text)
    if key == "*":
        return _list(state, heard, setting)
    if state.menu and key in "123456" and key and int(key) <= len(state.menu):
        return _chosen(state, state.menu[int(key) - 1], setting)
    if state.menu and key == "0":
        return _list(state, heard, setting)
    if state.earlier and key == "#":
        return _chosen(replace(state, earlier=""), state.earlier, setting, is_undone=True)
    if state.step == "word":
        return None
    # Where a place is asked for, "UK" is one.
    by_code = state.step != "place"
    named = setting.tongues.named(heard.text, after_a_list=bool(state.menu), by_code=by_code)
    return _chosen(state, named, setting) if named else None


def _list(state: State, heard: Heard, setting: Setting) -> Turn:
    menu = setting.tongues.menu(heard.suggested, state.locale, after=state.menu[-1:])
    if len(setting.tongues.offered) <= PAGE:
        menu = setting.tongues.menu(heard.suggested, state.locale)
    return Turn(replace(state, menu=menu), (listed(menu, setting),), is_key=True)


def _chosen(state: State, locale: str, setting: Setting, *, is_undone: bool = False) -> Turn:
    """Answer in *locale* from now on, say how to take that back, and put the question once more that waits."""
    earlier = "" if is_undone or locale == state.locale else state.locale
    state = replace(state, locale=locale, is_chosen=True, earlier=earlier, menu=())
    said = () if is_undone and state.step else (Saying("language_set"),)
    turn = Turn(state, (*said, *_waiting(state)), is_key=True)
    is_decided = state.step not in (asking.CONSENT, asking.SURE)
    return turn if is_decided else asking.put_anew(turn, setting)


def _waiting(state: State) -> tuple[Saying, ...]:
    """Return what we last asked, to be asked once more."""
    asks = {MAY_WRITE: "knock", YOUR_WORD: "ask_for_word"}
    question = flow().named(state.step)
    name = f"ask_{question.name}" if question else asks.get(state.step, "")
    return (Saying(name),) if name else ()
