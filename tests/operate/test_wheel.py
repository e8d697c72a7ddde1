"""`pip install .` gives a hotline that needs nothing of the repository: what is in git is in the package."""

import os
import signal
import subprocess
import sys
import sysconfig

import pytest
import requests
from hatchling.builders.wheel import WheelBuilder

from tests.round_trip import goes_round
from tests.served import ROOT
from tests.servers import free_port, wait_for

BARE = {"PATH": os.environ["PATH"]}


def test_the_wheel_holds_every_file_of_the_packages_that_is_in_git():
    packed = {one.distribution_path for one in WheelBuilder(str(ROOT)).recurse_included_files()}

    tracked = subprocess.run(
        ["git", "ls-files", "hotline", "referral", "translations"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    wanted = {f"hotline/{name}" if name.startswith("translations/") else name for name in tracked}
    assert wanted - packed == set()
    # Tests, what was compiled here, and what the demo kept, stay out.
    assert {name.partition("/")[0] for name in packed} == {"hotline", "referral"}
    assert not {name for name in packed if name.endswith((".pyc", ".mo", ".db"))}


@pytest.mark.exhaustive
def test_an_installed_hotline_runs_the_demo_in_an_empty_folder(tmp_path):
    here, command = tmp_path / "empty", installed(tmp_path)
    here.mkdir()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [command, "demo", "--port", str(port)], cwd=here, env=BARE, stdout=log, stderr=log
        )
    try:
        wait_for(lambda: requests.get(f"{url}/healthz", timeout=5).ok, 120)
        goes_round(url, here / "var")
        for path in ("/console/signin", "/directory/services", "/static/tokens.css"):
            assert requests.get(url + path, timeout=10).ok
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)

    # It wrote where it was started, and nowhere else.
    assert [path.name for path in here.iterdir()] == ["var"]


def installed(folder):
    """Build the wheel and install it; of this environment it sees the libraries, not the repository."""
    built, venv = folder / "built", folder / "venv"
    pip = [sys.executable, "-m", "pip", "--quiet"]
    subprocess.run(
        [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", built, ROOT], check=True
    )
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    python, (wheel,) = venv / "bin/python", built.iterdir()
    subprocess.run(
        [*pip, "--python", python, "install", "--no-deps", "--no-index", wheel], check=True
    )
    (site,) = venv.glob("lib/*/site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    return venv / "bin/hotline"
