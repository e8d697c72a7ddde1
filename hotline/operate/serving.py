"""Start the web server: one process on SQLite, several on PostgreSQL, nothing logged of who asks."""

import resource

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

CONNECTIONS = 8192
"""As many may be open at once; a slow one holds no thread."""

PARTING_SECONDS = 40
"""Within this time after it is told to end, every process of the server is gone: half for answers, half for jobs."""

HEAD_MILLISECONDS = 15_000
"""Who does not say within this time what they want is let go, on a connection of before as on a new one."""


def serve(*, port: int, processes: int = 1, address: str = "127.0.0.1") -> None:
    """Serve the application until interrupted.

    A request is let in by the doorway once it is there; a body never exceeds what the application allows.
    """
    _allow_many_connections()
    Granian(
        "hotline.operate.parting:door",
        factory=True,
        address=address,
        port=port,
        interface=Interfaces.ASGI,
        # To find out which version somebody speaks, it would wait for their first byte without an end.
        http=HTTPModes.http1,
        workers=processes,
        backlog=2048,
        backpressure=CONNECTIONS,
        websockets=False,
        log_access=False,
        log_enabled=False,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEAD_MILLISECONDS, max_buffer_size=64 * 1024
        ),
        respawn_failed_workers=True,
        workers_kill_timeout=PARTING_SECONDS,
    ).serve()


def _allow_many_connections() -> None:
    """Each takes a file descriptor, of which a shell allows few; the processes that serve inherit it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
