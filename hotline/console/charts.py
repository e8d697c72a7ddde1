"""Charts for supervisors: what came in a month, how soon it was answered, and what came of it.

Only months that are over are shown, and each always with the same numbers. The table beside a chart is the data; what
is exported are the same cells.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline.console.complaints import written_down
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.console.speech import locale, month_text, short_day_text, weekday_text
from hotline.domain.staff import Right
from hotline.domain.urgency import Urgency
from hotline.drawing import Drawing, lying, standing
from hotline.errors import NotFound
from hotline.i18n import direction
from hotline.parts import here
from hotline.store import Session
from hotline.triage import months
from hotline.triage.months import Month
from hotline.triage.statistics import Backlog, Facet, backlog, count_due
from hotline.triage.tallying import MOST_COMPLAINTS
from hotline.triage.withholding import Published

charts = room("charts", Right.OVERSEE)

OTHERS = "others"
_MONTHS_OF_WEEKS = 3
_SECONDS_A_STEP = 1.5
_SLICE = 8
_STEPS = 5
_WEEKDAYS = tuple("0123456")
_OPEN = (
    ("channel", Facet.CHANNEL),
    ("language", Facet.LANGUAGE),
    ("need", Facet.NEED),
    ("indicator", Facet.INDICATOR),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of a chart's table; *value* is None where it is withheld, *share* where there is none or it is."""

    code: str
    value: int | None
    share: int | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart by its *name*: its cells in order, and how they are drawn: "lying", "standing" or as "shares".

    *first* is the cell that its sentence is about, if any.
    """

    name: str
    kind: str
    cells: tuple[Cell, ...]
    first: Cell | None


@charts.get("/charts")
def show_charts() -> Response:
    return _page()


@charts.post("/charts/count")
def count() -> AnyResponse:
    """Count for a moment what waits to be counted, then show how far it is; the form on that page goes on."""
    until, done = time.monotonic() + _SECONDS_A_STEP, _SLICE
    while done == _SLICE and time.monotonic() < until:
        done = count_due(here().store, [g.keyholder.desk], at=g.at, limit=_SLICE)
    if done < _SLICE:
        return go("charts.show_charts")
    return _page(is_working=True)


def month_asked(session: Session, desk: str, name: str) -> Month | None:
    """Return the month *name*, the newest where none is named; None where none may be told yet.

    Raises:
        NotFound: that month may not be told.
    """
    known = months.months(session, desk)
    if not name and not known:
        return None
    if name and name not in known:
        raise NotFound
    return months.month(session, desk, name or known[0])


def charts_of(session: Session, desk: str, month: Month) -> tuple[Chart, ...]:
    """Return the charts of a month in the order of the page."""
    weeks = [
        Cell(monday.isoformat(), its.of(monday.isoformat()))
        for name in _before(session, desk, month.name)
        for its in (month.weeks if name == month.name else months.weeks(session, desk, name),)
        for monday in months.weeks_of(name)
    ]
    days = [Cell(number, month.weekdays.of(number)) for number in _WEEKDAYS]
    urgencies = month.facets[Facet.URGENCY]
    answers = [Cell(u, its.count, its.in_time) for u, its in month.answers.items()]
    return (
        Chart("week", "standing", tuple(weeks), weeks[-1]),
        Chart("weekday", "standing", tuple(days), _largest(days)),
        _chart("urgency", [Cell(u, urgencies.of(u)) for u in Urgency]),
        Chart("answer", "shares", tuple(answers), _most_urgent(answers)),
        *(_chart(name, _told(month.facets[facet])) for name, facet in _OPEN),
        _chart("outcome", _told(month.outcomes)),
    )


def _page(*, is_working: bool = False) -> Response:
    hotline, desk, asked = here(), g.keyholder.desk, request.args.get("month", "")
    speaks, limits = locale(), hotline.config.limits_of(desk)
    with hotline.store.read() as session:
        known = months.months(session, desk)
        month = None if is_working else month_asked(session, desk, asked)
        found = charts_of(session, desk, month) if month else ()
        waits = backlog(session, desk, at=g.at)
        complained = written_down(session, speaks)
    return show(
        "console/charts.html",
        month=month,
        months=[(name, month_text(name, speaks)) for name in known],
        charts=found,
        waits=waits,
        complained=complained,
        most_complaints=MOST_COMPLAINTS,
        steps=_steps(waits, speaks),
        is_working=is_working and bool(waits),
        allowed=lambda code: int(limits.of(Urgency(code)).total_seconds()) // 60,
        short_day=lambda day: short_day_text(day, speaks),
        month_name=lambda name: month_text(name, speaks),
        weekday_name=lambda number: weekday_text(int(number), speaks),
        is_mirrored=direction(speaks) == "rtl",
        drawn=_drawn,
    )


def _drawn(kind: str, values: list[tuple[str, int | None]], mirrored: bool) -> Drawing:
    """Return *values* with their labels as a drawing; shares are drawn against the whole."""
    if kind == "standing":
        return standing(values, mirrored=mirrored)
    return lying(values, most=100 if kind == "shares" else 0, mirrored=mirrored)


def _steps(waits: Sequence[Backlog], speaks: str) -> list[tuple[str, str]]:
    """Return the months that are counted now and next."""
    return [
        (month_text(one.month, speaks), "next" if number else "now")
        for number, one in enumerate(waits[:_STEPS])
    ]


def _before(session: Session, desk: str, name: str) -> list[str]:
    """Return the month *name* and some before it, the earliest first."""
    upto = [one for one in months.months(session, desk) if one <= name]
    return sorted(upto[:_MONTHS_OF_WEEKS])


def _told(published: Published) -> list[Cell]:
    """Return what is told, the largest first, and behind it one row for all that is withheld."""
    cells = [Cell(code, value) for code, value in published.in_order.items()]
    return [*cells, Cell(OTHERS, None)] if published.withholds else cells


def _chart(name: str, cells: list[Cell]) -> Chart:
    return Chart(name, "lying", tuple(cells), _largest(cells))


def _largest(cells: Iterable[Cell]) -> Cell | None:
    return max(
        (cell for cell in cells if cell.value), key=lambda cell: cell.value or 0, default=None
    )


def _most_urgent(cells: Iterable[Cell]) -> Cell | None:
    return next((cell for cell in cells if cell.share is not None), None)
