"""Found a hotline of one's own: keys, first members of staff, tables. Done once, before the first start."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hotline import migrations
from hotline.config import Config
from hotline.domain.staff import HOUSE, Role
from hotline.errors import Misconfigured
from hotline.operate.keys_ceremony import HOUSE_FILE, ROOT_FILE, House, hold, read_root, write_once
from hotline.store import Store
from hotline.vault import ceremony
from hotline.vault.argon import PRODUCTION, Profile
from hotline.vault.member import NewMember
from hotline.vault.strength import SHORTEST, TooWeak, check_strength

_PAPERS, _NEEDED = 5, 3
_WEAK = {
    "short": f"it has less than {SHORTEST} characters",
    "more_words": "take five or six words that have nothing to do with each other",
    "own": "it holds their own name",
    "common": "it is one of the passwords that are tried first",
    "name": "it holds a name",
    "word": "it holds a single common word",
    "date": "it holds a date",
    "keyboard": "its keys lie side by side",
    "repeat": "it repeats itself",
    "sequence": "it counts on, as abc does",
}
_OF_THE_HOUSE = (Role.ADMINISTRATOR, Role.INVESTIGATOR)


def found(
    env: Mapping[str, str],
    *,
    members: Sequence[NewMember],
    offline: Path,
    profile: Profile = PRODUCTION,
) -> None:
    """Create the house that *env* describes, with its first *members*.

    *offline* is the folder of `hotline keys ceremony`; where it is empty, the ceremony is held now. What each member
    needs for their authenticator is written there too: take that folder off the machine.

    Raises:
        Misconfigured: a setting or the folder is missing or malformed.
        Conflict: there is a house already.
    """
    config = Config.from_env(env)
    house = _house(offline, config)
    root = read_root(offline / ROOT_FILE)
    store = Store(config.database_url)
    try:
        migrations.upgrade(store)
        founding = ceremony.found(
            store,
            directory=config.keys,
            desks=[config.desk],
            members=members,
            at=datetime.now(UTC),
            profile=profile,
            root_private=root,
            recovery_public=house.recovery,
        )
    finally:
        store.close()
    staff = {enrolled.username: enrolled.totp_secret for enrolled in founding.staff}
    write_once(offline / "authenticators.json", json.dumps(staff, indent=1))


def read_members(path: Path, desk: str) -> list[NewMember]:
    """Return who stands in the file *path*, at *desk* unless another is named.

    It is a JSON list of ``{"username", "name", "pseudonym", "role", "passphrase"}``, with ``"desk"`` for somebody of
    another desk ("" is the house itself).

    Raises:
        Misconfigured: it cannot be read, or a passphrase in it would be guessed.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [member_of(row, desk) for row in ([rows] if isinstance(rows, dict) else rows)]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise Misconfigured("the file of members cannot be read") from None


def member_of(row: Mapping[str, Any], desk: str) -> NewMember:
    """Return whom a *row* of such a file names.

    Raises:
        Misconfigured: their passphrase would be guessed.
    """
    role = Role(row["role"])
    refuse_weak(row["passphrase"], row["username"], row["name"], row["pseudonym"])
    return NewMember(
        row["username"],
        row["name"],
        row["pseudonym"],
        role,
        row.get("desk", HOUSE if role in _OF_THE_HOUSE else desk),
        row["passphrase"],
        row.get("half", ""),
    )


def refuse_weak(passphrase: str, username: str, *about: str) -> None:
    """Do nothing when the passphrase of *username* is hard to guess, also for who knows what is *about* them.

    Raises:
        Misconfigured: it is not; with the reason.
    """
    try:
        check_strength(passphrase, username, *about)
    except TooWeak as weak:
        why = ", ".join(_WEAK.get(code, code) for code in weak.strength.advice)
        raise Misconfigured(f"the passphrase of {username} would be guessed: {why}") from None


def _house(offline: Path, config: Config) -> House:
    """Return what the ceremony in *offline* made; without one, hold it."""
    if (offline / HOUSE_FILE).exists() or (offline / ROOT_FILE).exists():
        return House.read(offline / HOUSE_FILE)
    return hold(offline, papers=_PAPERS, threshold=_NEEDED, house=config.public_url)
