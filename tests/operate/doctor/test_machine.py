"""The machine and the work of a house: each thing that is amiss is found, and said with what to do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hotline.config import Config, TwilioSettings
from hotline.domain.urgency import Urgency
from hotline.errors import Unavailable
from hotline.jobs.summing import JobKind
from hotline.operate import machine as looking
from hotline.operate import stamps
from hotline.operate.doctor import machine, work
from hotline.operate.doctor.findings import Severity
from hotline.operate.doctor.installation import check_keys
from hotline.operate.doctor.visit import House
from hotline.operate.machine import Machine
from hotline.operate.pulse import Pulse
from tests.operate.doctor.conftest import ROOMY, WELL, at_work

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=1)
CHECKS = (
    machine.check_room, machine.check_traces, machine.check_database_files,
    machine.check_apart, machine.check_backups, work.check_work, work.check_people,
)  # fmt: skip
Found = Callable[..., list[str]]


@pytest.fixture
def house(tmp_path: Path, well: None) -> House:
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    database = tmp_path / "hotline.db"
    database.touch(mode=0o600)
    for done in (stamps.BACKUP, stamps.DRILL):
        stamps.stamp(keys, done, at=NOW)
    twilio = TwilioSettings(account_sid="AC" + "0" * 32, auth_token="a-token")
    config = Config("https://line.example", f"sqlite:///{database}", keys, twilio=twilio)
    return House(config, {}, lambda: NOW)


def found(house: House) -> list[str]:
    """Return what is amiss; each must say what to do."""
    amiss = [one for check in CHECKS for one in check(house) if one.severity is not Severity.WELL]
    assert all(one.do.endswith(".") for one in amiss)
    return [one.code for one in amiss]


def test_where_nothing_is_amiss_nothing_is_found(house: House) -> None:
    assert found(house) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"database": replace(ROOMY, free=1 << 30)}, "disk-full"),
        ({"keys": replace(ROOMY, free=5 << 30)}, "disk-low"),
        ({"memory": 100 << 20}, "memory-low"),
        ({"files": 4096}, "files-few"),
        ({"open_swaps": ("sda2",)}, "swap-open"),
        ({"leaves_cores": True}, "cores-kept"),
        ({"clock_is_kept": False}, "clock-unkept"),
        ({"locks": ROOMY}, "locks-beside-database"),
        ({"locks": replace(ROOMY, volume=2, kind="btrfs")}, "copied-by-others"),
    ],
)
def test_what_is_amiss_with_the_machine(
    house: House, monkeypatch: pytest.MonkeyPatch, change: dict[str, object], code: str
) -> None:
    monkeypatch.setattr(Machine, "of", lambda _config: replace(WELL, **change))
    assert found(house) == [code]


def test_what_cannot_be_seen_is_not_called_amiss(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    unseen = replace(WELL, database=None, clock_is_kept=None, leaves_cores=None, memory=None)
    monkeypatch.setattr(Machine, "of", lambda _config: unseen)
    assert found(house) == []


def test_a_house_in_a_folder_that_is_copied_away(house: House) -> None:
    swept = house.config.keys.parent / "Nextcloud"
    swept.mkdir(mode=0o700)
    config = replace(house.config, database_url=f"sqlite:///{swept / 'hotline.db'}")
    assert found(House(config, {}, house.clock)) == ["copied-by-others"]


def test_files_of_the_database_that_others_may_read(house: House) -> None:
    folder = house.config.keys.parent
    (folder / "hotline.db").chmod(0o644)
    assert found(house) == ["database-file-open"]
    (folder / "hotline.db").chmod(0o600)
    (folder / "hotline.db-wal").touch(mode=0o640)
    folder.chmod(0o770)
    assert found(house) == ["database-file-open", "database-folder-open"]


def test_keys_that_are_gone_are_named(house: House) -> None:
    keys = house.config.keys
    (keys / "locks").mkdir()
    (keys / "roster.pin").touch()
    (missing,) = check_keys(house)
    assert (missing.code, missing.severity) == ("keys-missing", Severity.WRONG)
    assert missing.what == "KEYS_DIR lacks root.pub, log.key, relay.key, codes.salt, locks/."


def test_backups_and_drills_that_are_old_or_unknown(house: House) -> None:
    keys = house.config.keys
    stamps.stamp(keys, stamps.BACKUP, at=NOW - timedelta(hours=37))
    stamps.stamp(keys, stamps.DRILL, at=NOW - timedelta(days=201))
    assert found(house) == ["backup-old", "drill-old"]
    (keys / stamps.BACKUP).write_text("yesterday")
    (keys / stamps.DRILL).unlink()
    assert found(house) == ["backup-unknown", "drill-unknown"]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"rounds": {}}, ["work-stopped"]),
        ({"rounds": {"reconcile": LONG_AGO}}, ["work-stopped"]),
        ({"kinds": (JobKind("send", 1, 1, 0, 0, LONG_AGO),)}, ["jobs-late"]),
        ({"kinds": (JobKind("send", 1, 0, 1, 5, NOW),)}, ["jobs-failing"]),
        ({"stuck": 1}, ["provider-keeps"]),
        ({"oldest": {Urgency.IMMEDIATE: NOW - timedelta(minutes=6)}}, ["reports-wait"]),
        ({"oldest": {Urgency.NORMAL: NOW - timedelta(minutes=6)}}, []),
        ({"pages": 1}, ["pages-unanswered"]),
        ({"parts": 4001}, ["spending-high"]),
    ],
)
def test_what_is_amiss_with_the_work(
    house: House, monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], codes: list[str]
) -> None:
    monkeypatch.setattr(Pulse, "of", lambda _config, at: at_work(at, **changes))
    assert found(house) == codes


def test_a_database_that_does_not_tell(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(_config: Config, _at: datetime) -> Pulse:
        raise Unavailable

    monkeypatch.setattr(Pulse, "of", silent)
    assert found(house) == ["database-silent"]


def test_what_the_system_says_is_understood(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    for name, said in {
        "MOUNTS": f"/dev/sda / ext4 rw 0 0\npool/keys {house.config.keys} zfs rw 0 0\n",
        "SWAPS": "Filename Type Size Used Priority\n/dev/sda2 partition 1 0 -2\n/dev/zram0 partition 1 0 5\n",
        "MEMORY": "MemTotal: 2048 kB\nMemAvailable: 1024 kB\n",
        "CORES": "|/usr/lib/systemd/systemd-coredump %P\n",
    }.items():
        file = tmp_path / name
        file.write_text(said)
        monkeypatch.setattr(looking, name, file)
    seen = Machine.of(house.config)
    assert (seen.keys.kind, seen.open_swaps) == ("zfs", ("sda2",))
    assert (seen.memory, seen.leaves_cores) == (1 << 20, True)
    assert seen.database is not None
    assert seen.database.size >= seen.database.free > 0
