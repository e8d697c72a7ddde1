"""A store with two reports, two agencies, and an application that serves leads alone."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask

from hotline.leads.feeds import feeds
from hotline.leads.taxii import taxii
from hotline.store import Store
from tests.leads.desk import Desk


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    return Desk(store)


@pytest.fixture
def app(store: Store) -> Flask:
    app = Flask("leads")
    app.extensions["hotline"] = SimpleNamespace(store=store)
    app.register_blueprint(taxii)
    app.register_blueprint(feeds)
    return app
