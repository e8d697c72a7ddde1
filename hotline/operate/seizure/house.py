"""A house that is founded to be robbed: everything it has lies in one folder, and nobody real ever wrote to it."""

import base64
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import requests
from sqlalchemy import inspect

from hotline import migrations
from hotline.config import Config, TwilioSettings
from hotline.demo.network import Network
from hotline.domain.staff import HOUSE, Role
from hotline.errors import Misconfigured, Unavailable
from hotline.leads import agencies
from hotline.leads.codes import COUNTRIES
from hotline.operate.ports import free_port
from hotline.operate.seizure import provider
from hotline.operate.seizure.canaries import Canaries
from hotline.store import Store
from hotline.vault import ceremony, codes
from hotline.vault.argon import PRODUCTION, Profile
from hotline.vault.keyfiles import write_private
from hotline.vault.member import NewMember
from hotline.vault.roster import DeskEntry
from hotline.vault.totp import step_at, totp_code
from referral.load import SAMPLE_CITY, load_package

DESK, OTHER, QUIET = "main", "other", "quiet"
SMS, WHATSAPP = "+15005550006", "+15005550009"
MEMBERS = (
    ("noor", Role.CASEWORKER, DESK, ""),
    ("ines", Role.SUPERVISOR, DESK, ""),
    ("omar", Role.AUDITOR, DESK, ""),
    ("ivan", Role.INTERPRETER, DESK, ""),
    ("tess", Role.CASEWORKER, OTHER, ""),
    ("sami", Role.SUPERVISOR, OTHER, ""),
    ("lena", Role.CASEWORKER, QUIET, "a"),
    ("kofi", Role.SUPERVISOR, QUIET, "b"),
    ("adam", Role.ADMINISTRATOR, HOUSE, ""),
    ("vera", Role.INVESTIGATOR, HOUSE, ""),
)
"""Username, role, desk, and on the desk with four eyes which half."""

_ROOT = Path(__file__).parents[3]
_PATIENCE = 90


@dataclass(frozen=True, slots=True, repr=False)
class Member:
    """Who works in the house, with what only they know."""

    username: str
    desk: str
    passphrase: str
    totp_secret: bytes

    def code(self, at: datetime | None = None) -> str:
        return totp_code(self.totp_secret, step_at(at or datetime.now(UTC)))


@dataclass
class House:
    """The throwaway house, open: it answers at *url*, and its parts lie in *folder*."""

    folder: Path
    url: str
    env: Mapping[str, str]
    network: Network
    canaries: Canaries
    members: Mapping[str, Member]
    feed_token: str
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def config(self) -> Config:
        return Config.from_env(self.env)

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @contextmanager
    def store(self) -> Iterator[Store]:
        store = Store(self.env["DATABASE_URL"])
        try:
            yield store
        finally:
            store.close()


@contextmanager
def opened(
    folder: Path, *, database: str, redis: str = "", profile: Profile = PRODUCTION
) -> Iterator[House]:
    """Found a house in the empty *folder*, serve it, and close it afterwards.

    Raises:
        Misconfigured: *database* is not empty.
        Unavailable: it does not answer in time.
    """
    port, provider_port = free_port(), free_port()
    account = provider.new_account(provider_port, sms=SMS, whatsapp=WHATSAPP)
    url = f"http://127.0.0.1:{port}"
    for name in ("keys", "logs", "tmp", "home"):
        (folder / name).mkdir(mode=0o700, parents=True)
    env = _environment(folder, url, account, database, redis)
    canaries = Canaries()
    members, feed_token = _found(env, canaries, profile)
    with provider.served(account, port=provider_port, public_url=url) as network:
        house = House(folder, url, env, network, canaries, members, feed_token)
        try:
            _start(house, "web", "serve", "--port", str(port))
            if redis:
                _start(house, "worker", "worker")
            wait_for(lambda: requests.get(f"{url}/healthz", timeout=2).ok, "the house to answer")
            yield house
        finally:
            _stop(house)


def cut_the_power(house: House) -> None:
    """End every process as a power failure does: nothing is tidied up."""
    for process in house.processes:
        for pid in children_of(process.pid):
            os.kill(pid, signal.SIGKILL)
        process.kill()
        process.wait()


def children_of(pid: int) -> list[int]:
    """Return a process and those that it started, the youngest first."""
    found = [pid]
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            found = [*children_of(int(child)), *found]
    return found


def wait_for(condition: Callable[[], object], what: str, seconds: float = _PATIENCE) -> None:
    """Wait until *condition* is true; a connection that is refused counts as not yet.

    Raises:
        Unavailable: it did not come about in time.
    """
    end = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except OSError:
            pass
        if time.monotonic() > end:
            raise Unavailable(f"waited in vain for {what}")
        time.sleep(0.05)


def _environment(
    folder: Path, url: str, account: TwilioSettings, database: str, redis: str
) -> dict[str, str]:
    """Return the settings of the house, as an operator would write them."""
    token = folder / "keys" / "provider.token"
    write_private(token, account.auth_token.encode())
    is_sqlite = database == "sqlite"
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "PUBLIC_URL": url,
        "DATABASE_URL": f"sqlite:///{folder / 'hotline.db'}" if is_sqlite else database,
        "KEYS_DIR": str(folder / "keys"),
        "REDIS_URL": redis,
        "TWILIO_ACCOUNT_SID": account.account_sid,
        "TWILIO_AUTH_TOKEN_FILE": str(token),
        "TWILIO_SMS_NUMBER": account.sms_number,
        "TWILIO_WHATSAPP_NUMBER": account.whatsapp_number,
        "TWILIO_API_ORIGIN": account.api_origin,
        "DESK": DESK,
        "OFFER_LOCALES": "drafted",
        # What the feeds give is looked at in the same hour.
        "LEAD_WAIT_HOURS": "0",
    }


def _found(
    env: Mapping[str, str], canaries: Canaries, profile: Profile
) -> tuple[dict[str, Member], str]:
    """Hold the ceremony, keep what each member knows as canaries, and take in an agency."""
    newcomers = [_newcomer(canaries, *row) for row in MEMBERS]
    config = Config.from_env(env)
    at = datetime.now(UTC)
    store = Store(config.database_url)
    try:
        if inspect(store.engine).get_table_names():
            raise Misconfigured("the database is not empty: a drill founds a house of its own")
        migrations.upgrade(store)
        desks = [DeskEntry(DESK), DeskEntry(OTHER), DeskEntry(QUIET, four_eyes=True)]
        founding = ceremony.found(
            store, directory=config.keys, desks=desks, members=newcomers, at=at, profile=profile
        )
        store.write(lambda session: load_package(session, SAMPLE_CITY))
        token = store.write(lambda session: agencies.admit(session, "A unit", COUNTRIES, at=at))
    finally:
        store.close()
    canaries.keep("key.root", founding.root_private)
    canaries.keep("key.recovery", founding.recovery_seed)
    canaries.keep("feed.token", token)
    secrets = {one.username: base64.b32decode(one.totp_secret) for one in founding.staff}
    for secret in secrets.values():
        canaries.keep("staff.totp", secret)
    return {
        new.username: Member(new.username, new.desk, new.passphrase, secrets[new.username])
        for new in newcomers
    }, token


def _newcomer(canaries: Canaries, username: str, role: Role, desk: str, half: str) -> NewMember:
    passphrase = codes.mint().words
    canaries.keep("staff.passphrase", passphrase)
    name = canaries.name(f"colleague.{username}")
    return NewMember(username, name, username.upper(), role, desk, passphrase, half)


def _start(house: House, name: str, *words: str) -> None:
    """Start a command of ours, whose both outputs are one log file."""
    command = [sys.executable, "-m", "hotline.cli", *words]
    with (house.folder / "logs" / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command.
            command, cwd=_ROOT, env=dict(house.env), stdout=log, stderr=log
        )
    house.processes.append(process)


def _stop(house: House) -> None:
    for process in house.processes:
        process.terminate()
    for process in house.processes:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
