"""A whole house behind the reporters' pages: real store, vault and reception, and a clock that we turn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, url_for

from hotline.channels.web import web
from hotline.channels.web.desk import Brake, Desk
from hotline.config import Config
from hotline.domain.identity import Redaction
from hotline.domain.report import Assessment
from hotline.domain.staff import Role
from hotline.domain.urgency import Urgency
from hotline.i18n import Languages
from hotline.intake import Reception
from hotline.migrations import create_all
from hotline.parts import Hotline
from hotline.store import Store
from hotline.vault.argon import CHEAPEST
from hotline.vault.ceremony import found
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.keyring import Keyring
from hotline.vault.locks import Locks
from hotline.vault.member import NewMember
from hotline.vault.relay import RelayKey
from hotline.vault.reporters import CodeDesk
from hotline.vault.staff import StaffDoor
from hotline.vault.threads import ThreadKeys

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
LEAVE_TO = "https://weather.example/"
NOOR = NewMember(
    username="noor",
    name="Noor",
    pseudonym="Rosa",
    role=Role.CASEWORKER,
    desk="main",
    passphrase="eleven quiet lanterns",
)
ROOT = Path(__file__).parents[3]


def open_house(
    folder: Path,
    *,
    public_url: str = "http://localhost",
    clock: Callable[[], datetime] = lambda: NOON,
    redact: Callable[..., Redaction] | None = None,
    assess: Callable[..., Assessment] | None = None,
) -> Hotline:
    """Found a house in *folder* and return its parts."""
    store = Store(f"sqlite:///{folder / 'hotline.db'}")
    create_all(store)
    directory = folder / "keys"
    directory.mkdir(exist_ok=True)
    found(store, directory=directory, desks=["main"], members=[NOOR], at=NOON, profile=CHEAPEST)
    keys = KeyFolder(directory)
    keyring = Keyring.open(store, root_public=keys.root_public(), pin=keys.pin)
    threads = ThreadKeys(keys.thread_keys)
    threads.rotate(NOON)
    languages = Languages(ROOT / "translations")
    relay = RelayKey.load(keys.relay_private)
    return Hotline(
        config=Config(
            public_url=public_url, database_url=store.url, keys=directory, leave_to=LEAVE_TO
        ),
        store=store,
        languages=languages,
        keyring=keyring,
        threads=threads,
        codes=CodeDesk.load(keys.code_salt, profile=CHEAPEST),
        door=StaffDoor(keyring, Locks(keys.locks), CHEAPEST),
        relay_public=relay.public,
        relay=relay,
        reception=Reception(
            store=store,
            keyring=keyring,
            threads=threads,
            languages=languages,
            redact=redact or _plain_redaction,
            assess=assess or _plain_assessment,
            desk="main",
            default_locale="en",
        ),
        carrier=None,
        clock=clock,
    )


def _plain_redaction(text: str, *, languages: tuple[str, ...] = ()) -> Redaction:
    return Redaction("[OTHER_ID 1]" if text else "", next(iter(languages), "und"), ())


def _plain_assessment(text: str, *, language: str, answers: object) -> Assessment:
    return Assessment(Urgency.NORMAL)


@dataclass
class Sleeper:
    """Sleeps in no time and remembers how long."""

    slept: float = 0.0

    def __call__(self, seconds: float) -> None:
        self.slept += seconds


def make_app(hotline: Hotline, sleeper: Sleeper) -> Flask:
    """Return an application of nothing but the reporters' pages."""
    app = Flask("pages", static_folder=str(ROOT / "hotline" / "static"))
    app.extensions["hotline"] = hotline
    hotline.languages.globals.update(
        url_for=url_for, static=lambda name: f"/static/{name}", is_demo=False
    )
    app.register_blueprint(web)
    app.extensions["web"] = Desk(brake=Brake(sleep=sleeper))
    return app
