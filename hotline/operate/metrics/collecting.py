"""What `/metrics` tells: of the house from its database, of the machine, and of the process that is asked."""

import os
import platform
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from itertools import accumulate

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from sqlalchemy import text

from hotline.domain.report import Channel
from hotline.domain.urgency import Urgency
from hotline.errors import HotlineError
from hotline.operate import stamps
from hotline.operate.machine import (
    Disk,
    database_file,
    disk_of,
    open_files,
    resident,
    size_of,
)
from hotline.operate.metrics.meter import KEPT, KINDS, OUTCOMES, STEPS, Counts, Meter
from hotline.operate.pulse import People, Work, people_of, work_of
from hotline.parts import Hotline
from hotline.store import Session
from hotline.worker import WORK

QUARTER = timedelta(minutes=15)
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_FEW = 5
_STEP = 16 << 20
"""Bytes: what one text adds to memory or to a file must not show."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What people did and what came of it, as it stood when a quarter of an hour was full."""

    at: datetime
    people: People
    work: Work
    counts: Counts


class House(Collector):
    """Everything that is told of *hotline*, and of what *meter* counted in this process."""

    def __init__(self, hotline: Hotline, meter: Meter) -> None:
        self._hotline, self._meter = hotline, meter
        self._process = {"process": str(os.getpid())}
        self._began = hotline.clock()
        self._shown: Shown | None = None

    def collect(self) -> Iterator[Metric]:
        """Yield every metric; where the database is away, what is known without it."""
        at = self._hotline.clock()
        try:
            work, size = self._read(at)
        except HotlineError:
            yield _gauge("database_up", "Whether the database answers.", 0)
        else:
            yield _gauge("database_up", "Whether the database answers.", 1)
            yield _gauge("database_bytes", "Size of the database.", _whole(size))
            yield from _of_rounds(work, at)
            if self._shown:
                yield from self._of_people(self._shown.people, self._shown.at)
                yield from _of_jobs(self._shown.work, self._shown.at)
        yield from self._of_the_machine(at)
        yield from self._of_the_process(self._shown.counts if self._shown else Counts())

    def _read(self, at: datetime) -> tuple[Work, int]:
        """Return how the jobs stand, and the bytes of the database; once a quarter note what people did."""
        with self._hotline.store.read() as session:
            work = work_of(session, at=at)
            if self._shown is None or self._shown.at != _quarter(at):
                people = people_of(session, self._hotline.config, at=at)
                self._shown = Shown(_quarter(at), people, work, self._meter.counts())
            return work, _database_size(session)

    def _of_people(self, people: People, at: datetime) -> Iterator[Metric]:
        yield _counter("reports", "Reports that ever came, in fives.", _few(people.came))
        yield _by(
            "reports_today", "Reports of today (UTC), in fives; at most ten thousand of a desk.",
            "channel", {one.value: _few(people.today.get(one, 0)) for one in Channel},
        )  # fmt: skip
        yield _by(
            "waiting_reports", "Open reports, in fives.",
            "urgency", {one.value: _few(people.waiting[one]) for one in Urgency},
        )  # fmt: skip
        yield _by(
            "oldest_wait_seconds", "How long the first of each urgency waits for an answer, in quarters of an hour.",
            "urgency", {one.value: _waits(people.oldest.get(one), at) for one in Urgency},
        )  # fmt: skip
        yield _gauge("text_parts_today", "Parts of SMS sent today, in fives.", _few(people.parts))
        cap = self._hotline.config.spend_parts_per_day
        yield _gauge("text_parts_cap", "Parts of SMS that may be sent in a day.", cap)
        yield _gauge("alerts_open", "Alerts that nobody settled.", people.alerts)
        yield _gauge("pages_unanswered", "Pages that nobody acknowledged.", people.pages)
        yield _gauge("on_duty", "People on duty by the rota.", people.on_duty)

    def _of_the_machine(self, at: datetime) -> Iterator[Metric]:
        keys, file = self._hotline.config.keys, database_file(self._hotline.config)
        disks = {"keys": disk_of(keys), **({"database": disk_of(file.parent)} if file else {})}
        yield _by("disk_free_bytes", "Free on the volume.", "of", _sizes(disks, "free"))
        yield _by("disk_size_bytes", "Size of the volume.", "of", _sizes(disks, "size"))
        if file:
            wal = size_of(file.with_name(f"{file.name}-wal"))
            yield _gauge("wal_bytes", "Size of SQLite's write-ahead log.", _whole(wal))
        for name, told, stamp in (
            ("backup_age_seconds", "Since the last backup that ended well.", stamps.BACKUP),
            ("drill_age_seconds", "Since a backup was last brought back to try it.", stamps.DRILL),
        ):
            if done := stamps.stamped(keys, stamp):
                yield _gauge(name, told, _since(done, at))

    def _of_the_process(self, shown: Counts) -> Iterator[Metric]:
        told = "Webhooks by outcome; those that were kept, as of the last quarter."
        yield _of("webhooks", told, CounterMetricFamily, self._outcomes(shown))
        took = accumulate(shown.took[step] for step in range(len(STEPS) + 1))
        buckets = [
            (str(limit), _few(so_far)) for limit, so_far in zip((*STEPS, "+Inf"), took, strict=True)
        ]
        histogram = HistogramMetricFamily(
            "hotline_webhook_seconds",
            "How long webhooks took that were kept, as of the last quarter, in fives.",
            labels=["process"],
        )
        histogram.add_metric([self._process["process"]], buckets, sum_value=None)
        yield histogram
        numbers = {
            "process_start_time_seconds": (self._began.timestamp(), "When it began."),
            "process_memory_bytes": (_whole(resident()), "Memory that it has for itself."),
            "process_open_files": (
                _few(open_files()),
                "Files and connections that it has open, in fives.",
            ),
        }
        for name, (value, told) in numbers.items():
            yield _of(name, told, GaugeMetricFamily, [(self._process, value)])
        built = {"version": _version(), "python": platform.python_version()}
        yield _of("build_info", "What is running.", GaugeMetricFamily, [(built, 1)])

    def _outcomes(self, shown: Counts) -> list[tuple[Mapping[str, str], float]]:
        """Return how webhooks ended: what went wrong at once, and what was kept as of the last quarter, in fives."""
        now = self._meter.counts().outcomes
        return [
            (
                {"kind": kind, "outcome": outcome, **self._process},
                _few(shown.outcomes[kind, KEPT]) if outcome == KEPT else now[kind, outcome],
            )
            for kind in KINDS
            for outcome in OUTCOMES
        ]


def _of_rounds(work: Work, at: datetime) -> Iterator[Metric]:
    ages = {name: _since(done, at) for name, done in work.rounds.items()}
    yield _by("round_age_seconds", "Since a standing job was last done well.", "job", ages)
    if work.checkpoint_at:
        age = _since(work.checkpoint_at, at)
        yield _gauge("checkpoint_age_seconds", "Since the log was last signed.", age)


def _of_jobs(work: Work, at: datetime) -> Iterator[Metric]:
    """Tell of jobs as they stood: most are asked for by what somebody writes."""
    its = {one.name: one for one in work.kinds if one.name in WORK}
    yield _gauge("jobs", "Jobs that are not done yet, in fives.", _few(work.count))
    late = {name: one.late for name, one in its.items()}
    yield _by("jobs_late", "Jobs that were due ten minutes ago.", "job", late)
    ages = {name: _waits(one.due_at, at) for name, one in its.items() if one.late}
    told = "How long the first of the late ones is due, in quarters of an hour."
    yield _by("jobs_late_seconds", told, "job", ages)
    failing = {name: one.failing for name, one in its.items()}
    yield _by("jobs_failing", "Jobs that failed, and are tried again.", "job", failing)
    told = "Things that the provider must still erase, in fives."
    yield _gauge("provider_holds", told, _few(work.unerased))
    yield _gauge("provider_refuses", "Things that it does not erase.", work.stuck)


def _database_size(session: Session) -> int:
    """Return the bytes of the database, as it tells them itself."""
    if session.dialect.name == "postgresql":
        size = text("SELECT pg_database_size(current_database())")
        return int(session.execute(size).scalar_one())
    pages, page = (
        session.exec_driver_sql(f"PRAGMA {name}").scalar_one()
        for name in ("page_count", "page_size")
    )
    return int(pages) * int(page)


def _of(
    name: str,
    told: str,
    family: type[CounterMetricFamily | GaugeMetricFamily],
    values: Iterable[tuple[Mapping[str, str], float]],
) -> Metric:
    """Return one metric with *values*, each under its labels."""
    labelled = list(values)
    metric = family(f"hotline_{name}", told, labels=list(labelled[0][0]) if labelled else [])
    for labels, value in labelled:
        metric.add_metric(list(labels.values()), value)
    return metric


def _gauge(name: str, told: str, value: float) -> Metric:
    return _of(name, told, GaugeMetricFamily, [({}, value)])


def _counter(name: str, told: str, value: float) -> Metric:
    return _of(name, told, CounterMetricFamily, [({}, value)])


def _by(name: str, told: str, label: str, values: Mapping[str, float]) -> Metric:
    return _of(
        name, told, GaugeMetricFamily, [({label: key}, value) for key, value in values.items()]
    )


def _sizes(disks: Mapping[str, Disk], part: str) -> dict[str, float]:
    return {name: _whole(getattr(disk, part)) for name, disk in disks.items()}


def _whole(size: int) -> int:
    return -(-size // _STEP) * _STEP


def _few(count: int) -> int:
    return count // _FEW * _FEW


def _since(done: datetime, at: datetime) -> float:
    """Return whole minutes, in seconds."""
    return max(0, (at - done) // timedelta(minutes=1)) * 60


def _waits(since: datetime | None, at: datetime) -> float:
    return (at - _quarter(since)) / timedelta(seconds=1) if since and since < at else 0


def _quarter(at: datetime) -> datetime:
    """Return the last full quarter of an hour."""
    return at - (at - _BEGINNING) % QUARTER


def _version() -> str:
    try:
        return version("hotline")
    except PackageNotFoundError:
        return "unknown"
