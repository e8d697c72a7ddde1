"""The people of one report, and a desk that refers them."""

import pytest

from hotline.store import Store
from tests.handoff.desk import Referring, referring


@pytest.fixture
def maria(store: Store) -> Referring:
    return referring(store)
