"""What the keys of each question of a call mean."""

from dataclasses import replace

from hotline.dialogue.calls import allowing, reaching
from hotline.dialogue.calls.asking import done, go_on, put
from hotline.dialogue.calls.saying import said
from hotline.dialogue.calls.script import script
from hotline.dialogue.calls.state import CallState
from hotline.dialogue.calls.turns import Effect, Heard, Setting, Turn

_GOALS = {"1": "person", "2": "message", "3": "keys"}
_MINE_KEY = "5"
_LONGEST_POST_CODE = 10


def answered(state: CallState, heard: Heard, setting: Setting) -> Turn | None:
    """Return what comes of an answer in keys; None where it is none."""
    step, key = state.step, heard.digits[:1]
    free = {
        "hours": reaching.hours,
        "clock": reaching.clock,
        "word": reaching.word,
        "code": reaching.code,
        "dial_code": _dial_code,
        "post_code": _post_code,
        **allowing.STEPS,
    }
    if step in free:
        return free[step](state, heard, setting)
    if step == "way":
        return _way(state, key, setting)
    if step == "done":
        return _add(state, setting) if key == "1" else None
    if step == "tell":
        return go_on(done(state), setting)
    codes = script().codes_of(step)
    if script().is_several(step):
        return _several(state, heard, codes, setting)
    if not key.isdigit() or not 0 < int(key) <= len(codes):
        return None
    return _one(state, codes[int(key) - 1], setting)


def _one(state: CallState, code: str, setting: Setting) -> Turn:
    own = {"cut": reaching.cut, "back": reaching.back, "may_record": _may_record, "listen": _listen}
    if state.step in own:
        return own[state.step](state, code, setting)
    answers: dict[str, str | list[str]] = {state.step: code}
    if state.step == "safe":
        state = replace(state, is_unsafe=code != "yes")
    elif state.step == "country":
        state = replace(state, is_abroad=code == "elsewhere")
        answers = {} if state.is_abroad else {"country": setting.country} if setting.country else {}
    elif state.step == "area":
        state = replace(state, area=code)
    return replace(go_on(done(state), setting), keeps=True, answers=answers)


def _several(
    state: CallState, heard: Heard, codes: tuple[str, ...], setting: Setting
) -> Turn | None:
    keys = [key for key in dict.fromkeys(heard.digits) if key.isdigit() and key != "0"]
    chosen = [codes[int(key) - 1] for key in keys if int(key) <= len(codes)]
    if not chosen and heard.digits.rstrip("#"):
        return None
    answers = {state.step: chosen} if chosen else {}
    return replace(go_on(done(state), setting), keeps=True, answers=answers)


def _way(state: CallState, key: str, setting: Setting) -> Turn | None:
    if key == _MINE_KEY and state.has_word:
        return put(state, "mine", setting)
    if key not in _GOALS:
        return None
    state = replace(state, goal=_GOALS[key], is_silent=key == "3")
    return replace(
        go_on(state, setting, said(state, *(["keys"] if key == "3" else []))), keeps=True
    )


def _listen(state: CallState, code: str, setting: Setting) -> Turn:
    state = done(state)
    turn = put(state, "person", setting) if code == "yes" else go_on(state, setting)
    return replace(turn, keeps=True, answers={"listen": code})


def _may_record(state: CallState, code: str, setting: Setting) -> Turn:
    """Record nothing without a yes; who says no may still speak, where speech is understood, or goes on."""
    answers = {"record": code}
    if code == "yes":
        turn = put(state, "record", setting)
        return replace(turn, keeps=True, answers=answers, effects=frozenset({Effect.RECORD}))
    state = done(state)
    turn = put(state, "tell", setting) if setting.hears(state.locale) else go_on(state, setting)
    return replace(turn, keeps=True, answers=answers)


def _add(state: CallState, setting: Setting) -> Turn:
    """Let them add something: by voice, or by the questions once more."""
    again_open = {"may_record", "who", "young", "need", "go", "held", "country", "area", "done"}
    asked = tuple(step for step in state.asked if step not in again_open)
    return replace(go_on(replace(state, asked=asked), setting), keeps=True)


def _dial_code(state: CallState, heard: Heard, setting: Setting) -> Turn | None:
    digits = heard.digits.rstrip("#")
    country = setting.dialled(digits) if digits else ""
    if digits and not country:
        return None
    turn = go_on(done(replace(state, country=country)), setting)
    return replace(turn, keeps=bool(country), answers={"country": country} if country else {})


def _post_code(state: CallState, heard: Heard, setting: Setting) -> Turn | None:
    """Take a place that is finer than a town: it is identity, and the desk reads only that it was told."""
    digits = heard.digits.rstrip("#")
    if len(digits) > _LONGEST_POST_CODE:
        return None
    turn = go_on(done(state), setting)
    if not digits:
        return turn
    return replace(turn, keeps=True, answers={"post_code": "told"}, contact={"place": digits})


def shown(step: str, digits: str) -> str:
    """Return the keys that the desk reads: those that meant something, and none of a secret or a place."""
    if step in ("word", "post_code"):
        return ""
    if step in ("clock", "dial_code"):
        return digits.rstrip("#")
    if script().is_several(step):
        most = len(script().codes_of(step))
        return "".join(key for key in dict.fromkeys(digits) if key.isdigit() and int(key) <= most)
    return digits[:1]
