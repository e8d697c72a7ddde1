"""`hotline init` at a terminal: it asks what a house needs, refuses what is weak with a reason, and writes the settings."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from getpass import getpass
from pathlib import Path
from urllib.parse import urlsplit

from hotline.config import Config
from hotline.domain.staff import HOUSE, Role
from hotline.errors import HotlineError, Misconfigured
from hotline.operate.backup_age import recipients
from hotline.operate.backup_commands import RECIPIENT
from hotline.operate.founding import member_of
from hotline.operate.keys_ceremony import write_once
from hotline.vault.keyfiles import write_private
from hotline.vault.member import NewMember

Ask = Callable[[str], str]

_SECRET = "TWILIO_AUTH_TOKEN"  # noqa: S105 - its name.
_GROUPS = (
    {"PUBLIC_URL": ("public address, such as https://line.example", "")},
    {"DATABASE_URL": ("database", "sqlite:////srv/hotline/data/hotline.db")},
    {"REDIS_URL": ("Redis, for workers of their own; empty: none", "")},
    {"KEYS_DIR": ("folder of keys, outside database and backups", "/srv/hotline/keys")},
    {
        "TWILIO_ACCOUNT_SID": ("the provider's account (AC…); empty: web only", ""),
        _SECRET: ("its token (it is not shown)", ""),
        "TWILIO_SMS_NUMBER": ("number for texts, such as +15005550006", ""),
    },
    {"DESK": ("name of the desk", "main")},
    {"JURISDICTION": ("country whose law binds you, such as IE; empty: none", "")},
    {RECIPIENT: ("key to back up to (age1…, of `hotline backup --new-key`)", "")},
)
_STAND_INS = {"PUBLIC_URL": "https://line.example", "DATABASE_URL": "sqlite:////tmp/x.db"}
_PEOPLE = """
Now the first people: a supervisor, and whom you like. A passphrase is five or six words that have nothing to do with
each other; what would be guessed is refused. An empty name ends it.
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """The settings that were written to *file*, and who works here."""

    file: Path
    settings: Mapping[str, str]
    offline: Path
    members: list[NewMember] = field(repr=False)


def asked(read: Ask = input, hidden: Ask = getpass) -> Asked:
    """Ask for a house, and write its settings, mode 600, and the provider's token beside the keys."""
    file = Path(
        read("file of the settings [/etc/hotline/hotline.env]: ") or "/etc/hotline/hotline.env"
    )
    settings: dict[str, str] = {}
    for group in _GROUPS:
        settings |= _group(group, settings, read, hidden)
    offline = Path(read("folder on a disk that you take away, for the root key and papers: "))
    print(_PEOPLE)
    members = list(_people(settings["DESK"], read, hidden))
    file.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    write_once(file, "\n".join(f"{name}='{value}'" for name, value in settings.items() if value))
    return Asked(file, settings, offline, members)


def _group(
    group: Mapping[str, tuple[str, str]], settings: Mapping[str, str], read: Ask, hidden: Ask
) -> dict[str, str]:
    """Ask until what is answered can stand beside the *settings* so far."""
    while True:
        given = {}
        for name, (what, usual) in group.items():
            ask = hidden if name == _SECRET else read
            given[name] = ask(f"{what} [{usual}]: " if usual else f"{what}: ").strip() or usual
            if name == "TWILIO_ACCOUNT_SID" and not given[name]:
                return {}
        try:
            return _taken(given, settings)
        except HotlineError as error:
            print(f"No: {error}.")


def _taken(given: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """Return *given* as it stands in the file of settings.

    Raises:
        HotlineError: it cannot be used, or is weak.
    """
    taken = {name: value for name, value in given.items() if name != _SECRET}
    if any("'" in value or "\n" in value for value in taken.values()):
        raise Misconfigured("there is a quotation mark in it")
    address = urlsplit(taken.get("PUBLIC_URL", ""))
    if address.scheme == "http" and address.hostname not in ("127.0.0.1", "localhost"):
        raise Misconfigured("without https everybody on the way reads along")
    if urlsplit(taken.get("DATABASE_URL", "")).password:
        raise Misconfigured(
            "a password would stand in the environment: let libpq read it (?passfile=/path, or a socket)"
        )
    if RECIPIENT in taken:
        recipients([taken[RECIPIENT]])
    if "KEYS_DIR" in taken:
        Path(taken["KEYS_DIR"]).mkdir(mode=0o700, parents=True, exist_ok=True)
    if _SECRET in given:
        if len(given[_SECRET]) < 32:
            raise Misconfigured("the token has 32 characters")
        token = Path(settings["KEYS_DIR"]).parent / "secrets" / "twilio.token"
        write_private(token, given[_SECRET].encode())
        taken[f"{_SECRET}_FILE"] = str(token)
    Config.from_env({**_STAND_INS, "KEYS_DIR": "/", **settings, **taken})
    return taken


def _people(desk: str, read: Ask, hidden: Ask) -> Iterator[NewMember]:
    usernames, supervisors = set[str](), 0
    while (username := read("name to sign in with: ").strip()) or not supervisors:
        if not username or username in usernames:
            print("No: there must be a supervisor, and each name once.")
            continue
        row = {
            "username": username,
            "name": read("name as colleagues know them: ").strip(),
            "pseudonym": read("name that reporters see: ").strip(),
            "role": read(f"{', '.join(Role)}: ").strip(),
            "passphrase": hidden("passphrase (it is not shown): "),
        }
        try:
            if hidden("the same again: ") != row["passphrase"]:
                raise Misconfigured("these are two")
            member = member_of(row, desk)
        except (HotlineError, ValueError) as error:
            print(f"No: {error}.")
            continue
        usernames.add(username)
        supervisors += member.role is Role.SUPERVISOR and member.desk != HOUSE
        yield member
