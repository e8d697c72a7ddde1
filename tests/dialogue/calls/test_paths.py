"""Whatever is pressed, said or left unsaid, in whatever order: a call goes on, ends gently, and loses nothing."""

import pytest

from hotline.dialogue.calls.document import Wait
from hotline.dialogue.calls.turns import Effect
from tests.dialogue.calls.conftest import CODE, GUARDED, NUMBER, Played
from tests.dialogue.calls.paths import SETTINGS, turns

each_setting = pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.xdist_group(f"paths, {name}")) for name in SETTINGS],
)
"""What can come in a setting is found out once for both promises."""


@each_setting
def test_every_path(name):
    steps = set()
    for heard, turn in turns(name):
        state = turn.state
        steps.add(state.step)
        assert state.step
        assert turn.lines or turn.then.wait in (Wait.PERSON, Wait.END)
        assert (turn.then.wait is Wait.END) == (state.step == "end")
        # Words are never lost.
        if heard.speech and not SETTINGS[name].back:
            assert turn.words == heard.speech
        # What is secret stands in no keys that everybody at the desk reads.
        assert not {CODE, GUARDED, NUMBER} & {turn.keys}
        if Effect.RECORD in turn.effects:
            assert state.step == "record"
    assert "end" in steps


@each_setting
def test_whoever_falls_silent_anywhere_reaches_the_end_of_the_call(name):
    places = {(turn.state.step, turn.state.goal, turn.lines): turn for _, turn in turns(name)}
    for turn in places.values():
        if turn.then.wait is Wait.END:
            continue
        call = Played(SETTINGS[name], turn.state, [turn])
        for _ in range(40):
            if call.is_over:
                break
            call.is_silent()
        assert call.is_over
