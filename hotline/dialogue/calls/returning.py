"""Somebody types the code that we gave them, and the number that only they know.

With the code alone they hear what was answered, unless a number was agreed: then it opens nothing without that. Two wrong ones begin
the cover story, and the desk is told that someone else may be on the phone.
"""

from collections.abc import Mapping
from dataclasses import replace

from hotline.dialogue.calls.asking import again, end, go_on, put
from hotline.dialogue.calls.document import Line, Then, Wait
from hotline.dialogue.calls.saying import said
from hotline.dialogue.calls.script import script
from hotline.dialogue.calls.state import CallState
from hotline.dialogue.calls.turns import Effect, Found, Heard, Setting, Turn

_TRIES = 2
_PAUSE = 1
_ROOM = 24_000
"""Bytes of what is read aloud at once."""


def typed_code(state: CallState, heard: Heard, setting: Setting) -> Turn:
    """Look up the code that was typed; after so many that are none, go on without."""
    digits = heard.digits.rstrip("#")
    found = setting.find(digits) if digits else None
    if found is None:
        if state.tries >= _TRIES:
            return go_on(replace(state, tries=0), setting, said(state, "code_unknown"))
        state = replace(state, tries=state.tries + 1)
        return again(state, setting, *(["code_unknown"] if digits else []))
    state = replace(state, code=digits, tries=0)
    if found.needs_word:
        return put(state, "enter_word", setting)
    return _returned(state, found, setting)


def typed_word(state: CallState, heard: Heard, setting: Setting) -> Turn:
    """Weigh the number that was typed after a code, or in a call of ours."""
    word = heard.digits.rstrip("#")
    if not word:
        return _no_word(state, setting)
    if setting.back:
        if setting.is_word(word):
            return put(replace(state, tries=0), "person", setting)
    else:
        found = setting.open(state.code, word)
        if found is not None:
            return _returned(replace(state, tries=0, has_word=True), found, setting)
    if state.tries + 1 < _TRIES:
        turn = again(replace(state, tries=state.tries + 1, silences=0), setting)
    else:
        turn = _cover(state, setting)
    return replace(turn, effects=turn.effects | {Effect.TRIED})


def _no_word(state: CallState, setting: Setting) -> Turn:
    """Ask once more whoever types nothing. Silence is no guess: somebody may have come into the room."""
    if not state.silences:
        return again(replace(state, silences=1), setting)
    if setting.back:
        return replace(end(state, "later"), effects=frozenset({Effect.LATER}))
    return go_on(replace(state, code="", tries=0), setting)


def _returned(state: CallState, found: Found, setting: Setting) -> Turn:
    """Go on in the report of the code, after what was answered in it, as much as one can listen to."""
    answers = found.answers
    read = _readable(answers) if setting.reads(state.locale) else ()
    state = replace(state, has_code=True, is_known=True, reading=read, report_id=found.report_id)
    lines = said(state, "answer_waits" if answers else "nothing_new")
    spoken = (Line(state.locale, words=answers[number], pause=_PAUSE) for number in read)
    waits = state.has_word and setting.mine(state.report_id).question
    turn = go_on(
        state, setting, (*lines, *spoken, *said(state, *(["question_waits"] if waits else [])))
    )
    return replace(turn, keeps=True, effects=turn.effects | {Effect.RETURN})


def _readable(answers: Mapping[int, str]) -> tuple[int, ...]:
    """Return the numbers of the first answers, as far as one document holds them; the others wait for the next call."""
    room, fit = _ROOM, list[int]()
    for number, words in answers.items():
        room -= len(words.encode())
        if fit and room < 0:
            break
        fit.append(number)
    return tuple(fit)


def _cover(state: CallState, setting: Setting) -> Turn:
    """Begin the cover story, and tell the desk."""
    turn = tell_on(state, Heard(), setting)
    effects = {Effect.DURESS} | ({Effect.WRONG_PERSON} if setting.back else {Effect.RETURN})
    return replace(turn, keeps=True, effects=turn.effects | effects)


def tell_on(state: CallState, heard: Heard, setting: Setting) -> Turn:
    """Tell the next line of the cover story; what is said to it is kept like any account."""
    lines = setting.cover.get(state.locale) or setting.cover.get("", ())
    if state.cover >= len(lines):
        turn = end(state, "wrong_number")
    else:
        told = (Line(state.locale, words=lines[state.cover]),)
        state = replace(state, step="cover", cover=state.cover + 1)
        hears = setting.hears(state.locale) and not setting.back
        turn = Turn(state, told, Then(Wait.KEYS, seconds=script().patience["words"], hears=hears))
    return replace(turn, keeps=bool(heard.speech), words=heard.speech)


def good_time(state: CallState, heard: Heard, setting: Setting) -> Turn:
    """Somebody took a call of ours: nothing is said before they say that it is a good time, with their number."""
    key = heard.digits[:1]
    if key == "1":
        return put(
            state, "enter_word" if setting.back and setting.back.has_word else "person", setting
        )
    if key:
        return replace(end(state, "later"), effects=frozenset({Effect.LATER}))
    if not state.silences:
        return again(replace(state, silences=1), setting)
    return replace(end(state), effects=frozenset({Effect.LATER}))
