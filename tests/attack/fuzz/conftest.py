"""The long run, and the law that holds after every test here: nothing of what was sent stands in a log."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.logs import Lines
from tests import examples
from tests.attack.fuzz import hostile
from tests.cast import MARIA, Texter
from tests.console.conftest import HELD
from tests.house import House, found_house


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the long run every test of this folder is one of those that take long."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            # What it fears is a failure that takes long to print.
            item.add_marker(pytest.mark.filterwarnings("ignore:Generating overly large repr"))
            if examples.at_length:
                item.add_marker(pytest.mark.exhaustive)
                item.add_marker(pytest.mark.timeout(3600))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.exhaustive)])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """A house with a report, on either database."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    house = found_house(tmp_path, database_url=url)
    Texter(house, MARIA).texts(HELD)
    yield house
    house.close()


@pytest.fixture(autouse=True)
def _nothing_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    lines = [Lines().format(record) for record in caplog.get_records("call")]
    assert not [line for line in lines if hostile.CANARY in line or "5005550142" in line]
    assert not [r for r in caplog.get_records("call") if r.levelno >= logging.ERROR]
