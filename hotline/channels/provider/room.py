"""How much room a service has, and its hours of today, as the service itself says: never anything of a person."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.channels.provider.pages import age_text, day_text, locale, show
from hotline.domain.numbers import ascii_digits
from hotline.handoff.capacity_links import service_named
from hotline.handoff.links import Opened
from hotline.parts import here
from hotline.store import Session
from referral import capacity
from referral.capacity import MOST_FREE, Span, Today, Unit

BY = "service"
"""Who says it, in the history of the directory: the service, by its link."""

_CLOCK = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")
_LONGEST = 20
_CHOICES = ("usual", "closed", "hours")


@dataclass(frozen=True, slots=True)
class Said:
    """What a form says: how much of each unit is free, where it says so; *is_open* says whether hours are said, too."""

    free: dict[str, int]
    is_open: bool
    spans: tuple[Span, ...] | None
    wrong: tuple[str, ...]


def show_room(
    token: str, opened: Opened, at: datetime, *, saved: bool = False, wrong: tuple[str, ...] = ()
) -> Response:
    """Show what the directory knows of today, and the form for it; a form with faults comes back as it was typed."""
    service_id, speaks = opened.link.service_id, locale(opened.link)
    with here().store.read() as session:
        named = service_named(session, service_id)
        units = capacity.units(session, service_id)
        today = capacity.today(session, service_id, at)
    return show(
        "capacity",
        speaks,
        status=400 if wrong else 200,
        token=token,
        name=named[0] if named else "",
        holder=opened.link.name,
        is_first=is_first(units),
        units=[_unit(one, speaks, at) for one in units],
        hours=_hours(today, speaks),
        saved=saved,
        wrong=wrong,
        typed=lambda name: request.form.get(name, "")[:64] if wrong else "",
    )


def say(token: str, opened: Opened, at: datetime) -> AnyResponse:
    """Keep what the form says, all of it or nothing."""
    service_id = opened.link.service_id
    with here().store.read() as session:
        said = _read(capacity.units(session, service_id), request.form.get)
        day = capacity.today(session, service_id, at).day
    if said.wrong:
        return show_room(token, opened, at, wrong=said.wrong)

    def keep(session: Session) -> None:
        for unit_id, free in said.free.items():
            capacity.say_free(session, service_id, unit_id, free, by=BY, at=at)
        if said.is_open:
            capacity.say_open(session, service_id, day, said.spans, by=BY, at=at)

    here().store.write(keep)
    return show_room(token, opened, at, saved=True)


def _read(units: tuple[Unit, ...], sent: Callable[[str, str], str]) -> Said:
    free, wrong = {}, []
    for number, (unit_id, typed) in enumerate(_typed(units, sent), 1):
        text = ascii_digits(typed).strip()
        if text.isdecimal() and int(text) <= MOST_FREE:
            free[unit_id] = int(text)
        elif text:
            wrong.append(f"free-{number}")
    choice = sent("open", "")
    spans = _span(sent("from", ""), sent("until", "")) if choice == "hours" else ()
    if choice == "hours" and not spans:
        wrong.append("from")
    return Said(free, choice in _CHOICES, None if choice == "usual" else spans, tuple(wrong))


def _typed(units: tuple[Unit, ...], sent: Callable[[str, str], str]) -> list[tuple[str, str]]:
    """Return what was typed for which unit; who never counted chooses one first."""
    if not is_first(units):
        return [(one.id, sent(f"free {one.id}", "")[:_LONGEST]) for one in units]
    chosen = [one.id for one in units if one.id == sent("unit", "")]
    return [(one, sent("free", "")[:_LONGEST]) for one in chosen]


def is_first(units: tuple[Unit, ...]) -> bool:
    """Tell whether a service never counted anything: *units* are then what it could count."""
    return bool(units) and all(one.available is None for one in units)


def _span(start: str, end: str) -> tuple[Span, ...]:
    """Return the one span that was typed, or none where it is none; its end may be on the next day."""
    if not (_CLOCK.fullmatch(start) and _CLOCK.fullmatch(end)):
        return ()
    return ((time.fromisoformat(start), time.fromisoformat(end)),)


def _unit(unit: Unit, speaks: str, at: datetime) -> dict[str, object]:
    return {
        "id": unit.id,
        "name": unit.name,
        "description": unit.description,
        "available": unit.available,
        "maximum": unit.maximum,
        "age": age_text(at - unit.said, speaks) if unit.said else "",
    }


def _hours(today: Today, speaks: str) -> dict[str, object]:
    return {
        "day": day_text(today.day.isoformat(), speaks),
        "known": today.known,
        "said": today.said,
        "spans": [_clock_text(*span) for span in today.spans],
    }


def _clock_text(start: time, end: time) -> str:
    return "00:00–24:00" if start == end == time() else f"{start:%H:%M}–{end:%H:%M}"
