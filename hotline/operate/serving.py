"""Start the web server: one process on SQLite, several on PostgreSQL, nothing logged of who asks."""

from pathlib import Path

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings

_ROOT = Path(__file__).parent.parent.parent

THREADS = 16


def serve(*, port: int, processes: int = 1, address: str = "127.0.0.1") -> None:
    """Serve `app:app` until interrupted.

    Sixteen threads wait for one group commit together; a body never exceeds what the application allows.
    """
    Granian(
        "app:app",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=THREADS,
        backlog=2048,
        websockets=False,
        log_access=False,
        log_enabled=False,
        http1_settings=HTTP1Settings(max_buffer_size=64 * 1024),
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        working_dir=_ROOT,
    ).serve()
