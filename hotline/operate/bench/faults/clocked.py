"""Run a module of ours on a machine whose clock is wrong and whose disk is slow: ``clocked.py FOLDER FILES MODULE …``.

Each of *FILES* (names in *FOLDER*, divided by ``:``) says by how many seconds the clock is ahead; ``slow`` there says how
long each commit takes more. Both may change at any moment. It is run as a file, so that nothing is imported before.
"""

import datetime
import runpy
import sys
import time
from datetime import datetime as real
from pathlib import Path
from typing import Any

_seconds = time.time


def _said(*files: Path) -> float:
    return sum(float(file.read_text() or 0) for file in files if file.exists())


def _steps(files: list[Path]) -> None:
    """Let whoever asks from now on be told another time."""

    class Kind(type):
        def __instancecheck__(cls, one: object) -> bool:
            return isinstance(one, real)

    class Stepped(real, metaclass=Kind):
        def __new__(cls, *words: Any, **more: Any) -> Any:
            return real(*words, **more)  # noqa: DTZ001 - whatever was asked for.

        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            return real.now(tz) + datetime.timedelta(seconds=_said(*files))

    # Its name is what libraries know it by.
    Stepped.__qualname__, Stepped.__module__ = "datetime", "datetime"
    vars(datetime)["datetime"] = Stepped
    vars(time)["time"] = lambda: _seconds() + _said(*files)


def _slows(file: Path) -> None:
    """Let each commit take longer, by as much as *file* says."""
    from sqlalchemy import Engine, event

    event.listen(Engine, "commit", lambda _connection: time.sleep(_said(file)))


if __name__ == "__main__":
    sys.path[0] = ""
    _, folder, names, module, *rest = sys.argv
    _steps([Path(folder, name) for name in names.split(":")])
    _slows(Path(folder, "slow"))
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
