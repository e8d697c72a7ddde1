"""The form of a packet: what it suggests, what was ticked and typed in it, and who may answer until when."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from werkzeug.datastructures import MultiDict

from hotline.consent import HANDOFF
from hotline.console.wishes import Wishes
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
    {"area": packet.SHORT, "hours": packet.SHORT, "name": packet.SHORT, "account": packet.ACCOUNT}
)
"""Facts that are typed, and how long each may be."""

ANSWER_WITHIN: Mapping[Urgency, int] = MappingProxyType(
    {Urgency.IMMEDIATE: 15, Urgency.HIGH: 60, Urgency.NORMAL: 24 * 60}
)
"""Minutes in which an answer is asked for, as urgent as the report is."""

WAITS = (15, 30, 60, 4 * 60, 24 * 60)
_FIRST_TICKED = ("need", "language", "urgency")
_LASTS = timedelta(days=7)
_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Terms:
    """Until which day the packet opens, in how many minutes an answer is asked for, and in which language the page is."""

    until: date | None
    within: int
    speaks: str


def first_form(
    facts: ReportFacts, need: str, wishes: Wishes | None, may: Collection[str], *, last: date | None
) -> Form:
    """Return what the form suggests: what is known in codes, of which little is ticked."""
    known = {"need": need, "language": facts.language, "urgency": facts.urgency}
    if facts.minor:
        known["age_band"] = "child"
    if wishes is not None:
        known |= _known_by(wishes)
    form = Form([(name, str(value)) for name, value in known.items() if value not in ("", "und")])
    ticked = [name for name in _FIRST_TICKED if name in may and name in form]
    form.setlist("fields", ticked)
    if wishes is not None and "step_free" in wishes.marks:
        form.add("accessibility", "step_free")
    form["within"] = str(ANSWER_WITHIN.get(facts.urgency, _DAY))
    form["until"] = last.isoformat() if last else ""
    return form


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


def _known_by(wishes: Wishes) -> dict[str, str]:
    """Return what was asked for of a service and says something of the person."""
    person = wishes.person
    known = {"area": wishes.where, "gender": person.gender or "", "age_band": wishes.age}
    known["with_children"] = "yes" if person.with_children else ""
    return {name: value for name, value in known.items() if value}


def _value(form: Form, name: str) -> Any:
    if name not in SOME_OF:
        return form.get(name, "").replace("\r\n", "\n").strip()
    codes = [code for code in SOME_OF[name] if code in form.getlist(name)]
    words = form.get(f"{name}_words", "").strip() if name in AND_WORDS else ""
    return [*codes, words] if words else codes


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
