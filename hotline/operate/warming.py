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

from hotline import anonymize, assess
from hotline.i18n import CONSOLE, REPORTER, SOURCE, VOICE
from hotline.parts import Hotline

log = logging.getLogger(__name__)

_SOON = 3.0
"""Seconds after the start: those who could not reach us before go first."""
_RESTS = 3
"""It rests for so many times as long as a piece of work took."""
_TEXT = (
    "My name is Maria, my boss took my passport. Call 07700 900123, 5 High Street, 3 km from here."
)
_TEMPLATES = ((REPORTER, "messages/"), (REPORTER, "web/"), (VOICE, "voice/"), (CONSOLE, "console/"))


def begin(hotline: Hotline) -> None:
    """Begin in a thread of its own, which ends by itself."""
    threading.Thread(target=_run, args=(hotline,), name="warming", daemon=True).start()


def _run(hotline: Hotline) -> None:
    time.sleep(_SOON)
    warm(hotline, rest=time.sleep)


def warm(hotline: Hotline, *, rest: Callable[[float], None]) -> None:
    """Do each piece of work, and *rest* after it; what fails is told again to whom needs it."""
    for piece in _pieces(hotline):
        began = time.thread_time()
        try:
            piece()
        except Exception:
            log.exception("not made ready")
        rest(_RESTS * (time.thread_time() - began))
    # This stays, too: see `application`.
    gc.collect()
    gc.freeze()


def _pieces(hotline: Hotline) -> Iterator[Callable[[], object]]:
    languages, config = hotline.languages, hotline.config
    yield partial(anonymize.redact, _TEXT)
    for language in dict.fromkeys((SOURCE, config.default_locale, *config.lines.values())):
        yield partial(assess.assess, _TEXT, language=language)
    for domain in (REPORTER, CONSOLE):
        for locale in languages.locales():
            yield partial(languages.count_missing, locale, domain)
    for domain, folder in _TEMPLATES:
        # What is made of a template once serves every language.
        templates = languages.environment(SOURCE, domain)
        for name in templates.list_templates(filter_func=partial(_is_in, folder)):
            yield partial(templates.get_template, name)


def _is_in(folder: str, name: str) -> bool:
    return name.startswith(folder)
