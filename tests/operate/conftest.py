"""A house that can be backed up, on each database, and an empty place to bring it back to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from alembic import command

from hotline import migrations
from hotline.operate.backup import back_up, written_whole
from hotline.operate.backup_age import new_key, recipients
from tests.house import House, found_house


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.exhaustive)])
def told(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """A house with its keys and tables; for `make bench` on either database."""
    is_sqlite = request.param == "sqlite"
    url = "" if is_sqlite else request.getfixturevalue("postgres_url")
    house = found_house(tmp_path / "house", database_url=url)
    store = house.hotline.store
    store.write(lambda session: command.stamp(migrations.configuration(session), "head"))
    yield house
    house.close()


@dataclass
class Safe:
    """A key to back up to, and where backups lie."""

    folder: Path
    identity: Path
    recipient: str

    def holds(self, house: House, name: str = "backup.age") -> Path:
        """Back *house* up and return the file."""
        path = self.folder / name
        with written_whole(path) as file:
            back_up(
                house.hotline.store, house.hotline.config.keys, recipients([self.recipient]), file
            )
        return path


@pytest.fixture
def safe(tmp_path: Path) -> Safe:
    folder = tmp_path / "safe"
    folder.mkdir()
    return Safe(folder, folder / "key", new_key(folder / "key"))


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], tuple[str, Path]]:
    """Return an empty database of a kind, and an empty key folder."""

    def empty(kind: str) -> tuple[str, Path]:
        keys = tmp_path / "elsewhere" / "keys"
        keys.mkdir(parents=True)
        if kind == "postgresql":
            return request.getfixturevalue("second_postgres_url"), keys
        return f"sqlite:///{keys.parent / 'hotline.db'}", keys

    return empty
