"""The reporters' pages over a whole house, and a browser that remembers cookies."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hotline.parts import Hotline
from tests.channels.web.house import Sleeper, make_app, open_house


@pytest.fixture
def hotline(tmp_path: Path) -> Iterator[Hotline]:
    hotline = open_house(tmp_path)
    yield hotline
    hotline.store.close()


@pytest.fixture
def sleeper() -> Sleeper:
    return Sleeper()


@pytest.fixture
def app(hotline: Hotline, sleeper: Sleeper) -> Flask:
    return make_app(hotline, sleeper)


@pytest.fixture
def sam(app: Flask) -> FlaskClient:
    """Sam's browser."""
    return app.test_client()
