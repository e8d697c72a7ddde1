"""The form of a lead: what it suggests at first, the steps that are pressed in it, and the draft that it says.

Each fact keeps what is known in a field of its own, and how coarse it leaves as a step of its ladder: ``as`` is
``nationality region``, and ``nationality`` alone where it is left out. So what was typed is never lost by a step.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from werkzeug.datastructures import MultiDict

from hotline.i18n import SOURCE
from hotline.leads.codes import CodeList, Tlp, suggested
from hotline.leads.disclose import CouldKnow, Disclosure, LeadDraft, Precision
from hotline.leads.ladders import BANDS, LADDERS, LEFT_OUT
from hotline.triage import ReportFacts
from hotline.triage.proposals import Decided, Pair

Form = MultiDict[str, str]
Choice = TypeVar("Choice", bound=StrEnum)

TOLD = "told"
_SELECTORS = ("plates", "numbers", "handles")
STEPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **{fact: tuple(rung.step for rung in rungs) for fact, rungs in LADDERS.items()},
        "time": (Precision.DAY, Precision.WEEK, Precision.MONTH),
        "people": (TOLD, LEFT_OUT),
        **dict.fromkeys((*_SELECTORS, "links"), (TOLD, LEFT_OUT)),
    }
)
"""The steps of each fact that has some, from the finest on."""

_FIRST = {"place": "area", "time": Precision.MONTH, **dict.fromkeys(_SELECTORS, LEFT_OUT)}
"""How coarse a fact leaves before anybody chose; the others as soon as somebody typed them."""

_CODED = {
    "indicators": CodeList.INDICATOR,
    "control": CodeList.CONTROL,
    "exploitation": CodeList.EXPLOITATION,
}
_LONGEST = {
    "summary": 8000,
    "headline": 400,
    "links": 4000,
    "sector": 80,
    "town": 120,
    "venue": 200,
}
_LONGEST |= dict.fromkeys(_SELECTORS, 1000)


def first_form(
    facts: ReportFacts, at: datetime, decided: Mapping[Pair, Decided] | None = None
) -> Form:
    """Return what the form suggests before anyone has filled it in: the codes that a person accepted, then what our
    indicators suggest and nobody rejected."""
    form = Form(
        [
            ("country", facts.country),
            ("seen", facts.day[:7] or f"{at:%Y-%m}"),
            ("language", SOURCE),
            ("as", "person_language"),
            *(("as", _said(fact, step)) for fact, step in _FIRST.items()),
        ]
    )
    if facts.language != "und":
        form["person_language"] = facts.language
    for name, code_list in _CODED.items():
        by_machine = suggested(code_list, facts.indicators)
        form.setlist(name, _first(code_list, by_machine, decided or {}))
    if facts.minor:
        form["minor"] = "1"
    return form


def form_of(told: Disclosure, could_know: str, tlp: str) -> Form:
    """Return the form of a newer version of what was *told*: the same facts, as far as what left says them.

    A nationality is asked for again: from a region no country follows.
    """
    form = Form()
    day, precision = _day_of(told)
    form["seen"], form["day"] = f"{day:%Y-%m}", "" if precision is Precision.MONTH else f"{day.day}"
    for name in ("country", "area", "town", "venue", "sector", "person_language", "gender"):
        form[name] = getattr(told, name)
    for name in ("headline", "summary", "language"):
        form[name] = getattr(told, name)
    for name in _CODED:
        form.setlist(name, list(getattr(told, name)))
    for name in (*_SELECTORS, "links"):
        form[name] = "\n".join(getattr(told, name))
    form["people"] = told.people.rstrip("+").partition("-")[0] if told.people != "unknown" else ""
    band = next((one for one in BANDS if told.age_band in (one.years, one.life)), None)
    form["age"] = f"{band.first}" if band else ""
    if told.minor == "yes":
        form["minor"] = "1"
    form["could_know"], form["tlp"], form["reports"] = could_know, tlp, f"{told.reports}"
    place = next((name for name in ("venue", "town", "area") if getattr(told, name)), "country")
    form.setlist("as", [_said("place", place), _said("time", precision)])
    if band and told.age_band == band.life:
        form.add("as", "age_band life")
    return form


def stepped(form: Form) -> Form:
    """Return *form* after the step that was pressed in it: of a ladder, or such as ``could_know 5+``."""
    name, _, value = form.get("step", "").partition(" ")
    after = Form([pair for pair in form.items(multi=True) if pair[0] != "step"])
    if name in STEPS:
        _put(after, name, value)
    elif name == "could_know":
        after[name] = value
    return after


def eased(form: Form, before: LeadDraft, after: LeadDraft) -> Form:
    """Return *form* with the steps that led from one draft to the other."""
    taken = Form(list(form.items(multi=True)))
    for fact in LADDERS:
        if (step := _step_of(after, fact)) != _step_of(before, fact):
            _put(taken, fact, step)
    return taken


def finest(form: Form) -> Form:
    """Return *form* as if nothing of it was to be told more coarsely."""
    whole = Form([pair for pair in form.items(multi=True) if pair[0] != "as"])
    if _number(_line(form, "day")):
        whole.add("as", _said("time", Precision.DAY))
    return whole


def steps_in(form: Form) -> dict[str, str]:
    """Return the step of each fact; the finest where *form* says none, as long as nothing else is the rule."""
    said = dict(one.partition(" ")[::2] for one in form.getlist("as"))
    return {
        fact: said[fact] if said.get(fact) in steps else _finest(fact, steps)
        for fact, steps in STEPS.items()
    }


def draft_of(form: Form, at: datetime) -> LeadDraft:
    """Read the form; what cannot be read there is left out, and then missed by the rules."""
    steps = steps_in(form)

    def typed(name: str, fact: str = "") -> str:
        return "" if steps.get(fact or name, TOLD) == LEFT_OUT else _line(form, name)

    day, is_day = _day(_line(form, "seen"), _line(form, "day"), at)
    place = STEPS["place"].index(steps["place"])
    coarser = {"nationality": "region", "age_band": "life"}
    return LeadDraft(
        country=_line(form, "country"),
        area=_line(form, "area").upper() if place <= 2 else "",
        town=_line(form, "town") if place <= 1 else "",
        venue=_line(form, "venue") if place == 0 else "",
        seen=day,
        precision=Precision(steps["time"]) if is_day else Precision.MONTH,
        people=_number(typed("people")),
        minor="minor" in form and steps["minor"] != LEFT_OUT,
        exploitation=tuple(form.getlist("exploitation")),
        indicators=tuple(form.getlist("indicators")),
        control=tuple(form.getlist("control")),
        sector=_line(form, "sector"),
        person_language=typed("person_language") or None,
        nationality=typed("nationality"),
        age=_number(typed("age", "age_band")),
        gender=typed("gender"),
        plates=_lines(typed("plates")),
        numbers=_lines(typed("numbers")),
        handles=_lines(typed("handles")),
        links=tuple(typed("links").split()),
        headline=_line(form, "headline"),
        summary=_line(form, "summary"),
        language=_line(form, "language") or SOURCE,
        could_know=_one_of(CouldKnow, _line(form, "could_know"), CouldKnow.UNKNOWN),
        warned="warned" in form,
        tlp=_one_of(Tlp, _line(form, "tlp"), Tlp.STRICT),
        reports=_number(_line(form, "reports")) or 1,
        coarser=frozenset(fact for fact, step in coarser.items() if steps[fact] == step),
    )


def _first(
    code_list: CodeList, by_machine: Iterable[str], decided: Mapping[Pair, Decided]
) -> list[str]:
    said = {code: one.is_accepted for (name, code), one in decided.items() if name == code_list}
    accepted = [code for code, is_accepted in said.items() if is_accepted]
    return [*accepted, *(code for code in by_machine if code not in said)]


def _put(form: Form, fact: str, step: str) -> None:
    others = [one for one in form.getlist("as") if one.partition(" ")[0] != fact]
    form.setlist("as", [*others, _said(fact, step)])


def _said(fact: str, step: str) -> str:
    return f"{fact} {step}".strip()


def _finest(fact: str, steps: Sequence[str]) -> str:
    return Precision.MONTH if fact == "time" else steps[0]


def _step_of(draft: LeadDraft, fact: str) -> str:
    if fact == "place":
        return next((name for name in STEPS[fact] if getattr(draft, name)), "country")
    finest, *rest = STEPS[fact]
    value: Any = getattr(draft, "age" if fact == "age_band" else fact)
    if value in (None, "", False):
        return LEFT_OUT
    return rest[0] if fact in draft.coarser else finest


def _day_of(told: Disclosure) -> tuple[date, Precision]:
    """Return a day of when it was seen, and how finely that was told."""
    year, is_week, week = told.seen.partition("-W")
    if is_week:
        return date.fromisocalendar(int(year), int(week), 1), Precision.WEEK
    if told.seen:
        return date.fromisoformat(told.seen), Precision.DAY
    return date.fromisoformat(f"{told.month}-01"), Precision.MONTH


def _day(month: str, day: str, at: datetime) -> tuple[date, bool]:
    """Return the day that was typed and whether one was; otherwise the first of the month, this one where none is said."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        first = at.date().replace(day=1)
    later = first + timedelta(days=(_number(day) or 0) - 1)
    is_day = bool(_number(day)) and later.month == first.month
    return (later, True) if is_day else (first, False)


def _line(form: Form, name: str) -> str:
    return form.get(name, "").strip()[: _LONGEST.get(name, 40)]


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


def _one_of(kind: type[Choice], value: str, otherwise: Choice) -> Choice:
    return kind(value) if value in [one.value for one in kind] else otherwise
