"""Keep a call going when we fail: the provider would end it with an error of its own, in a language of its own.

The provider repeats a request within the moment in which we failed, and comes without the keys when it is sent
elsewhere. So we try again ourselves while it waits, and the keys are in our hands; only then the caller is asked
once more, in silence first, then with a sentence, and at last the call ends with that sentence.
"""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from flask import Response, request

from hotline.channels.twilio import calling, hearing
from hotline.channels.twilio.calling import Calling
from hotline.dialogue.calls.document import Document, Line, Then, Wait
from hotline.errors import Conflict, Unavailable
from hotline.parts import Hotline, here

T = TypeVar("T")

MOST_TRIES = 2
"""How often a caller is asked once more."""

_PAUSES = (0.3, 0.9)
_LONGEST = 4.0
"""Seconds; the provider waits for 15 and then asks elsewhere."""
_BREATH = 2

log = logging.getLogger(__name__)


def persist(work: Callable[[], T]) -> T:
    """Do *work*, and again when it could not be kept: the next moment often can.

    Raises:
        Unavailable: it could not be kept in that time.
    """
    begun = time.monotonic()
    for pause in _PAUSES:
        try:
            return work()
        except (Unavailable, Conflict):
            if time.monotonic() - begun > _LONGEST:
                raise
            time.sleep(pause)
    return work()


def writing() -> Calling:
    """Return what writes the documents of this house."""
    hotline = here()
    return Calling(hotline.prompts, hotline.config.public_url)


def tries() -> int:
    """Return how often the caller was asked once more already; our own address counts it."""
    asked = request.args.get("again", "")
    return int(asked) if asked in ("1", "2") else 0


def ask_again(step: str) -> Response:
    """Go on at *step*, a little later, without what was heard; after that has failed twice, end the call."""
    count = tries()
    if count == MOST_TRIES:
        return end()
    then = Then(Wait.GO_ON)
    address = f"{step}?again={count + 1}"
    return _say(address, ("call_again",) if count else (), then)


def end() -> Response:
    """Say that the call cannot be taken, and end it; who was called by us hears nothing that would tell."""
    return _say("", ("call_again",), Then(Wait.END))


def _say(step: str, prompts: tuple[str, ...], then: Then) -> Response:
    """Say *prompts* in the language of the line, as well as it can be done when little works."""
    hotline = here()
    said = () if hearing.is_ours(request.form) else prompts
    for locale, without_sounds in _ways(hotline):
        lines = (*(Line(locale, prompt=name) for name in said), Line(locale, pause=_BREATH))
        document = Document(step, locale, lines, then)
        try:
            written = Calling(hotline.prompts, hotline.config.public_url, without_sounds)
            response = written.answer(document)
        except Exception as error:
            log.error("call without a sentence", exc_info=error)
            continue
        if not said or _is_heard(response):
            return response
    return _say(step, (), then) if said else calling.hang_up()


def _is_heard(response: Response) -> bool:
    """Tell whether anything is said: a language may have neither a voice nor a sound."""
    return b"<Say" in response.data or b"<Play" in response.data


def _ways(hotline: Hotline) -> tuple[tuple[str, bool], ...]:
    """Return in which languages a sentence may be tried, the last without anything that could be missing."""
    config = hotline.config
    own = config.lines.get(hearing.line_of(request.form), config.default_locale)
    return ((own, False), (own, True), (config.default_locale, True), ("en", True))
