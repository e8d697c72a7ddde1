"""A proposed role is for a caseworker's eyes: what lets anything out cannot even reach the module that proposes."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("room", ["hotline.leads", "hotline.handoff", "referral"])
def test_what_lets_out_never_loads_proposed_roles(room):
    script = f"""
import importlib, pkgutil, sys
room = importlib.import_module("{room}")
for found in pkgutil.walk_packages(room.__path__, "{room}."):
    importlib.import_module(found.name)
print("hotline.anonymize.roles" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_no_source_of_what_lets_out_names_them():
    for folder in ("hotline/leads", "hotline/handoff", "referral"):
        for path in (ROOT / folder).rglob("*.py"):
            assert "anonymize.roles" not in path.read_text(encoding="utf-8")
