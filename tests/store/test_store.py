"""What is kept is kept once and whole; what fails takes nobody else with it."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import RFC_4122, UUID

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select
from sqlalchemy.exc import OperationalError

from hotline.errors import Conflict, NotFound, Unavailable
from hotline.store import Json, Store, UtcTime, new_id

shelf = MetaData()
things = Table(
    "things",
    shelf,
    Column("id", Integer, primary_key=True),
    Column("name", String(20)),
    Column("at", UtcTime),
    Column("facts", Json),
)


@pytest.fixture
def kept(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'things.db'}")
    store.write(shelf.create_all)
    yield store
    store.close()


def put(number, **values):
    return lambda session: session.execute(insert(things).values(id=number, **values)) and number


def numbers(store):
    with store.read() as session:
        return list(session.execute(select(things.c.id).order_by(things.c.id)).scalars())


def test_many_writers_are_all_kept(kept):
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda number: kept.write(put(number)), range(200)))
    assert answers == list(range(200))
    assert numbers(kept) == list(range(200))


def test_a_failing_work_undoes_its_own_rows_only(kept):
    def fails(session):
        put(1)(session)
        raise NotFound

    gate = threading.Event()
    with ThreadPoolExecutor(3) as pool:
        waiting = pool.submit(kept.write, lambda session: gate.wait(5))
        bad = pool.submit(kept.write, fails)
        good = pool.submit(kept.write, put(2))
        gate.set()
        assert waiting.result()
        with pytest.raises(NotFound):
            bad.result()
        assert good.result() == 2
    assert numbers(kept) == [2]


def test_a_second_row_of_one_key_is_a_conflict(kept):
    kept.write(put(1))
    with pytest.raises(Conflict):
        kept.write(put(1))
    assert numbers(kept) == [1]


def test_a_database_that_cannot_keep_says_so_and_recovers(kept, tmp_path):
    kept.write(put(1))
    with kept.engine.connect() as probe:
        assert probe.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
        assert probe.exec_driver_sql("PRAGMA synchronous").scalar() == 2

    def full(session):
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))

    with pytest.raises(Unavailable) as caught:
        kept.write(full)
    assert "INSERT" not in str(caught.value)
    kept.write(put(2))
    assert numbers(kept) == [1, 2]


def test_a_full_disk_fails_the_whole_group_and_keeps_nothing_of_it(kept):
    kept.write(put(1))
    kept.write(lambda session: session.exec_driver_sql("PRAGMA max_page_count=8").close())
    with pytest.raises(Unavailable):
        kept.write(put(2, name="x" * 4_000_000))
    assert numbers(kept) == [1]
    kept.write(lambda session: session.exec_driver_sql("PRAGMA max_page_count=100000").close())
    kept.write(put(3))
    assert numbers(kept) == [1, 3]


def test_a_reader_cannot_write(kept):
    with pytest.raises(Unavailable), kept.read() as session:
        put(1)(session)
    assert numbers(kept) == []


def test_times_come_back_aware_and_json_whole(kept):
    at = datetime(2026, 3, 1, 12, 30, tzinfo=timezone(timedelta(hours=2)))
    kept.write(put(1, at=at, facts={"b": ["é", 1], "a": None}))
    with kept.read() as session:
        row = session.execute(select(things)).one()
    assert row.at == at
    assert row.at.tzinfo == UTC
    assert row.facts == {"a": None, "b": ["é", 1]}


def test_the_doorbell_rings_after_the_commit_and_only_when_asked(kept):
    rings = []
    kept.on_jobs(lambda: rings.append(numbers(kept)))
    kept.write(put(1))
    assert rings == []

    def asks(session):
        session.info["rings"] = True
        return put(2)(session)

    kept.write(asks)
    assert rings == [[1, 2]]


def test_erased_rows_leave_no_bytes_after_the_log_is_emptied(kept, tmp_path):
    canary = "CANARY-" + "q" * 13
    kept.write(put(1, name=canary))
    kept.write(lambda session: session.execute(things.delete()))
    kept.truncate_log()
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert canary.encode() not in left
    kept.write(put(2))
    assert numbers(kept) == [2]


def test_nobody_who_writes_waits_for_a_long_read_while_the_log_is_emptied(kept, monkeypatch):
    pauses, written = [], []

    def pause(seconds):
        pauses.append(seconds)
        written.append(kept.write(put(10 + len(pauses))))
        if len(pauses) == 3:
            reading.__exit__(None, None, None)

    kept.write(put(1))
    reading = kept.read()
    assert list(reading.__enter__().execute(select(things.c.id))) == [(1,)]
    kept.write(put(2))
    monkeypatch.setattr("hotline.store.database.time.sleep", pause)
    kept.truncate_log()
    assert (len(pauses), written) == (3, [11, 12, 13])
    assert log_of(kept).stat().st_size == 0


def test_a_log_that_somebody_reads_on_is_left_for_the_next_time(kept, monkeypatch):
    kept.write(put(1))
    monkeypatch.setattr("hotline.store.database._PATIENCE", 0)
    with kept.read() as session:
        session.execute(select(things.c.id)).all()
        kept.write(put(2))
        kept.truncate_log()
        assert log_of(kept).stat().st_size > 0
    kept.truncate_log()
    assert log_of(kept).stat().st_size == 0


def test_a_log_that_grew_too_long_is_emptied_once_nobody_holds_it(tmp_path, monkeypatch):
    monkeypatch.setattr("hotline.store.writer.LOG_LIMIT", 100_000)
    store = Store(f"sqlite:///{tmp_path / 'busy.db'}")
    store.write(shelf.create_all)

    def grows(numbers):
        for number in numbers:
            store.write(put(number, facts=["y" * 4_000]))
        return log_of(store).stat().st_size

    with store.read() as session:
        session.execute(select(things.c.id)).all()
        assert grows(range(40)) > 150_000
    assert grows(range(40, 80)) < 150_000
    store.close()


def log_of(store):
    return Path(store.url.removeprefix("sqlite:///") + "-wal")


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_log_that_cannot_be_emptied_does_not_end_the_writing(kept, monkeypatch):
    def fails(_connection):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("hotline.store.writer._truncate", fails)
    with pytest.raises(Unavailable):
        kept.truncate_log()
    monkeypatch.undo()
    assert kept.write(put(7)) == 7
    kept.truncate_log()
    assert numbers(kept) == [7]


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_memory_that_is_used_up_ends_neither_the_writing_nor_the_wait(kept, monkeypatch):
    def fails(*_words):
        raise MemoryError

    # No log, no connection that can be dropped: whatever is tried takes memory.
    for name in ("_attempt", "log.warning"):
        monkeypatch.setattr(f"hotline.store.writer.{name}", fails)
    monkeypatch.setattr("sqlalchemy.Connection.invalidate", fails)
    with pytest.raises(Unavailable):
        kept.write(put(1))
    monkeypatch.undo()
    assert kept.write(put(2)) == 2
    assert numbers(kept) == [2]


def test_an_id_is_a_random_uuid_of_its_own():
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    for one in ids:
        read = UUID(hex=one)
        assert (read.hex, read.version, read.variant) == (one, 4, RFC_4122)
