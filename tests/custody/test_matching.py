"""Files are compared by their sealed chunks; and whatever the log says, only the same bytes count as the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update

from hotline.custody import Match, Part, matches
from hotline.domain.report import Channel, IncomingMessage
from hotline.vault.attachments import HeldFile
from hotline.vault.digests import body_digest
from hotline.vault.tables import attachment_chunks
from tests.cast import MARIA, Texter
from tests.contact.conftest import signs_in
from tests.custody.conftest import Court
from tests.custody.test_document import marks
from tests.house import House, found_house
from tests.retention.rows import only_report

DIGESTS = st.sampled_from([body_digest(bytes([n])) for n in range(3)])


@pytest.fixture
def with_photo(house: House) -> Court:
    """A report with one file of three chunks."""
    photo = HeldFile("IMG 1.jpg", "image/jpeg")
    photo.add(b"\xff\xd8\xff" + bytes(150_000))
    photo.finish()
    message = IncomingMessage(Channel.WEB, "This is the door", "en")
    receipt = house.hotline.reception.receive(message, at=house.clock(), files=[photo])
    return Court(house, receipt.report_id, signs_in(house, "noor"), signs_in(house, "ines"))


def test_a_file_is_the_same_as_it_came(with_photo: Court) -> None:
    assert marks(with_photo)[1, "file1"] == Match.SAME
    with_photo.checkpoints()
    assert {part.name: part.is_proven for part in with_photo.makes().parts}["file1"]


@pytest.mark.parametrize("change", ["one byte", "a chunk less", "chunks swapped"])
def test_a_file_that_was_touched_is_seen(with_photo: Court, change: str) -> None:
    rows = attachment_chunks.c
    if change == "one byte":
        with_photo.does(update(attachment_chunks).where(rows.number == 1).values(sealed=b"other"))
    elif change == "a chunk less":
        with_photo.does(delete(attachment_chunks).where(rows.number == 2))
    else:
        for old, new in ((0, 9), (1, 0), (9, 1)):
            with_photo.does(update(attachment_chunks).where(rows.number == old).values(number=new))
    assert marks(with_photo)[1, "file1"] == Match.CHANGED
    assert not with_photo.makes().is_whole


@given(st.lists(DIGESTS, max_size=3, unique=True), st.one_of(st.just(""), DIGESTS))
def test_only_what_every_line_says_is_the_same(logged: list[str], kept: str) -> None:
    match = Part(1, "desk", tuple(logged), kept).match
    assert (match == Match.SAME) == (bool(kept) and logged == [kept])
    assert (match == Match.GONE) == (not kept)
    assert (match == Match.UNLOGGED) == (bool(kept) and not logged)


@pytest.fixture
def elsewhere(tmp_path: Path, postgres_url: str) -> Iterator[House]:
    house = found_house(tmp_path, database_url=postgres_url)
    yield house
    house.close()


def test_the_same_on_postgresql(elsewhere: House) -> None:
    Texter(elsewhere, MARIA).texts("He took my passport")
    report_id = only_report(elsewhere.hotline.store)
    court = Court(elsewhere, report_id, signs_in(elsewhere, "noor"), signs_in(elsewhere, "ines"))
    court.noor_answers()
    court.checkpoints()
    made = court.makes()
    assert made.is_whole
    assert len(made.proven) == 3
    assert {part.match for part in made.parts} == {Match.SAME}


def test_of_no_lines_nothing_is_known(court: Court) -> None:
    with court.store.read() as session:
        parts = matches(session, court.report_id, [])
    assert {part.match for part in parts} == {Match.UNLOGGED}
