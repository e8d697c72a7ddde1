"""The shape of the database, and how it got there.

Alembic is configured here and nowhere else. Both the hotline's tables and the directory's are in one
history, on SQLite and on PostgreSQL.
"""

import importlib
import pkgutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData

import hotline
from hotline.store import Session, Store, metadata
from referral.tables import metadata as directory_metadata

_ROOM = Path(__file__).parent


def every_table() -> tuple[MetaData, MetaData]:
    """Import each room's ``tables`` module, and return the metadata that then know all of them."""
    for room in pkgutil.walk_packages(hotline.__path__, "hotline."):
        if room.name.endswith(".tables"):
            importlib.import_module(room.name)
    return metadata, directory_metadata


def create_all(store: Store) -> None:
    """Create every table at once, in a database that is empty and will not be kept."""
    everything = every_table()

    def create(session: Session) -> None:
        for each in everything:
            each.create_all(session)

    store.write(create)


def upgrade(store: Store, revision: str = "head") -> None:
    """Bring *store* to *revision*, in one transaction."""
    store.write(lambda session: command.upgrade(configuration(session), revision))


def newest() -> str:
    """Return the revision that this program needs."""
    return scripts().get_current_head() or ""


def scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(configuration())


def configuration(session: Session | None = None) -> Config:
    """Return Alembic's settings, bound to *session*."""
    settings = Config()
    settings.set_main_option("script_location", str(_ROOM))
    settings.attributes["session"] = session
    return settings
