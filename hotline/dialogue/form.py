"""The questions of the written form, and the codes of their answers.

Every question may stay empty. Codes are ours and may be kept in the clear of an account; whatever a
person types instead of choosing is identity and does not pass through here.
"""

from collections.abc import Callable, Sequence

from hotline.dialogue.flow import Question, flow

HOW: tuple[str, ...] = ("text", "call", "here")
"""Ways to answer that a reporter may choose; ``here`` is with the code only."""

TYPED: tuple[str, ...] = ("place", "number", "hours", "word")
"""What is typed beside the account: all of it is identity."""

NOT_TO = "not_to"
"""The field for whom it must not reach, in words that a person at the desk has to read."""


def answers(chosen: Callable[[str], Sequence[str]]) -> dict[str, str | list[str]]:
    """Return the known codes among what was *chosen* for each question; silence and unknown values vanish.

    *chosen* maps the name of a question to the values that were sent for it.
    """
    kept: dict[str, str | list[str]] = {}
    for question in flow().on("web"):
        values = chosen(question.name)
        known = [code for code in (*question.codes, *question.also_on_web) if code in values]
        if known:
            kept[question.name] = known if question.pick == "several" else _first(values, question)
    return kept


def _first(values: Sequence[str], question: Question) -> str:
    return next(value for value in values if value in question.codes)
