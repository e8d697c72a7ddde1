"""The reporters' pages over a whole house, a browser that remembers cookies, and nights without sleep."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from hotline.channels.web.desk import Brake, Desk, WordBrake
from hotline.parts import Hotline
from tests.house import House


@dataclass
class Sleeper:
    """Sleeps in no time and remembers how long."""

    slept: float = 0.0

    def __call__(self, seconds: float) -> None:
        self.slept += seconds


@pytest.fixture
def sleeper() -> Sleeper:
    return Sleeper()


@pytest.fixture
def hotline(house: House, sleeper: Sleeper) -> Hotline:
    words = WordBrake(sleep=sleeper)
    house.app.extensions.update(web=Desk(brake=Brake(sleep=sleeper), words=words))
    return house.hotline


@pytest.fixture
def sam(house: House, hotline: Hotline) -> FlaskClient:
    """Sam's browser."""
    return house.app.test_client()
