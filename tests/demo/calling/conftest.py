"""A line that answers calls with documents written by hand, and the loopback provider that calls it."""

from collections.abc import Iterator

import pytest

from tests.demo.calling.switchboard import Switchboard, opened


@pytest.fixture
def board() -> Iterator[Switchboard]:
    with opened() as board:
        yield board
