"""Found a hotline of one's own: keys, first members of staff, tables. Done once, before the first start."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from hotline import migrations
from hotline.config import Config
from hotline.domain.staff import Role
from hotline.errors import Misconfigured
from hotline.store import Store
from hotline.vault import ceremony
from hotline.vault.argon import PRODUCTION
from hotline.vault.member import NewMember


def found(env: Mapping[str, str], *, members: Path, offline: Path) -> None:
    """Create the house that *env* describes.

    *members* is a JSON list of ``{"username", "name", "pseudonym", "role", "passphrase"}``. The private
    halves of the root and of the recovery key are written to *offline* and nowhere else, with what each
    member needs for their authenticator: take that folder off the machine.

    Raises:
        Misconfigured: a setting, or the list of members, is missing or malformed.
        Conflict: there is a house already.
    """
    config = Config.from_env(env)
    newcomers = _members(members, config.desk)
    offline.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = Store(config.database_url)
    try:
        migrations.upgrade(store)
        founding = ceremony.found(
            store,
            directory=config.keys,
            desks=[config.desk],
            members=newcomers,
            at=datetime.now(UTC),
            profile=PRODUCTION,
        )
    finally:
        store.close()
    _write(offline / "root.key", founding.root_private.hex())
    _write(offline / "recovery.key", founding.recovery_seed.hex())
    staff = {enrolled.username: enrolled.totp_secret for enrolled in founding.staff}
    _write(offline / "authenticators.json", json.dumps(staff, indent=1))


def _members(path: Path, desk: str) -> list[NewMember]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [
            NewMember(
                row["username"],
                row["name"],
                row["pseudonym"],
                Role(row["role"]),
                desk,
                row["passphrase"],
            )
            for row in rows
        ]
    except (OSError, ValueError, KeyError, TypeError):
        raise Misconfigured("the file of members cannot be read") from None


def _write(path: Path, content: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content + "\n")
