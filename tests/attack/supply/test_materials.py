"""What the product is made of can be written down, completely, in a form that others' programs read."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.attack.supply.test_locks import ROOT, _versions


@pytest.mark.exhaustive
def test_the_list_of_materials_names_each_package_of_the_lock(tmp_path: Path) -> None:
    into = tmp_path / "sbom.json"
    # It validates what it wrote by CycloneDX's own schema, and fails otherwise.
    words = ["requirements", ".ci/run.lock", "--pyproject", "pyproject.toml", "--validate"]
    command = [sys.executable, "-m", "cyclonedx_py", *words, "--output-reproducible", "-o", into]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    told = json.loads(into.read_text(encoding="utf-8"))
    assert (told["bomFormat"], told["metadata"]["component"]["name"]) == ("CycloneDX", "hotline")
    listed = {one["name"].lower(): one for one in told["components"]}
    assert {name: listed[name]["version"] for name in _versions("run")} == _versions("run")
    assert all(one["externalReferences"] or one["purl"] for one in listed.values())
    assert str(Path.home()) not in into.read_text(encoding="utf-8")
