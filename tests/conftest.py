"""What every test may ask for: a fresh store, a whole house, and the people of the cast."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.store import Store
from tests import examples
from tests.cast import MARIA, Member, Texter
from tests.house import House, found_house
from tests.servers import postgres, postgres_url, redis_server  # noqa: F401 - fixtures.
from tests.sharing import every_table, in_memory, share_rules, share_statements

# Checks that lie outside the project; HOTLINE_REFERENCE names their folder.
collect_ignore = [] if "HOTLINE_REFERENCE" in os.environ else ["reference"]


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than there are processors: some tests wait for servers, browsers and workers that they started."""
    return (os.cpu_count() or 1) + 1


def pytest_configure(config: pytest.Config) -> None:
    """Let what lies in a file lie in memory, and compile statements and rules of addresses once."""
    marks = config.getoption("markexpr", "")
    examples.at_length = "exhaustive" in marks and "not exhaustive" not in marks
    in_memory()
    share_statements()
    share_rules()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long and is kept together: otherwise the last group runs when all else is done."""
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and never among what all tests share: that alone takes a fifteenth of the time."""
    gc.set_threshold(50_000, 25, 25)
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let nothing be skipped where a change is taken in: a check that did not run proves nothing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if "CI" in os.environ and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    # What is left is looked through once: pytest does so five times more, each for seconds.
    gc.collect()
    gc.freeze()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A fresh SQLite file with every table."""
    file = shutil.copy(every_table(), tmp_path / "hotline.db")
    store = Store(f"sqlite:///{file}")
    yield store
    store.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A whole hotline on SQLite, with a fake provider."""
    house = found_house(tmp_path)
    yield house
    house.close()


@pytest.fixture
def maria(house: House) -> Texter:
    return Texter(house, MARIA)


@pytest.fixture
def noor(house: House) -> Member:
    return Member(house, "noor")


@pytest.fixture
def ines(house: House) -> Member:
    return Member(house, "ines")
