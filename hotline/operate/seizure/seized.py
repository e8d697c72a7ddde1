"""Carry the parts away: every byte that the house left on disk, in Redis, in the processes' surroundings."""

import io
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from redis import Redis
from sqlalchemy import make_url, text

from hotline.errors import Misconfigured
from hotline.migrations import every_table
from hotline.operate.seizure.house import House

Piece = tuple[str, bytes]
"""Where it lay, and what it was."""

_PIPES = ("socket:", "pipe:", "anon_inode:", "/dev/", "/memfd:")


def on_disk(house: House) -> Iterator[Piece]:
    """Yield every file of the house but its key files, the server's files of its database, and a dump of it."""
    for path in _files(house.folder):
        if house.keys not in path.parents:
            yield str(path.relative_to(house.folder)), path.read_bytes()
    yield "a dump of the database", dump(house)
    if house.env["DATABASE_URL"].startswith("postgresql"):
        yield from _postgresql(house)
    if house.env["REDIS_URL"]:
        yield from in_redis(house.env["REDIS_URL"])


def key_files(house: House) -> Iterator[Piece]:
    for path in _files(house.keys):
        yield f"keys/{path.relative_to(house.keys)}", path.read_bytes()


def dump(house: House) -> bytes:
    """Return the whole database as text: what `pg_dump` or `.dump` write."""
    url = house.env["DATABASE_URL"]
    if url.startswith("sqlite"):
        connection = sqlite3.connect(f"file:{make_url(url).database}?mode=ro", uri=True)
        try:
            return "\n".join(connection.iterdump()).encode("utf-8", "surrogatepass")
        finally:
            connection.close()
    out = io.BytesIO()
    with psycopg.connect(_plain(url)) as session:
        for metadata in every_table():
            for name in metadata.tables:
                with session.cursor().copy(f'COPY "{name}" TO STDOUT') as rows:
                    for row in rows:
                        out.write(bytes(row))
    return out.getvalue()


def _postgresql(house: House) -> Iterator[Piece]:
    """Yield the server's files: this database, what all databases share, and the write-ahead log.

    Raises:
        Misconfigured: they cannot be read from here, and then the drill would prove nothing.
    """
    with house.store() as store, store.engine.connect() as session:
        session.execute(text("COMMIT"))
        session.execute(text("CHECKPOINT"))
        folder = Path(session.execute(text("SHOW data_directory")).scalar_one())
        query = text("SELECT oid FROM pg_database WHERE datname = current_database()")
        number = session.execute(query).scalar_one()
    parts = (f"base/{number}", "global", "pg_wal", "pg_xact", "pg_stat", "pg_logical", "log")
    found = False
    for part in parts:
        for path in _files(folder / part):
            found = True
            # Most of a log segment is empty, and emptiness takes long to search.
            content = path.read_bytes().replace(bytes(1024), b"")
            yield f"postgresql/{path.relative_to(folder)}", content
    if not found:
        raise Misconfigured("the files of the database cannot be read: run this where they lie")


def in_redis(url: str) -> Iterator[Piece]:
    """Yield every key and value, and every file that Redis wrote."""
    client: Any = Redis.from_url(url)
    try:
        for key in client.scan_iter():
            kind = client.type(key)
            whole = repr(client.hgetall(key)).encode() if kind == b"hash" else b""
            yield f"redis key of type {kind.decode()}", key + (client.dump(key) or b"") + whole
        folder = Path(client.config_get("dir")["dir"])
    finally:
        client.close()
    for path in _files(folder):
        yield f"redis/{path.name}", path.read_bytes()


def around(pid: int) -> Iterator[Piece]:
    """Yield what the system tells of a process to whoever asks: its environment, command, and open files."""
    proc = Path("/proc") / str(pid)
    for name in ("environ", "cmdline", "status", "maps"):
        yield f"process: {name}", (proc / name).read_bytes()
    for link in (proc / "fd").iterdir():
        target = str(link.readlink())
        # A file that was deleted and is still open lies on the disk, and under no name.
        if not target.startswith(_PIPES) and target.endswith("(deleted)"):
            yield "process: a deleted file", link.read_bytes()


def writes_no_core(pid: int) -> bool:
    """Tell whether a process that crashes leaves no core file."""
    limits = Path(f"/proc/{pid}/limits").read_text().splitlines()
    (line,) = [line for line in limits if line.startswith("Max core file size")]
    return line.split()[4:6] == ["0", "0"]


def memory(pid: int) -> Iterator[bytes]:
    """Yield what a process has in memory that can be written to: the part of a core dump that says something."""
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as content:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights, *_ = line.split()
            if not rights.startswith("rw"):
                continue
            start, end = (int(place, 16) for place in span.split("-"))
            try:
                content.seek(start)
                yield content.read(end - start)
            except (OSError, OverflowError, ValueError):
                continue


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
