"""Choose a language at the beginning of a call: each is offered in its own words, a digit to each."""

from dataclasses import replace

from hotline.dialogue.calls.asking import go_on
from hotline.dialogue.calls.document import Line, Then, Wait
from hotline.dialogue.calls.saying import said
from hotline.dialogue.calls.script import script
from hotline.dialogue.calls.state import CallState
from hotline.dialogue.calls.turns import Heard, Setting, Turn

_REACTION = 1.5
_BETWEEN = 2
"""Seconds of silence before the next languages are offered: digits count from the first word on."""


def offer(state: CallState, setting: Setting) -> Turn:
    """Offer the next languages; past the last one they begin again."""
    languages = setting.languages or setting.offered
    start = languages.index(state.menu[-1]) + 1 if state.menu else 0
    rest = languages[start:] or languages
    menu = tuple(rest[: setting.page(rest)])
    lines = []
    for number, locale in enumerate(menu, 1):
        lines += [Line(locale, prompt="language"), Line(locale, digits=str(number))]
    state = replace(
        state, step="language", menu=menu, menu_before=state.menu, pages=state.pages + 1
    )
    return Turn(state, tuple(lines), Then(Wait.KEYS, seconds=_BETWEEN))


def chosen(state: CallState, heard: Heard, setting: Setting) -> Turn:
    """Take the choice; who presses nothing while all were offered twice is spoken to in the line's language."""
    key = heard.digits[:1]
    menu = _meant(state, setting)
    if key.isdigit() and 0 < int(key) <= len(menu):
        locale = menu[int(key) - 1]
        state = replace(state, locale=locale, is_chosen=True, menu=(), menu_before=(), pages=0)
        return replace(_on(state, setting), keeps=True, keys=key)
    languages = setting.languages or setting.offered
    is_last = bool(state.menu) and state.menu[-1] == languages[-1]
    if not key and is_last and state.pages >= script().patience["most"]:
        return _on(replace(state, menu=(), pages=0), setting)
    if key and key not in "0*#":
        # Digits of a list that is over, or none at all: the same languages once more.
        before = languages.index(state.menu[0])
        state = replace(state, menu=tuple(languages[before - 1 : before]))
    return offer(state, setting)


def _meant(state: CallState, setting: Setting) -> tuple[str, ...]:
    """Return the languages that a key chooses among: who presses it as the next ones begin has heard those before."""
    is_late = setting.at.timestamp() - state.said_at < _REACTION
    return state.menu_before if is_late and state.menu_before else state.menu


def _on(state: CallState, setting: Setting) -> Turn:
    """Greet who just came; ask once more whoever changed the language on the way."""
    is_on_the_way = bool(state.goal) or state.has_word
    return go_on(state, setting) if is_on_the_way else greet(state, setting)


def greet(state: CallState, setting: Setting) -> Turn:
    """Say first what somebody must know who cannot speak."""
    state = replace(state, step="start", silences=0)
    hears = setting.hears(state.locale)
    then = Then(Wait.KEYS, seconds=script().patience["greeting"], hears=hears)
    return Turn(state, said(state, "start", "start_more"), then)


def to_other_languages(state: CallState, setting: Setting) -> Turn:
    """Offer all languages to somebody who asks for them on the way."""
    return offer(replace(state, menu=(), menu_before=(), pages=0), setting)
