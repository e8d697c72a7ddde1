"""The arrows of the house hold, and the map in `hotline/__init__.py` is the one that is enforced."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import hotline

ROOT = Path(__file__).parents[2]


def test_no_room_imports_what_lies_above_it():
    result = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout


def test_the_map_names_every_layer_in_order():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    enforced = [re.findall(r"hotline\.(\w+)", layer) for layer in layers]
    listed = []
    for line in hotline.__doc__.splitlines():
        if line.startswith("    ") and line.strip():
            rooms = re.split(r"\s{2,}", line.strip())[0]
            listed.append([room.strip() for room in rooms.split("|") if room.strip() != "referral"])
    assert listed == enforced
