"""How each database is reached: what is asked of SQLite, and how soon PostgreSQL is given up."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import QueuePool, StaticPool

Session = Connection
"""A transaction as the rooms see it: they read and write in it, and never commit."""

BUSY = 10_000
"""Milliseconds that SQLite is asked for, while others hold it."""
_READERS = 32
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "temp_store=MEMORY",
    f"busy_timeout={BUSY}",
    "cache_size=-32768",
    "journal_size_limit=16777216",
)

_GIVEN_UP: Mapping[str, str | int] = {
    # Seconds until a host that says nothing is given up, and milliseconds until what was sent to it is.
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 15_000,
    # The server gives us up as soon, and lets go of what we held; nobody waits for a row or a table for longer than
    # a provider waits for us. How long a statement itself takes is bounded by none: a step of the history may take hours.
    "options": (
        "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=2"
        " -c tcp_user_timeout=15000 -c lock_timeout=15000 -c idle_in_transaction_session_timeout=300000"
    ),
}
"""How soon PostgreSQL is given up where the line to it is cut; what `DATABASE_URL` says itself goes before."""
_FREE_WITHIN = 10.0
"""Seconds until somebody for whom no connection is free is told so."""


def driver_of(session: Session) -> Any:
    """Return the driver's own connection, for what is asked so often that everything around it counts."""
    return session.connection.dbapi_connection


def engine_of(url: str, *, writes: bool) -> Engine:
    """Return the way to the database at *url*; on SQLite one that *writes*, or only reads."""
    if not url.startswith("sqlite"):
        said = make_url(url).query
        return create_engine(
            url,
            hide_parameters=True,
            pool_size=16,
            max_overflow=16,
            pool_timeout=_FREE_WITHIN,
            connect_args={name: how for name, how in _GIVEN_UP.items() if name not in said},
        )
    in_memory = ":memory:" in url
    engine = create_engine(
        url,
        hide_parameters=True,
        poolclass=StaticPool if in_memory else QueuePool,
        connect_args={"check_same_thread": False},
        **({} if in_memory else {"pool_size": 2 if writes else _READERS, "max_overflow": 8}),
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        if not writes:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        driver_of(connection).execute("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
