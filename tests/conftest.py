"""What every test may ask for: a fresh store, a whole house, and the people of the cast."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.migrations import create_all
from hotline.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A fresh SQLite file with every table."""
    store = Store(f"sqlite:///{tmp_path / 'hotline.db'}")
    create_all(store)
    yield store
    store.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator["House"]:
    """A whole hotline on SQLite, with a fake provider."""
    from tests.house import found_house

    house = found_house(tmp_path)
    yield house
    house.close()


@pytest.fixture
def maria(house: "House") -> "Texter":
    from tests.cast import MARIA, Texter

    return Texter(house, MARIA)


@pytest.fixture
def noor(house: "House") -> "Member":
    from tests.cast import Member

    return Member(house, "noor")


@pytest.fixture
def ines(house: "House") -> "Member":
    from tests.cast import Member

    return Member(house, "ines")
