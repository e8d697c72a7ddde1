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

_CLOCK = re.compile("([01]?[0-9]|2[0-4])[:.h]?([0-5][0-9])")
_LONGEST = 20
_CHOICES = ("usual", "closed", "hours")


@dataclass(frozen=True, slots=True)
class Said:
    """What a form says: how much of each unit is free, where it says so; *is_open* says whether hours are said, too.

    *wrong* are the fields that cannot be read, *more* those that say more than there ever were, until that is confirmed.
    """

    free: dict[str, int]
    is_open: bool
    spans: tuple[Span, ...] | None
    wrong: tuple[str, ...]
    more: tuple[str, ...]


def show_room(
    token: str, opened: Opened, at: datetime, *, saved: bool = False, again: Said | None = None
) -> Response:
    """Show what the directory knows of today, and the form for it; a form that is not kept comes back as it was typed."""
    service_id, speaks = opened.link.service_id, locale(opened.link)
    with here().store.read() as session:
        named = service_named(session, service_id)
        units = capacity.units(session, service_id)
        today = capacity.today(session, service_id, at)
    return show(
        "capacity",
        speaks,
        status=400 if again and again.wrong else 200,
        token=token,
        name=named[0] if named else "",
        holder=opened.link.name,
        is_first=is_first(units),
        units=[_unit(one, speaks, at) for one in units],
        hours=_hours(today, speaks),
        saved=saved,
        wrong=again.wrong if again else (),
        more=again.more if again else (),
        sure=lambda unit_id: again.free[unit_id] if again else "",
        typed=lambda name: request.form.get(name, "")[:64] if again else "",
    )


def say(token: str, opened: Opened, at: datetime) -> AnyResponse:
    """Keep what the form says, all of it or nothing; more than there ever were only when it is said twice."""
    service_id = opened.link.service_id
    with here().store.read() as session:
        said = _read(capacity.units(session, service_id), request.form.get)
        day = capacity.today(session, service_id, at).day
    if said.wrong or said.more:
        return show_room(token, opened, at, again=said)

    def keep(session: Session) -> None:
        for unit_id, free in said.free.items():
            capacity.say_free(session, service_id, unit_id, free, by=BY, at=at)
        if said.is_open:
            capacity.say_open(session, service_id, day, said.spans, by=BY, at=at)

    here().store.write(keep)
    return show_room(token, opened, at, saved=True)


def _read(units: tuple[Unit, ...], sent: Callable[[str, str], str]) -> Said:
    free, wrong, more = {}, [], []
    most = {one.id: one.maximum for one in units}
    for number, (unit_id, typed) in enumerate(_typed(units, sent), 1):
        text = ascii_digits(typed).strip()
        if text.isdecimal() and int(text) <= MOST_FREE:
            free[unit_id] = int(text)
            limit = most[unit_id]
            if (
                limit is not None
                and int(text) > limit
                and sent(f"sure {unit_id}", "") != str(int(text))
            ):
                more.append(f"free-{number}")
        elif text:
            wrong.append(f"free-{number}")
    choice = sent("open", "")
    spans = _span(sent("from", ""), sent("until", "")) if choice == "hours" else ()
    if choice == "hours" and not spans:
        wrong.append("from")
    hours = None if choice == "usual" else spans
    return Said(free, choice in _CHOICES, hours, tuple(wrong), tuple(more))


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
    begins, ends = _clock(start), _clock(end)
    return () if begins is None or ends is None else ((begins, ends),)


def _clock(typed: str) -> time | None:
    """Return the time of day that was typed, as ``21:00`` or ``2100``; None where it is none."""
    found = _CLOCK.fullmatch(ascii_digits(typed[:_LONGEST]).strip())
    if found is None or (found[1] == "24" and found[2] != "00"):
        return None
    return time(int(found[1]) % 24, int(found[2]))


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
