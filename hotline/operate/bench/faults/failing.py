"""The faults, one function each: it begins with all at work, and ends with all in order, as whoever looks after it would have it.

Each is given how many times, or for how many seconds, it lasts.
"""

import random
import resource
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, String

from hotline.errors import Unavailable
from hotline.operate.bench.faults.living import Life, until
from hotline.operate.bench.rig import GONE
from hotline.store import Session, Store, new_id

_SLOW = 0.3
_SPARE = 24 << 20
_HOURS = 26
"""A provider that was away for a day, and somewhat more."""


def kills(life: Life, times: float) -> None:
    """Kill -9 something at random, so many *times*: what serves or works, the database, the bell."""
    chance = random.Random()
    for _ in range(int(times)):
        _until_more(life)
        time.sleep(chance.uniform(0, 1) * life.pace)
        life.hosts.loses(chance)


def full_disk(life: Life, seconds: float) -> None:
    """The disk fills up."""
    life.hosts.disk.fills(life.hosts.writers)
    _until_refused(life)
    time.sleep(seconds)
    life.hosts.disk.frees(life.hosts.writers)
    # A database that could not go on at all is started by whoever made room.
    life.hosts.opens()
    _until_more(life)


def read_only_disk(life: Life, seconds: float) -> None:
    """The disk refuses to write; it is mended, looked through, and all is started anew."""
    life.hosts.disk.hardens(life.hosts.writers)
    _until_refused(life)
    time.sleep(seconds)
    life.hosts.changes_disk()
    _until_more(life)


def slow_disk(life: Life, seconds: float) -> None:
    """Each commit takes a third of a second."""
    life.hosts.slows(_SLOW)
    _goes_on(life, seconds)
    life.hosts.slows(0)


def wrong_clock(life: Life, seconds: float) -> None:
    """The clock of the house jumps an hour ahead, then an hour behind, and is put right."""
    for hours in (1, -1, 0):
        life.hosts.errs(timedelta(hours=hours))
        _goes_on(life, seconds / 3)


def forgotten_bell(life: Life, seconds: float) -> None:
    """Redis forgets everything, again and again."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if life.hosts.redis:
            life.hosts.redis.flushes()
        _until_more(life)


def database_restarts(life: Life, seconds: float) -> None:
    """PostgreSQL is stopped, as for an upgrade of the system, and started again; what died meanwhile came back by itself."""
    if life.hosts.postgres:
        life.hosts.postgres.stops()
        life.hosts.loses_a_server(random.Random())
        time.sleep(seconds)
        life.hosts.postgres.starts()
    _until_more(life)


def cut_wires(life: Life, seconds: float) -> None:
    """Nothing comes through between what serves and works on one side, and database, bell and provider on the other."""
    wires = life.hosts.wires.values()
    for wire in wires:
        wire.cuts()
    time.sleep(seconds)
    for wire in wires:
        wire.mends()
    life.hosts.opens()
    _until_more(life)


def absent_provider(life: Life, seconds: float) -> None:
    """The provider takes nothing for a day, while texts still come."""
    wire = life.hosts.wires["provider"]
    wire.refuses()
    for _ in range(_HOURS):
        life.hosts.passes(timedelta(hours=1))
        time.sleep(seconds / _HOURS)
    wire.mends()
    _until_more(life)


def rolling_upgrade(life: Life, seconds: float) -> None:
    """A release comes: the shape grows beneath the code of before, then one process after the other is ended and replaced."""
    with life.hosts.guard:
        # Where it meets those who write in another order, nothing of it is done, and it is run again.
        until(lambda: _grows(life.hosts.house.hotline.store))
    _goes_on(life, seconds)
    for what in list(life.hosts.house.processes):
        life.hosts.house.replaces(what)
        _until_more(life)


def little_memory(life: Life, seconds: float) -> None:
    """What serves may have hardly more memory than it has, and is started anew where it ends."""
    for pid in life.hosts.pids:
        _limit_memory(pid)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        life.texting.brings_once(life.texting.text("x" * 1000))
        with suppress(Unavailable, RuntimeError):
            life.hosts.opens()
    for pid in life.hosts.pids:
        with suppress(*GONE):
            resource.prlimit(pid, resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)
    life.hosts.opens()
    _until_more(life)


Fault = Callable[[Life, float], None]

FAULTS: Mapping[str, tuple[Fault, float]] = {
    "kill -9 at random": (kills, 200),
    "full disk": (full_disk, 20),
    "read-only disk": (read_only_disk, 20),
    "slow disk": (slow_disk, 30),
    "clock an hour ahead, then behind": (wrong_clock, 30),
    "Redis flushed": (forgotten_bell, 20),
    "PostgreSQL restarted": (database_restarts, 10),
    "network cut": (cut_wires, 40),
    "provider down for a day": (absent_provider, 60),
    "rolling upgrade": (rolling_upgrade, 20),
    "memory limit reached": (little_memory, 20),
}
"""Each with how often it happens, or how many seconds it lasts, in its full form."""

ONLY_MANY_HOSTS = frozenset({"Redis flushed", "PostgreSQL restarted"})


def _until_more(life: Life) -> None:
    """Wait until one more text is acknowledged.

    Raises:
        Unavailable: none is.
    """
    before = len(life.texting.answered)
    until(lambda: len(life.texting.answered) > before)


def _goes_on(life: Life, seconds: float) -> None:
    """See that texts are acknowledged all the while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        _until_more(life)


def _grows(store: Store) -> bool:
    """Do what a step of the history may: add a table, and columns that nobody needs to fill; tell whether it was done."""
    fresh = f"tides_{new_id()}"

    def grow(session: Session) -> None:
        does = Operations(MigrationContext.configure(session, opts={"transactional_ddl": False}))
        does.create_table(fresh, Column("id", String(32), primary_key=True))
        for table in ("reports", "messages", "jobs", "sends"):
            does.add_column(table, Column(fresh, String(8), nullable=True))

    try:
        store.write(grow)
    except Unavailable:
        return False
    return True


def _until_refused(life: Life) -> None:
    """Bring texts until one is not acknowledged; there may be room for some in files that are there.

    Raises:
        Unavailable: all are.
    """
    until(lambda: not life.texting.brings_once(life.texting.text()))


def _limit_memory(pid: int) -> None:
    with suppress(*GONE):
        size = int(Path(f"/proc/{pid}/status").read_text().split("VmSize:")[1].split()[0]) << 10
        resource.prlimit(pid, resource.RLIMIT_AS, (size + _SPARE, resource.RLIM_INFINITY))
