"""The conformance check of TAXII 2.1, which lies beside the folder that HOTLINE_REFERENCE names."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.leads.conftest import app, desk  # noqa: F401 - fixtures.
from tests.leads.desk import Desk
from tests.leads.test_clients import _collections, busy, origin  # noqa: F401 - fixtures.


@pytest.mark.parametrize("way", ["bearer", "basic"])
def test_it_conforms_to_taxii(busy: Desk, origin: str, way: str) -> None:  # noqa: F811 - fixtures.
    tool = Path(os.environ["HOTLINE_REFERENCE"]).parent / "tools" / "taxii_conformance.py"
    dele, own = busy.admits("Second unit", "RO"), _collections(busy)
    busy.publishes(links=("https://ads.example.com/x",))
    busy.recalls(busy.publishes())
    busy.publishes()
    mine = _collections(busy)["Second unit"]
    shown = (
        ["--token", dele.token] if way == "bearer" else ["--user", "dele", "--password", dele.token]
    )
    command = [sys.executable, str(tool), "--url", f"{origin}/taxii2/", *shown, "--allow-http"]
    command += ["--collection", mine, "--read-only", mine, "--no-access", own["New unit"]]
    result = subprocess.run(command, capture_output=True, text=True, timeout=200)
    failed = [line for line in result.stdout.splitlines() if line.startswith("FAIL")]
    assert [line for line in failed if " INTEROP " not in line] == [], result.stdout + result.stderr
    assert result.returncode == 0
