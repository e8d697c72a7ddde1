"""Every page is reached alike, before and after the directory is written to."""

import pytest
from sqlalchemy import event

from referral.directory import Collection, page, stamps
from referral.paging import BLOCK
from referral.wanted import Wanted
from tests.referral.packages import key, organization, service, write_package

MANY = 2 * BLOCK + 30


@pytest.fixture
def many(directory, tmp_path):
    """Services, of which every other one is found by the word even."""
    rows = [service(f"Service {n}", description="odd" if n % 2 else "even") for n in range(MANY)]
    directory.load(write_package(tmp_path / "p", organization=[organization()], service=rows))
    return directory


def walked(directory, size, wanted):
    """Return the ids of one page after the other, and how many there are said to be."""
    ids, found = [], None
    with directory.read() as connection:
        while found is None or found.contents:
            number = len(ids) // size + 1 + (len(ids) % size > 0)
            found = page(connection, Collection.SERVICES, wanted, number=number, size=size)
            ids += [each["id"] for each in found.contents]
    return ids, found.total


SIZES = (1, 7, 50, BLOCK, BLOCK + 1)


@pytest.mark.parametrize(
    ("size", "search"),
    [
        *((size, "") for size in SIZES),
        (7, "even"),
        *(pytest.param(size, "even", marks=pytest.mark.exhaustive) for size in SIZES if size != 7),
    ],
)
def test_pages_of_any_size_are_everything_once_and_in_order(many, size, search):
    ids, total = walked(many, size, Wanted(search=search))

    wanted = {key(f"Service {n}") for n in range(0, MANY, 2 if search else 1)}
    assert ids == sorted(wanted)
    assert total == len(wanted)


def test_pages_follow_what_is_written(many, tmp_path):
    before, _ = walked(many, 9, Wanted())
    new = [service(f"New {n}") for n in range(BLOCK)]
    many.load(write_package(tmp_path / "q", organization=[organization()], service=new))

    after, total = walked(many, 9, Wanted())

    assert after == sorted({*before, *(key(f"New {n}") for n in range(BLOCK))})
    assert total == MANY + BLOCK


def test_the_last_page_reads_no_more_rows_than_the_first(many):
    asked = []
    event.listen(many.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with many.read() as connection:
        stamps(connection, number=1, size=10)
        asked.clear()
        first = stamps(connection, number=1, size=10)
        of_first, last = asked[:], stamps(connection, number=MANY // 10, size=10)

    assert asked[len(of_first) :] == of_first
    assert not any("row_number" in each for each in asked)
    assert first.contents != last.contents
