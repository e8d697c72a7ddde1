"""The form of a packet: what it suggests, what was ticked and typed in it, and who may answer until when."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import zip_longest
from types import MappingProxyType
from typing import Any

from werkzeug.datastructures import MultiDict

from hotline.consent import HANDOFF
from hotline.console.wishes import Wishes
from hotline.contact.hours import Window
from hotline.domain.urgency import Need, Urgency
from hotline.handoff import packet
from hotline.triage import ReportFacts

Form = MultiDict[str, str]

ONE_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "need": tuple(Need),
        "age_band": packet.AGE_BANDS,
        "gender": packet.GENDERS,
        "with_children": packet.CHILDREN,
        "urgency": tuple(packet.URGENCIES),
    }
)
"""Facts that are one code of a list."""

SOME_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "accessibility": packet.ACCESSIBILITY,
        "contact": packet.CONTACT,
        "do_not": packet.DO_NOT,
    }
)
"""Facts that are any codes of a list."""

AND_WORDS: Mapping[str, int] = MappingProxyType({"contact": packet.SHORT, "do_not": packet.WORDS})
"""Those of them that may have one text beside the codes, and how long that may be."""

TYPED: Mapping[str, int] = MappingProxyType(
    {"area": packet.SHORT, "name": packet.SHORT, "account": packet.ACCOUNT}
)
"""Facts that are typed, and how long each may be."""

EVERY_DAY = "mon-sun"
DAYS = (EVERY_DAY, "mon-fri", "sat-sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
TIMES = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(0, 24 * 60, 30))
WINDOWS = 3
"""Hours are chosen in so many rows: days, from, until."""

ANSWER_WITHIN: Mapping[Urgency, int] = MappingProxyType(
    {Urgency.IMMEDIATE: 15, Urgency.HIGH: 60, Urgency.NORMAL: 24 * 60}
)
"""Minutes in which an answer is asked for, as urgent as the report is."""

WAITS = (15, 30, 60, 4 * 60, 24 * 60)
_LASTS = timedelta(days=7)
_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Terms:
    """Until which day the packet opens, in how many minutes an answer is asked for, and in which language the page is."""

    until: date | None
    within: int
    speaks: str


def first_form(
    facts: ReportFacts,
    need: str,
    wishes: Wishes | None,
    may: Collection[str],
    *,
    last: date | None,
    hours: Window | None = None,
) -> Form:
    """Return what the form suggests: what is known, ticked where it *may* be told. *hours* are the person's own."""
    form = Form(_known(facts, need, wishes))
    known = set(form)
    if hours is not None:
        known.add("hours")
        form["hours_days"], form["hours_zone"] = EVERY_DAY, hours.zone.key
        form["hours_from"], form["hours_until"] = f"{hours.start:%H:%M}", f"{hours.end:%H:%M}"
    form.setlist("fields", [name for name in HANDOFF if name in may and name in known])
    form["within"] = str(ANSWER_WITHIN.get(facts.urgency, _DAY))
    form["until"] = last.isoformat() if last else ""
    return form


def suggested_fields(facts: ReportFacts, need: str, wishes: Wishes | None) -> tuple[str, ...]:
    """Return the facts that are known, and that a service could be told."""
    known = {name for name, _ in _known(facts, need, wishes)}
    return tuple(name for name in HANDOFF if name in known)


def rows_of(form: Form) -> list[tuple[str, str, str]]:
    """Return days, beginning and end of each row of hours in *form*, and of empty ones behind them."""
    days, starts, ends = (form.getlist(f"hours_{name}") for name in ("days", "from", "until"))
    found = [row for row in zip_longest(days, starts, ends, fillvalue="") if row[1] or row[2]]
    return [*found, *[(EVERY_DAY, "", "")] * WINDOWS][:WINDOWS]


def first_until(last: date, at: datetime) -> date:
    """Return the day that is suggested: within a week, and never after *last*."""
    return min(last, (at + _LASTS).date())


def values_of(form: Form) -> dict[str, Any]:
    """Return the facts that are ticked in *form*, as a packet takes them; `packet.compose` judges each."""
    return {name: _value(form, name) for name in HANDOFF if name in form.getlist("fields")}


def terms_of(form: Form, *, speaks: Collection[str], otherwise: str) -> Terms:
    """Return the terms that *form* says; *speaks* are the languages of our pages."""
    within = next((one for one in WAITS if str(one) == form.get("within")), _DAY)
    chosen = form.get("speaks", "")
    return Terms(_day(form.get("until", "")), within, chosen if chosen in speaks else otherwise)


def _known(facts: ReportFacts, need: str, wishes: Wishes | None) -> list[tuple[str, str]]:
    """Return what is known of the person: by the report, and by what was asked for of a service."""
    known = {"need": need, "language": facts.language, "urgency": str(facts.urgency)}
    known["age_band"] = "child" if facts.minor else ""
    if wishes is not None:
        person = wishes.person
        known |= {"area": wishes.where, "gender": person.gender or ""}
        known["age_band"] = wishes.age or known["age_band"]
        known["with_children"] = "yes" if person.with_children else ""
        known["accessibility"] = "step_free" if "step_free" in wishes.marks else ""
    return [(name, value) for name, value in known.items() if value not in ("", "und")]


def _value(form: Form, name: str) -> Any:
    if name == "hours":
        return _hours(form)
    if name not in SOME_OF:
        return form.get(name, "").replace("\r\n", "\n").strip()
    codes = [code for code in SOME_OF[name] if code in form.getlist(name)]
    words = form.get(f"{name}_words", "").strip() if name in AND_WORDS else ""
    return [*codes, words] if words else codes


def _hours(form: Form) -> str:
    """Return hours as a packet has them; what has no beginning, or no end, is none."""
    windows = [
        f"{days} {start}-{end}".strip() for days, start, end in rows_of(form) if start or end
    ]
    return " ".join(filter(None, (", ".join(windows), form.get("hours_zone", ""))))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
