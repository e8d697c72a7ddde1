"""Read a call from the provider's form; nothing in it can make us refuse a person.

What a webhook says beyond the call itself (city and name of the phone, the tokens of its network) is not read.
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from hotline.dialogue.calls.turns import Event, Heard
from hotline.domain.numbers import phone_number
from hotline.intake.call_settings import Call

MOST_KEYS = 40
MOST_WORDS = 2000
"""Characters of speech; the provider hears for a minute at most."""

_KEYS = re.compile(r"[^0-9*#]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_STEP = re.compile(r"[A-Za-z0-9_-]{1,64}")
# How the provider writes that no number is shown: a word, or what that word is on a keypad.
_WITHHELD = frozenset(
    {
        "",
        "anonymous",
        "blocked",
        "nobody",
        "none",
        "null",
        "private",
        "restricted",
        "unavailable",
        "undefined",
        "unknown",
        "withheld",
        "266696687",
        "2562533",
        "7378742833",
        "17378742833",
        "86282452253",
        "8656696",
    }
)
_SIP = re.compile(
    r"sips?:([^\s@:;<>\"]{1,64})(?::[^\s@<>]*)?@([a-z0-9\[][a-z0-9.:\[\]-]*)(?:;[^\s<>\"]*)?"
)
_NOWHERE = ".invalid"
"""The end of a host that no gateway has: what stands before it is nobody's name."""
_OVER = frozenset({"busy", "canceled", "completed", "failed", "no-answer"})
_MACHINES = ("machine_", "fax")
_TALKED = frozenset({"bridged", "bridging-in-process", "redirected-from-bridged"})


def call_of(form: Mapping[str, str]) -> Call:
    """Return the call that *form* is about. In a call of ours the person is the one who was called."""
    person = form.get("To" if is_ours(form) else "From", "")
    return Call(form["CallSid"], sender(person), line_of(form), is_ours=is_ours(form))


def line_of(form: Mapping[str, str]) -> str:
    """Return which of our numbers is in the call."""
    return form.get("From" if is_ours(form) else "To", "")


def is_ours(form: Mapping[str, str]) -> bool:
    """Tell whether we placed the call."""
    return form.get("Direction", "").lower().startswith("outbound")


def sender(address: str) -> str:
    """Return the number or SIP address that calls, and nothing where none is shown that could be called.

    Carriers write all sorts of words and stubs there; who shares one of them is not the same person.
    """
    found = _SIP.fullmatch(address.strip().lower())
    if found:
        return "" if _is_stub(found[1]) or found[2].endswith(_NOWHERE) else address
    number = phone_number(address)
    return "" if _is_stub(number) else number


def heard(form: Mapping[str, str], step: str, *, nothing_recorded: bool = False) -> Heard:
    """Return what came in at *step*; a step that has not the shape of one is none."""
    return Heard(
        step=step if _STEP.fullmatch(step) else "",
        digits=keys(form),
        speech=_words(form.get("SpeechResult", "")),
        event=Event.NO_RECORDING if nothing_recorded else _event(form),
    )


def keys(form: Mapping[str, str]) -> str:
    """Return the keys that were pressed; the one that ended them counts where it was the only one.

    A recording ends with a key too, or with the word hangup: neither answers anything.
    """
    if "RecordingSid" in form:
        return ""
    pressed = form.get("Digits", "") or form.get("FinishedOnKey", "")
    return _KEYS.sub("", pressed)[:MOST_KEYS]


def seconds(form: Mapping[str, str], name: str) -> int | None:
    """Return how long something was, where *form* says it in whole seconds."""
    value = form.get(name, "")
    return int(value) if re.fullmatch(r"[0-9]{1,7}", value) else None


def is_over(form: Mapping[str, str]) -> bool:
    """Tell whether nobody is on the phone any more."""
    return form.get("CallStatus", "").lower() in _OVER


def is_machine(form: Mapping[str, str]) -> bool:
    """Tell whether a machine surely answered our call."""
    return form.get("AnsweredBy", "").lower().startswith(_MACHINES)


def is_person(form: Mapping[str, str]) -> bool:
    """Tell whether a person surely answered our call; where the provider does not say so, it may be a voicemail."""
    return form.get("AnsweredBy", "").lower() == "human"


def place_of_error(form: Mapping[str, str], origin: str) -> tuple[str, Mapping[str, str]]:
    """Return the path at which the provider failed to reach us, and what was asked there; no path where it was not ours."""
    address = form.get("ErrorUrl", "")
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", {}
    if not address.startswith(f"{origin}/"):
        return "", {}
    return parts.path, dict(parse_qsl(parts.query))


def is_fault_of_ours(form: Mapping[str, str]) -> bool:
    """Tell whether the provider did get our document, and could not do what stands in it."""
    code = form.get("ErrorCode", "")
    return code == "11750" or code.startswith(("12", "13"))


def _is_stub(name: str) -> bool:
    """Tell whether *name* stands for nobody: a word for a withheld number, or no more than zeros."""
    return name.lstrip("+") in _WITHHELD or not name.strip("+0")


def _event(form: Mapping[str, str]) -> str:
    if "RecordingSid" in form or "RecordingUrl" in form:
        is_empty = seconds(form, "RecordingDuration") == 0
        return Event.NO_RECORDING if is_empty else Event.RECORDED
    if "QueueResult" in form:
        return Event.TALKED if form["QueueResult"].lower() in _TALKED else Event.NOBODY
    return ""


def _words(speech: str) -> str:
    """Return *speech* without what no keyboard writes; noise without a letter or digit is silence."""
    words = " ".join(_CONTROLS.sub(" ", speech).split())[:MOST_WORDS]
    return words if any(map(str.isalnum, words)) else ""
