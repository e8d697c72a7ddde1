"""The questions as data: their order, the codes of their answers, and who asks them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Question:
    """One question. *pick* says what an answer to it is; *unless* what makes it needless."""

    name: str
    pick: str
    codes: tuple[str, ...]
    also_on_web: tuple[str, ...]
    on: frozenset[str]
    unless: str

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "Question":
        return cls(
            entry["name"],
            entry["pick"],
            tuple(entry.get("codes", ())),
            tuple(entry.get("also_on_web", ())),
            frozenset(entry["on"]),
            entry.get("unless", ""),
        )


@dataclass(frozen=True, slots=True)
class Flow:
    """All questions in their order, what the digits of the one about hours mean, and codes that are words too.

    *beside* are the words that may stand beside the digit of a menu, *noes* those that are a no.
    """

    questions: tuple[Question, ...]
    hours: Mapping[str, str]
    also_words: frozenset[str]
    beside: frozenset[str]
    noes: frozenset[str]

    def on(self, channel: str) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if channel in question.on)

    def named(self, name: str) -> Question | None:
        return next((question for question in self.questions if question.name == name), None)


@cache
def flow() -> Flow:
    """Return the flow of ``flow.toml``."""
    content = tomllib.loads((files(__package__) / "flow.toml").read_text("utf-8"))
    return Flow(
        tuple(Question.of(entry) for entry in content["question"]),
        content["hours"],
        frozenset(content["languages"]["also_words"]),
        frozenset(content["keys"]["beside"]),
        frozenset(content["keys"]["no"]),
    )
