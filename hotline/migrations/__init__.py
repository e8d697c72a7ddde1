"""The shape of the database, and how it got there."""

import importlib
import pkgutil

import hotline
from hotline.store import Store, metadata


def every_table() -> None:
    """Import each room's ``tables`` module, so that `metadata` knows all of them."""
    for room in pkgutil.walk_packages(hotline.__path__, "hotline."):
        if room.name.endswith(".tables"):
            importlib.import_module(room.name)


def create_all(store: Store) -> None:
    """Create every table at once, for a database that is empty."""
    every_table()
    store.write(metadata.create_all)
