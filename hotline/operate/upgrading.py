"""`hotline upgrade`: a backup of what is there, then the newest shape of the database, and a word on both."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import inspect

from hotline import migrations
from hotline.config import Config
from hotline.errors import Misconfigured
from hotline.operate.backup import revision_of
from hotline.operate.backup_commands import RECIPIENT, make_backup
from hotline.store import Store


def upgrade(env: Mapping[str, str], *, backups: Path, without_backup: bool = False) -> list[str]:
    """Bring the database to the shape of this program, and return in plain words what was done.

    What stands in it is backed up into the folder *backups* first, to the key that the settings name.

    Raises:
        Misconfigured: the database is newer than this program, or there is no key to back up to.
        Unavailable: the backup could not be written; nothing was changed.
    """
    store = Store(Config.from_env(env).database_url)
    try:
        before, newest = _shape(store), migrations.newest()
        if before == newest:
            return [f"Nothing to do: the database has the shape of this program, {newest}."]
        lines = []
        if before and not without_backup:
            lines.append(f"Backed up: {_backed_up(env, backups, before)}.")
        migrations.upgrade(store)
    finally:
        store.close()
    return [*lines, f"Upgraded: from {before or 'an empty database'} to {newest}."]


def _shape(store: Store) -> str:
    """Return which shape the database has; "" where it has none yet.

    Raises:
        Misconfigured: this program does not know that shape.
    """
    if not inspect(store.engine).get_table_names():
        return ""
    with store.read() as session:
        shape = revision_of(session)
    try:
        migrations.scripts().get_revision(shape)
    except CommandError:
        raise Misconfigured(
            "the database is newer than this program: install the version that it was upgraded by"
        ) from None
    return shape


def _backed_up(env: Mapping[str, str], folder: Path, shape: str) -> Path:
    if not env.get(RECIPIENT):
        raise Misconfigured(
            f"no backup can be made before: set {RECIPIENT}, or say --without-backup if you have one"
        )
    file = folder / f"before-upgrade-{shape}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.age"
    make_backup(env, to=(), out=str(file))
    return file
