"""Put a question of a call, and find the next one."""

from dataclasses import replace

from hotline.dialogue.calls.document import Line, Then, Wait
from hotline.dialogue.calls.saying import besides, question, said
from hotline.dialogue.calls.script import script
from hotline.dialogue.calls.state import CallState
from hotline.dialogue.calls.turns import Effect, Setting, Turn

# Steps whose prompt has a name of its own; that of any other is ask_<step>.
_OWN_NAMES = frozenset(
    [
        "cut",
        "listen",
        "may_record",
        "record",
        "tell",
        "way",
        "enter_code",
        "enter_secret",
        "enter_word",
        "good_time",
        "done",
        "mine",
        "sure_yes",
        "sure_copy",
        "sure_erase",
        "sure_keep",
    ]
)
KEYS_ONLY = frozenset(["mine", "question", "sure_yes", "sure_copy", "sure_erase", "sure_keep"])
"""Steps in which nothing that is said is a key: whoever stands beside may say it."""
_ROWS = frozenset(["clock", "dial_code", "post_code", "word", "enter_code", "enter_word"])
_MOST_RINGS = 2


def put(state: CallState, step: str, setting: Setting, before: tuple[Line, ...] = ()) -> Turn:
    """Ask *step*, after what comes *before* it."""
    state = replace(state, step=step)
    if step == "person":
        state = replace(state, rings=state.rings + 1)
        return Turn(state, before, Then(Wait.PERSON), effects=frozenset({Effect.PERSON}))
    if step == "code":
        # Made before it is offered, so that whoever must be asked twice is told one code.
        state = replace(state, code=setting.new_code())
    if step == "question":
        return _put_question(state, setting, before)
    name = step if step in _OWN_NAMES else f"ask_{step}"
    if step == "enter_word" and not setting.back:
        name = "enter_secret"
    if step == "young" and setting.must_tell:
        name = "ask_young_must"
    lines = (*before, *said(state, name), *besides(state, setting))
    return Turn(state, lines, _then(state, setting))


def _put_question(state: CallState, setting: Setting, before: tuple[Line, ...]) -> Turn:
    """Put the question that waits, and remember exactly how it was put; go back where none does."""
    asked = setting.mine(state.report_id).question
    lines = question(state, asked, setting) if asked else ()
    if asked is None or not lines:
        over = said(state, *([] if asked else ["question_over"]))
        return put(replace(state, ask="", put=()), "mine", setting, (*before, *over))
    state = replace(state, ask=asked.id, put=lines)
    return Turn(state, (*before, *lines), _then(state, setting))


def may_ring(state: CallState, setting: Setting) -> bool:
    """Tell whether a person can be rung for them: one call makes no phone ring again and again."""
    return setting.has_person and state.rings < _MOST_RINGS


def _then(state: CallState, setting: Setting) -> Then:
    patience, step = script().patience, state.step
    hears = setting.hears(state.locale) and not state.is_silent and not setting.back
    hears = hears and step not in KEYS_ONLY
    if step == "record":
        return Then(Wait.RECORD, longest=patience["recording"], seconds=patience["words"])
    if step == "tell":
        return Then(Wait.KEYS, seconds=patience["words"], hears=True)
    if step in _ROWS or script().is_several(step):
        return Then(Wait.KEYS, most=0, seconds=patience["row"])
    return Then(Wait.KEYS, seconds=patience["key"], hears=hears)


def end(state: CallState, *names: str, before: tuple[Line, ...] = ()) -> Turn:
    """Say what *names* name, and hang up."""
    return Turn(replace(state, step="end"), (*before, *said(state, *names)), Then(Wait.END))


def go_on(state: CallState, setting: Setting, before: tuple[Line, ...] = ()) -> Turn:
    """Ask what comes next on the way that the caller chose."""
    state = replace(state, silences=0, wrongs=0)
    if not state.goal:
        return put(state, "way", setting, before)
    for step in script().goals[state.goal]:
        if step not in state.asked and _is_open(state, step, setting):
            if step == "person" and not may_ring(state, setting):
                return go_on(_done(state, step), setting, (*before, *said(state, "no_person")))
            return put(state, step, setting, before)
    return end(state, "good_bye", before=before)


def _done(state: CallState, step: str) -> CallState:
    return replace(state, asked=(*state.asked, step))


def done(state: CallState) -> CallState:
    """Return *state* with the question that waits done with."""
    return _done(state, state.step)


def _is_open(state: CallState, step: str, setting: Setting) -> bool:
    """Tell whether what *step* needs is there."""
    is_met = {
        "number": setting.number_is_known,
        "unsafe": state.is_unsafe and state.is_silent and may_ring(state, setting),
        "country": state.is_abroad,
        "postal": state.area in ("city", "town"),
        "reach": state.how in ("call", "text"),
        "word": state.how in ("call", "text") and not (state.has_word or setting.has_word),
        "clock": state.hours not in ("", "any") and not state.zone,
        "code": not (state.has_code or setting.has_code),
    }
    need = script().needs.get(step, "")
    return not need or is_met[need]


def again(state: CallState, setting: Setting, *names: str) -> Turn:
    """Ask once more what waits, after what *names* name."""
    return put(state, state.step, setting, said(state, *names))
