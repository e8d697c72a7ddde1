"""Lines are read at once, numbered in batches, and their order tells no more than the hour."""

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hotline import audit
from hotline.audit.merkle import root_of
from hotline.audit.tables import audit_log, audit_tiles, audit_waiting
from hotline.audit.tiles import TileMissing, append, nodes, root_at, size_of
from hotline.errors import Conflict, Malformed
from hotline.store import Session, Store
from tests.audit.conftest import LATER, NOW, REPORT, check, fill, make_tables, note
from tests.audit.test_merkle import leaves_of


def page(store: Store, **more: Any) -> list[audit.Line]:
    with store.read() as session:
        return audit.page(session, **more)


def test_a_line_is_read_the_same_minute_and_before_the_numbered_ones(log: Store) -> None:
    fill(log, 2, did="claim")
    log.write(lambda session: note(session, 9, report_id=REPORT))
    assert [(line.n, line.did) for line in page(log)] == [(0, "reveal"), (2, "claim"), (1, "claim")]
    assert page(log)[0].is_waiting


def test_a_line_about_a_report_tells_the_hour_only(log: Store) -> None:
    log.write(lambda session: (note(session, 1), note(session, 2, report_id=REPORT)))
    of_report, other = page(log)
    assert other.at == NOW
    assert of_report.at == NOW.replace(minute=0, second=0, microsecond=0)


def test_a_line_about_a_report_waits_until_its_hour_is_over(log: Store) -> None:
    log.write(lambda session: (note(session, 1), note(session, 2, report_id=REPORT)))
    full_hour = NOW.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    assert log.write(lambda session: audit.sequence(session, at=NOW)) == 1
    assert log.write(lambda session: audit.sequence(session, at=full_hour)) == 0
    soon_after = full_hour + timedelta(minutes=5)
    assert log.write(lambda session: audit.sequence(session, at=soon_after)) == 1
    assert check(log) == ("whole", 0)


def test_what_passes_through_a_carrier_tells_the_day_only_and_waits_for_its_end(log: Store) -> None:
    midnight = NOW.replace(hour=0, minute=0, second=0, microsecond=0)

    def write(session: Session) -> None:
        for who, did in (("system", "receive"), ("noor", "reply"), ("reporter", "erasure_asked")):
            audit.record(session, at=NOW, who=who, did=did, desk="main", report_id=REPORT)

    log.write(write)
    assert {line.at for line in page(log)} == {midnight}
    late = midnight + timedelta(hours=24, minutes=4)
    assert log.write(lambda session: audit.sequence(session, at=late)) == 0
    over = midnight + timedelta(hours=24, minutes=5)
    assert log.write(lambda session: audit.sequence(session, at=over)) == 3


def test_within_an_hour_the_order_is_that_of_random_ids(log: Store) -> None:
    def write(session: Session) -> None:
        for number in range(40):
            note(session, number, report_id=REPORT, at=NOW + timedelta(seconds=number))
        audit.sequence(session, at=LATER)

    log.write(write)
    ids = [line.id for line in page(log)]
    assert ids == sorted(ids, reverse=True)
    assert [line.what for line in page(log)] != [f"message {n}" for n in reversed(range(40))]


def test_pages_go_on_from_waiting_lines_to_numbered_ones_each_once(log: Store) -> None:
    fill(log, 5)
    log.write(lambda session: [note(session, n) for n in range(5, 9)])
    seen: list[str] = []
    before = None
    while found := page(log, before=before, limit=3):
        seen += [line.what for line in found]
        before = found[-1].cursor
    assert seen == [f"message {n}" for n in reversed(range(9))]


def test_a_page_of_some_desks_and_kinds_leaves_the_others_out(log: Store) -> None:
    for desk in ("harbor", "haven", ""):
        fill(log, 2, desk=desk, did="close")
        log.write(lambda session, desk=desk: note(session, 7, desk=desk, did="reveal"))
    assert {line.desk for line in page(log, desks=("harbor", ""))} == {"harbor", ""}
    assert page(log, desks=()) == []
    closed = page(log, desks=("haven",), kinds=("close", "publish"))
    assert [(line.desk, line.did) for line in closed] == [("haven", "close")] * 2
    assert len(page(log, kinds=("reveal",))) == 3


def test_what_was_done_with_a_report_is_found_wherever_it_stands(log: Store) -> None:
    fill(log, 2, report_id=REPORT)
    log.write(lambda session: (note(session, 5, report_id=REPORT), note(session, 6)))
    with log.read() as session:
        found = audit.of_report(session, REPORT)
        assert audit.of_report(session, "b" * 32) == []
    assert [line.n for line in found] == [0, 2, 1]


def test_recent_acts_are_counted_with_the_reports_they_touched(log: Store) -> None:
    fill(log, 2, report_id=REPORT)
    log.write(lambda session: (note(session, 5, report_id="b" * 32), note(session, 6, who="ines")))
    with log.read() as session:
        assert audit.count_recent(session, who="noor", did="reveal", since=NOW) == (3, 2)
        later = NOW + timedelta(hours=1)
        assert audit.count_recent(session, who="noor", did="reveal", since=later) == (0, 0)


def test_a_batch_has_an_end_and_the_next_goes_on(log: Store) -> None:
    log.write(lambda session: [note(session, n) for n in range(7)])
    counts = [log.write(lambda session: audit.sequence(session, at=LATER, limit=3)) for _ in "1234"]
    assert counts == [3, 3, 1, 0]
    assert [line.n for line in page(log)] == [7, 6, 5, 4, 3, 2, 1]
    with log.read() as session:
        assert session.execute(select(audit_waiting)).all() == []


def test_a_batch_that_fails_leaves_everything_as_it_was(log: Store) -> None:
    log.write(lambda session: [note(session, n) for n in range(3)])

    def fail(session: Session) -> None:
        audit.sequence(session, at=LATER)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        log.write(fail)
    assert [line.n for line in page(log)] == [0, 0, 0]
    log.write(lambda session: audit.sequence(session, at=LATER))
    assert check(log) == ("whole", 0)


def test_two_lines_of_the_same_id_are_never_kept(log: Store) -> None:
    log.write(lambda session: note(session, 1, id="c" * 32))
    with pytest.raises(Conflict):
        log.write(lambda session: note(session, 2, id="c" * 32))


@settings(deadline=None, max_examples=10)
@given(sizes=st.lists(st.integers(1, 700), min_size=1, max_size=4))
def test_tiles_are_laid_out_as_published_whatever_the_batches(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int]
) -> None:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('tiles') / 'log.db'}")
    make_tables(store)
    leaves = leaves_of(sum(sizes))
    given = 0
    for size in sizes:
        batch = leaves[given : given + size]
        store.write(lambda session, batch=batch: append(session, batch))
        given += size
    with store.read() as session:
        assert size_of(session) == len(leaves)
        for size in {0, 1, *sizes, len(leaves)}:
            assert root_at(session, size) == root_of(leaves[:size])
        widths = {
            (row.level, row.number): len(row.hashes) // 32
            for row in session.execute(select(audit_tiles))
        }
    store.close()
    assert widths == published_widths(len(leaves))


def published_widths(size: int) -> dict[tuple[int, int], int]:
    """Return the tiles of a tree of *size* leaves: all full but the last of each level, and none empty."""
    widths, level = {}, 0
    while size:
        widths |= {(level, number): 256 for number in range(size // 256)}
        if size % 256:
            widths[level, size // 256] = size % 256
        size, level = size // 256, level + 1
    return widths


def test_the_published_example_of_a_layout() -> None:
    widths = published_widths(70_000)
    assert sum(level == 0 and width == 256 for (level, _), width in widths.items()) == 273
    assert (widths[0, 273], widths[1, 0], widths[1, 1], widths[2, 0]) == (112, 256, 17, 1)
    assert published_widths(256) == {(0, 0): 256, (1, 0): 1}


def test_a_hash_that_is_not_there_is_said_to_be_missing(log: Store) -> None:
    fill(log, 3)
    with log.read() as session:
        for height, index in ((0, 3), (1, 1), (8, 0), (0, 999)):
            with pytest.raises(TileMissing):
                nodes(session)(height, index)


@pytest.mark.parametrize("purpose", ["Zarifa called", "Zarifa", "life!", "x" * 65, "life\n"])
def test_what_somebody_typed_is_no_purpose(log: Store, purpose: str) -> None:
    with pytest.raises(Malformed):
        log.write(lambda session: note(session, 1, purpose=purpose))
    assert page(log) == []


def test_a_sequencer_killed_in_the_middle_leaves_its_lines_to_the_next(log: Store) -> None:
    log.write(lambda session: [note(session, n) for n in range(300)])
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, log.url], cwd=Path(__file__).parents[2], check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert {line.n for line in page(log, limit=400)} == {0}
    fill(log, 1, first=300)
    assert check(log) == ("whole", 0)
    assert [line.n for line in page(log, limit=400)] == list(range(301, 0, -1))


_KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from hotline import audit
from hotline.store import Store

def work(session):
    assert audit.sequence(session, at=datetime(2030, 1, 1, tzinfo=UTC), limit=150) == 150
    os.kill(os.getpid(), signal.SIGKILL)

Store(sys.argv[1]).write(work)
"""


def test_a_purpose_and_the_rest_are_codes_and_the_words_are_sealed_bytes_only(log: Store) -> None:
    log.write(lambda session: note(session, 1, sealed=b"sealed", wrap=b"wrap", epoch_id="e" * 32))
    line = page(log)[0]
    assert (line.sealed, line.epoch_id) == (b"wrapsealed", "e" * 32)
    assert b"sealed" not in line.entry()
    assert line.digest.hex().encode() in line.entry()
    with log.read() as session:
        columns = {column.name for column in audit_log.columns}
        assert columns == {*session.execute(select(audit_log)).keys()}
