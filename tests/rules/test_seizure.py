"""Whoever robs the house gets what the threat model in README says, and nothing more; and the drill notices when not."""

import ast
import base64
import os
import shutil
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import create_engine, insert, select, text

from hotline.migrations import create_all
from hotline.operate.seizure import drill as drills
from hotline.operate.seizure import seized, tries, tries_afterwards
from hotline.operate.seizure.canaries import Canaries
from hotline.operate.seizure.house import House
from hotline.operate.seizure.searching import Search
from hotline.operate.seizure.threats import DRILL, adversary, markdown, model
from hotline.operate.seizure.tries import Drill, Loot
from hotline.reports.tables import counters, messages, reports
from hotline.store import new_id
from hotline.vault.argon import CHEAPEST
from hotline.vault.tables import attachment_chunks
from tests.servers import RedisServer

# Whole houses are founded, served and robbed: on a busy machine that takes its time.
pytestmark = [pytest.mark.xdist_group("seizure"), pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]


class Robbed:
    """A house that was robbed in every way; its power is cut, and its disk lies there."""

    def __init__(self, drill: Drill, loots: list[Loot], locks: Path) -> None:
        self.drill = drill
        self.loots = loots
        self.locks = locks

    @property
    def faults(self) -> list[str]:
        return [
            fault for loot in self.loots for fault in adversary(loot.adversary).faults(loot.got)
        ]


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.exhaustive)]
)
def robbed(request: pytest.FixtureRequest, tmp_path_factory) -> Iterator[Robbed]:
    """On SQLite the web process does the jobs itself; on PostgreSQL a worker does, rung through Redis."""
    folder = tmp_path_factory.mktemp("seizure")
    (folder / "house").mkdir()
    parts = {"database": "sqlite"}
    server, undo = None, lambda: None
    if request.param != "sqlite":
        server = RedisServer(folder / "redis")
        server.start()
        parts["database"], undo = new_database(request.getfixturevalue("postgres"))
        parts["redis"] = server.url
    with drills.told(folder / "house", profile=CHEAPEST, **parts) as drill:
        locks = shutil.copytree(drill.house.keys / "locks", folder / "locks")
        yield Robbed(drill, list(drills.rob(drill)), locks)
    if server:
        server.stop()
    undo()


def new_database(server: str):
    name = f"t{new_id()}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as session:
        session.execute(text(f"CREATE DATABASE {name}"))

    def drop() -> None:
        with admin.connect() as session:
            session.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()

    before, _, query = server.partition("?")
    return f"{before.rsplit('/', 1)[0]}/{name}?{query}", drop


def test_nobody_gets_more_than_the_threat_model_says(robbed):
    assert "\n".join(robbed.faults) == ""


def test_every_adversary_of_the_drill_was_tried(robbed):
    tried = {loot.adversary for loot in robbed.loots}
    assert tried | {"memory"} == {one.key for one in model() if one.key}


def test_every_canary_went_in_by_its_door(robbed):
    # Whoever has the provider and the whole server sees nearly all: so they were there to be found.
    labels = robbed.drill.house.canaries.labels()
    assert {"unsigned.name", "path.name", "header.cookie", "signin.passphrase"} <= labels
    whole = next(loot.got for loot in robbed.loots if loot.adversary == "cookie and server")
    assert {"sms.name", "whatsapp.name in Cyrillic", "web.place", "file.content"} <= set(whole)
    assert {"call.number", "again.name", "fallback.name", "desk.answer", "desk.note"} <= set(whole)
    assert {"voice.beginning", "voice.end", "voice.number", "typed.name"} <= set(whole)
    assert {"asked.question", "asked.answer", "prepared.words"} <= set(whole)
    # What a service is told opens for nobody here, so that it was there is known by its labels alone.
    assert {"packet.name", "packet.area", "packet.account", "link.token", "link.ticket"} <= labels


def test_what_stands_in_the_clear_is_coarse(robbed):
    with robbed.drill.house.store() as store, store.read() as session:
        rows = session.execute(select(reports)).mappings().all()
        said = session.execute(select(messages)).mappings().all()
    assert rows
    for row in rows:
        assert len(row["day"]) == 10
        assert row["waiting_since"] is None or row["waiting_since"].second == 0
    assert {len(row["day"]) for row in said} == {10}


def test_what_lies_in_servers_is_carried_away(tmp_path, postgres_url, redis_server):
    """In a house that does nothing; `make bench` robs one that works on both."""
    canaries = Canaries()
    env = {"DATABASE_URL": postgres_url, "REDIS_URL": redis_server.url}
    house = House(tmp_path, "", env, None, canaries, {}, "")
    with house.store() as store:
        create_all(store)
        row = {"desk": canaries.name("in a table"), "urgency": 0, "open": 0}
        store.write(lambda session: session.execute(insert(counters), row))
    client = Redis.from_url(redis_server.url)
    client.set("job", zlib.compress(f"text {canaries.name('in Redis')}".encode() * 2))
    client.close()
    search, where = Search(canaries), dict[str, set[str]]()
    for lay, content in seized.on_disk(house):
        where.setdefault("/".join(lay.split("/")[:2]), set())
        # The server is other tests', too: what they wrote is theirs.
        if "pg_wal" not in lay:
            where["/".join(lay.split("/")[:2])] |= search.found(content)
    assert where["a dump of the database"] == where["postgresql/base"] == {"in a table"}
    assert where["redis key of type string"] == {"in Redis"}
    assert where.keys() > {"postgresql/global", "postgresql/pg_wal", "redis/appendonlydir"}


IN_REDIS = "zlib in Redis"
LEAKS = {
    "a line of a log": "sms.name",
    "base64 in a table": "web.name",
    "a file": "call.name",
    IN_REDIS: "whatsapp.name",
    "a key in a file": "key.private",
    "an environment": "again.name",
    "a name of a file": "file.name",
    "an escaped word in a temporary file": "sms.name in Arabic",
    "a piece of a voice in a temporary file": "voice.beginning",
    "a piece of a voice in a table": "voice.end",
}


@pytest.fixture(scope="module")
def leaking(robbed) -> dict[str, list[str]]:
    """Plant one leak of each kind and rob the house again; return the faults of each try."""
    house = robbed.drill.house
    value = {canary.label: canary.value for canary in house.canaries}
    with (house.folder / "logs" / "web.log").open("a") as log:
        log.write(f'{{"event": "received {value["sms.name"]}"}}\n')
    with house.store() as store:
        packed = base64.b64encode(f"from {value['web.name']}".encode()).decode()
        row = {"desk": packed[:40], "urgency": 0, "open": 0}
        store.write(lambda session: session.execute(insert(counters), row))
        piece = {"attachment_id": "f" * 32, "number": 0, "sealed": b"RIFF" + value["voice.end"] * 9}
        store.write(lambda session: session.execute(insert(attachment_chunks), piece))
    (house.folder / "core.txt").write_text(f"caller {value['call.name']}")
    (house.folder / "seed").write_bytes(b"seed: " + value["key.private"])
    (house.folder / f"{value['file.name']}.part").touch()
    escaped = value["sms.name in Arabic"].encode("unicode_escape")
    (house.folder / "tmp" / "upload").write_bytes(escaped)
    (house.folder / "tmp" / "call.wav").write_bytes(b"RIFF" + value["voice.beginning"] * 9)
    if house.env["REDIS_URL"]:
        client = Redis.from_url(house.env["REDIS_URL"])
        client.set("job", zlib.compress(f"text {value['whatsapp.name']}".encode() * 2))
        client.close()
    waits = [sys.executable, "-c", "import time; time.sleep(600)"]
    process = subprocess.Popen(waits, env={**os.environ, "NAME": value["again.name"]})
    alive, house.processes = house.processes, [process]
    found = {
        loot.adversary: list(adversary(loot.adversary).faults(loot.got))
        for loot in (tries_afterwards.disk(robbed.drill), tries.running(robbed.drill))
    }
    house.processes = alive
    process.kill()
    process.wait()
    return found


@pytest.mark.parametrize("leak", [leak for leak in LEAKS if leak != IN_REDIS])
def test_a_leak_that_was_planted_makes_it_fail(leaking, leak):
    by = "running" if leak == "an environment" else "disk"
    assert [fault for fault in leaking[by] if f"{LEAKS[leak]} was found" in fault], leaking


def test_a_leak_that_was_planted_in_redis_makes_it_fail_where_there_is_one(robbed, leaking):
    found = [fault for fault in leaking["disk"] if f"{LEAKS[IN_REDIS]} was found" in fault]
    assert bool(found) == bool(robbed.drill.house.env["REDIS_URL"]), leaking


def test_a_process_that_may_leave_a_core_file_makes_it_fail(leaking):
    assert [fault for fault in leaking["running"] if "a core file" in fault]


def test_a_try_that_gives_nothing_of_what_is_obtainable_makes_it_fail():
    assert [fault for fault in adversary("laptop").faults({}) if "proves nothing" in fault]


def test_locks_that_were_not_destroyed_make_it_fail(robbed):
    # The locks of before the month come back: then last month's backup opens, and the drill says so.
    house = robbed.drill.house
    for lock in robbed.locks.iterdir():
        shutil.copy(lock, house.keys / "locks" / lock.name)
    backup = tries_afterwards.Backup(drills.backup_folder(house))
    loot = tries_afterwards.old_backup(robbed.drill, backup)
    faults = list(adversary("old backup").faults(loot.got))
    assert [fault for fault in faults if "sms.name was found (opened from the backup)" in fault]


def test_the_readme_shows_this_very_threat_model():
    assert markdown() in (ROOT / "README.md").read_text()


def test_every_line_of_the_threat_model_is_proved():
    for one in model():
        for line in (*one.obtainable, *one.safe):
            assert one.key or line.proof, line
            for proof in line.proof:
                assert proof == DRILL or proof.startswith("hotline ") or exists(proof), proof


def exists(proof: str) -> bool:
    """Tell whether a test of that name is in that file."""
    path, _, name = proof.partition("::")
    if not (ROOT / path).exists():
        return False
    tree = ast.parse((ROOT / path).read_text())
    return not name or any(
        isinstance(node, ast.FunctionDef) and node.name == name for node in ast.walk(tree)
    )
