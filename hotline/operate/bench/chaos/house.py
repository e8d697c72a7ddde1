"""A house in the storm: its database, its provider in a process of its own, and the served processes, which get killed."""

import base64
import os
import random
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hotline import migrations
from hotline.config import Config
from hotline.domain.staff import Role
from hotline.errors import Unavailable
from hotline.factory import build
from hotline.operate.bench.rig import (
    ACCOUNT,
    GONE,
    LINE,
    ROOT,
    children,
    kill_whole,
    until_free,
    until_healthy,
)
from hotline.operate.ports import free_port
from hotline.parts import Hotline
from hotline.store import Store
from hotline.vault import ceremony
from hotline.vault.argon import DEMO
from hotline.vault.member import NewMember
from hotline.vault.opening import Keyholder
from hotline.vault.totp import step_at, totp_code

WHATSAPP_LINE = "+15005550009"
TEMPLATE = "HX" + "c0" * 16
_SERVICE = "MG" + "c0" * 16
_PASSPHRASE = "seven slow green turtles"  # noqa: S105 - of nobody.
_INES = NewMember("ines", "Ines", "Alba", Role.SUPERVISOR, "main", _PASSPHRASE)
_COVER = 'story = ["Hi, this is about the garden. Are you coming on Sunday?", "OK, see you."]\n'
SERVE, _WORK = "serve", "worker"
Program = Sequence[str]
_ITSELF: Program = (sys.executable, "-m")
_MANY = "1000000"


@dataclass
class Clock:
    """The time as the driver sees it: it may run ahead."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def reaches(self, at: datetime) -> None:
        self.ahead = max(self.ahead, at - datetime.now(UTC))


@dataclass
class House:
    """A founded house. *hotline* are its parts as the driver has them; *ines* may answer and open everything."""

    folder: Path
    env: dict[str, str]
    port: int
    provider_port: int
    hotline: Hotline
    ines: Keyholder
    totp_secret: str
    clock: Clock
    workers: int = 1
    program: Program = _ITSELF
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def house_public(self) -> bytes:
        return self.hotline.log_key.public

    @property
    def has_worker(self) -> bool:
        return not self.env["DATABASE_URL"].startswith("sqlite")

    def opens(self) -> None:
        """Start every process that does not run, and wait until the line answers."""
        workers = [f"{_WORK} {number}" for number in range(self.workers)] if self.has_worker else []
        for what in (SERVE, *workers):
            if what not in self.processes or self.processes[what].poll() is not None:
                self._starts(what)

    def loses(self, chance: random.Random) -> None:
        """Kill at once something that serves, as a power cut or a full memory does, and start it anew."""
        what = chance.choice(list(self.processes))
        inner = children(self.processes[what].pid)
        if what == SERVE and len(inner) > 1 and chance.random() < 0.3:
            # One of several that serve: the server starts another in its place by itself.
            with suppress(*GONE):
                os.kill(chance.choice(inner), signal.SIGKILL)
            return
        self.dies(what)
        self._starts(what)

    def closes(self) -> None:
        for what in list(self.processes):
            self.dies(what)

    def dies(self, what: str) -> None:
        """Kill what is called so, all of it at once."""
        kill_whole(self.processes.pop(what))
        if what == SERVE:
            until_free(self.port)

    def replaces(self, what: str) -> None:
        """End what is called so as an upgrade does, and start it anew."""
        self.processes[what].terminate()
        self.processes[what].wait(60)
        self.dies(what)
        self._starts(what)

    def serves_on(self, port: int) -> None:
        """Serve on another host, too."""
        self._starts(f"{SERVE} {port}")

    def _starts(self, what: str) -> None:
        command, _, number = what.partition(" ")
        port = int(number or self.port)
        words = [*self.program, "hotline.cli", command]
        words += ["--port", str(port)] if command == SERVE else []
        self.processes[what] = process = _start(words, self.env, self.folder)
        if command == SERVE:
            until_healthy(port, process)


def _start(command: list[str], env: dict[str, str], folder: Path) -> subprocess.Popen[bytes]:
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own command.
            command, env=env, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )


@contextmanager
def founded(
    database: str,
    *,
    within: Path | None = None,
    log: Path | None = None,
    clock: Clock | None = None,
    program: Program = _ITSELF,
) -> Iterator[House]:
    """Found a house on the empty *database* (SQLite in a folder of its own where that is empty), with a provider beside it.

    Its files lie *within* a folder, and what it writes of itself in *log*; *clock* is what the driver goes by, and *program* runs a module of ours.
    """
    with tempfile.TemporaryDirectory(prefix="hotline", dir=within) as name:
        folder = Path(name)
        if log:
            (folder / "log").symlink_to(log)
        env = _environment(folder, database or f"sqlite:///{folder / 'hotline.db'}")
        provider = _provider(folder, env, program)
        try:
            house = _found(folder, env, clock or Clock())
            house.program = program
            try:
                yield house
            finally:
                house.closes()
                house.hotline.store.close()
        finally:
            provider.kill()
            provider.wait()


def _environment(folder: Path, database: str) -> dict[str, str]:
    keys = folder / "keys"
    keys.mkdir()
    (keys / "cover.toml").write_text(_COVER)
    (folder / "token").write_text(secrets.token_hex(16))
    return {
        "PATH": os.environ.get("PATH", ""),
        "PUBLIC_URL": f"http://127.0.0.1:{free_port()}",
        "DATABASE_URL": database,
        "KEYS_DIR": str(keys),
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN_FILE": str(folder / "token"),
        "TWILIO_SMS_NUMBER": LINE,
        "TWILIO_WHATSAPP_NUMBER": WHATSAPP_LINE,
        "TWILIO_WHATSAPP_TEMPLATE": TEMPLATE,
        "TWILIO_MESSAGING_SERVICE_SID": _SERVICE,
        "TWILIO_API_ORIGIN": f"http://127.0.0.1:{free_port()}/demo/twilio",
        "OFFER_LOCALES": "drafted",
        "SPEND_PARTS_PER_DAY": _MANY,
        "SPEND_PARTS_PER_COUNTRY": _MANY,
    }


def _port(url: str) -> int:
    return int(url.split(":")[2].split("/")[0])


def _provider(folder: Path, env: dict[str, str], program: Program) -> subprocess.Popen[bytes]:
    """Start the provider, whose webhooks go to the house."""
    account = {
        "account_sid": ACCOUNT,
        "auth_token": (folder / "token").read_text(),
        "sms_number": LINE,
        "whatsapp_number": WHATSAPP_LINE,
        "whatsapp_template": TEMPLATE,
        "messaging_service_sid": _SERVICE,
    }
    lines = [f'public_url = "{env["PUBLIC_URL"]}"', "[account]"]
    lines += [f'{name} = "{value}"' for name, value in account.items()]
    (folder / "provider.toml").write_text("\n".join(lines))
    command = [*program, "hotline.demo.loopback", "--settings"]
    command += [str(folder / "provider.toml"), "--port", str(_port(env["TWILIO_API_ORIGIN"]))]
    return _start(command, {"PATH": env["PATH"]}, folder)


def _found(folder: Path, env: dict[str, str], clock: Clock) -> House:
    store, at = Store(env["DATABASE_URL"]), datetime.now(UTC)
    with closing(store):
        migrations.upgrade(store)
        founding = ceremony.found(
            store, directory=folder / "keys", desks=["main"], members=[_INES], at=at, profile=DEMO
        )
    hotline = build(Config.from_env(env), clock=clock, profile=DEMO)
    secret = founding.staff[0].totp_secret
    cookie = sign_in(hotline, secret, at)
    ines = hotline.door.resume(hotline.store, cookie, at=at)
    if ines is None:
        raise Unavailable("nobody came in")
    ports = _port(env["PUBLIC_URL"]), _port(env["TWILIO_API_ORIGIN"])
    return House(folder, env, *ports, hotline, ines, secret, clock)


def sign_in(hotline: Hotline, totp_secret: str, at: datetime) -> str:
    """Return the cookie of Ines, who signs in."""
    entrance = hotline.door.sign_in(
        hotline.store,
        username=_INES.username,
        passphrase=_PASSPHRASE,
        totp=totp_code(base64.b32decode(totp_secret), step_at(at)),
        at=at,
    )
    return entrance.cookie
