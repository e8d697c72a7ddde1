"""A whole hotline for one test: founded, staffed, wired; in memory of nothing but the test's own folder."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path

from flask import Flask
from sqlalchemy import URL, create_engine, make_url, text

from hotline import migrations
from hotline.catalogs import TRANSLATIONS
from hotline.channels.web.desk import Desk
from hotline.config import Config, TwilioSettings
from hotline.domain.staff import HOUSE, Role
from hotline.factory import build, create_app, let_templates_know
from hotline.i18n import Languages
from hotline.parts import Hotline
from hotline.reviews import State
from hotline.store import Store, new_id
from hotline.vault import ceremony
from hotline.vault.argon import CHEAPEST
from hotline.vault.member import NewMember
from hotline.vault.roster import DeskEntry
from referral.door import Door
from tests.fakes import FakeCarrier
from tests.sharing import folder_of_the_run

ORIGIN = "https://line.example"
ACCOUNT = "AC" + "a1" * 16
TOKEN = "a-token-of-the-test"
SMS_LINE = "+15005550006"
WHATSAPP_LINE = "+15005550009"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

STAFF = (
    NewMember("noor", "Noor", "Rosa", Role.CASEWORKER, "main", "correct horse battery noor"),
    NewMember("ines", "Ines", "Alba", Role.SUPERVISOR, "main", "correct horse battery ines"),
    NewMember("abel", "Abel", "Abel", Role.AUDITOR, "main", "correct horse battery abel"),
    NewMember("omar", "Omar", "Lake", Role.CASEWORKER, "main", "correct horse battery omar"),
    NewMember("ivo", "Ivo", "Fern", Role.INTERPRETER, "main", "correct horse battery ivo"),
    NewMember("ada", "Ada", "Key", Role.ADMINISTRATOR, HOUSE, "correct horse battery ada"),
    NewMember("isa", "Isa", "Gate", Role.INVESTIGATOR, HOUSE, "correct horse battery isa"),
    NewMember("enzo", "Enzo", "Pine", Role.AUDITOR, HOUSE, "correct horse battery enzo"),
    NewMember("tala", "Tala", "Field", Role.CASEWORKER, "north", "correct horse battery tala"),
    NewMember("mira", "Mira", "Stone", Role.SUPERVISOR, "north", "correct horse battery mira"),
)
VERA = NewMember("vera", "Vera", "Moor", Role.SUPERVISOR, "main", "correct horse battery vera")
HALVES = {"noor": "a", "omar": "a", "vera": "a", "ines": "b"}
"""Who holds which half of identities, in a house whose desk has four eyes; there Vera works, too."""


class Clock:
    """The test's own time; it stands until it is moved."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **span: float) -> datetime:
        self.at += timedelta(**span)
        return self.at


@cache
def _shared_languages(only: tuple[str, ...], is_demo: bool) -> Languages:
    """Houses that offer the same, in templates that see the same, share what takes long to read."""
    return Languages(TRANSLATIONS, only=only)


def _languages_for(config: Config) -> Languages | None:
    """Return what a house offers; None where that depends on what is signed in it."""
    if config.offer_locales is not State.DRAFTED:
        return None
    return _shared_languages(tuple(config.locales), config.demo is not None)


_free: list[Flask] = []
"""Applications of houses that are closed: each will be wired to another house."""


def _app_for(hotline: Hotline) -> Flask:
    """Return an application that answers for *hotline* and remembers no other house; making one takes longest of all."""
    if not _free or hotline.config.theme:
        return create_app(hotline)
    let_templates_know(hotline)
    app = _free.pop()
    look = app.extensions["look"]
    app.extensions.clear()
    door = Door.of(hotline.config.directory_tokens, origin=hotline.config.public_url)
    app.extensions.update(hotline=hotline, directory=hotline.store, directory_door=door)
    app.extensions.update(web=Desk(), look=look)
    return app


@dataclass
class House:
    hotline: Hotline
    carrier: FakeCarrier
    clock: Clock
    var: Path
    staff: dict[str, ceremony.Enrolled] = field(default_factory=dict)
    _lent: list[Flask] = field(default_factory=list)

    @cached_property
    def app(self) -> Flask:
        """The web application. Who adds to it or keeps it must make their own: it goes on to another house."""
        self._lent.append(_app_for(self.hotline))
        return self._lent[0]

    def close(self) -> None:
        self.hotline.store.close()
        _free.extend(app for app in self._lent if not self.hotline.config.theme)
        self._lent.clear()


def found_house(
    var: Path,
    *,
    database_url: str = "",
    clock: Clock | None = None,
    adjust: Callable[[Config], Config] | None = None,
    four_eyes: bool = False,
) -> House:
    """Found a house in *var* and wire it around a fake carrier; with *four_eyes* its desk opens nobody alone.

    Houses that offer the same languages share them, and an application that is free again.
    """
    clock = clock or Clock()
    var.mkdir(parents=True, exist_ok=True)
    if database_url:
        url, staff = database_url, _copied(var, database_url, four_eyes)
    else:
        url = f"sqlite:///{var / 'hotline.db'}"
        model, staff = _model(four_eyes)
        shutil.copytree(model, var, dirs_exist_ok=True)
    return wired_house(var, url, staff, clock=clock, adjust=adjust)


def wired_house(
    var: Path,
    url: str,
    staff: Mapping[str, ceremony.Enrolled],
    *,
    clock: Clock,
    adjust: Callable[[Config], Config] | None = None,
) -> House:
    """Wire the house whose keys lie in *var* around a fake carrier."""
    config = Config(
        public_url=ORIGIN,
        database_url=url,
        keys=var / "keys",
        twilio=TwilioSettings(
            account_sid=ACCOUNT,
            auth_token=TOKEN,
            sms_number=SMS_LINE,
            whatsapp_number=WHATSAPP_LINE,
        ),
        lines={SMS_LINE: "en", WHATSAPP_LINE: "es"},
        lead_wait=None,
        offer_locales=State.DRAFTED,
    )
    config = adjust(config) if adjust else config
    languages = _languages_for(config)
    carrier = FakeCarrier()
    hotline = replace(
        build(config, clock=clock, profile=CHEAPEST, languages=languages), carrier=carrier
    )
    return House(hotline, carrier, clock, var, dict(staff))


@cache
def _model(four_eyes: bool) -> tuple[Path, dict[str, ceremony.Enrolled]]:
    """Found a house once for the whole run; each test gets a copy of its folder."""
    folder = folder_of_the_run("model")
    return folder, _found(folder, f"sqlite:///{folder / 'hotline.db'}", four_eyes)


def _copied(var: Path, url: str, four_eyes: bool) -> dict[str, ceremony.Enrolled]:
    """Put a house, founded once for the whole run, into *var* and in place of the empty database at *url*."""
    server, name = make_url(url).set(database="postgres"), make_url(url).database
    folder, model, staff = _model_on(server, four_eyes)
    shutil.copytree(folder, var, dirs_exist_ok=True)
    _in_place_of(server, name, model)
    return staff


@cache
def _model_on(server: URL, four_eyes: bool) -> tuple[Path, str, dict[str, ceremony.Enrolled]]:
    """Found a house on the PostgreSQL *server*, which the server's own end takes away."""
    folder, name = folder_of_the_run("model"), f"m{new_id()}"
    _in_place_of(server, name, "template1")
    url = server.set(database=name).render_as_string(hide_password=False)
    return folder, name, _found(folder, url, four_eyes)


def _in_place_of(server: URL, name: str | None, model: str) -> None:
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as session:
        session.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        session.execute(text(f"CREATE DATABASE {name} TEMPLATE {model}"))
    admin.dispose()


def _found(var: Path, url: str, four_eyes: bool) -> dict[str, ceremony.Enrolled]:
    keys = var / "keys"
    keys.mkdir()
    store = Store(url)
    migrations.create_all(store)
    desk = DeskEntry("main", four_eyes=four_eyes)
    founding = ceremony.found(
        store,
        directory=keys,
        desks=[desk, DeskEntry("north")],
        members=_in_halves() if four_eyes else STAFF,
        at=NOON,
        profile=CHEAPEST,
    )
    store.truncate_log()
    store.close()
    return {enrolled.username: enrolled for enrolled in founding.staff}


def _in_halves() -> list[NewMember]:
    return [replace(new, half=HALVES.get(new.username, "")) for new in (*STAFF, VERA)]
