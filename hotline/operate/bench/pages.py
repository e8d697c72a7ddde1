"""The queue at the size of a flood: whole pages of it at the start, in the middle and at the end, and a report's page.

Each page is asked for as a browser does, signed in, over a million open reports: 50 rows with their previews and
contact records opened, what stands beside them, and the number in each view. What counts is the processor's time,
the database's with ours, so that neighbours on a shared machine do not count. The floor is a hundred bare HPKE
unwraps, which such a page cannot do without, of the same minute.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from hotline import triage
from hotline.errors import Misconfigured
from hotline.operate.bench import million
from hotline.operate.bench.chaos.servers import postgres
from hotline.operate.bench.million import AT, NUMBER_OF_MESSAGES, RARE, Desk, place
from hotline.operate.bench.rig import GONE
from hotline.store import Store
from hotline.triage import finding
from hotline.triage.filtering import Filters
from hotline.triage.rows import QueuePage
from hotline.vault.envelope import new_secret, unwrap_secret, wrap_secret
from hotline.vault.keys import PrivateKey

ROWS = 1_000_000
_ROUNDS, _PAGE = 31, 50
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made there.

Place = dict[str, str]


def measure(rows: int = ROWS) -> dict[str, float]:
    """Return the processor's time of whole pages over *rows* reports, in milliseconds; on PostgreSQL too, where it is."""
    figures: dict[str, float] = {}
    memory = _IN_MEMORY if _IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="hotline", dir=memory) as folder:
        figures |= _on("SQLite", Path(folder), f"sqlite:///{Path(folder) / 'hotline.db'}", rows)
    # Who only runs the hotline has no PostgreSQL of the tests'.
    with (
        suppress(Misconfigured),
        postgres() as url,
        tempfile.TemporaryDirectory(prefix="hotline") as folder,
    ):
        figures |= _on("PostgreSQL", Path(folder), url, rows)
    return figures


def _on(database: str, folder: Path, url: str, rows: int) -> dict[str, float]:
    with million.desk(folder, url, rows) as desk:
        queue: dict[str, Place] = {
            "first page": {},
            "middle page": {"after": place(desk.hotline.store, rows // 2)},
            "last page": {"after": place(desk.hotline.store, -_PAGE)},
            "one language in 10,000": {"language": RARE},
            "nobody opened it yet, one in 1,000": {"view": "unread"},
            "overdue": {"view": "overdue"},
            "may be written to now": {"view": "window"},
        }
        report_id = _seal(desk, list(queue.values()))
        calls: dict[str, Callable[[], object]] = {
            name: partial(desk.opens, **asked) for name, asked in queue.items()
        }
        calls |= {
            f"a report of {NUMBER_OF_MESSAGES} messages": partial(
                desk.gets, f"/console/report/{report_id}"
            ),
            "nothing new": desk.asks_for_news,
            "a search that fits one in 10,000": partial(_search, desk.hotline.store),
        }
        took = dict(_measured(desk.hotline.store, calls, Floor()))
    took["last over first"] = took["last page, over the floor"] / took["first page, over the floor"]
    return {f"{database}, {rows:,} open: {name}": value for name, value in took.items()}


def _seal(desk: Desk, asked: list[Place]) -> str:
    """Seal what the pages *asked* for show, and return a report with a conversation."""
    first, *_ = (row.id for row in _page(desk, {}).rows)
    desk.seal([first], number=NUMBER_OF_MESSAGES)
    for one in asked:
        desk.seal(row.id for row in _page(desk, one).rows)
    return first


def _page(desk: Desk, asked: Place) -> QueuePage:
    filters = Filters(languages=(asked["language"],)) if "language" in asked else Filters()
    with desk.hotline.store.read() as session:
        return triage.queue_page(
            session,
            desk="main",
            view=asked.get("view", "open"),
            at=AT,
            staff_id=desk.staff_id,
            after=asked.get("after", ""),
            limit=2 * _PAGE,
            filters=filters,
        )


def _search(store: Store) -> None:
    facts = finding.Facts(Filters(languages=(RARE,)))
    with store.read() as session:
        finding.found_page(session, desk="main", staff_id="", facts=facts)


class Floor:
    """The bare HPKE unwraps of a page of the queue: a preview and a contact for each row."""

    def __init__(self) -> None:
        self._private = PrivateKey.fresh()
        secrets = (new_secret() for _ in range(2 * _PAGE))
        self._wraps = [wrap_secret(one, self._private.public, info=b"floor") for one in secrets]

    def __call__(self) -> None:
        for wrap in self._wraps:
            unwrap_secret(wrap, self._private, info=b"floor")


def _measured(
    store: Store, calls: dict[str, Callable[[], object]], floor: Floor
) -> Iterator[tuple[str, float]]:
    """Yield what each of *calls* took, and that over the floor, which is measured again beside each."""
    for name, call in calls.items():
        call()
        took, floors = [], []
        for _ in range(_ROUNDS):
            start = time.process_time()
            floor()
            floors.append(time.process_time() - start)
            before = _processor_seconds(store)
            call()
            took.append(_processor_seconds(store) - before)
        yield f"{name}, ms", statistics.median(took) * 1000
        yield f"{name}, over the floor", statistics.median(took) / statistics.median(floors)


def _processor_seconds(store: Store) -> float:
    """Return what this process has used of the processor, and what serves it on PostgreSQL."""
    if store.is_sqlite:
        return time.process_time()
    with store.read() as session:
        asked = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        pids = session.exec_driver_sql(asked).scalars().all()
    ours = time.process_time()
    return ours + sum(_of_process(pid) for pid in pids)


def _of_process(pid: int) -> float:
    with suppress(*GONE):
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    return 0.0
