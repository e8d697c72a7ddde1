"""Counting a year of a million reports, day by day, and telling a month of it: what a page costs is not what came."""

import random
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from hotline.domain.report import Channel, Status
from hotline.domain.urgency import Indicator, Need
from hotline.migrations import create_all
from hotline.reports.tables import reports
from hotline.store import Session, Store, new_id
from hotline.triage import months
from hotline.triage.statistics import count_day, count_due, days_of

_ROWS, _BATCH, _ROUNDS = 1_000_000, 20_000, 50
_FIRST, _END = date(2025, 1, 1), date(2026, 1, 1)
_AT = datetime(2026, 1, 4, 12, tzinfo=UTC)
_DESK = "main"


def measure() -> dict[str, float]:
    """Return what counting a day takes, and what telling a month takes afterwards."""
    with tempfile.TemporaryDirectory(prefix="hotline") as folder:
        store = Store(f"sqlite:///{Path(folder) / 'hotline.db'}")
        create_all(store)
        for _ in range(_ROWS // _BATCH):
            store.write(_fill)
        took = []
        for day in days_of(_FIRST, _END):
            start = time.perf_counter()
            count_day(store, _DESK, day)
            took.append(time.perf_counter() - start)
        start = time.perf_counter()
        count_due(store, [_DESK], at=_AT)
        nothing = time.perf_counter() - start
        told = _told(store)
        store.close()
    took.sort()
    return {
        f"a day of a year of {_ROWS:,} counted, median, ms": took[len(took) // 2] * 1000,
        f"a day of a year of {_ROWS:,} counted, longest, ms": took[-1] * 1000,
        "the whole year counted, s": sum(took),
        "a sweep that finds nothing to count, ms": nothing * 1000,
        "the charts of a month, median, ms": told * 1000,
    }


def _told(store: Store) -> float:
    took = []
    for number in range(_ROUNDS):
        start = time.perf_counter()
        with store.read() as session:
            name = months.months(session, _DESK)[number % 12]
            months.month(session, _DESK, name)
        took.append(time.perf_counter() - start)
    return sorted(took)[_ROUNDS // 2]


def _fill(session: Session) -> None:
    session.execute(insert(reports), [_report() for _ in range(_BATCH)])


def _report() -> dict[str, object]:
    day = _FIRST + timedelta(days=random.randrange(365))
    return {
        "id": new_id(),
        "desk": _DESK,
        "channel": random.choice((Channel.SMS, Channel.WEB, Channel.WHATSAPP, Channel.VOICE)),
        "locale": "en",
        "locale_is_chosen": False,
        "language": random.choice(("en", "es", "ar", "ti", "vi", "ro", "bn", "und")),
        "country": "US",
        "day": day.isoformat(),
        "status": Status.CLOSED,
        "urgency": random.choice((0, 1, 1, 2, 2, 3)),
        "minor": False,
        "bystander": False,
        "needs": sorted(random.sample(list(Need), random.randrange(4))),
        "indicators": sorted(random.sample(list(Indicator), random.randrange(4))),
        "rules": [],
        "messages": 1,
        "unanswered": False,
        "waiting_since": None,
    }
