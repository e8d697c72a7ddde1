"""An empty directory on SQLite, and the fictional city's."""

import shutil
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, event

from referral.load import SAMPLE_CITY, load_package
from referral.tables import metadata


class Directory:
    """What the API reads from: see `referral.api`."""

    def __init__(self, url):
        self.engine = create_engine(url, hide_parameters=True)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _check_pointers)

    @contextmanager
    def read(self):
        with self.engine.connect() as connection:
            yield connection

    def load(self, path):
        with self.engine.begin() as connection:
            return load_package(connection, path)


def _check_pointers(connection, _):
    connection.execute("PRAGMA foreign_keys = ON")


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory):
    """A database file with the tables alone: copying it is quicker than creating them."""
    path = tmp_path_factory.mktemp("empty") / "directory.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        metadata.create_all(connection)
    engine.dispose()
    return path


@pytest.fixture
def directory(empty_file, tmp_path):
    found = Directory(f"sqlite:///{shutil.copy(empty_file, tmp_path / 'directory.db')}")
    yield found
    found.engine.dispose()


@pytest.fixture(scope="session")
def ansel(empty_file, tmp_path_factory):
    """The directory of the fictional city; tests only read it."""
    path = tmp_path_factory.mktemp("ansel") / "directory.db"
    found = Directory(f"sqlite:///{shutil.copy(empty_file, path)}")
    found.load(SAMPLE_CITY)
    yield found
    found.engine.dispose()
