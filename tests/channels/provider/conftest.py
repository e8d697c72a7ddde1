"""A provider without an account, and the desk that asks it."""

import pytest

from tests.channels.provider.asking import Asking, Harbor, asking
from tests.house import House


@pytest.fixture
def noor(house: House) -> Asking:
    return asking(house)


@pytest.fixture
def harbor(house: House) -> Harbor:
    return Harbor(house.app.test_client())


@pytest.fixture
def other(house: House) -> Harbor:
    """Another browser, of a colleague or of a stranger."""
    return Harbor(house.app.test_client())
