"""Every path that a call can take, found by trying everything at every step."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from hotline.dialogue.calls.document import Document, Then, Wait
from hotline.dialogue.calls.state import CallState
from hotline.dialogue.calls.taking import take
from hotline.dialogue.calls.turns import Event, Heard, Setting, Turn
from tests.dialogue.calls.conftest import CODE, GUARDED, NUMBER, called_back, setting

_KEYS = [*"01236789*#", "135#", "789#", "351#", "1200", f"{NUMBER}#", f"{CODE}#", f"{GUARDED}#"]  # fmt: skip
_AFTER = {
    Event.RECORDED: Wait.RECORD,
    Event.NO_RECORDING: Wait.RECORD,
    Event.TALKED: Wait.PERSON,
    Event.NOBODY: Wait.PERSON,
}
HEARD = [
    Heard(),
    *(Heard(digits=keys) for keys in _KEYS),
    *(Heard(speech=words) for words in ("yes", "no", "they keep my passport")),
    *(Heard(event=event) for event in Event),
]
SETTINGS = {
    "all there": setting(),
    "own line": setting(languages=()),
    "nobody on call": setting(has_person=False),
    "number withheld": setting(number_is_known=False),
    "no speech, no voice": setting(hears=lambda _locale: False, reads=lambda _locale: False),
    "has a code": setting(has_code=True),
    "called back": called_back().setting,
    "called back, no word": called_back(has_word=False, cover={}).setting,
}


@cache
def turns(name: str) -> tuple[tuple[Heard, Turn], ...]:
    """Return each turn that can come in the setting *name*."""
    return tuple(_turns(SETTINGS[name]))


def _turns(of: Setting) -> Iterator[tuple[Heard, Turn]]:
    """Yield each turn that can come, once for each place in the call, with what led to it."""
    seen = set()
    waiting: deque[tuple[CallState | None, Heard]] = deque([(None, Heard())])
    while waiting:
        state, heard = waiting.popleft()
        # Each comes at its own time, so that none is too hasty to count.
        turn = take(state and replace(state, pressed_at=0), heard, of)
        yield heard, turn
        place = _place(turn)
        if place in seen or turn.then.wait is Wait.END:
            continue
        seen.add(place)
        waiting.extend((turn.state, one) for one in HEARD if _can_come(one, turn.then))


def _can_come(heard: Heard, then: Then) -> bool:
    """Tell whether the provider brings *heard* where *then* was waited for."""
    if heard.event:
        return then.wait is _AFTER[heard.event]
    return then.hears if heard.speech else then.wait is Wait.KEYS


def _place(turn: Turn) -> object:
    """Return what tells a place in a call from another: what is said and awaited there, and how patient we still are."""
    state = turn.state
    prompts = tuple(line.prompt for line in turn.lines)
    return (state.step, prompts, state.goal, state.silences, state.wrongs, state.tries, state.cover)


def documents() -> dict[object, Document]:
    """Return every document that a call can meet, in English."""
    found: dict[object, Document] = {}
    for name in ("all there", "no speech, no voice", "called back"):
        for _, turn in turns(name):
            lines = tuple(replace(line, locale="en") for line in turn.lines)
            found.setdefault((lines, turn.then), Document("a" * 32, "en", lines, turn.then))
    return found
