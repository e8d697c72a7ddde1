"""A house on hosts of its own, which fail: what serves and works, its database, its bell, its disk, its provider, and the wires between.

All of them go by one clock, which the driver sets: time passes when it says so. The house's own clock may be wrong beside.
"""

import os
import random
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from hotline.config import Config
from hotline.factory import build
from hotline.operate.bench.chaos.house import SERVE, Clock, House, founded
from hotline.operate.bench.chaos.provider import Provider
from hotline.operate.bench.chaos.servers import Postgres, RedisServer
from hotline.operate.bench.faults.disk import Disk, disk
from hotline.operate.bench.faults.wire import Wire
from hotline.operate.bench.rig import GONE, children, until_healthy
from hotline.vault.argon import DEMO

SQLITE, POSTGRES = "SQLite, one process", "PostgreSQL, Redis and RQ workers"
_WORLD, _WRONG, _SLOW = "world", "wrong", "slow"
_CLOCKED = str(Path(__file__).parent / "clocked.py")


@dataclass
class Hosts:
    """*known* is what the driver goes by; *guard* is held by whoever uses the driver's own parts of the house."""

    house: House
    provider: Provider
    disk: Disk
    wires: dict[str, Wire]
    postgres: Postgres | None
    redis: RedisServer | None
    known: dict[str, str]
    dials: Path
    guard: threading.RLock = field(default_factory=threading.RLock)

    @property
    def pids(self) -> list[int]:
        """The processes that serve, the one that started the others first; none while nothing runs."""
        served = self.house.processes.get(SERVE)
        return [served.pid, *children(served.pid)] if served else []

    def writers(self) -> list[int]:
        """Return the processes that write to the disk."""
        return self.postgres.pids() if self.postgres else self.pids

    def opens(self) -> None:
        """Start all that does not run, as whoever looks after services does, and wait until the line answers."""
        if self.postgres:
            self.postgres.starts()
        if self.redis:
            self.redis.starts()
        try:
            self._serves()
        except RuntimeError:
            # It ended since: a server does where a part of it dies again within seconds.
            self._serves()

    def _serves(self) -> None:
        self.house.opens()
        until_healthy(self.house.port, self.house.processes[SERVE])

    def loses(self, chance: random.Random) -> None:
        """Kill something at once, and start it anew."""
        kills: list[Callable[[], None]] = [
            lambda name=name: self.house.dies(name)  # type: ignore[misc] # bound here.
            for name in self.house.processes
        ]
        kills.append(lambda: self.loses_a_server(chance))
        if self.postgres and self.redis:
            kills += [self.postgres.kills, self.redis.kills]
        chance.choice(kills)()
        self.opens()

    def loses_a_server(self, chance: random.Random) -> None:
        """Kill at once one of the processes that serve: the one that started it starts another."""
        with suppress(*GONE):
            os.kill(chance.choice(self.pids[1:] or self.pids), signal.SIGKILL)

    def passes(self, time: timedelta) -> None:
        """Let time pass for everybody."""
        self.house.clock.ahead += time
        self._turns(_WORLD, self.house.clock.ahead.total_seconds())

    def errs(self, by: timedelta) -> None:
        """Let the clock of the house, and nobody else's, be wrong."""
        self._turns(_WRONG, by.total_seconds())

    def slows(self, seconds: float) -> None:
        """Let each commit take so much longer."""
        self._turns(_SLOW, seconds)

    def changes_disk(self) -> None:
        """Free the disk, while nobody has anything open there, and start all anew."""
        with self.guard:
            self.house.closes()
            self.house.hotline.store.close()
            if self.postgres:
                self.postgres.kills()
            self.disk.frees(self.writers)
            self.opens()
            self.house.hotline = build(
                Config.from_env(self.known),
                clock=self.house.clock,
                profile=DEMO,
                languages=self.house.hotline.languages,
            )

    def _turns(self, dial: str, to: float) -> None:
        fresh = self.dials / f"{dial}.new"
        fresh.write_text(str(to))
        fresh.replace(self.dials / dial)


@contextmanager
def hosts(where: str, *, workers: int = 4) -> Iterator[Hosts]:
    """Found a house and start all of it."""
    with ExitStack() as held:
        place = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="hosts")))
        # The user who runs the database must come this far.
        place.chmod(0o755)
        for name in ("disk", "redis", "dials"):
            (place / name).mkdir()
        dials = place / "dials"
        its_disk = held.enter_context(disk(place / "disk"))
        postgres = redis = None
        if where == POSTGRES:
            postgres, redis = Postgres(its_disk.folder), RedisServer(place / "redis")
            held.callback(postgres.closes)
            held.callback(redis.kills)
        clock = Clock()
        house = held.enter_context(
            founded(
                postgres.url if postgres else "",
                within=place if postgres else its_disk.folder,
                log=place / "log",
                clock=clock,
                program=(sys.executable, _CLOCKED, str(dials), _WORLD),
            )
        )
        # What a house is founded with came to the disk days before that fails.
        os.sync()
        known, house.workers = dict(house.env), workers
        house.program = (sys.executable, _CLOCKED, str(dials), f"{_WORLD}:{_WRONG}")
        wires = {"provider": Wire(house.provider_port)}
        if postgres and redis:
            wires |= {"postgres": Wire(postgres.socket), "redis": Wire(redis.port)}
        for wire in wires.values():
            held.callback(wire.closes)
        house.env |= _by_wire(wires)
        provider = Provider(house.provider_port)
        provider.wakes()
        provider.clears()
        all_of_it = Hosts(house, provider, its_disk, wires, postgres, redis, known, dials)
        all_of_it.opens()
        yield all_of_it


def _by_wire(wires: dict[str, Wire]) -> dict[str, str]:
    env = {"TWILIO_API_ORIGIN": f"http://127.0.0.1:{wires['provider'].port}/demo/twilio"}
    if "postgres" in wires:
        database = f"postgresql+psycopg://postgres@127.0.0.1:{wires['postgres'].port}/postgres"
        env |= {"DATABASE_URL": database}
        env |= {"REDIS_URL": f"redis://127.0.0.1:{wires['redis'].port}/0"}
    return env
