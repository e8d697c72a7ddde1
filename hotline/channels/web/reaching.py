"""How and when we may write, told anew on the page that code and code word open.

What was told before is sealed, so the form is always blank: what stays empty stays as it is.
"""

from dataclasses import dataclass

from hotline.channels.web.body import Sent
from hotline.channels.web.desk import desk
from hotline.channels.web.returning import Conversation
from hotline.channels.web.slip import mark_of
from hotline.contact import standing
from hotline.dialogue.form import HOW
from hotline.domain.numbers import phone_number
from hotline.errors import NotFound
from hotline.intake.reaching import ways_message
from hotline.parts import here
from hotline.vault.reporters import ReporterKey

ASK = "reach"
_FAULTS = ("later", "reach_empty", "reach_how", "reach_number", "not_to_empty", "not_to_full")
_NAMES = {"how": "how", "number": "number", "hours": "hours", "word": "new_word"}


@dataclass(frozen=True, slots=True, repr=False)
class Reached:
    """What came of it, in one word, and the code *word* that holds from now on."""

    outcome: str = ""
    word: str = ""

    @property
    def is_fault(self) -> bool:
        """Tell whether something must be typed anew, or sent once more."""
        return self.outcome in _FAULTS


def was_heeded(sent: Sent, key: ReporterKey) -> bool:
    """Tell whether this very form was heeded a moment ago: then the new code word may hold already."""
    mark = mark_of(desk().secret, sent, key.lookup)
    return sent.text("ask") == ASK and bool(mark) and desk().sent.recall(mark) is not None


def heed(sent: Sent, found: Conversation, key: ReporterKey, locale: str) -> Reached:
    """Keep how they are reached from now on, where the word was right.

    Raises:
        Unavailable: it could not be kept just now.
    """
    if sent.text("ask") != ASK or not found.is_whole:
        return Reached()
    told = _told(sent)
    if was_heeded(sent, key):
        return Reached(_outcome(found, told), told.get("word", ""))
    fault = _fault_of(told)
    if fault:
        return Reached(fault)
    try:
        message = ways_message(told, locale=locale)
        here().reception.again(message, key, at=here().clock())
    except NotFound:
        return Reached()
    desk().sent.remember(mark_of(desk().secret, sent, key.lookup))
    return Reached(_outcome(found, told), told.get("word", ""))


def _outcome(found: Conversation, told: dict[str, str]) -> str:
    """Return what to say of it: a phone that asked us to stop is written to no more, whatever is typed here."""
    with here().store.read() as session:
        now = standing(session, found.report_id, at=here().clock())
    is_stopped = now.is_closed and told.get("how") in ("text", "call")
    return "reach_stopped" if is_stopped else "reach"


def _told(sent: Sent) -> dict[str, str]:
    told = {name: sent.text(field) for name, field in _NAMES.items()}
    if told["how"] not in HOW:
        told["how"] = ""
    if told["how"] == "here":
        told["number"] = ""
    return {name: value for name, value in told.items() if value}


def _fault_of(told: dict[str, str]) -> str:
    """Return what must be said of it before anything changes: a slip here would leave them out of reach."""
    if not told:
        return "reach_empty"
    number, how = told.get("number", ""), told.get("how", "")
    if number and not how:
        return "reach_how"
    return "reach_number" if number and not phone_number(number) else ""
