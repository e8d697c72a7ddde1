"""The course of a call as data: what is asked, in which order, and what its keys mean."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from hotline.dialogue.flow import flow


@dataclass(frozen=True, slots=True)
class Script:
    """What ``call.toml`` says."""

    goals: Mapping[str, tuple[str, ...]]
    needs: Mapping[str, str]
    codes: Mapping[str, tuple[str, ...]]
    patience: Mapping[str, int]
    facts: Mapping[str, str]

    def codes_of(self, step: str) -> tuple[str, ...]:
        """Return what the keys 1, 2, … of *step* mean: its own codes, or those of the question of that name."""
        question = flow().named(step)
        return self.codes.get(step) or (question.codes if question else ())

    @staticmethod
    def is_several(step: str) -> bool:
        """Tell whether more than one key may be pressed."""
        question = flow().named(step)
        return bool(question and question.pick == "several")


@cache
def script() -> Script:
    """Return the script of ``call.toml``."""
    content = tomllib.loads((files(__package__) / "call.toml").read_text("utf-8"))
    return Script(
        {goal: tuple(steps) for goal, steps in content["goals"].items()},
        content["needs"],
        {step: tuple(codes) for step, codes in content["codes"].items()},
        content["patience"],
        content["facts"],
    )
