"""What every test may ask for: a fresh store, real servers, and the cast's hotline."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.migrations import create_all
from hotline.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A fresh SQLite file with every table."""
    store = Store(f"sqlite:///{tmp_path / 'hotline.db'}")
    create_all(store)
    yield store
    store.close()
