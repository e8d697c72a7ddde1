"""In which languages a new house answers people: those that a native speaker has read, unless its operator decides otherwise."""

from collections.abc import Callable, Mapping

from hotline.reviews import State

SETTING = "OFFER_LOCALES"

_ASK = """
In which languages are people answered?
  reviewed       English, and those in which a native speaker has read every promise and every warning (the usual)
  cross-checked  also those that another reader has put back into English, where no native speaker has read a word:
                 a promise may say something else in them, and you answer for it
"""
_MEANS = {
    State.REVIEWED: "people are answered in English, and in languages that a native speaker has read and signed"
    " (console, Languages).",
    State.CROSS_CHECKED: "people are also answered in languages that another reader has put back into English and no"
    " native speaker has read. A promise may say something else in them.",
    State.DRAFTED: "people are answered in every language that is complete, whoever has read it. That is for"
    " demonstrations.",
}


def asked(read: Callable[[str], str] = input) -> State:
    """Ask whoever founds the house; an empty line is the usual."""
    print(_ASK)
    while (answer := read("reviewed or cross-checked: ").strip()) not in _ANSWERS:
        print("Write reviewed or cross-checked, or an empty line.")
    return _ANSWERS[answer]


def told(env: Mapping[str, str], chosen: State) -> str:
    """Return what *chosen* means, and the line that belongs into the settings where *env* has none."""
    means = f"{SETTING}={chosen}: {_MEANS[chosen]}"
    return means if env.get(SETTING) else f"Put into the settings, {means}"


_ANSWERS = {
    "": State.REVIEWED,
    State.REVIEWED.value: State.REVIEWED,
    State.CROSS_CHECKED.value: State.CROSS_CHECKED,
}
