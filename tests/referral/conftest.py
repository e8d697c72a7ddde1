"""An empty directory on SQLite, and the fictional city's."""

from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, event

from referral.load import SAMPLE_CITY, load_package
from referral.tables import create_directory


class Directory:
    """What the API reads from: see `referral.api`."""

    def __init__(self, url):
        self.engine = create_engine(url, hide_parameters=True)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _check_pointers)
        with self.engine.begin() as connection:
            create_directory(connection)

    @contextmanager
    def read(self):
        with self.engine.connect() as connection:
            yield connection

    def load(self, path):
        with self.engine.begin() as connection:
            return load_package(connection, path)


def _check_pointers(connection, _):
    connection.execute("PRAGMA foreign_keys = ON")


@pytest.fixture
def directory(tmp_path):
    found = Directory(f"sqlite:///{tmp_path / 'directory.db'}")
    yield found
    found.engine.dispose()


@pytest.fixture(scope="module")
def ansel(tmp_path_factory):
    """The directory of the fictional city; tests only read it."""
    found = Directory(f"sqlite:///{tmp_path_factory.mktemp('ansel') / 'directory.db'}")
    found.load(SAMPLE_CITY)
    yield found
    found.engine.dispose()
