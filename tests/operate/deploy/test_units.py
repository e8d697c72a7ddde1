"""What systemd and compose are given is what they take, and shuts the hotline in."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.operate.deploy.test_proxies import DEPLOY, program
from tests.served import ROOT

MOST_EXPOSED = 30
"""systemd counts from 0 to 100; a service that nobody shut in has 96."""


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """The units, with programs and users that every machine has."""
    for path in (*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")):
        text = path.read_text("utf-8").replace("/srv/hotline/venv/bin/hotline", "/bin/true")
        (tmp_path / path.name.replace("@.", "@1.")).write_text(
            text.replace("User=hotline", "User=daemon")
        )
    return sorted(tmp_path.iterdir())


def test_systemd_takes_the_units_without_a_word(units):
    assert len(units) == 4
    done = subprocess.run(
        [program("systemd-analyze"), "verify", *units], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_services_are_shut_in(units):
    for unit in units:
        if unit.suffix == ".service":
            words = ["security", "--offline=yes", f"--threshold={MOST_EXPOSED}", "--no-pager", unit]
            subprocess.run([program("systemd-analyze"), *words], check=True, capture_output=True)
            text = unit.read_text()
            for must in (
                "NoNewPrivileges=true",
                "ProtectSystem=strict",
                "LimitCORE=0",
                "UMask=0077",
            ):
                assert must in text


def test_compose_keeps_secrets_in_files_and_the_services_off_the_network():
    services = yaml.safe_load((DEPLOY / "compose.yml").read_text("utf-8"))["services"]
    assert set(services) == {"web", "worker", "postgres", "valkey"}
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"]
    assert [name for name, its in services.items() if "ports" in its] == ["web"]
    assert "--appendonly" in services["valkey"]["command"]
    for name in ("web", "worker"):
        its = services[name]
        assert its["read_only"]
        assert its["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in its["security_opt"]
        assert (ROOT / "hotline/operate/deploy" / its["build"]["context"]).resolve() == ROOT
    said = (DEPLOY / "compose.yml").read_text("utf-8")
    assert not re.search(r"(PASSWORD|TOKEN)\w*: (?!/run/secrets/)", said)


def test_the_image_runs_as_nobody_special_and_holds_no_secret():
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ").splitlines()
    steps = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    assert [step for step, _ in steps].count("FROM") == 2
    last = dict(steps)
    assert last["USER"] == "10001:10001"
    assert last["ENTRYPOINT"] == '["hotline"]'
    copied = [what.split()[:-1] for step, what in steps if step == "COPY" and "--from" not in what]
    assert all((ROOT / name).exists() for names in copied for name in names)
    assert not [what for step, what in steps if step == "ARG" or "TOKEN" in what]
