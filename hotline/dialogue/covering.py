"""The cover story: what whoever took the phone gets to read once they guessed the code word wrong twice.

It is told in the operator's own words, a line to each text, and the last line again and again. It mentions nothing,
gives nothing out, and ends with the right word alone. What is written to it is kept like any account.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hotline.dialogue import picking
from hotline.dialogue.state import State
from hotline.dialogue.turns import Effect, Heard, Saying, Setting, Turn
from hotline.errors import Misconfigured

Story = Mapping[str, tuple[str, ...]]
"""The lines of a cover story for each locale; those under "" are for every other one."""

LONGEST_LINE = 160


def read_story(path: Path) -> Story:
    """Return the cover story in *path*, as TOML: ``story = ["Hello.", "…"]``, and others by locale, ``story_es = […]``.

    Without a file there is none: whoever guessed wrong twice then hears nothing more.

    Raises:
        Misconfigured: the file says something else.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError):
        raise Misconfigured(f"{path.name} cannot be read") from None
    if any(name != "story" and not name.startswith("story_") for name in content):
        raise Misconfigured(
            f"{path.name} must say: story = [...], and story_es = [...] and the like"
        )
    return {_locale_of(name): _lines_of(lines, path) for name, lines in content.items()}


def _locale_of(name: str) -> str:
    return name.removeprefix("story").removeprefix("_").replace("_", "-")


def _lines_of(lines: object, path: Path) -> tuple[str, ...]:
    if not isinstance(lines, list) or not all(
        isinstance(line, str) and 0 < len(line) <= LONGEST_LINE for line in lines
    ):
        raise Misconfigured(f"{path.name}: each line is a text of at most {LONGEST_LINE} letters")
    return tuple(lines)


def begin(state: State, setting: Setting) -> Turn:
    """Begin the cover story, and tell the desk that someone else may be answering."""
    turn = _next(state, setting)
    return replace(turn, effects=frozenset({Effect.DURESS}))


def go_on(state: State, heard: Heard, setting: Setting) -> Turn:
    """Tell the next line, or end the story where the right word was said."""
    beside = setting.beside_word(state, heard.text)
    if beside is not None:
        state = replace(state, cover=0, wrong=0)
        effects = frozenset({Effect.OPEN, Effect.RELEASE})
        return Turn(state, effects=effects, is_key=True, is_secret=True, rest=beside)
    # What is longer than a word is no try at it.
    tried = bool(picking.word_in(heard.text))
    return _next(replace(state, wrong=state.wrong + tried), setting)


def _next(state: State, setting: Setting) -> Turn:
    lines = setting.cover.get(state.locale) or setting.cover.get("", ())
    count = min(state.cover + 1, max(len(lines), 1))
    says = (Saying(verbatim=lines[count - 1]),) if lines else ()
    return Turn(replace(state, cover=count), says)
