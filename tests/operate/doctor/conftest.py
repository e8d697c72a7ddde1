"""A line that is set up as it should be: served over real HTTP, with the loopback provider and its account beside it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from hotline.config import Config, TwilioSettings
from hotline.demo.account import Account
from hotline.demo.account_views import account
from hotline.demo.network import Network
from hotline.demo.provider import provider
from hotline.domain.urgency import Urgency
from hotline.factory import create_app
from hotline.operate import stamps
from hotline.operate.doctor import examine
from hotline.operate.doctor.findings import Finding, Severity
from hotline.operate.doctor.visit import House as Examined
from hotline.operate.machine import Disk, Machine
from hotline.operate.pulse import People, Pulse, Work
from hotline.reviews import State
from tests.house import House, found_house
from tests.servers import free_port

MARIA = "+15005550142"
TEXTS, CALLS, WHATSAPP = "+15005550006", "+15005550007", "+15005550009"
SERVICE, TEMPLATE = "MG" + "5e" * 16, "HX" + "7a" * 16
TOKEN = "a-token-of-the-loopback-account"
ROOMY = Disk(free=50 << 30, size=100 << 30, volume=1, kind="ext4")
WELL = Machine(
    database=ROOMY,
    keys=ROOMY,
    locks=replace(ROOMY, volume=2),
    clock_is_kept=True,
    open_swaps=(),
    leaves_cores=False,
    memory=1 << 30,
    files=20_000,
)
"""A machine with nothing to find: no test depends on the one that it runs on."""


def at_work(at: datetime, **changes: object) -> Pulse:
    """Return how a house is in which all is done and nobody waits; *changes* are to its work or its people."""
    its = Work((), {"reconcile": at, "sweep": at}, unerased=0, stuck=0, checkpoint_at=at)
    people = People(
        came=0, today={}, waiting=dict.fromkeys(Urgency, 0), oldest={},
        parts=0, alerts=0, pages=0, on_duty=0, on_call=0,
    )  # fmt: skip
    of = lambda one: {name: value for name, value in changes.items() if hasattr(one, name)}  # noqa: E731
    return Pulse(replace(its, **of(its)), replace(people, **of(people)))


@dataclass
class Practice:
    """The line, and where each part of it can be spoiled.

    *config* and *env* are what the doctor is given; *served* is the application that answers, which was made
    of the same settings; *account* and *network* are the provider's side.
    """

    config: Config
    env: dict[str, str]
    house: House
    served: Flask
    account: Account
    network: Network
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _open: ExitStack = field(default_factory=ExitStack)

    @property
    def number(self) -> dict:
        """The number of texts, as the provider shows it."""
        return next(n for n in self.account.numbers.values() if n["phone_number"] == TEXTS)

    @property
    def calls(self) -> dict:
        return next(n for n in self.account.numbers.values() if n["phone_number"] == CALLS)

    @property
    def service(self) -> dict:
        return self.account.services[SERVICE]

    def settings(self, **changes: object) -> None:
        """Change the provider's settings as the doctor reads them, and nothing on the provider's side."""
        self.config = replace(self.config, twilio=replace(self.config.twilio, **changes))

    def found(self) -> list[Finding]:
        return examine(Examined(self.config, self.env, self.clock))

    def served_at(self, host: str, *, tls: object = None) -> str:
        """Serve the same line a second time, under another name, and return its address.

        The doctor, the line and the account then all know it by that name.
        """
        port = free_port()
        url = f"{'https' if tls else 'http'}://{host}:{port}"
        hotline = self.served.extensions["hotline"]
        other = create_app(replace(hotline, config=replace(self.config, public_url=url)))
        self._open.enter_context(serving(other, port, tls))
        self.moves_to(url)
        return url

    def moves_to(self, url: str) -> None:
        """Let the doctor and the account, but not the line, know the line by another address."""
        old = self.config.public_url
        self.config = replace(self.config, public_url=url)
        for resource in [*self.account.numbers.values(), *self.account.services.values()]:
            for name, value in resource.items():
                if isinstance(value, str) and value.startswith(old):
                    resource[name] = url + value.removeprefix(old)

    def close(self) -> None:
        self._open.close()


@contextmanager
def serving(app: object, port: int, tls: object = None) -> Iterator[None]:
    server = make_server("127.0.0.1", port, app, threaded=True, ssl_context=tls)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One house for all tests of a module: none of them writes anything into it."""
    house = found_house(tmp_path_factory.mktemp("house"))
    # As the server makes them.
    for path in house.var.glob("hotline.db*"):
        path.chmod(0o600)
    yield house
    house.close()


@pytest.fixture(scope="module")
def door(founded: House) -> Iterator[tuple[str, Flask]]:
    """The served line of a module and its address; each test puts its own settings, network and account in."""
    port = free_port()
    served = create_app(founded.hotline)
    served.extensions["network"] = Network(founded.hotline.config.twilio, public_url="")
    served.register_blueprint(provider)
    served.register_blueprint(account)
    with serving(served, port):
        yield f"http://127.0.0.1:{port}", served


@pytest.fixture
def well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the doctor see a machine and a house at work with nothing to find."""
    monkeypatch.setattr(Machine, "of", lambda _config: WELL)
    monkeypatch.setattr(Pulse, "of", lambda _config, at: at_work(at))


@pytest.fixture
def practice(
    founded: House, door: tuple[str, Flask], tmp_path: Path, well: None
) -> Iterator[Practice]:
    url, served = door
    config = _settings(url, founded, tmp_path)
    network = Network(config.twilio, public_url=url, lines=config.lines)
    theirs = Account.of(config.twilio, public_url=url, lines=network.lines)
    hotline = replace(founded.hotline, config=config)
    served.extensions.update(hotline=hotline, network=network, account=theirs)
    env = {"TWILIO_AUTH_TOKEN_FILE": str(tmp_path / "token")}
    practice = Practice(config, env, founded, served, theirs, network)
    _somebody_called_and_sent_a_picture(network)
    yield practice
    practice.close()
    network.settle()


def _settings(url: str, house: House, folder: Path) -> Config:
    keys = folder / "keys"
    keys.mkdir(mode=0o700)
    for done in (stamps.BACKUP, stamps.DRILL):
        stamps.stamp(keys, done, at=datetime.now(UTC))
    (keys / "locks").mkdir(mode=0o700)
    for name in (
        "relay.key",
        "log.key",
        "root.pub",
        "roster.pin",
        "codes.salt",
        "locks/1",
        "log.pub",
    ):
        (keys / name).write_bytes(b"")
        (keys / name).chmod(0o644 if name.endswith(".pub") else 0o600)
    (keys / "cover.toml").write_text('story = ["Hello! Is the bicycle still for sale?"]\n')
    (keys / "cover.toml").chmod(0o600)
    (folder / "token").write_text(TOKEN)
    (folder / "token").chmod(0o600)
    twilio = TwilioSettings(
        account_sid="AC" + "a1" * 16,
        auth_token=TOKEN,
        sms_number=TEXTS,
        voice_number=CALLS,
        messaging_service_sid=SERVICE,
        api_origin=f"{url}/demo/twilio",
    )
    return replace(
        house.hotline.config,
        public_url=url,
        keys=keys,
        twilio=twilio,
        lines={TEXTS: "en"},
        offer_locales=State.REVIEWED,
        locales=("en",),
    )


def _somebody_called_and_sent_a_picture(network: Network) -> None:
    """Give the provider a picture and a recording to guard, of which the line itself has not heard."""
    network.weather.pace = 0
    network.weather.expects("webhooks", "lost")
    network.text_us(sender=MARIA, line=TEXTS, body="", media=1)
    network.record(network.call_us(sender=MARIA, line=CALLS))
    network.settle()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every name be one of this machine's.

    The resolver is replaced, since a name with an underscore, or one of a server elsewhere, cannot be had here.
    """
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *args, **options: resolve("127.0.0.1", *args, **options),
    )
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def codes(findings: list[Finding], *severities: Severity) -> list[str]:
    return sorted(one.code for one in findings if one.severity in severities)
