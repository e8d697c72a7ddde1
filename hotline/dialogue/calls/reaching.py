"""How somebody wants to be reached: asked in a call, answered with keys."""

from dataclasses import replace

from hotline.dialogue.calls.asking import done, go_on
from hotline.dialogue.calls.document import Line, Then, Wait
from hotline.dialogue.calls.saying import said
from hotline.dialogue.calls.script import script
from hotline.dialogue.calls.state import CallState
from hotline.dialogue.calls.turns import Heard, Setting, Turn
from hotline.dialogue.flow import flow
from hotline.dialogue.picking import clock_in, word_in, zone_of

_SLOWLY, _TOGETHER = 2, 3


def cut(state: CallState, code: str, setting: Setting) -> Turn:
    """Take what is to happen when the call breaks off."""
    how = "" if code == "wait" else code
    turn = go_on(done(replace(state, how=how)), setting)
    contact = {"how": how} if how else {}
    return replace(turn, keeps=True, answers={"cut": code}, contact=contact)


def back(state: CallState, code: str, setting: Setting) -> Turn:
    """Take whether we may call, or write instead."""
    turn = go_on(done(replace(state, how=code)), setting)
    return replace(turn, keeps=True, answers={"back": code}, contact={"how": code})


def hours(state: CallState, heard: Heard, setting: Setting) -> Turn | None:
    chosen = flow().hours.get(heard.digits[:1], "")
    if not chosen:
        return None
    zones = setting.zones(state.country)
    zone = zones[0] if zones else ""
    state = replace(state, hours=chosen, zone=zone if len(zones) == 1 else "")
    turn = go_on(done(state), setting)
    # Until we know better, their hours are those of the likeliest zone.
    return replace(turn, keeps=True, contact={"hours": chosen, "zone": zone})


def clock(state: CallState, heard: Heard, setting: Setting) -> Turn | None:
    digits = heard.digits
    minute = clock_in(f"{digits[:2]}:{digits[2:4]}") if len(digits) == 4 else None
    if minute is None:
        return None
    zone = zone_of(minute, setting.zones(state.country), setting.at)
    turn = go_on(done(replace(state, zone=zone)), setting)
    return replace(turn, keeps=True, contact={"zone": zone})


def word(state: CallState, heard: Heard, setting: Setting) -> Turn | None:
    """Take the number that only they know; nobody reads it but who must ask for it."""
    digits = heard.digits.rstrip("#")
    if not digits:
        return go_on(done(state), setting)
    if not word_in(digits):
        return None
    turn = go_on(done(replace(state, word=digits)), setting)
    return replace(turn, keeps=True, contact={"word": digits})


def code(state: CallState, heard: Heard, setting: Setting) -> Turn | None:
    key = heard.digits[:1]
    if key == "2":
        return go_on(done(replace(state, code="", word="")), setting)
    if key != "1":
        return None
    turn = _read_out(replace(done(state), has_code=True))
    return replace(turn, keeps=True, new_code=state.code, word=state.word)


def _read_out(state: CallState) -> Turn:
    """Read the code slowly, twice, a few digits at a time."""
    starts = range(0, len(state.code), _TOGETHER)
    groups = [state.code[start : start + _TOGETHER] for start in starts]
    slowly = tuple(Line(state.locale, digits=group, pause=_SLOWLY) for group in groups)
    lines = (*said(state, "tell_code"), *slowly, *slowly, *said(state, "code_again"))
    return Turn(
        replace(state, step="code_read"), lines, Then(Wait.KEYS, seconds=script().patience["row"])
    )


def code_read(state: CallState, heard: Heard, setting: Setting) -> Turn:
    """Read the code once more, until they say that they have it: another key loses nothing."""
    if heard.digits[:1] != "2" and not (heard.is_silence and state.silences):
        return _read_out(replace(state, silences=state.silences + heard.is_silence))
    return go_on(replace(state, code="", word=""), setting)
