"""Months that the demo's desk never had: figures, so that whoever tries it sees charts at once. No report stands behind them."""

import random
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import insert

from hotline.domain.outcome import Outcome
from hotline.domain.quarter import first_day, quarter_name
from hotline.domain.report import Channel
from hotline.domain.urgency import Indicator, Need, Urgency
from hotline.reports.tables import closings, first_answers
from hotline.store import Session
from hotline.triage.publishing import Act, Counts, tell
from hotline.triage.refusals import Reason
from hotline.triage.statistics import DAY, Facet, days_of, month_name, settled
from hotline.triage.tables import quarters, statistics
from hotline.triage.tallying import is_settled

T = TypeVar("T")

_MONTHS = 6
_QUARTERS = 5
_A_DAY = (3, 4, 5, 5, 6, 7, 8, 9)
_CHANNELS = {
    Channel.SMS: 40,
    Channel.WEB: 30,
    Channel.WHATSAPP: 20,
    Channel.VOICE: 9,
    Channel.PAPER: 1,
}
_LANGUAGES = {"es": 34, "en": 27, "ar": 16, "vi": 9, "ro": 7, "ti": 5, "bn": 2}
_COUNTRIES = {"US": 44, "MX": 17, "GB": 12, "KE": 9, "LB": 6, "VN": 5, "MT": 2, "SG": 1, "": 4}
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


_ACTS = {
    Act.RELEASED: 70,
    Act.RECALLED: 5,
    Act.ERASED: 130,
    Act.REVEALED: 55,
    Act.EMERGENCY: 8,
    Act.TOLD_EMERGENCY: 7,
    Act.TOLD_LAW: 2,
    Act.LEGAL_RECEIVED: 6,
    Act.LEGAL_OBJECTED: 5,
}
_REASONS = {Reason.CONSENT: 40, Reason.WORDS: 22, Reason.FEW: 12, Reason.ACT: 7, Reason.CHILD: 3}


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
    _quarters(session, at)


def _quarters(session: Session, at: datetime) -> None:
    """Let the quarters before *at* that are settled be told."""
    lot = random.Random("quarters")
    last = first_day(quarter_name(at.date()))
    for number in range(_QUARTERS + 1, 0, -1):
        first = last
        for _ in range(number):
            first = first_day(quarter_name(first - DAY))
        if is_settled(first, at=at):
            rows = tell(_counts(lot), lambda: 0)
            name = quarter_name(first)
            session.execute(
                insert(quarters),
                [{"quarter": name, "facet": f, "code": code, "count": n} for f, code, n in rows],
            )


def _counts(lot: random.Random) -> Counts:
    countries = Counter(_one(lot, _COUNTRIES) for _ in range(lot.randrange(420, 620)))
    counts = {urgency: weight * lot.randrange(4, 6) for urgency, weight in _URGENCIES.items()}
    return Counts(
        received=sum(countries.values()),
        countries=countries,
        answers={u: (count, int(count * _IN_TIME[u])) for u, count in counts.items()},
        acts={act: lot.randrange(most // 2, most + 1) for act, most in _ACTS.items()},
        reasons={reason: lot.randrange(most // 2, most + 1) for reason, most in _REASONS.items()},
        complaints={"": lot.randrange(3, 9)},
    )


def _day(lot: random.Random, desk: str, day: date) -> list[dict[str, object]]:
    found: Counter[tuple[str, str]] = Counter({(Facet.ALL, ""): 0})
    for _ in range(lot.choice(_A_DAY)):
        found[Facet.ALL, ""] += 1
        found[Facet.CHANNEL, _one(lot, _CHANNELS)] += 1
        found[Facet.LANGUAGE, _one(lot, _LANGUAGES)] += 1
        found[Facet.COUNTRY, _one(lot, _COUNTRIES)] += 1
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
