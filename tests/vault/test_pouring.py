"""A large file is kept while it comes in; until it settles with its message nobody finds it, and no trace of it has to stay."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, update

from hotline.errors import NotFound
from hotline.store import new_id
from hotline.vault import pouring, unfinished
from hotline.vault.attachments import forget, keep_files
from hotline.vault.opening_files import open_files
from hotline.vault.pouring import PouredFile
from hotline.vault.spare import NoRoom
from hotline.vault.stream import CHUNK
from hotline.vault.tables import (
    attachment_chunks,
    attachment_days,
    attachments,
    unfinished_files,
)
from tests.vault.conftest import NOW, House

TODAY = "2026-11-25"
PLENTY = 10_000
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 4 * CHUNK, 4 * CHUNK + 1, 9 * CHUNK - 1, 5 << 20]


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def __call__(self):
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


def begun(house: House, clock: Clock, budget: int | None = PLENTY) -> PouredFile:
    return PouredFile("a.mp4", "video/mp4", store=house.store, clock=clock, budget=budget)


def pieces(size: int) -> Iterator[bytes]:
    content = hashlib.shake_256(b"seed").digest(size)
    yield from (content[start : start + 50_000] for start in range(0, size, 50_000))


def poured(house: House, clock: Clock, size: int, budget: int | None = PLENTY) -> PouredFile:
    file = begun(house, clock, budget)
    for piece in pieces(size):
        file.add(piece)
    return file


def kept(house: House, file: PouredFile, budget: int = PLENTY) -> list[str]:
    """Keep *file* as the only one of a new report, and return the ids of reports whose file was kept."""
    its = {"desk": "harbor", "report_id": new_id(), "seq": 1, "number": 1}
    sealed = [file.seal(house.keyring, **its)]
    done = house.store.write(lambda session: keep_files(session, sealed, day=TODAY, budget=budget))
    return [one.spot.report_id for one in done]


def left(house: House) -> list[int]:
    tables = (attachments, attachment_chunks, unfinished_files)
    with house.store.read() as session:
        return [
            session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables
        ]


@pytest.mark.parametrize("size", SIZES)
def test_a_file_of_any_size_opens_as_it_came(house: House, clock: Clock, size: int) -> None:
    file = poured(house, clock, size)
    file.finish()
    (report_id,) = kept(house, file)
    keyholder = house.keyholder("noor")
    with house.store.read() as session:
        (found,) = open_files(session, keyholder, report_id, 1)
    content = b"".join(pieces(size))
    assert b"".join(found.pieces(house.store)) == content
    assert (found.head.size, found.head.sha256) == (size, hashlib.sha256(content).digest())
    assert left(house) == [1, file.count, 0]
    file.drop()
    assert left(house) == [1, file.count, 0]


def test_what_fits_into_one_chunk_waits_for_its_message(house: House, clock: Clock) -> None:
    file = poured(house, clock, CHUNK)
    file.finish()
    assert (file.is_poured, left(house)) == (False, [0, 0, 0])


def test_while_it_comes_in_a_few_chunks_are_held(house: House, clock: Clock) -> None:
    file, most = begun(house, clock), 0
    for piece in pieces(40 * CHUNK):
        file.add(piece)
        most = max(most, len(file.chunks))
    assert most < 4
    assert left(house)[1:] == [36, 1]


def test_one_that_is_dropped_goes_a_slice_at_a_time(house: House, clock: Clock) -> None:
    file = poured(house, clock, 40 * CHUNK)
    file.finish()
    seen, write = [], house.store.write

    def looks(work):
        result = write(work)
        seen.append(left(house)[1])
        return result

    house.store.write = looks  # type: ignore[method-assign]
    file.drop()
    assert seen == [24, 8, 0]
    assert left(house) == [0, 0, 0]


def test_it_takes_room_of_the_day_from_its_first_chunk_on_and_gives_it_back(
    house: House, clock: Clock
) -> None:
    file = poured(house, clock, 9 * CHUNK, budget=12)
    with pytest.raises(NoRoom):
        poured(house, clock, 9 * CHUNK, budget=12)
    file.drop()
    poured(house, clock, 9 * CHUNK, budget=12).drop()


def test_what_was_kept_today_leaves_less_room(house: House, clock: Clock) -> None:
    row = {"day": TODAY, "is_recording": False, "chunks": 9}
    house.store.write(lambda session: session.execute(insert(attachment_days), row))
    with pytest.raises(NoRoom):
        poured(house, clock, 5 * CHUNK, budget=12)
    clock.at += timedelta(days=1)
    poured(house, clock, 5 * CHUNK, budget=12)


def test_one_for_which_there_is_no_room_in_the_end_stays_unfinished_until_it_is_dropped(
    house: House, clock: Clock
) -> None:
    file = poured(house, clock, 9 * CHUNK)
    file.finish()
    assert kept(house, file, budget=5) == []
    assert left(house) == [0, 9, 1]
    file.drop()
    assert left(house) == [0, 0, 0]


def test_the_sweep_takes_what_nobody_finishes_and_nothing_that_still_comes(
    house: House, clock: Clock
) -> None:
    alive, dead = poured(house, clock, 9 * CHUNK), poured(house, clock, 9 * CHUNK)
    clock.at += unfinished.PATIENCE - timedelta(minutes=1)
    for piece in pieces(9 * CHUNK):
        alive.add(piece)
    unfinished.sweep(house.store, at=clock.at + timedelta(minutes=2))
    assert left(house) == [0, 16, 1]
    with pytest.raises(NotFound):
        dead.add(bytes(4 * CHUNK))
    alive.finish()
    assert len(kept(house, alive)) == 1
    assert left(house) == [1, 18, 0]


def test_one_that_was_swept_under_its_hands_is_never_taken_for_whole(
    house: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = poured(house, clock, 40 * CHUNK)
    file.finish()
    rows = unfinished_files.c
    house.store.write(
        lambda session: session.execute(
            update(unfinished_files).where(rows.id == file.id).values(chunks=24)
        )
    )
    assert kept(house, file) == []
    unfinished.sweep(house.store, at=NOW + unfinished.PATIENCE)
    assert kept(house, file) == []
    assert left(house)[::2] == [0, 0]


def test_a_large_file_that_is_forgotten_opens_to_nobody_and_its_chunks_go_with_the_sweep(
    house: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline.vault.unfinished._AT_ONCE", 8)
    file = poured(house, clock, 9 * CHUNK)
    file.finish()
    (report_id,) = kept(house, file)
    house.store.write(lambda session: forget(session, report_id))
    assert left(house) == [0, 9, 1]
    unfinished.sweep(house.store, at=NOW)
    assert left(house) == [0, 0, 0]


def test_few_files_write_at_once(house: House, clock: Clock) -> None:
    for _ in range(4):
        pouring._PENS.acquire()
    assert not pouring._PENS.acquire(blocking=False)
    for _ in range(4):
        pouring._PENS.release()
    poured(house, clock, 9 * CHUNK)
    assert left(house)[1:] == [8, 1]
