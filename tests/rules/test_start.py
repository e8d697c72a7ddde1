"""A process that serves holds nothing in memory that its house does not run on."""

import subprocess
import sys

from tests.served import ROOT

NEVER_AT_START = (
    "alembic",  # only what changes the shape of a database
    "av",  # files are read and copied by children
    "babel.messages",
    "hotline.demo",
    "hotline.operate.bench",
    "PIL",
    "pypdf",
    "redis",
    "rq",
)


def test_what_only_some_houses_need_is_not_loaded_by_all() -> None:
    loaded = _loaded_with("hotline.operate.parting")
    assert [name for name in NEVER_AT_START if name in loaded] == []


def test_what_only_starts_others_speaks_with_no_database() -> None:
    assert "sqlalchemy" not in _loaded_with(
        "hotline.cli", "hotline.config", "hotline.operate.serving"
    )


def _loaded_with(*names: str) -> set[str]:
    told = subprocess.run(
        [sys.executable, "-c", f"import sys, {', '.join(names)}; print(*sys.modules)"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return set(told.stdout.split())
