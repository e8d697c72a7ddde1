"""A reporter's page, in a language we offer."""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_skeleton
from flask import Response, abort, request

from hotline import pages
from hotline.channels.web.headers import harden
from hotline.channels.web.look import look
from hotline.i18n import REPORTER, SOURCE, accepted, autonym, direction
from hotline.intake.reading_hours import read_from
from hotline.parts import here

_WHAT = {404: "missing", 405: "missing", 413: "large"}


@dataclass(frozen=True, slots=True)
class Language:
    """A language as the list of languages shows it."""

    code: str
    name: str
    direction: str


def show(template: str, locale: str, *, status: int = 200, **facts: object) -> Response:
    """Return the page *template* in *locale*; what it says depends on *facts* and on the theme only."""
    return harden(
        pages.page(
            f"web/{template}.html",
            REPORTER,
            locale,
            status=status,
            leave_to=here().config.leave_to,
            megabytes=here().config.attachment_limit_mb,
            theme=look().theme,
            sheet=look().sheet.mark,
            script=look().script.mark,
            **facts,
        )
    )


def error_page(status: int) -> Response:
    """Say plainly that a page cannot be shown, in the best language, and nothing of what was asked for."""
    return show("bare", best_locale(), status=status, what=_WHAT.get(status, "fault"))


def offered(locale: str) -> str | None:
    """Return the offered locale that *locale* of an address means."""
    return here().languages.best([locale[:40]])


def best_locale() -> str:
    """Return the locale to answer in where none was chosen: that of the address, of the browser, or ours."""
    of_address = request.path[:40].split("/")[1]
    wanted = [of_address, *asked_for(), here().config.default_locale]
    return here().languages.best(wanted) or SOURCE


def named(locale: str | None) -> str:
    """Return the locale that an address names, the best one where it names none."""
    chosen = best_locale() if locale is None else offered(locale)
    return chosen or abort(404)


def asked_for() -> list[str]:
    """Return the languages that the browser asks for: they order a list and suggest, they never decide."""
    return accepted(request.headers.get("Accept-Language", ""))


def languages_from(first: str) -> list[Language]:
    """Return the offered languages: *first*, then those that the browser asks for, then the others."""
    known = here().languages
    asked = filter(None, (known.best([name]) for name in asked_for()))
    ordered = dict.fromkeys([first, *asked, *known.offered])
    return [Language(code, autonym(code), direction(code)) for code in ordered]


def when_read(locale: str) -> str:
    """Return from when on a person reads what comes in, as it is said in *locale*; empty where that is now."""
    return read_from(here().config.opening, locale, at=here().clock())


def day_in(day: str, locale: str, *, with_year: bool = False) -> str:
    """Return *day*, such as ``2026-11-25``, as people of *locale* write it."""
    skeleton = "yMMMEd" if with_year else "MMMEd"
    written: str = format_skeleton(
        skeleton, date.fromisoformat(day), locale=locale.replace("-", "_")
    )
    return written
