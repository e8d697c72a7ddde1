"""What bandit finds stands on a line that says, for ruff's rule of the same number, why it may stand."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

NOT_BY_THEMSELVES = {
    "B311": "random numbers that matter come from `secrets`; the rest are jitter and benchmarks",
    "B403": "to import pickle does nothing; each use of it is looked at",
    "B404": "to import subprocess does nothing; each call is looked at",
    "B405": "to import ElementTree does nothing; each use of it is looked at",
    "B406": "`saxutils.escape` writes, and reads nothing",
}


@pytest.mark.exhaustive
def test_whatever_bandit_finds_has_its_reason_on_its_line() -> None:
    words = [sys.executable, "-m", "bandit", "-q", "-r", "hotline", "referral", "app.py"]
    ended = subprocess.run([*words, "-f", "json"], cwd=ROOT, capture_output=True, check=False)
    told = json.loads(ended.stdout)
    assert told["errors"] == []
    assert told["metrics"]["_totals"]["loc"] > 50_000
    unexplained = [
        f"{one['filename']}:{one['line_number']} {one['test_id']} {one['issue_text']}"
        for one in told["results"]
        if one["test_id"] not in NOT_BY_THEMSELVES and not _is_explained(one)
    ]
    assert unexplained == []


def _is_explained(one: dict) -> bool:
    """Tell whether one of its lines names the rule and gives a reason behind it."""
    lines = (ROOT / one["filename"]).read_text(encoding="utf-8").splitlines()
    rule = re.escape(one["test_id"].replace("B", "S", 1))
    said = re.compile(rf"# noqa: (?:[A-Z0-9]+, )*{rule}(?:, [A-Z0-9]+)*\s+(?:-|\()\s*\w")
    return any(said.search(lines[number - 1]) for number in one["line_range"])
