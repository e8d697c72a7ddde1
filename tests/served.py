"""The demo as a newcomer gets it: one command, in a folder of the test's own, on a free port."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hotline.vault.totp import step_at, totp_code
from tests.browsers.chromium import chromium
from tests.servers import free_port, wait_for

ROOT = Path(__file__).parents[1]
PATIENCE = 60
"""Seconds that starting or ending may take on a machine that does other things: alone, it takes two."""


@dataclass
class Served:
    """A demo that runs; *facts* are what it wrote for whoever tries it."""

    url: str
    var: Path
    process: subprocess.Popen[bytes]

    @property
    def facts(self) -> dict[str, Any]:
        return json.loads((self.var / "demo.json").read_text())

    @property
    def log(self) -> bytes:
        return (self.var.parent / "log").read_bytes()

    def staff(self, username: str) -> dict[str, str]:
        return next(one for one in self.facts["staff"] if one["username"] == username)

    def code(self, username: str) -> str:
        secret = base64.b32decode(self.staff(username)["totp_secret"])
        return totp_code(secret, step_at(datetime.now(UTC)))

    def stop(self) -> None:
        """End it as Ctrl-C does; whatever comes of that, nothing of it runs on.

        Where it does not end, its log says what each of its threads did.
        """
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._to_all(signal.SIGABRT)
            time.sleep(1)
            raise AssertionError(self.log.decode(errors="replace")) from None
        finally:
            self.kill()

    def kill(self) -> None:
        self._to_all(signal.SIGKILL)
        self.process.wait()

    def _to_all(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


def serve(folder: Path, **settings: str) -> Served:
    """Start `python app.py` in *folder* and wait until it answers."""
    port = free_port()
    url, var = f"http://127.0.0.1:{port}", folder / "var"
    env = {"PATH": os.environ["PATH"], "PORT": str(port), "HOTLINE_VAR": str(var)}
    # At an abort, each thread says where it is.
    env |= {"PYTHONFAULTHANDLER": "1", **settings}
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env=env,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    served = Served(url, var, process)

    def answers() -> bool:
        assert process.poll() is None, served.log.decode(errors="replace")
        return urllib.request.urlopen(f"{url}/healthz", timeout=2).status == 200

    try:
        wait_for(answers, 3 * PATIENCE)
        wait_for(lambda: (var / "told").exists(), PATIENCE)
    except BaseException:
        served.kill()
        raise
    return served


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = serve(tmp_path_factory.mktemp("demo"))
    yield served
    served.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as program:
        yield program
