"""What all tests of one run share, so that none of them has to make it or wait for it."""

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from hotline.migrations import create_all
from hotline.store import Store

_MEMORY = Path("/dev/shm")
_NAME = "tests-"
_ROOM = 4 << 30


def in_memory() -> None:
    """Let every temporary file lie in memory, where there is room: a database then waits for no disk.

    What a run left there goes when the next one begins.
    """
    if "TMPDIR" in os.environ or not _MEMORY.exists():
        return
    is_for_programs = not os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC
    if is_for_programs and shutil.disk_usage(_MEMORY).free > _ROOM:
        for left in _MEMORY.glob(f"{_NAME}*"):
            if not Path("/proc", left.name.removeprefix(_NAME)).exists():
                shutil.rmtree(left, ignore_errors=True)
        folder = _MEMORY / f"{_NAME}{os.getpid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        os.environ["TMPDIR"] = str(folder)
        tempfile.tempdir = None


def folder_of_the_run(name: str) -> Path:
    """Return a new folder that lasts as long as this process."""
    folder = Path(tempfile.mkdtemp(prefix=name))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def every_table() -> Path:
    """Make a SQLite file with every table once; who wants one gets a copy."""
    file = folder_of_the_run("tables") / "hotline.db"
    store = Store(f"sqlite:///{file}")
    create_all(store)
    store.truncate_log()
    store.close()
    return file


class Statements(LRUCache[Any, Any]):
    """Statements as they were compiled once: their words are the same for every database of one kind.

    Each engine would compile each statement for itself, and nearly every test has engines of its own.
    """

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(_of_the_kind(key))

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_the_kind(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_of_the_kind(key), compiled)


def _of_the_kind(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *statement = key
    return (dialect.name, dialect.driver, *statement)


def share_statements() -> None:
    """Let every engine of this process look among the same compiled statements."""
    statements = Statements(4000)

    @event.listens_for(Engine, "engine_connect")
    def _share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=statements)


def share_rules() -> None:
    """Let what makes addresses of a rule be compiled once for all applications: it takes most of making one."""
    compiles, known = Rule._compile_builder, {}

    def shared(rule: Rule, append_unknown: bool = True) -> Any:
        if rule.defaults:
            return compiles(rule, append_unknown)
        key = (rule.rule, tuple(rule._trace), append_unknown)
        if key not in known:
            known[key] = compiles(rule, append_unknown)
        return known[key]

    Rule._compile_builder = shared
