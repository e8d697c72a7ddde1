"""What a process reads or makes ready once, it does soon after its start, a little at a time, before somebody waits for it.

The first page of the desk alone would else take a second of the processor, and each text that comes meanwhile would
wait along: one interpreter does one thing at a time.
"""

import gc
import logging
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

from hotline.domain.report import Channel, IncomingMessage
from hotline.i18n import CONSOLE, REPORTER, SOURCE, VOICE
from hotline.intake.preparing import Heard
from hotline.intake.understanding import read_words
from hotline.parts import Hotline

log = logging.getLogger(__name__)

_SOON = 3.0
"""Seconds after the start: those who could not reach us before go first."""
_RESTS = 5
"""It rests for so many times as long as a piece of work took, which is longer where there is other work."""
_TEXT = (
    "My name is Maria, my boss took my passport. Call 07700 900123, 5 High Street, 3 km from here."
)
_SENDER = "+15005550006"
_SHARED = (
    "base",
    "words",
    "rail",
    "codes",
    "waiting",
    "notices",
    "keys",
    "audit/acts",
    "audit/words",
)
_TEMPLATES = (
    *((CONSOLE, f"console/{name}.html") for name in _SHARED),
    (CONSOLE, "console/queue"),
    (CONSOLE, "console/report"),
    (REPORTER, "messages/"),
    (REPORTER, "web/"),
    (VOICE, "voice/"),
)
"""Of the desk what everybody there looks at first; the rest comes as it is asked for, and takes memory then."""


def begin(hotline: Hotline) -> None:
    """Begin in a thread of its own, which ends by itself."""
    threading.Thread(target=_run, args=(hotline,), name="warming", daemon=True).start()


def _run(hotline: Hotline) -> None:
    time.sleep(_SOON)
    warm(hotline, rest=time.sleep)


def warm(hotline: Hotline, *, rest: Callable[[float], None]) -> None:
    """Do each piece of work, and *rest* after it; what fails is told again to whom needs it."""
    for piece in _pieces(hotline):
        began = time.monotonic()
        try:
            piece()
        except Exception:
            log.exception("not made ready")
        rest(_RESTS * (time.monotonic() - began))
    # This stays, too: see `application`.
    gc.collect()
    gc.freeze()


def _pieces(hotline: Hotline) -> Iterator[Callable[[], object]]:
    languages = hotline.languages
    for domain in (REPORTER, CONSOLE):
        for locale in languages.locales():
            yield partial(languages.count_missing, locale, domain)
    for locale in languages.offered:
        yield partial(languages.environment, locale, REPORTER)
    yield partial(_text, hotline)
    for domain, folder in _TEMPLATES:
        # What is made of a template once serves every language.
        templates = languages.environment(SOURCE, domain)
        for name in templates.list_templates(filter_func=partial(_is_in, folder)):
            yield partial(templates.get_template, name)


def _text(hotline: Hotline) -> None:
    """Do with a text of nobody what is done with any, but for keeping it."""
    reception, at = hotline.reception, hotline.clock()
    locale = hotline.config.default_locale
    message = IncomingMessage(Channel.SMS, _TEXT, locale, sender=_SENDER)
    if reception.wishes:
        reception.wishes.concern(message)
    reception.conversing.speech.may_wish(message.text)
    heard = Heard(message, read_words(message, redact=reception.redact), None)
    reception.prepare(heard, None, None, reception.tickets(message), None, at=at)


def _is_in(folder: str, name: str) -> bool:
    return name.startswith(folder)
