"""`python app.py`: one command, a demo with reports in it; Ctrl-C ends all of it, and a second start keeps it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from sqlalchemy import func, select

from hotline.demo import cast
from hotline.intake.admission import MOST_ALIKE
from hotline.reports.tables import messages
from hotline.store import Store
from hotline.triage import quarantine
from tests.servers import free_port, wait_for

ROOT = Path(__file__).parent.parent.parent


class Run:
    """The demo as somebody starts it."""

    def __init__(self, var: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._log = (var.parent / "log").open("ab")
        environment = {**os.environ, "PORT": str(port), "HOTLINE_VAR": str(var)}
        self.process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env=environment,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        try:
            wait_for(lambda: requests.get(f"{self.url}/healthz", timeout=5).ok, 90)
        except BaseException:
            self.ends()
            raise

    def ends(self) -> float:
        """Press Ctrl-C; return how long it took to end."""
        started = time.monotonic()
        try:
            os.killpg(self.process.pid, signal.SIGINT)
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise
        finally:
            self._log.close()
        return time.monotonic() - started


@pytest.fixture
def var(tmp_path):
    return tmp_path / "var"


def kept(var):
    store = Store(f"sqlite:///{var / 'hotline.db'}")
    with store.read() as session:
        count = session.execute(select(func.count()).select_from(messages)).scalar_one()
    store.close()
    return count


def aside(var):
    store = Store(f"sqlite:///{var / 'hotline.db'}")
    with store.read() as session:
        its = quarantine.aside(session, "main")
    store.close()
    return its.alike


def test_it_starts_tells_its_stories_ends_and_keeps_them(var):
    port = free_port()
    told = sum(len(story.texts) for story in cast.stories()) + cast.flood().count
    run = Run(var, port)
    try:
        wait_for(lambda: kept(var) == told, 60)
        assert "This is a demo." in requests.get(f"{run.url}/demo/", timeout=10).text
        facts = json.loads((var / "demo.json").read_text())
        assert facts["url"] == run.url
        # Of a flood a few stand in the queue, and the rest beside it.
        assert aside(var) == cast.flood().count - MOST_ALIKE
    finally:
        run.ends()

    # Nothing listens any more, and the log holds no word of what was told.
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{run.url}/healthz", timeout=2)
    log = (var.parent / "log").read_text()
    assert run.url in log
    for story in cast.stories():
        assert cast.personas()[story.who].number[1:] not in log
        assert all(words[:20] not in log for words in story.texts)

    # The second start is the same demo, with what was in it.
    run = Run(var, port)
    try:
        assert kept(var) == told
        assert json.loads((var / "demo.json").read_text()) == facts
    finally:
        run.ends()
