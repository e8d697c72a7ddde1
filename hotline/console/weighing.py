"""How coarse each fact of a lead leaves, and how many it could be of at each step: the table of facts on its page."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hotline.console.lead_forms import STEPS, Form, draft_of, finest, steps_in
from hotline.leads import crowds
from hotline.leads.crowds import Step, climbed
from hotline.leads.disclose import Disclosure, LeadDraft, Precision, coarse
from hotline.leads.drafts import UNKNOWN
from hotline.leads.gating import FACTS
from hotline.leads.ladders import LEFT_OUT
from hotline.store import Session


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: *value* is what it tells; *have*, of how many, or None where nobody is counted.

    *is_shut* where too few share it, or where nothing so fine is known.
    """

    step: str
    value: str
    is_chosen: bool
    have: int | None = None
    is_shut: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """One fact and its ladder, empty while nothing is known of it; *eased* is why it was told more coarsely."""

    name: str
    rungs: tuple[Rung, ...]
    eased: Step | None = None

    @property
    def have(self) -> int | None:
        """Of how many it could be, by itself, as it leaves now."""
        return next((rung.have for rung in self.rungs if rung.is_chosen), None)


def rows_of(
    session: Session,
    report_id: str,
    form: Form,
    eased: Iterable[Step],
    *,
    k: int,
    at: datetime,
) -> Mapping[str, Row]:
    """Return each fact that has a ladder, by its name. Steps of *eased* were just taken, to let the lead pass."""
    steps, why = steps_in(form), {step.field: step for step in eased}
    whole, bare = draft_of(finest(form), at), _bare(coarse(draft_of(form, at)))

    def count(name: str, value: str) -> int:
        alone: dict[str, Any] = {name: value}
        return crowds.judge(session, report_id, replace(bare, **alone), k=k, at=at).k

    return {
        name: Row(name, _rungs(name, whole, steps[name], count, k), why.get(name)) for name in STEPS
    }


def _rungs(
    name: str, whole: LeadDraft, chosen: str, count: Callable[[str, str], int], k: int
) -> tuple[Rung, ...]:
    values = {step: _value(name, step, whole) for step in STEPS[name]}
    if not any(values.values()):
        return ()
    # What is not known so finely leaves at the next step that is.
    after = STEPS[name][STEPS[name].index(chosen) :]
    leaves_as = next((step for step in after if values[step] or step == LEFT_OUT), after[-1])
    return tuple(
        _rung(name, step, value, step == leaves_as, count, k) for step, value in values.items()
    )


def _rung(
    name: str, step: str, value: str, is_chosen: bool, count: Callable[[str, str], int], k: int
) -> Rung:
    have = count(name, value) if name in FACTS and value else None
    is_few = have is not None and have < k
    is_shut = not is_chosen and (is_few or (not value and step != LEFT_OUT))
    return Rung(step, value, is_chosen, have, is_shut)


def _value(name: str, step: str, whole: LeadDraft) -> str:
    """Return what *step* of a ladder tells of all that is known; empty where nothing is."""
    if step == LEFT_OUT:
        return ""
    if name == "place":
        return str(getattr(whole, step))
    if name == "time":
        return _time(Precision(step), whole)
    if name in FACTS:
        return _told(coarse(climbed(whole, {name: step})), name)
    return _told(coarse(whole), name)


def _time(step: Precision, whole: LeadDraft) -> str:
    if step is Precision.MONTH:
        return f"{whole.seen:%Y-%m}"
    is_known = whole.precision is not Precision.MONTH
    return coarse(replace(whole, precision=step)).seen if is_known else ""


def _bare(told: Disclosure) -> Disclosure:
    """Return *told* without the words and what tells of the person: the place alone narrows whom it could be of."""
    return replace(
        told,
        person_language="",
        nationality="",
        age_band="",
        gender="",
        minor=UNKNOWN,
        summary="",
        headline="",
        translations={},
    )


def _told(told: Disclosure, name: str) -> str:
    value = getattr(told, name)
    if isinstance(value, tuple):
        return "\n".join(value)
    return "" if value == UNKNOWN else value
