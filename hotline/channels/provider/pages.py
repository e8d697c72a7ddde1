"""A page for a provider, in the language that its link was made for, or that they chose on it."""

from datetime import date, datetime, timedelta
from functools import partial

from babel.dates import format_date, format_time, format_timedelta, get_timezone_name
from flask import Response, request, url_for

from hotline import pages
from hotline.channels.provider.sheet import sheet
from hotline.handoff.links import Kind, Link, Opened
from hotline.i18n import CONSOLE, PROVIDER, SOURCE, accepted, autonym, name_of
from hotline.parts import here

_WHAT = {403: "elsewhere", 404: "closed", 405: "closed", 413: "large"}


def show(
    template: str, speaks: str, *, status: int = 200, token: str = "", **facts: object
) -> Response:
    """Return the page *template*; with *token* it can be had in other languages, too."""
    return pages.page(
        f"provider/{template}.html",
        CONSOLE,
        speaks,
        status=status,
        here_again=address(token),
        languages=_languages(token) if token else (),
        sheet=sheet().mark,
        language_name=partial(_language, speaks),
        **facts,
    )


def error_page(status: int) -> Response:
    """Say that there is nothing, or what went wrong, and nothing of what was asked for."""
    return show("closed", locale(), status=status, what=_WHAT.get(status, "fault"))


def pin_page(token: str, link: Link, *, fault: str = "", left: int = 0) -> Response:
    """Ask for the PIN; *fault* is what was wrong with the one before, and *left* how many tries there are."""
    return show(
        "pin",
        locale(link),
        status=403 if fault else 200,
        token=token,
        is_capacity=link.kind == Kind.CAPACITY,
        was_opened=link.is_opened and link.kind == Kind.PACKET,
        opens_by_pin=link.opens_by_pin,
        fault=fault,
        left=left,
    )


def locale(link: Link | None = None) -> str:
    """Return the language of a page: that of the address, of its *link*, or what the browser asks for. None is remembered."""
    asked = request.headers.get("Accept-Language", "")
    wanted = [request.args.get("lang", "")[:40], link.locale if link else "", *accepted(asked)]
    return here().languages.best(filter(None, wanted), PROVIDER) or SOURCE


def address(token: str) -> str:
    """Return the address of this page, in the language that was chosen on it."""
    chosen = request.args.get("lang", "")
    known = here().languages.best(filter(None, [chosen[:40]]), PROVIDER)
    return url_for("provider.show_link", token=token, lang=known)


def standing(opened: Opened, speaks: str, at: datetime) -> dict[str, str]:
    """Return how an offer stands, with its days and times in words; *clock* is empty where no answer is awaited."""
    its, days = opened.its, partial(day_text, speaks=speaks)
    facts = {
        name: str(its[name]) for name in ("service_name", "need", "status", "outcome", "digest")
    }
    return facts | {"until": days(its["until_day"])} | _due(its["answer_by"], speaks, at)


def _due(answer_by: datetime | None, speaks: str, at: datetime) -> dict[str, str]:
    """Return until when an answer is awaited, by the clock of the desk, and how long that is."""
    if answer_by is None:
        return {"clock": "", "clock_day": "", "clock_zone": "", "left": ""}
    zone = here().config.opening.zone
    due, now = answer_by.astimezone(zone), at.astimezone(zone)
    is_today = due.date() == now.date()
    return {
        "clock": format_time(due, "HH:mm", locale=_babel(speaks)),
        "clock_zone": get_timezone_name(due, locale=_babel(speaks)),
        "clock_day": "" if is_today else day_text(due.date().isoformat(), speaks),
        "left": age_text(max(due - now, timedelta()), speaks),
    }


def day_text(day: str, speaks: str) -> str:
    """Return an ISO day as people of *speaks* write it; empty where there is none."""
    return (
        str(format_date(date.fromisoformat(day), "d MMM y", locale=_babel(speaks))) if day else ""
    )


def age_text(span: timedelta, speaks: str) -> str:
    """Return how long something lasts, to the coarsest unit that says it: ``12 minutes``."""
    words: str = format_timedelta(span, granularity="minute", threshold=2, locale=_babel(speaks))
    return words


def _languages(token: str) -> list[tuple[str, str, str]]:
    """Return the languages of the page by their own names, with the address of each."""
    known = here().languages.complete(PROVIDER)
    return [
        (code, autonym(code), url_for("provider.show_link", token=token, lang=code))
        for code in known
    ]


def _language(speaks: str, code: str) -> str:
    """Return the name of a language in that of the page, and in itself, for whoever looks for an interpreter."""
    name, own = name_of(code, speaks), autonym(code)
    return name if own in (name, code) else f"{name} ({own})"


def _babel(speaks: str) -> str:
    return speaks.replace("-", "_")
