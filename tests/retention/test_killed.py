"""The process that erases is killed, for good, in the middle: the next one finishes, and nothing else is lost."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hotline import audit
from hotline.store import Store
from hotline.triage.forgetting import sweeper
from hotline.vault.erasedlist import ErasedList
from tests.retention.rows import tables_naming
from tests.retention.test_ending import second_report

ROOT = Path(__file__).parents[2]
CHILD = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from hotline.config import Config
from hotline.factory import build
from hotline.retention import erasing
from hotline.vault.argon import CHEAPEST
from hotline.vault.erasedlist import ErasedList

var, step, report_id, at = sys.argv[1:]
at = datetime.fromisoformat(at)
hotline = build(
    Config("https://line.example", f"sqlite:///{var}/hotline.db", Path(var) / "keys"),
    clock=lambda: at, profile=CHEAPEST,
)

def die(*_args, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

if step == "forget":
    erasing._note = die
elif step == "list":
    ErasedList.add = die
elif step == "certify":
    erasing._certify = die
else:
    hotline.store.truncate_log = die
hotline.sweeper.eraser.erase(report_id, by="ines", at=at)
"""


@pytest.mark.parametrize("step", ["forget", "list", "certify", "truncate"])
def test_an_erasure_survives_the_death_of_its_process(ends, step):
    report_id = ends.report()
    other = second_report(ends)
    ends.store.close()
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(ends.house.var), step, report_id, ends.at.isoformat()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr
    store = Store(ends.store.url)
    named = tables_naming(store, report_id)
    assert ("envelopes" in named) is (step == "forget")
    # Before the transaction was kept nothing is gone, and whoever asked for it asks again.
    again = sweeper(store, ErasedList(ends.house.var / "keys" / "erased.list"))
    if step == "forget":
        again.eraser.erase(report_id, by="ines", at=ends.at)
    again.sweep(at=ends.at)
    assert tables_naming(store, report_id) == set()
    assert report_id in again.eraser.listed.ids()
    with store.read() as session:
        lines = [line.did for line in audit.page(session)]
    assert lines.count("erased") == 1
    assert {"reports", "messages", "envelopes", "endings"} <= tables_naming(store, other)
    store.close()
    left = b"".join(path.read_bytes() for path in ends.house.var.glob("hotline.db*"))
    assert report_id.encode() not in left
