"""The questions of the written form, and the codes of their answers.

Every question may stay empty. Codes are ours and may be kept in the clear of an account; whatever a
person types instead of choosing is identity and does not pass through here.
"""

from collections.abc import Callable, Sequence

ONE_OF: dict[str, tuple[str, ...]] = {
    "safe": ("yes", "no", "unsure"),
    "go": ("yes", "no", "sometimes"),
    "who": ("me", "known", "saw"),
    "young": ("yes", "no"),
}
MANY_OF: dict[str, tuple[str, ...]] = {
    "need": ("place", "doctor", "papers", "food", "pay", "home", "talk", "unknown"),
}
HOW: tuple[str, ...] = ("text", "call", "here")
"""Ways to answer that a reporter may choose; ``here`` is with the code only."""


def answers(chosen: Callable[[str], Sequence[str]]) -> dict[str, str | list[str]]:
    """Return the known codes among what was *chosen* for each question; silence and unknown values vanish.

    *chosen* maps the name of a question to the values that were sent for it.
    """
    kept: dict[str, str | list[str]] = {}
    for name, codes in ONE_OF.items():
        one = next((value for value in chosen(name) if value in codes), None)
        if one is not None:
            kept[name] = one
    for name, codes in MANY_OF.items():
        many = [code for code in codes if code in chosen(name)]
        if many:
            kept[name] = many
    return kept
