"""In which language someone reads the desk: what they chose, else what their browser asks for."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from babel import Locale
from babel.dates import (
    format_date,
    format_skeleton,
    format_time,
    format_timedelta,
    get_day_names,
)
from flask import request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.cookies import desk_cookie
from hotline.domain.quarter import first_day
from hotline.i18n import CONSOLE, SOURCE, accepted, name_of
from hotline.parts import here

_COOKIE = "desk-lang"


def locale() -> str:
    """Return the locale of this request's page, among those in which every sentence of the desk is there."""
    wanted = [
        request.args.get("lang", ""),
        request.cookies.get(_COOKIE, ""),
        *accepted(request.headers.get("Accept-Language", "")),
    ]
    return here().languages.best(filter(None, wanted), CONSOLE) or SOURCE


def remember_language(response: AnyResponse) -> AnyResponse:
    """Keep the language that a link chose."""
    if "lang" in request.args:
        desk_cookie(response, _COOKIE, locale())
    return response


def day_text(day: str, speaks: str) -> str:
    """Return an ISO day as it is written in the locale *speaks*."""
    return format_date(date.fromisoformat(day), "d MMM y", locale=_babel(speaks)) if day else ""


def month_text(name: str, speaks: str) -> str:
    """Return a month such as ``2026-11`` in words."""
    return format_skeleton("yMMMM", date.fromisoformat(f"{name}-01"), locale=_babel(speaks))


def quarter_text(name: str, speaks: str) -> str:
    """Return a quarter such as ``2026-Q3`` in words."""
    return format_skeleton("yQQQQ", first_day(name), locale=_babel(speaks))


def weekday_text(number: int, speaks: str) -> str:
    """Return the name of a day of the week, in short; 0 is Monday."""
    return str(get_day_names("abbreviated", "stand-alone", locale=_babel(speaks))[number])


def short_day_text(day: str, speaks: str) -> str:
    """Return an ISO day without its year, in short."""
    return format_skeleton("MMMd", date.fromisoformat(day), locale=_babel(speaks))


def time_text(at: datetime, speaks: str) -> str:
    """Return hours and minutes of *at*, in UTC."""
    return format_time(at, "HH:mm", locale=_babel(speaks))


def day_names(speaks: str) -> list[tuple[str, str]]:
    """Return the days of the week from Monday on, short and whole."""
    short, whole = (
        get_day_names(width, context="stand-alone", locale=_babel(speaks))
        for width in ("abbreviated", "wide")
    )
    return [(short[day], whole[day]) for day in range(7)]


def age_text(age: timedelta, speaks: str) -> str:
    """Return how long something lasts, to the coarsest unit that says it: ``3 hours``."""
    return format_timedelta(age, granularity="minute", threshold=2, locale=_babel(speaks))


def _babel(speaks: str) -> str:
    return speaks.replace("-", "_")


def by_name(codes: Iterable[str]) -> list[str]:
    """Return languages in the order of their names, as whoever reads the page looks for them."""
    speaks = locale()
    return sorted(codes, key=lambda code: name_of(code, speaks).casefold())


def countries(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Return countries by their names in the reader's language, in that language's order of letters."""
    names = Locale.parse(_babel(locale())).territories
    return sorted(((code, names.get(code, code)) for code in codes), key=lambda pair: pair[1])


def months_back(at: datetime, count: int = 18) -> list[tuple[str, str]]:
    """Return the last months as ``2026-11`` and in words, this month first."""
    month, found = at.date().replace(day=1), []
    for _ in range(count):
        found.append((f"{month:%Y-%m}", format_skeleton("yMMMM", month, locale=_babel(locale()))))
        month = (month - timedelta(days=1)).replace(day=1)
    return found
