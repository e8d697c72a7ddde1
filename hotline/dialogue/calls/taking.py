"""One step of a call: what was pressed, said or done, and where we stood, become what we say and where we stand.

Silence is never an error: it is asked again, and the third time we go on or end, gently. Every key may be left out
with 0; * offers languages, 7 a person. (8 and 9 mean
nothing in a call: somebody who dials 911 or 999 in fear must not close the line.) What is spoken where keys are asked
for is an account, and is kept as one.
"""

from dataclasses import replace

from hotline.dialogue.calls import choosing, reaching, returning
from hotline.dialogue.calls.answering import answered, shown
from hotline.dialogue.calls.asking import KEYS_ONLY, again, done, end, go_on, may_ring, put
from hotline.dialogue.calls.document import Wait
from hotline.dialogue.calls.saying import PROMISED_AT, PROMISES, PROMISES_KEY, said
from hotline.dialogue.calls.script import script
from hotline.dialogue.calls.spoken import key_of
from hotline.dialogue.calls.state import CallState
from hotline.dialogue.calls.turns import Event, Heard, Setting, Turn

_MAY_BE_LEFT = frozenset(["dial_code", "post_code", "word", "clock"])
_HASTE = 1.0
"""Seconds in which nobody has heard a question and answered it."""
_OWN_KEYS = frozenset(["clock", "dial_code", "post_code", "word", "enter_code", "enter_word"])
"""Steps in which 0, 7, 8 and 9 are digits like any other."""


def take(state: CallState | None, heard: Heard, setting: Setting) -> Turn:
    """Return what comes of *heard*; without a *state* a call begins."""
    if state is None:
        turn = _begin(setting)
    elif _is_hasty(state, heard, setting):
        turn = Turn(state, state.lines, state.then)
    else:
        # What was read to them they have heard, as soon as they go on.
        turn = _step(replace(state, reading=()), heard, setting)
        turn = replace(turn, read=state.reading)
    pressed_at = setting.at.timestamp() if heard.digits else turn.state.pressed_at
    kept = turn.state.is_kept or turn.keeps
    state = replace(
        turn.state,
        count=(state.count if state else 0) + 1,
        is_kept=kept,
        pressed_at=pressed_at,
        said_at=setting.at.timestamp(),
        answers={**turn.state.answers, **turn.answers},
        lines=turn.lines,
        then=turn.then,
    )
    return replace(turn, state=state)


def _is_hasty(state: CallState, heard: Heard, setting: Setting) -> bool:
    """Tell whether a key came too soon after another to answer what was asked: somebody holds it, or hits it in fear."""
    since = setting.at.timestamp() - state.pressed_at
    if heard.digits == "#":
        # It ended a row of keys that had ended by itself.
        return 0 <= since < 2 * _HASTE
    is_one_key = state.then.wait is Wait.KEYS and state.then.most == 1
    return bool(heard.digits) and is_one_key and 0 <= since < _HASTE


def _begin(setting: Setting) -> Turn:
    if setting.back:
        return put(CallState(setting.back.locale, is_chosen=True), "good_time", setting)
    state = CallState(setting.locale)
    return choosing.offer(state, setting) if setting.languages else choosing.greet(state, setting)


def _step(state: CallState, heard: Heard, setting: Setting) -> Turn:
    own = {
        "language": choosing.chosen,
        "cover": returning.tell_on,
        "good_time": returning.good_time,
        "enter_code": returning.typed_code,
        "enter_word": returning.typed_word,
        "code_read": reaching.code_read,
        "person": _after_person,
        "record": _after_record,
    }
    if state.step == "end":
        return end(state)
    if setting.back and setting.back.is_over and state.step in ("good_time", "enter_word"):
        return end(state, "later")
    if state.step in own:
        return own[state.step](state, heard, setting)
    if "*" in heard.digits:
        return choosing.to_other_languages(state, setting)
    if state.step == "start":
        return _started(state, heard, setting)
    if heard.is_silence:
        return _silence(state, setting)
    if heard.speech and not heard.digits:
        return _speech(state, heard, setting)
    return _key(state, heard, setting)


def _started(state: CallState, heard: Heard, setting: Setting) -> Turn:
    """Whoever presses a key now cannot speak, and never needs to."""
    if heard.digits.startswith("#"):
        return put(state, "enter_code", setting)
    if heard.digits:
        state = replace(state, is_silent=True, goal="keys")
        turn = go_on(state, setting, said(state, "keys"))
        answers = {"call": "no_voice"}
        return replace(turn, keeps=True, keys=heard.digits[:1], answers=answers)
    if heard.speech:
        return _speech(replace(state, step="way"), heard, setting)
    return put(replace(state, silences=1), "way", setting)


def _silence(state: CallState, setting: Setting) -> Turn:
    if state.step == "done":
        return end(state, "good_bye")
    silences = state.silences + 1
    if silences > 1 and state.step in _MAY_BE_LEFT:
        return go_on(done(state), setting)
    state = replace(state, silences=silences)
    if silences < script().patience["most"]:
        return again(state, setting, *(["still_there"] if silences > 1 else []))
    if state.is_kept:
        return end(state, "good_bye")
    return replace(end(state, "silent_end"), keeps=True, answers={"call": "silent"})


def _speech(state: CallState, heard: Heard, setting: Setting) -> Turn:
    """Take a spoken yes, no or digit for its key; whatever else is said is an account."""
    key = key_of(heard.speech, state.locale, script().codes_of(state.step))
    if key and state.step != "tell" and state.step not in KEYS_ONLY:
        turn = _key(state, replace(heard, digits=key), setting)
        return replace(turn, keeps=True, words=heard.speech)
    if state.step in ("tell", "done") or state.wrongs:
        # Whoever would rather talk leaves a message.
        state = replace(state, goal=state.goal or "message")
        turn = go_on(done(state), setting, said(state, "kept"))
    else:
        turn = again(replace(state, wrongs=1, silences=0), setting, "kept")
    return replace(turn, keeps=True, words=heard.speech)


def _key(state: CallState, heard: Heard, setting: Setting) -> Turn:
    key = heard.digits[:1]
    if state.step not in _OWN_KEYS:
        if key == "#" and not script().is_several(state.step):
            return again(state, setting)
        if key == "7":
            return _person(state, setting)
        if key == PROMISES_KEY and state.step in PROMISED_AT:
            return again(replace(state, silences=0, wrongs=0), setting, *PROMISES)
        if key == "0" and state.step not in ("way", "done", *KEYS_ONLY):
            return replace(go_on(done(state), setting), keeps=True, keys="0")
    turn = answered(state, heard, setting)
    if turn is not None:
        return replace(turn, keys=turn.keys or shown(state.step, heard.digits))
    if state.wrongs + 1 >= script().patience["most"]:
        return go_on(_given_up(state), setting)
    return again(replace(state, wrongs=state.wrongs + 1, silences=0), setting, "not_an_answer")


def _given_up(state: CallState) -> CallState:
    """Return *state* after so many keys that mean nothing; who only presses keys is asked with keys."""
    if state.step == "way":
        return replace(state, goal="keys", is_silent=True)
    return done(state)


def _person(state: CallState, setting: Setting) -> Turn:
    """Let a person take the call; where nobody can, say so and go on."""
    if not may_ring(state, setting):
        return replace(again(state, setting, "no_person"), keeps=True, keys="7")
    state = replace(state, goal=state.goal or "message")
    return replace(put(state, "person", setting), keeps=True, keys="7")


def _after_person(state: CallState, heard: Heard, setting: Setting) -> Turn:
    if heard.event == Event.TALKED:
        return end(replace(state, has_talked=True), "good_bye")
    if setting.back:
        return end(state, "no_person")
    return go_on(done(state), setting, said(state, "no_person"))


def _after_record(state: CallState, heard: Heard, setting: Setting) -> Turn:
    state = replace(state, asked=(*state.asked, "may_record"))
    if heard.event == Event.RECORDED:
        return go_on(state, setting, said(state, "kept"))
    if not state.silences:
        return again(replace(state, silences=1), setting, "still_there")
    return go_on(state, setting)
