"""Something waits for them: we asked whether now is a good time, and perhaps for their code word.

Where a word is agreed nothing opens without it, whatever else is sent, and in whatever order.
"""

from dataclasses import replace

from hotline.dialogue import asking, covering, nearby, picking
from hotline.dialogue.flow import flow
from hotline.dialogue.questions import MAY_WRITE, YOUR_WORD, more, offered
from hotline.dialogue.state import State
from hotline.dialogue.turns import Effect, Heard, Saying, Setting, Turn

# Answers that can only raise attention: they count even where we cannot know to which question they belong.
_RAISING = {("safe", "no"), ("safe", "unsure"), ("go", "no"), ("young", "yes")}


def ask_for_word(state: State) -> Turn:
    state = replace(state, step=YOUR_WORD, again=False)
    return Turn(state, (Saying("ask_for_word"),), is_key=True)


def let_in(state: State, setting: Setting, *, rest: str = "") -> Turn:
    """Let what waits go out; from here on a person talks with them, and our own questions rest.

    Where a caseworker has a question for their yes or no, it is put now; where nothing waits and nobody of us is awake,
    numbers to call are offered.
    """
    told = tuple(dict.fromkeys([*state.told, "received", "keys", "done"]))
    opened = int(setting.at.timestamp()) // 60
    state = state if setting.is_open else nearby.anew(state)
    state = replace(
        state, cover=0, wrong=0, again=False, step="", told=told, opened=opened, is_paused=False
    )
    says = () if setting.is_awaited else (more(setting),)
    effects = frozenset({Effect.OPEN, Effect.RELEASE})
    is_secret = bool(state.word)
    turn = Turn(state, says, effects=effects, is_key=True, is_secret=is_secret, rest=rest)
    ask = asking.due(state, setting)
    if ask:
        return asking.put(turn, ask, setting)
    return turn if setting.is_awaited else offered(turn, setting)


def knocked(state: State, heard: Heard, setting: Setting) -> Turn | None:
    """Take *heard* as the answer to "is now a good time?"; None where it asks for something that every step knows."""
    if flow().named(state.step) is not None or state.step == asking.CONSENT:
        return _between(state, heard, setting)
    key = picking.choice(heard.text)
    if key == "1":
        return ask_for_word(state) if state.word else let_in(state, setting)
    if key:
        return None
    return try_word(state, heard, setting, otherwise=Saying("knock"))


def _between(state: State, heard: Heard, setting: Setting) -> Turn:
    """Our question whether now is a good time overtook another one: ask once more, so that no answer is misread."""
    question = flow().named(state.step)
    code = picking.one_of(heard.text, question.codes) if question else ""
    answers = {state.step: code} if (state.step, code) in _RAISING else {}
    is_key = bool(picking.lone_key(heard.text))
    says = (Saying("knock"),) if is_key else (more(setting), Saying("knock"))
    state = replace(state, step=MAY_WRITE, again=not is_key)
    return Turn(state, says, answers=answers, is_key=is_key)


def their_word(state: State, heard: Heard, setting: Setting) -> Turn:
    """Weigh a try at the code word that we asked for. The second that is wrong begins the cover story."""
    return try_word(state, heard, setting, otherwise=Saying("ask_for_word"))


def try_word(state: State, heard: Heard, setting: Setting, *, otherwise: Saying) -> Turn:
    """Take *heard* as a try at the word where it can be one; an account is none, and never counts against them."""
    is_asked = state.step in (YOUR_WORD, asking.SURE)
    is_try = is_asked and not _is_else(heard.text, setting)
    if is_try and state.wrong:
        return covering.begin(replace(state, step="", again=False), setting)
    if is_try:
        return Turn(replace(state, wrong=1), (otherwise,))
    if state.again:
        return Turn(state, (more(setting),))
    return Turn(replace(state, again=True), (more(setting), otherwise))


def _is_else(text: str, setting: Setting) -> bool:
    """Tell whether *text* is anything but a try at a code word: a key, an account, a cry."""
    return (
        bool(picking.lone_key(text))
        or picking.is_account(text)
        or text.rstrip().endswith(("?", "؟", "？"))
        or picking.is_no_word(text)
        or setting.is_cry(text)
    )
