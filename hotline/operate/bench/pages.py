"""Pages over many rows: the same time at the start, in the middle and at the end."""

import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import insert

from hotline import triage
from hotline.domain.report import Channel, Status, day
from hotline.migrations import create_all
from hotline.reports.tables import reports
from hotline.store import Session, Store, new_id

_ROWS, _BATCH, _ROUNDS = 200_000, 10_000, 200
_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def measure() -> dict[str, float]:
    """Return the time of a page of 50 of the queue among many open reports, previews apart."""
    with tempfile.TemporaryDirectory(prefix="hotline") as folder:
        store = Store(f"sqlite:///{Path(folder) / 'hotline.db'}")
        create_all(store)
        for _ in range(_ROWS // _BATCH):
            store.write(_fill)
        cursors = _cursors(store)
        figures = {
            f"queue page of 50 of {_ROWS:,}, {name}, ms": _median(partial(_page, store, at))
            for name, at in cursors.items()
        }
        store.close()
    first, *_, last = figures.values()
    return {**figures, "last over first": last / first}


def _fill(session: Session) -> None:
    session.execute(insert(reports), [_report() for _ in range(_BATCH)])


def _report() -> dict[str, object]:
    since = _AT - timedelta(minutes=random.randrange(100_000))
    return {
        "id": new_id(),
        "desk": "main",
        "channel": Channel.SMS,
        "locale": "en",
        "locale_is_chosen": False,
        "language": "en",
        "country": "US",
        "day": day(since),
        "status": Status.OPEN,
        "urgency": random.choice((0, 1, 1, 2, 2, 3)),
        "minor": False,
        "bystander": False,
        "needs": [],
        "indicators": [],
        "rules": [],
        "messages": 1,
        "unanswered": True,
        "waiting_since": since,
    }


def _cursors(store: Store) -> dict[str, str]:
    """Return where the first, a middle and the last page begin, found by walking in large steps."""
    places = [""]
    while True:
        page = _page(store, places[-1], limit=2000)
        if not page.next:
            break
        places.append(page.next)
    return {"first": "", "middle": places[len(places) // 2], "last": places[-1]}


def _page(store: Store, after: str, limit: int = 50) -> triage.QueuePage:
    with store.read() as session:
        return triage.queue_page(
            session, desk="main", view="open", at=_AT, staff_id="", after=after, limit=limit
        )


def _median(call: Callable[[], object]) -> float:
    took = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        call()
        took.append(time.perf_counter() - start)
    return sorted(took)[_ROUNDS // 2] * 1000
