"""One step of the conversation: what was heard, and where we stood, become what we say and where we stand.

Nothing that a person writes is refused: what is no answer is an account, and is kept as one. A key means the same
everywhere: 0 leaves a question out, 7 asks to be called, 8 to be written to later, 9 never again, * lists languages,
# goes back. What we say depends on the step and the language only, never on what was told; but see `nearby`.
"""

from dataclasses import replace

from hotline.dialogue import (
    asking,
    covering,
    deciding,
    nearby,
    picking,
    switching,
    waiting,
    wishing,
)
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
    tried_word,
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
    turn = _slowed(_counted(_guarded(turn, setting), heard), setting)
    return asking.only_if_said(turn, state)


def come_back(
    state: State | None, setting: Setting, *, knows_word: bool, needs_word: bool, locale: str
) -> Turn:
    """Return what comes of a text with a return code: where a word is agreed it opens nothing without that word."""
    state = replace(state or State(locale), wish="")
    if knows_word:
        setting = replace(setting, offers=lambda _needs: False)
        turn = waiting.let_in(replace(state, is_closed=False), setting)
        says = turn.says[-1:] if turn.put else ()
        return replace(turn, says=says, effects=turn.effects | {Effect.REOPEN})
    if state.cover:
        return covering.go_on(state, Heard(""), setting)
    if needs_word:
        return Turn(state, (Saying("ask_for_word"),), is_key=True)
    told = tuple(dict.fromkeys([*state.told, "received"]))
    state = replace(state, is_closed=False, told=told)
    return Turn(state, effects=frozenset({Effect.REOPEN}), is_key=True)


def _guarded(turn: Turn, setting: Setting) -> Turn:
    """Let nothing open without the code word where one is agreed; and let nothing wait once it is safe."""
    effects = turn.effects
    if turn.state.word and not turn.is_secret:
        effects -= {Effect.OPEN, Effect.RELEASE}
    elif Effect.OPEN in effects and setting.is_awaited:
        effects |= {Effect.RELEASE}
    return turn if effects == turn.effects else replace(turn, effects=effects)


def _counted(turn: Turn, heard: Heard) -> Turn:
    """Count what could have been a guess at the code word, whatever it was taken for."""
    if not turn.state.word or picking.is_account(heard.text) or picking.lone_key(heard.text):
        return turn
    tried = 0 if turn.is_secret else turn.state.tried + 1
    return replace(turn, state=replace(turn.state, tried=tried))


def _opted(state: State, heard: Heard) -> Turn | None:
    """Heed the network's own words, which it has answered already: say nothing to them."""
    if heard.opted == "stop":
        return Turn(replace(state, is_closed=True), effects=frozenset({Effect.CLOSE}))
    if heard.opted == "start":
        return Turn(replace(state, is_closed=False), effects=frozenset({Effect.REOPEN}))
    return Turn(state) if heard.opted else None


def _step(state: State, heard: Heard, setting: Setting, *, is_new: bool) -> Turn:
    wished = wishing.wished(state, heard, setting)
    if wished is not None:
        return wished
    state = replace(state, wish="")
    if state.cover:
        return covering.go_on(state, heard, setting)
    if state.is_closed:
        return _closed(state, heard, setting)
    bare = wishing.bare(state, heard, setting)
    if bare is not None:
        return bare
    beside = setting.beside_word(state, heard.text)
    if beside is not None and state.step == asking.SURE:
        yes = deciding.sure(state, beside, setting)
        if yes is not None:
            return yes
    if beside == "" or (beside is not None and state.step == YOUR_WORD):
        return waiting.let_in(state, setting, rest=beside)
    switched = switching.switch(state, heard, setting)
    if switched is not None:
        return _greet(switched.state, setting, switched) if _is_ungreeted(switched) else switched
    if is_new or "received" not in state.told:
        return _first(state, heard, setting)
    return _later_on(replace(state, menu=(), earlier=""), heard, setting)


def _later_on(state: State, heard: Heard, setting: Setting) -> Turn:
    key = picking.lone_key(heard.text)
    if key in tuple("789") and key not in _OWN_KEYS.get(state.step, ""):
        return _key(state, key, setting)
    if state.step == YOUR_WORD:
        return waiting.their_word(state, heard, setting)
    # A code word that is just being chosen is not lost to our asking something else; 1 and 2 are none.
    is_word = state.step == "word" and picking.choice(heard.text) not in ("1", "2")
    is_asked = setting.is_asked and not is_word
    if is_asked:
        answer = waiting.knocked(state, heard, setting)
        if answer is not None:
            return answer
    if state.step == MAY_WRITE or is_asked:
        return _listed(state, heard, setting) or _may_write(state, heard, setting)
    return wishing.promised(state, heard, setting) or _answer(state, heard, setting)


def _answer(state: State, heard: Heard, setting: Setting) -> Turn:
    """Take *heard* as an answer to what we asked last."""
    if state.step in (asking.CONSENT, asking.SURE):
        decided = deciding.decide(state, heard, setting)
        if decided is not None:
            return decided
        state = replace(state, step="")
    key = picking.lone_key(heard.text)
    if key in ("0", "#"):
        return _key(state, key, setting)
    tried = tried_word(state, heard, setting)
    return tried or _listed(state, heard, setting) or _question(state, heard, setting)


def _first(state: State, heard: Heard, setting: Setting) -> Turn:
    """Answer the first texts: twice with the list of languages, where they read like another than ours."""
    listed = _listed(replace(state, step=MAY_WRITE), heard, setting)
    return listed or _greet(replace(state, menu=(), earlier=""), setting)


def _listed(state: State, heard: Heard, setting: Setting) -> Turn | None:
    """List languages where *heard* reads like another than ours; twice at most, and never once one is chosen."""
    others = [one for one in heard.suggested if one in setting.tongues.offered]
    lists = sum(name.startswith("list") for name in state.told)
    if not others or others[0] == state.locale or state.is_chosen or lists >= _LISTS:
        return None
    menu = setting.tongues.menu(others, state.locale)
    told = (*state.told, f"list {lists + 1}")
    return Turn(replace(state, menu=menu, told=told), (switching.listed(menu, setting),))


def _is_ungreeted(turn: Turn) -> bool:
    return bool(turn.state.is_chosen and "received" not in turn.state.told and not turn.state.menu)


def _greet(state: State, setting: Setting, turn: Turn | None = None) -> Turn:
    told = tuple(dict.fromkeys([*state.told, "received"]))
    state = replace(state, step=MAY_WRITE, told=told)
    greeting = Saying("received_later", {"time": setting.read_from})
    if not setting.read_from:
        greeting = Saying("received")
    return replace(turn or Turn(state), state=state, says=(greeting,))


def _closed(state: State, heard: Heard, setting: Setting) -> Turn:
    if picking.choice(heard.text) != "1":
        return Turn(state)
    state = replace(state, is_closed=False, step=MAY_WRITE, again=False)
    return Turn(state, (Saying("knock"),), effects=frozenset({Effect.REOPEN}), is_key=True)


def _may_write(state: State, heard: Heard, setting: Setting) -> Turn:
    key = picking.choice(heard.text)
    if key == "1" and state.word:
        return waiting.ask_for_word(state)
    if key == "1":
        is_due = asking.due(state, setting) is not None
        return waiting.let_in(state, setting) if is_due else _go_ahead(state, setting)
    if key == "2":
        return _key(state, "8", setting)
    if state.again:
        return Turn(state, (more(setting),))
    return Turn(replace(state, again=True), (more(setting), Saying("knock")))


def _go_ahead(state: State, setting: Setting) -> Turn:
    """They said that it is safe: say once what the keys are, and ask."""
    told = tuple(dict.fromkeys([*state.told, "keys"]))
    says = () if "keys" in state.told else (Saying("keys"),)
    opened = int(setting.at.timestamp()) // 60
    state = replace(nearby.anew(state), told=told, again=False, is_paused=False, opened=opened)
    turn = go_on(state, setting)
    effects = frozenset({Effect.OPEN})
    return replace(turn, says=(*says, *turn.says), effects=effects, is_key=True)


def _question(state: State, heard: Heard, setting: Setting) -> Turn:
    """Take *heard* as an answer to what we asked, or as more of the account."""
    question = flow().named(state.step)
    is_unasked = not (setting.is_doubted or nearby.is_here(state, setting))
    waits = setting.is_awaited and is_unasked
    if question is None and (waits or nearby.may_be_offered(state, setting)):
        return nearby.knock_first(state, more(setting), step=MAY_WRITE)
    if question is None:
        return Turn(state, (more(setting),))
    if question.name == nearby.NEAR and not nearby.is_here(state, setting):
        is_key = bool(picking.lone_key(heard.text))
        says = () if is_key else (more(setting),)
        return nearby.knock_first(state, *says, step=MAY_WRITE, is_key=is_key)
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
        call: dict[str, str | list[str]] = {"how": "call"}
        # Whoever wants to be called need not be asked by text meanwhile.
        effects = frozenset({Effect.LATER} if setting.is_awaited else ())
        silence = {"not_before": picking.not_before(setting.at, hours=1)} if effects else {}
        contact = {"how": "call", **silence}
        return replace(turn, says=says, answers=call, contact=contact, effects=effects, is_key=True)
    return replace(
        put(replace(state, is_paused=True), "hours"),
        answers={"how": "later"},
        contact={"not_before": picking.not_before(setting.at)},
        effects=frozenset({Effect.LATER}),
        is_key=True,
    )


def _back(state: State, setting: Setting) -> Turn:
    """Put the question before this one once more. Word and code are given once: whoever holds the phone later has them not."""
    open_again = [name for name in state.asked if name not in ("word", "code", nearby.NEAR)]
    if not open_again and flow().named(state.step):
        return put(state, state.step)
    if not open_again:
        return Turn(state, (more(setting),))
    last = open_again[-1]
    return put(replace(state, asked=tuple(name for name in state.asked if name != last)), last)


def _slowed(turn: Turn, setting: Setting) -> Turn:
    """Keep silent to a phone that floods us; what it sends is kept all the same."""
    span = int(setting.at.timestamp()) // SPAN
    count = turn.state.answered if turn.state.span == span else 0
    if turn.says:
        count += _KEY if turn.is_key else _TEXT
    state = replace(turn.state, span=span, answered=count)
    return replace(turn, state=state, says=turn.says if count <= MOST else ())
