"""A scanner that is named must answer, and must not leave what it scans on a disk."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotline.config import Config
from hotline.errors import Misconfigured
from hotline.operate.doctor import scanner
from hotline.operate.doctor.visit import House
from tests.scanning.test_clamd import Daemon, stands

ENV = {"PUBLIC_URL": "https://line.example", "DATABASE_URL": "sqlite:///x.db"}


@pytest.fixture
def house(tmp_path: Path) -> House:
    config = Config("https://line.example", "sqlite:///x.db", tmp_path)
    return House(config, {}, lambda: datetime.now(UTC))


def found(house: House, address: str) -> list[str]:
    its = replace(house, config=replace(house.config, clamd=address))
    return [finding.code for finding in scanner.check_scanner(its)]


def test_without_one_there_is_nothing_to_say(house: House) -> None:
    assert found(house, "") == []


def test_one_that_does_not_answer_is_told(house: House) -> None:
    assert found(house, "unix:/nowhere/clamd") == ["scanner-silent"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (None, "scanner-folder-unknown"),
        ("LogFile /x\n", "scanner-on-disk"),
        ("TemporaryDirectory /var/tmp/scan\n", "scanner-on-disk"),
        ("TemporaryDirectory /run/scan/here\n", "scanner"),
        ("#TemporaryDirectory /run/scan\n", "scanner-on-disk"),
    ],
)
def test_where_it_keeps_files_is_looked_up(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str | None, code: str
) -> None:
    settings, mounts = tmp_path / "clamd.conf", tmp_path / "mounts"
    if said is not None:
        settings.write_text(said)
    mounts.write_text("/dev/sda / ext4 rw 0 0\ntmpfs /run/scan tmpfs rw 0 0\n")
    # They are files of the system: no test may depend on those of this machine.
    monkeypatch.setattr(scanner, "SETTINGS", (settings,))
    monkeypatch.setattr(scanner, "MOUNTS", mounts)
    with stands(str(tmp_path / "clamd.sock"), Daemon().serves) as address:
        assert found(house, address) == [code]


@pytest.mark.parametrize(
    "value",
    ["tcp:10.0.0.5:3310", "tcp:example.org:3310", "unix:", "clamd", "tcp:127.0.0.1", "http://x"],
)
def test_a_scanner_elsewhere_is_refused(tmp_path: Path, value: str) -> None:
    env = {**ENV, "KEYS_DIR": str(tmp_path)}
    with pytest.raises(Misconfigured, match="CLAMD"):
        Config.from_env({**env, "CLAMD": value})


@pytest.mark.parametrize("value", ["unix:/run/clamav/clamd.ctl", "tcp:127.0.0.1:3310", ""])
def test_a_scanner_of_this_machine_is_taken(tmp_path: Path, value: str) -> None:
    env = {**ENV, "KEYS_DIR": str(tmp_path)}
    assert Config.from_env({**env, "CLAMD": value}).clamd == value
