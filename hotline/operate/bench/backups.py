"""A backup of a large house, and its way back: how fast, and in how little memory, since both must stream."""

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import insert

from hotline import migrations
from hotline.domain.staff import Role
from hotline.operate.backup_age import encrypt, new_key, recipients
from hotline.store import Session, Store, new_id
from hotline.vault import ceremony
from hotline.vault.argon import CHEAPEST
from hotline.vault.member import NewMember
from hotline.vault.tables import envelopes

_MEGABYTES = 200
_BODY, _BATCH = 16_384, 256

_CHILD = """
import resource, sys, time
from pathlib import Path
from hotline.operate import backup, backup_age, restore
from hotline.store import Store
what, url, keys, file, identity = sys.argv[1:]
start = time.perf_counter()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
if what == "backup":
    store = Store(url)
    to = backup_age.recipients([Path(identity).read_text().split("public key: ")[1].split()[0]])
    with backup.written_whole(Path(file)) as out:
        backup.back_up(store, Path(keys), to, out)
else:
    restore.restore(Path(file), Path(identity), url=url, keys=Path(keys))
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(time.perf_counter() - start, (after - before) / 1024)
"""


def measure(megabytes: int = _MEGABYTES) -> dict[str, float]:
    """Return the figures of a backup and a restore of *megabytes* of sealed rows."""
    with tempfile.TemporaryDirectory(prefix="hotline") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'hotline.db'}"
        _fill(url, folder / "keys", megabytes)
        new_key(folder / "identity")
        its = (str(folder / "backup.age"), str(folder / "identity"))
        made, made_in = _child("backup", url, str(folder / "keys"), *its)
        again = f"sqlite:///{folder / 'again.db'}"
        restored, restored_in = _child("restore", again, str(folder / "again"), *its)
        floor = _age_seconds(folder, megabytes)
        return {
            f"back up {megabytes} MB of rows, s": made,
            "back up, memory that it took beside what was loaded, MB": made_in,
            f"restore {megabytes} MB of rows, s": restored,
            "restore, memory that it took beside what was loaded, MB": restored_in,
            "floor: age alone over as many bytes, s": floor,
            "back up, over floor": made / floor,
        }


def _fill(url: str, keys: Path, megabytes: int) -> None:
    store = Store(url)
    migrations.upgrade(store)
    member = NewMember("noor", "Noor", "Rosa", Role.SUPERVISOR, "main", "correct horse battery")
    at = datetime.now(UTC)
    ceremony.found(store, directory=keys, desks=["main"], members=[member], at=at, profile=CHEAPEST)
    for _ in range(megabytes * 1_000_000 // (_BODY * _BATCH)):
        store.write(partial(_write))
    store.close()


def _write(session: Session) -> None:
    session.execute(
        insert(envelopes),
        [
            {
                "report_id": new_id(),
                "seq": 1,
                "audience": "desk",
                "desk": "main",
                "epoch_id": "0" * 32,
                "wrap": os.urandom(1181),
                "body": os.urandom(_BODY - 1181),
            }
            for _ in range(_BATCH)
        ],
    )


def _child(*words: str) -> tuple[float, float]:
    """Do one of both in a process of its own, and return its seconds and megabytes."""
    said = subprocess.run(  # noqa: S603 - our own command.
        [sys.executable, "-c", _CHILD, *words],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
    ).stdout.split()
    return float(said[-2]), float(said[-1])


def _age_seconds(folder: Path, megabytes: int) -> float:
    to = recipients([(folder / "identity").read_text().split("public key: ")[1].split()[0]])
    start = time.perf_counter()
    with (folder / "floor").open("wb") as out:
        encrypt(iter([bytes(1_000_000)] * megabytes), out, to)
    return time.perf_counter() - start
