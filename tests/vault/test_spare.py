"""Whoever fills a day with large files, or with files of reports that wait in quarantine, leaves room for a photo."""

from collections.abc import Callable

import pytest
from sqlalchemy import insert, select

from hotline.domain.report import Direction
from hotline.reports.tables import messages
from hotline.store import Session, new_id
from hotline.vault import spare, unfinished
from hotline.vault.attachments import HeldFile, forget, keep_files
from hotline.vault.spare import Need, NoRoom, take_room
from hotline.vault.stream import CHUNK
from hotline.vault.tables import attachment_days, unfinished_files
from hotline.vault.unfinished import More
from tests.vault.conftest import NOW, House

TODAY, TOMORROW = "2026-11-25", "2026-11-26"
DAY = 40
Taken = Callable[..., bool]


@pytest.fixture
def taken(house: House, monkeypatch: pytest.MonkeyPatch) -> Taken:
    """Return what takes room of a day of 40 chunks, where a file of eight is large."""
    monkeypatch.setattr(spare, "LARGE", 8)

    def take(chunks: int, *, day: str = TODAY, **more: bool) -> bool:
        need = Need(new_id(), chunks, **more)
        return house.store.write(lambda session: take_room(session, need, day=day, budget=DAY))

    return take


def counts(house: House) -> list[tuple[int, int, int]]:
    rows = attachment_days.c
    with house.store.read() as session:
        return [
            tuple(row)
            for row in session.execute(
                select(rows.chunks, rows.large, rows.aside).where(rows.day == TODAY)
            )
        ]


def test_large_files_fill_half_of_a_day_and_small_ones_find_the_rest(taken: Taken) -> None:
    assert [taken(9), taken(10), taken(8)] == [True, True, False]
    assert [taken(7) for _ in range(4)] == [True, True, True, False]


def test_small_files_may_fill_all_of_a_day(taken: Taken) -> None:
    assert [taken(7) for _ in range(6)] == [True] * 5 + [False]
    assert [taken(8), taken(5)] == [False, True]


def test_files_of_reports_in_quarantine_fill_a_quarter(house: House, taken: Taken) -> None:
    assert [taken(11, is_aside=True), taken(6, is_aside=True)] == [False, True]
    assert [taken(5, is_aside=True), taken(4, is_aside=True)] == [False, True]
    assert [taken(1, is_aside=True), taken(7), taken(19)] == [False, True, True]
    assert counts(house) == [(36, 19, 10)]
    assert taken(1, is_aside=True, day=TOMORROW)


def test_recordings_have_a_budget_of_their_own_whatever_their_size(taken: Taken) -> None:
    assert [taken(30, is_recording=True), taken(20), taken(7)] == [True, True, True]


def begins(house: House, its_id: str, before: int, chunks: int) -> bool:
    more = More(its_id, before, chunks, is_recording=False, budget=DAY)
    try:
        house.store.write(lambda session: unfinished.grow(session, more, at=NOW))
    except NoRoom:
        return False
    return True


def test_one_that_grows_large_while_it_comes_in_finds_the_room_of_large_ones(
    house: House, taken: Taken
) -> None:
    assert taken(9)
    assert [begins(house, "first", at, 4) for at in (0, 4, 8)] == [True, True, False]
    assert [begins(house, "second", at, 4) for at in (0, 4)] == [True, False]
    assert [taken(8), taken(7)] == [False, True]


def test_what_others_have_begun_counts_once(house: House, taken: Taken) -> None:
    for its_id in "abcdef":
        assert begins(house, its_id, 0, 6)
    assert [begins(house, "a", 6, 1), begins(house, "g", 0, 4), taken(4)] == [True, False, False]
    assert [begins(house, "g", 0, 3), begins(house, "g", 3, 1)] == [True, False]


def held(chunks: int) -> HeldFile:
    file = HeldFile("a.mp4", "video/mp4")
    for _ in range(chunks - 1):
        file.add(bytes(CHUNK))
    file.finish()
    return file


def kept(house: House, *sizes: int, day: str = TODAY, copy_of: int = 0) -> str:
    """Keep a report of *day* with a file of each of *sizes*, the n-th in its n-th message; return its id."""
    report_id = new_id()

    def write(session: Session) -> None:
        for seq, size in enumerate(sizes, 1):
            file = held(size)
            file.copy_of = copy_of
            its = {"desk": "harbor", "report_id": report_id, "seq": seq, "number": 1}
            said = {"report_id": report_id, "seq": seq, "day": day, "channel": "web"}
            session.execute(insert(messages), {**said, "direction": Direction.FROM_REPORTER})
            sealed = [file.seal(house.keyring, **its)]
            assert keep_files(session, sealed, day=TODAY, budget=DAY) == sealed

    house.store.write(write)
    return report_id


def test_what_is_erased_on_its_day_gives_its_room_back(house: House, taken: Taken) -> None:
    report_id = kept(house, 3, 12)
    [(before, large, _)] = counts(house)
    assert not taken(12)
    house.store.write(lambda session: forget(session, report_id, 1))
    [(after, still, _)] = counts(house)
    assert (after < before, still) == (True, large)
    for _ in range(2):
        house.store.write(lambda session: forget(session, report_id))
        assert counts(house) == [(0, 0, 0)]
    assert taken(20)


@pytest.mark.parametrize("other", [{"day": "2026-11-24"}, {"copy_of": 1}])
def test_what_came_before_or_was_made_here_gives_none_back(
    house: House, taken: Taken, other: dict
) -> None:
    assert taken(9)
    report_id = kept(house, 9, **other)
    before = counts(house)
    house.store.write(lambda session: forget(session, report_id))
    assert counts(house) == before


def test_the_room_of_a_large_one_comes_back_when_its_chunks_have_gone(
    house: House, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unfinished, "_AT_ONCE", 4)
    report_id = kept(house, 15)
    house.store.write(lambda session: forget(session, report_id))
    assert not taken(15)
    unfinished.sweep(house.store, at=NOW)
    with house.store.read() as session:
        assert session.execute(select(unfinished_files)).first() is None
    assert taken(15)
