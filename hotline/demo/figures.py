"""Months that the demo's desk never had: figures, so that whoever tries it sees charts at once. No report stands behind them."""

import random
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import insert

from hotline.domain.outcome import Outcome
from hotline.domain.report import Channel
from hotline.domain.urgency import Indicator, Need, Urgency
from hotline.reports.tables import closings, first_answers
from hotline.store import Session
from hotline.triage.statistics import DAY, Facet, days_of, month_name, settled
from hotline.triage.tables import statistics

T = TypeVar("T")

_MONTHS = 6
_A_DAY = (3, 4, 5, 5, 6, 7, 8, 9)
_CHANNELS = {
    Channel.SMS: 40,
    Channel.WEB: 30,
    Channel.WHATSAPP: 20,
    Channel.VOICE: 9,
    Channel.PAPER: 1,
}
_LANGUAGES = {"es": 34, "en": 27, "ar": 16, "vi": 9, "ro": 7, "ti": 5, "bn": 2}
_URGENCIES = {Urgency.IMMEDIATE: 12, Urgency.HIGH: 30, Urgency.NORMAL: 45, Urgency.NONE: 13}
_IN_TIME = {Urgency.IMMEDIATE: 0.96, Urgency.HIGH: 0.9, Urgency.NORMAL: 0.97, Urgency.NONE: 0.97}
_OUTCOMES = {
    Outcome.REFERRED: 30,
    Outcome.SAFE_NOW: 22,
    Outcome.NO_CONTACT: 18,
    Outcome.NOT_TRAFFICKING: 16,
    Outcome.LEAD_SENT: 9,
    Outcome.WITHDREW: 4,
    Outcome.OTHER: 1,
}


def make_up(session: Session, *, desk: str, at: datetime) -> None:
    """Keep figures for the months before *at* that would be settled, the same in every demo."""
    lot = random.Random("figures")
    end = first = settled(at)
    for _ in range(_MONTHS):
        first = (first - DAY).replace(day=1)
    for day in days_of(first, end):
        session.execute(insert(statistics), _day(lot, desk, day))
    for month in sorted({month_name(day) for day in days_of(first, end)}):
        _answers(session, lot, desk, month)


def _day(lot: random.Random, desk: str, day: date) -> list[dict[str, object]]:
    found: Counter[tuple[str, str]] = Counter({(Facet.ALL, ""): 0})
    for _ in range(lot.choice(_A_DAY)):
        found[Facet.ALL, ""] += 1
        found[Facet.CHANNEL, _one(lot, _CHANNELS)] += 1
        found[Facet.LANGUAGE, _one(lot, _LANGUAGES)] += 1
        found[Facet.URGENCY, _one(lot, _URGENCIES)] += 1
        found.update((Facet.NEED, need) for need in lot.sample(list(Need), lot.randrange(1, 4)))
        signs = lot.sample(list(Indicator), lot.randrange(1, 4))
        found.update((Facet.INDICATOR, sign) for sign in signs)
    its = {"desk": desk, "day": day.isoformat()}
    return [{**its, "facet": f, "code": code, "count": many} for (f, code), many in found.items()]


def _answers(session: Session, lot: random.Random, desk: str, month: str) -> None:
    its = {"desk": desk, "month": month}
    answers, ends = [], Counter(_one(lot, _OUTCOMES) for _ in range(lot.randrange(110, 150)))
    for urgency, weight in _URGENCIES.items():
        count = weight * 3 // 2
        late = sum(lot.random() > _IN_TIME[urgency] for _ in range(count))
        row = {"urgency": urgency.rank, "in_time": count - late, "late": late}
        answers.append({**its, **row})
    session.execute(insert(first_answers), answers)
    session.execute(insert(closings), [{**its, "outcome": o, "count": n} for o, n in ends.items()])


def _one(lot: random.Random, weights: Mapping[T, int]) -> T:
    return lot.choices(list(weights), list(weights.values()))[0]
