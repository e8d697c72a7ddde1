"""A hotline of its own in a folder that is thrown away, served as in production, and a provider's load on it."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from hotline import migrations
from hotline.domain.staff import Role
from hotline.operate.ports import free_port
from hotline.store import Store
from hotline.vault import ceremony
from hotline.vault.argon import DEMO
from hotline.vault.member import NewMember

ACCOUNT = "AC" + "0" * 32
LINE = "+15005550006"
NOOR = NewMember("noor", "Noor", "Rosa", Role.SUPERVISOR, "main", "a passphrase")
_MANY = "1000000"
# A process that was there a moment ago may be gone.
GONE = (FileNotFoundError, ProcessLookupError)
ROOT = Path(__file__).parents[3]
TEXTS: tuple[str, ...] = tuple(
    json.loads((Path(__file__).parent / "texts.json").read_text(encoding="utf-8"))
)


@dataclass
class Rig:
    """A served hotline; *pid* is of the process that answers."""

    folder: Path
    port: int
    token: str
    process: subprocess.Popen[bytes]
    database_url: str
    provider_port: int
    totp_secret: str

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def webhook(self, number: int, body: str = "") -> tuple[bytes, dict[str, str]]:
        """Return the signed body and headers of one more text of person *number*; an account where no *body* is given."""
        return signed_text(self.origin, self.token, number, body)

    def processor_seconds(self) -> float:
        """Return the processor time of the serving processes so far."""
        pids = [self.process.pid, *children(self.process.pid)]
        return sum(_processor_seconds(pid) for pid in pids)

    def memory(self) -> int:
        """Return the bytes that the largest of the serving processes holds for itself; mapped files are not counted."""
        return max((_held(pid, "RssAnon:") for pid in children(self.process.pid)), default=0)

    def resident(self) -> int:
        """Return the bytes of the largest of them with all files that are mapped into memory."""
        return max((_held(pid, "VmRSS:") for pid in children(self.process.pid)), default=0)

    def kill(self) -> None:
        """Kill every process at once, as a power cut does."""
        kill_whole(self.process)
        until_free(self.port)

    def start(self) -> None:
        self.process = _serve(self.folder, self.port, self.database_url, self.provider_port)


def signed_text(
    origin: str, token: str, number: int, body: str = ""
) -> tuple[bytes, dict[str, str]]:
    """Return the body and headers of one more text of person *number* to the hotline at *origin*, as the provider signs it."""
    form = {
        "MessageSid": "SM" + secrets.token_hex(16),
        "AccountSid": ACCOUNT,
        "From": f"+1500{number % 10_000_000:07d}",
        "To": LINE,
        "Body": body or TEXTS[number % len(TEXTS)],
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
        "FromCountry": "US",
        "ToCountry": "US",
        "FromCity": "",
        "FromZip": "",
    }
    signature = RequestValidator(token).compute_signature(origin + "/twilio/sms", form)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": signature,
    }
    return urlencode(form).encode(), headers


@contextmanager
def rig(database_url: str = "", *, provider_port: int = 0) -> Iterator[Rig]:
    """Found a hotline, over SQLite unless an empty database is given, and serve it; take all of it away afterwards.

    It talks to the provider on *provider_port*, and to nobody where that is not given.
    """
    with tempfile.TemporaryDirectory(prefix="hotline") as name:
        folder = Path(name)
        (folder / "keys").mkdir()
        token = secrets.token_hex(16)
        (folder / "token").write_text(token)
        url = database_url or f"sqlite:///{folder / 'hotline.db'}"
        store = Store(url)
        migrations.upgrade(store)
        founding = ceremony.found(
            store,
            directory=folder / "keys",
            desks=["main"],
            members=[NOOR],
            at=datetime.now(UTC),
            profile=DEMO,
        )
        store.close()
        port, provider_port = free_port(), provider_port or free_port()
        process = _serve(folder, port, url, provider_port)
        secret = founding.staff[0].totp_secret
        served = Rig(folder, port, token, process, url, provider_port, secret)
        try:
            yield served
        finally:
            served.kill()


def _serve(
    folder: Path, port: int, database_url: str, provider_port: int
) -> subprocess.Popen[bytes]:
    env = {
        "PATH": os.environ.get("PATH", ""),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": database_url,
        "KEYS_DIR": str(folder / "keys"),
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN_FILE": str(folder / "token"),
        "TWILIO_SMS_NUMBER": LINE,
        "OFFER_LOCALES": "drafted",
        # Beyond a day's cap texts are kept and not answered: that would be measured instead.
        "SPEND_PARTS_PER_DAY": _MANY,
        "SPEND_PARTS_PER_COUNTRY": _MANY,
        "TWILIO_API_ORIGIN": f"http://127.0.0.1:{provider_port}",
    }
    command = [sys.executable, "-m", "hotline.cli", "serve", "--port", str(port)]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command.
            command, env=env, cwd=ROOT, stderr=log, stdout=log, start_new_session=True
        )
    try:
        until_healthy(port, process)
    except RuntimeError:
        kill_whole(process)
        raise
    return process


def kill_whole(process: subprocess.Popen[bytes]) -> None:
    """Kill *process*, which began a session of its own, with all that it started, also what it is starting just now."""
    inner = children(process.pid)
    with suppress(*GONE):
        os.killpg(process.pid, signal.SIGKILL)
    for pid in inner:
        with suppress(*GONE):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def until_free(port: int) -> None:
    """Wait until nobody listens on *port* any more: what was killed lets go a moment later."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return
        time.sleep(0.02)
    raise RuntimeError("the port is still taken")


def until_healthy(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the hotline on *port* answers."""
    end = time.monotonic() + 180
    while time.monotonic() < end and process.poll() is None:
        if _is_healthy(port):
            return
        time.sleep(0.05)
    raise RuntimeError("the server did not start")


def _is_healthy(port: int) -> bool:
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=2)) as connection:
            connection.request("GET", "/healthz")
            with connection.getresponse() as response:
                return response.status == 200
    except (OSError, HTTPException):
        return False


def children(pid: int) -> list[int]:
    """Return the processes that *pid* started, and theirs."""
    with suppress(*GONE):
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [child for word in text.split() for child in (int(word), *children(int(word)))]
    return []


def _processor_seconds(pid: int) -> float:
    with suppress(*GONE):
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _held(pid: int, name: str) -> int:
    """Return the bytes that a line of a process's status tells of."""
    with suppress(*GONE):
        told = Path(f"/proc/{pid}/status").read_text()
        return int(told.split(name)[1].split()[0]) * 1024
    return 0
