"""One step of the conversation: what was heard, and where we stood, become what we say and where we stand.

Nothing that a person writes is refused: what is no answer is an account, and is kept as one. A key means the same
everywhere: 0 leaves a question out, 7 asks to be called, 8 to be written to later, 9 never again, * lists languages,
# goes back. What we say depends on the step and the language only, never on what was told.
"""

from dataclasses import replace

from hotline.dialogue import covering, picking, switching
from hotline.dialogue.flow import flow
from hotline.dialogue.questions import (
    MAY_WRITE,
    YOUR_WORD,
    answered,
    asked,
    go_on,
    more,
    put,
    put_again,
)
from hotline.dialogue.state import State
from hotline.dialogue.turns import Effect, Heard, Saying, Setting, Turn

_LISTS = 2
SPAN = 600
MOST = 40
"""Seconds, and what our answers in them may cost. What comes beyond is kept, and not answered."""

_KEY, _TEXT = 1, 3
"""What an answer costs: whoever goes through our questions needs many, whoever floods us sends what is no answer."""

_OWN_KEYS = {"clock": "789"}
"""Where a key is an answer like any other: it may be nine o'clock."""


def take(state: State | None, heard: Heard, setting: Setting, *, locale: str) -> Turn:
    """Return what comes of *heard*. *locale* is where a conversation starts that has no *state* yet."""
    is_new = state is None
    state = state or State(locale)
    turn = _opted(state, heard) or _step(state, heard, setting, is_new=is_new)
    return _slowed(turn, setting)


def come_back(state: State | None, setting: Setting, *, knows_word: bool, locale: str) -> Turn:
    """Return what comes of a text with a return code: it opens what waits only where the code word came too."""
    state = replace(state or State(locale), is_closed=False)
    told = tuple(dict.fromkeys([*state.told, "received"]))
    if knows_word:
        turn = _let_in(replace(state, cover=0, told=told))
        return replace(turn, effects=turn.effects | {Effect.REOPEN})
    if state.cover:
        return covering.go_on(state, Heard(""), setting)
    return Turn(replace(state, told=told), effects=frozenset({Effect.REOPEN}), is_key=True)


def _opted(state: State, heard: Heard) -> Turn | None:
    """Heed the network's own words, which it has answered already: say nothing to them."""
    if heard.opted == "stop":
        return Turn(replace(state, is_closed=True), effects=frozenset({Effect.CLOSE}))
    if heard.opted == "start":
        return Turn(replace(state, is_closed=False), effects=frozenset({Effect.REOPEN}))
    return Turn(state) if heard.opted else None


def _step(state: State, heard: Heard, setting: Setting, *, is_new: bool) -> Turn:
    if state.cover:
        return covering.go_on(state, heard, setting)
    if state.is_closed:
        return _closed(state, heard)
    switched = switching.switch(state, heard, setting)
    if switched is not None:
        return _greet(switched.state, setting, switched) if _is_ungreeted(switched) else switched
    if is_new or "received" not in state.told:
        return _first(state, heard, setting)
    state = replace(state, menu=(), earlier="")
    if state.step == YOUR_WORD:
        return _their_word(state, heard, setting)
    if setting.is_awaited:
        return _knocked(state, heard, setting)
    if state.step == MAY_WRITE:
        return _may_write(state, heard, setting)
    key = picking.lone_key(heard.text)
    if key in tuple("0789#") and key not in _OWN_KEYS.get(state.step, ""):
        return _key(state, key, setting)
    return _question(state, heard, setting)


def _first(state: State, heard: Heard, setting: Setting) -> Turn:
    """Answer the first texts: twice with the list of languages, where they read like another than ours."""
    others = [one for one in heard.suggested if one in setting.tongues.offered]
    lists = sum(name.startswith("list") for name in state.told)
    if others and others[0] != state.locale and not state.is_chosen and lists < _LISTS:
        menu = setting.tongues.menu(others, state.locale)
        told = (*state.told, f"list {lists + 1}")
        return Turn(replace(state, menu=menu, step=MAY_WRITE, told=told), (switching.listed(menu),))
    return _greet(replace(state, menu=(), earlier=""), setting)


def _is_ungreeted(turn: Turn) -> bool:
    return bool(turn.state.is_chosen and "received" not in turn.state.told and not turn.state.menu)


def _greet(state: State, setting: Setting, turn: Turn | None = None) -> Turn:
    told = tuple(dict.fromkeys([*state.told, "received"]))
    state = replace(state, step=MAY_WRITE, told=told)
    greeting = Saying("received_later", {"time": setting.read_from})
    if not setting.read_from:
        greeting = Saying("received")
    return replace(turn or Turn(state), state=state, says=(greeting,))


def _closed(state: State, heard: Heard) -> Turn:
    if picking.choice(heard.text) != "1":
        return Turn(state)
    state = replace(state, is_closed=False, step=MAY_WRITE)
    return Turn(state, (Saying("knock"),), effects=frozenset({Effect.REOPEN}), is_key=True)


def _knocked(state: State, heard: Heard, setting: Setting) -> Turn:
    """They answer our "is now a good time?". What waits is sent after a yes, and after their word if there is one."""
    key = picking.choice(heard.text)
    if key == "1":
        if state.word:
            state = replace(state, step=YOUR_WORD, again=False)
            return Turn(state, (Saying("ask_for_word"),), is_key=True)
        return replace(_let_in(state), is_secret=False)
    if key in ("2", "8"):
        return _key(state, "8", setting)
    if key in ("7", "9"):
        return _key(state, key, setting)
    if setting.is_word(state, heard.text):
        return _let_in(state)
    if state.again:
        return Turn(state, (more(setting),))
    return Turn(replace(state, again=True), (more(setting), Saying("knock")))


def _their_word(state: State, heard: Heard, setting: Setting) -> Turn:
    """Weigh a try at the code word. The second that is wrong begins the cover story."""
    if setting.is_word(state, heard.text):
        return _let_in(state)
    key = picking.lone_key(heard.text)
    if key in tuple("789"):
        return _key(state, key, setting)
    if picking.is_account(heard.text) and not state.again:
        return Turn(replace(state, again=True), (Saying("ask_for_word"),))
    if state.wrong:
        return covering.begin(replace(state, step="", again=False), setting)
    return Turn(replace(state, wrong=1), (Saying("ask_for_word"),))


def _let_in(state: State) -> Turn:
    state = replace(state, wrong=0, again=False, step="" if state.step == YOUR_WORD else state.step)
    effects = frozenset({Effect.OPEN, Effect.RELEASE})
    return Turn(state, effects=effects, is_key=True, is_secret=True)


def _may_write(state: State, heard: Heard, setting: Setting) -> Turn:
    key = picking.choice(heard.text)
    if key == "1":
        told = tuple(dict.fromkeys([*state.told, "keys"]))
        says = () if "keys" in state.told else (Saying("keys"),)
        turn = go_on(replace(state, told=told, again=False, is_paused=False), setting)
        effects = frozenset({Effect.OPEN})
        return replace(turn, says=(*says, *turn.says), effects=effects, is_key=True)
    if key in tuple("2789"):
        return _key(state, "8" if key == "2" else key, setting)
    if state.again:
        return Turn(state, (more(setting),))
    return Turn(replace(state, again=True), (more(setting), Saying("knock")))


def _question(state: State, heard: Heard, setting: Setting) -> Turn:
    """Take *heard* as an answer to what we asked, or as more of the account."""
    question = flow().named(state.step)
    if question is None:
        return Turn(state, (more(setting),))
    return answered(state, question, heard, setting) or put_again(state, question, setting)


def _key(state: State, key: str, setting: Setting) -> Turn:
    if key == "0":
        return replace(go_on(asked(state), setting), is_key=True)
    if key == "#":
        return replace(_back(state, setting), is_key=True)
    if key == "9":
        state = replace(state, is_closed=True, step="")
        return Turn(state, (Saying("no_more"),), effects=frozenset({Effect.CLOSE}), is_key=True)
    if key == "7":
        turn = put(state, "hours")
        says = (Saying("will_call"), *turn.says)
        call = {"how": "call"}
        return replace(turn, says=says, answers=call, contact=call, is_key=True)
    return replace(
        put(replace(state, is_paused=True), "hours"),
        answers={"how": "later"},
        contact={"not_before": picking.not_before(setting.at)},
        effects=frozenset({Effect.LATER}),
        is_key=True,
    )


def _back(state: State, setting: Setting) -> Turn:
    """Put the question before this one once more."""
    if not state.asked:
        return Turn(state, (more(setting),))
    return put(replace(state, asked=state.asked[:-1]), state.asked[-1])


def _slowed(turn: Turn, setting: Setting) -> Turn:
    """Keep silent to a phone that floods us; what it sends is kept all the same."""
    span = int(setting.at.timestamp()) // SPAN
    count = turn.state.answered if turn.state.span == span else 0
    if turn.says:
        count += _KEY if turn.is_key else _TEXT
    state = replace(turn.state, span=span, answered=count)
    return replace(turn, state=state, says=turn.says if count <= MOST else ())
