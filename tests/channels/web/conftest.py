"""The reporters' pages over a whole house, a browser that remembers cookies, and nights without sleep."""

from dataclasses import dataclass, replace

import pytest
from flask.testing import FlaskClient

from hotline.channels.web.desk import Brake, Desk
from hotline.factory import TRANSLATIONS
from hotline.i18n import Languages
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


@pytest.fixture(scope="session")
def languages() -> Languages:
    """Catalogs and compiled templates, which are the same for every house."""
    return Languages(TRANSLATIONS)


@pytest.fixture
def hotline(house: House, sleeper: Sleeper, languages: Languages) -> Hotline:
    languages.globals.update(house.hotline.languages.globals)
    hotline = replace(house.hotline, languages=languages)
    words = Brake(at_once=2, naps=2, sleep=sleeper)
    house.app.extensions.update(hotline=hotline, web=Desk(brake=Brake(sleep=sleeper), words=words))
    return hotline


@pytest.fixture
def sam(house: House, hotline: Hotline) -> FlaskClient:
    """Sam's browser."""
    return house.app.test_client()
