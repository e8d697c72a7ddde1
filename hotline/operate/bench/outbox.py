"""Jobs: how many a second, how soon after they were asked for, and what RQ does alone in the same minutes.

Of the outbox itself, of the worker inside the one process on SQLite, and of workers beside PostgreSQL to which RQ carries the bell.
The work is next to nothing (to look for something that is gone), so that what remains is what a job costs.
"""

import logging
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import func, select

from hotline import jobs, worker
from hotline.errors import Misconfigured, Unavailable
from hotline.jobs.tables import jobs as rows
from hotline.operate.bench import floors
from hotline.operate.bench.chaos.house import founded
from hotline.operate.bench.chaos.servers import RedisServer, postgres
from hotline.operate.bench.million import desk
from hotline.operate.bench.timing import seconds
from hotline.parts import Hotline
from hotline.store import Session, Store, new_id
from hotline.worker import claiming

_BATCH, _RINGS, _ALONE = 50, 100, 500
_PATIENCE = 120.0
_NOTHING, _GONE = "nothing", "erase"


def measure(many: int = 20_000) -> dict[str, float]:
    """Return the figures of *many* jobs, embedded, and where the tests' servers are at hand, of workers elsewhere."""
    figures = _embedded(many)
    with suppress(Misconfigured), tempfile.TemporaryDirectory(prefix="redis") as folder:
        redis = RedisServer(Path(folder))
        redis.starts()
        try:
            alone = _rq_alone(redis)
            figures |= _on_many(many, redis)
        finally:
            redis.kills()
        its = figures["PostgreSQL, one worker that RQ rings: jobs/s"]
        figures["peer: RQ alone, SimpleWorker, jobs/s"] = alone
        figures["  PostgreSQL, one worker over RQ alone"] = its / alone
        figures["  outbox on SQLite in batches, over RQ alone"] = (
            figures["outbox on SQLite, batches of 50: jobs/s (aim: 20,000 or more)"] / alone
        )
        figures["  embedded worker, over RQ alone"] = (
            figures["SQLite, embedded worker: jobs/s"] / alone
        )
    return figures


def _embedded(many: int) -> dict[str, float]:
    with (
        tempfile.TemporaryDirectory(prefix="hotline") as name,
        desk(Path(name), f"sqlite:///{Path(name) / 'hotline.db'}", 0, clock=_now) as one,
    ):
        hotline, syncs = one.hotline, floors.fdatasyncs_per_second(Path(name))
        _ask(hotline.store, _NOTHING, many)
        batched = many / seconds(partial(_in_batches, hotline.store))
        with _quiet(), _nothing_to_do(lambda: None):
            _ask(hotline.store, _NOTHING, many // 4)
            worked = many // 4 / seconds(partial(_work_off, hotline))
            rung = sorted(_rings(hotline))
    return {
        "floor: fdatasync/s": syncs,
        "outbox on SQLite, batches of 50: jobs/s (aim: 20,000 or more)": batched,
        "SQLite, embedded worker: jobs/s": worked,
        "  over fdatasync/s": worked / syncs,
        "SQLite, embedded: from asked for to begun, ms": median(rung) * 1000,
        "SQLite, embedded: from asked for to begun at 99%, ms": rung[int(len(rung) * 0.99)] * 1000,
    }


def _in_batches(store: Store) -> None:
    """Claim and delete what is due, a batch a transaction each, as fast as the outbox allows."""

    def some(session: Session) -> int:
        batch = jobs.claim(session, jobs.Priority.PEOPLE, at=_now(), limit=_BATCH)
        jobs.done(session, *batch)
        return len(batch)

    while store.write(some):
        pass


def _work_off(hotline: Hotline) -> None:
    while worker.work_off(hotline):
        pass


def _rings(hotline: Hotline) -> Iterator[float]:
    """Yield how long it took until the embedded worker began with a job, since it was asked for and kept."""
    begun = threading.Event()
    embedded = worker.Embedded(hotline)
    hotline.store.on_jobs(embedded.ring)
    embedded.start()
    with _nothing_to_do(begun.set):
        for _ in range(_RINGS):
            begun.clear()
            start = time.perf_counter()
            _ask(hotline.store, _NOTHING, 1)
            if not begun.wait(_PATIENCE):
                raise Unavailable("a job was not begun")
            yield time.perf_counter() - start
    embedded.stop()


def _on_many(many: int, redis: RedisServer) -> dict[str, float]:
    """Return what workers in processes of their own do, over PostgreSQL."""
    figures = {}
    with postgres() as url, founded(url) as house:
        house.env["REDIS_URL"] = f"redis://127.0.0.1:{redis.port}/0"
        for number, name in ((1, "one worker"), (4, "four workers")):
            house.workers = number
            house.opens()
            _until_done(house.hotline.store, _ask(house.hotline.store, _GONE, 10))
            asked = _ask(house.hotline.store, _GONE, many // 4)
            took = seconds(partial(_until_done, house.hotline.store, asked))
            figures[f"PostgreSQL, {name} that RQ rings: jobs/s"] = asked / took
    return figures


def _until_done(store: Store, _asked: int) -> None:
    count = select(func.count()).where(rows.c.name == _GONE).select_from(rows)
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        with store.read() as session:
            if not session.execute(count).scalar_one():
                return
        time.sleep(0.02)
    raise Unavailable("jobs were not done")


def _rq_alone(redis: RedisServer) -> float:
    """Return how many jobs a second RQ's quickest worker does, each a call of nothing."""
    queue = Queue("bench", connection=redis.client, serializer=JSONSerializer)
    for _ in range(_ALONE):
        queue.enqueue("time.time", description="nothing", result_ttl=0)
    its = SimpleWorker([queue], connection=redis.client, serializer=JSONSerializer)
    return _ALONE / seconds(lambda: its.work(burst=True, logging_level="WARNING"))


def _ask(store: Store, name: str, many: int) -> int:
    """Ask for *many* jobs of no consequence, in one transaction, and return how many."""

    def ask(session: Session) -> None:
        for _ in range(many):
            jobs.later(session, jobs.Job(name, new_id()))

    store.write(ask)
    return many


@contextmanager
def _nothing_to_do(call: Callable[[], None]) -> Iterator[None]:
    """Let the worker know a job that only calls *call*."""
    before = worker.WORK.get(_NOTHING)
    worker.WORK[_NOTHING] = lambda _hotline, _ref: call()
    try:
        yield
    finally:
        worker.WORK.pop(_NOTHING)
        if before:
            worker.WORK[_NOTHING] = before


@contextmanager
def _quiet() -> Iterator[None]:
    """Write no line for each job."""
    before = claiming.log.level
    claiming.log.setLevel(logging.WARNING)
    try:
        yield
    finally:
        claiming.log.setLevel(before)


def _now() -> datetime:
    return datetime.now(UTC)
