"""A clean copy that is made and kept on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.console.looking import DRAWN, Looker, src
from tests.house import House, found_house


@pytest.fixture
def house(tmp_path: Path, postgres_url: str) -> Iterator[House]:
    house = found_house(tmp_path, database_url=postgres_url)
    yield house
    house.close()


def test_the_first_look_makes_a_copy_and_the_next_opens_it(looker: Looker) -> None:
    for _ in range(2):
        assert looker.gets(src(looker.looks())).data == DRAWN
    assert len(looker.copier.read) == 1
    assert len(looker.rows()) == 2
