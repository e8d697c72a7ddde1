"""Texts as they go out, with the longest facts in them: how many parts they take, and whether a provider acts on a word."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date, format_datetime

from hotline import messages
from hotline.dialogue.tongues import fold
from hotline.i18n import REPORTER, SOURCE, Languages
from hotline.operate.strings.entries import units

ONE_PART = frozenset(
    [
        "received",
        "received_later",
        "received_more",
        "received_more_later",
        "knock",
        "offer",
        "offer_agreed",
        "ask_for_word",
        "nothing_new",
        "no_more",
        "will_call",
        "language_set",
    ]
)
"""Texts that come before anybody said that it is safe to write: they must fit on a locked screen."""

MOST_UNITS = 70
MOST_PARTS = 2

# Each starts or stops something at a provider before we ever see it.
BANNED_WORDS = re.compile(r"\b(STOP|END|QUIT|CANCEL|UNSUBSCRIBE|START|UNSTOP|HELP|INFO)\b")

_LATE = datetime(2026, 1, 5, 23, 55)  # noqa: DTZ001 - an hour on somebody's clock.


@lru_cache(maxsize=64)
def longest_facts(locale: str) -> Mapping[str, str]:
    """Return what stands in the fields of a text at its longest, as people of *locale* write hours and days."""
    speaks = locale.replace("-", "_")
    hours = (_LATE + timedelta(days=days) for days in range(7))
    months = (date(2026, month, 28) for month in range(1, 13))
    return {
        "time": max(
            (format_datetime(hour, "EEE HH:mm", locale=speaks) for hour in hours), key=units
        ),
        "day": max(
            (format_date(day, "d MMM", locale=speaks).rstrip(".") for day in months), key=units
        ),
        "code": "482-719-036-158-274-609-331",
        "who": "Bayt al-Amal Women's Centre",
        "count": "12",
    }


def check(languages: Languages, templates: Path, locale: str) -> Iterator[str]:
    """Yield what is wrong with each text and each phrase in *locale*, as it would go out."""
    said = _texts(languages, templates, locale)
    for name, text in said.items():
        yield from (f"{locale}: the SMS {name} {fault}" for fault in _faults(name, text, locale))
    for name, text in messages.phrases(languages, locale).items():
        if _is_acted_on(text, locale):
            yield f"{locale}: the phrase {name} holds a word that providers act on"
    yield from _words_alike(said, locale)


def _texts(languages: Languages, templates: Path, locale: str) -> dict[str, str]:
    names = sorted(path.parent.name for path in (templates / "messages").glob("*/sms.txt"))
    return {
        name: languages.render(
            f"messages/{name}/sms.txt", locale, REPORTER, **longest_facts(locale)
        ).strip()
        for name in names
    }


def _faults(name: str, text: str, locale: str) -> Iterator[str]:
    if not text:
        yield "is empty"
    if name in ONE_PART and units(text) > MOST_UNITS:
        yield f"takes {units(text)} units, and must fit into {MOST_UNITS}"
    elif messages.segments(text) > MOST_PARTS:
        yield f"takes more than {MOST_PARTS} parts"
    if _is_acted_on(text, locale):
        yield "holds a word that providers act on"


def _is_acted_on(text: str, locale: str) -> bool:
    return bool(BANNED_WORDS.search(text.upper() if locale == SOURCE else text))


def _words_alike(said: Mapping[str, str], locale: str) -> Iterator[str]:
    """Yield each word by which somebody asks for something, where another one would be taken for it."""
    known: dict[str, str] = {}
    for name, text in said.items():
        if not name.endswith("_word") or name.startswith("ask_"):
            continue
        if len(text.split()) != 1:
            yield f"{locale}: the SMS {name} is not one word"
        if (other := known.setdefault(fold(text), name)) != name:
            yield f"{locale}: the SMS {name} is the same word as {other}"
