"""A store with two reports, two agencies, and an application that serves leads alone."""

from collections.abc import Iterator

import pytest
from flask import Flask

from hotline.store import Store
from tests.leads.desk import Desk, serving


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    return Desk(store)


@pytest.fixture
def app(store: Store) -> Flask:
    return serving(store)
