"""A newcomer's hour, as README tells it: its very commands, in a clean clone, on PostgreSQL and Redis."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.round_trip import signed_in, until
from tests.servers import empty_database, free_port, redis_server  # noqa: F401 - a fixture.

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.exhaustive, pytest.mark.timeout(1800)]


def commands(readme: str) -> str:
    """Return what the hour says to type; at each place where somebody reads at the desk, somebody does."""
    hour = re.search(r"^## The first hour\n(.*?)^## ", readme, re.MULTILINE | re.DOTALL)[1]
    blocks = re.findall(r"```sh\n(.*?)```", hour, re.DOTALL)
    looks = (
        'python -m tests.stories.test_the_first_hour "$NOOR" "$AT/stick/authenticators.json" {}\n'
    )
    read = {
        "/remote/texts": looks.format('"$PORT"'),
        "ELSEWHERE=$!": looks.format('"$ELSEWHERE_PORT"'),
    }
    shown = []
    for block in blocks:
        after = [look for mark, look in read.items() if mark in block]
        shown += [block, *(look.replace("python", sys.executable, 1) for look in after)]
    return "".join(shown)


def test_the_hour_of_readme_holds(tmp_path, postgres, redis_server):  # noqa: F811 - the fixture.
    clone, at = tmp_path / "clone", tmp_path / "at"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    at.mkdir()
    said = commands((ROOT / "README.md").read_text("utf-8"))
    with empty_database(postgres) as first, empty_database(postgres) as second:
        env = {
            "PATH": os.environ["PATH"],
            "AT": str(at),
            "DATABASE_URL": first,
            "ELSEWHERE_URL": second,
            "REDIS_URL": redis_server.url,
            "ELSEWHERE_REDIS": redis_server.url.replace("/0", "/1"),
            **{name: str(free_port()) for name in ("PORT", "PROVIDER_PORT", "ELSEWHERE_PORT")},
        }
        hour = subprocess.Popen(
            ["bash", "-euxo", "pipefail", "-c", said],
            cwd=clone,
            env=env,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
        )
        try:
            assert hour.wait() == 0
        finally:
            os.killpg(hour.pid, signal.SIGKILL)

    # Nothing that is secret lies open, and what was told stands nowhere in the clear.
    assert [path for path in at.rglob("*") if path.is_file() and is_open(path, at)] == []
    (backup,) = (at / "backups").iterdir()
    assert b"passport" not in backup.read_bytes()


def is_open(path, at):
    return (at / "venv") not in path.parents and path.stat().st_mode & 0o077


def reads(passphrase: str, secrets: Path, port: str) -> None:
    """Sign in as noor and find what was texted."""
    member = {"username": "noor", "passphrase": passphrase}
    member["totp_secret"] = json.loads(secrets.read_text())["noor"]
    # A code opens once, in the restored house too: whoever is as quick as this waits for the next one.
    time.sleep(30 - time.time() % 30)
    noor = signed_in(f"http://127.0.0.1:{port}", member)
    until(lambda: "is locked in" in noor.get("/console/"), "nothing in the queue")


if __name__ == "__main__":
    reads(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
