"""What goes with a look, so that a player can go on, is worth nothing to anybody else, elsewhere, or later."""

from datetime import timedelta

import pytest

from hotline.errors import NotFound, Refused
from hotline.store import new_id
from hotline.vault.attachments import Head, HeldFile, forget, keep_files
from hotline.vault.envelope import SealBroken
from hotline.vault.opening import Keyholder
from hotline.vault.opening_files import OpenFile, open_files
from hotline.vault.stream import CHUNK
from hotline.vault.tickets import LONGEST, TicketOver, by_ticket, ticket
from tests.vault.conftest import NOW, House

VOICE = bytes(range(256)) * 1000


@pytest.fixture
def noor(house: House) -> Keyholder:
    return house.keyholder("noor")


@pytest.fixture
def report(house: House) -> str:
    report_id, file = new_id(), HeldFile("recording", "audio/x-wav")
    file.add(VOICE)
    file.finish()
    its = {"desk": "harbor", "report_id": report_id, "seq": 1, "number": 1}
    sealed = [file.seal(house.keyring, **its)]
    house.store.write(lambda session: keep_files(session, sealed, day="2026-11-25", budget=1000))
    return report_id


@pytest.fixture
def text(house: House, noor: Keyholder, report: str) -> str:
    with house.store.read() as session:
        (file,) = open_files(session, noor, report, 1)
    return ticket(noor, file, report, at=NOW)


def found(house: House, who: Keyholder, report: str, text: str, at=NOW) -> OpenFile:
    with house.store.read() as session:
        return by_ticket(session, who, report, text, at=at).file


def test_it_opens_the_file_and_each_part_of_it(house: House, noor, report, text) -> None:
    file = found(house, noor, report, text)
    assert (file.head.kind, file.head.size, file.head.number) == ("audio/x-wav", len(VOICE), 1)
    part = b"".join(file.open_range(house.store, CHUNK - 2, CHUNK + 2))
    assert part == VOICE[CHUNK - 2 : CHUNK + 2]


def test_its_time_ends(house: House, noor, report, text) -> None:
    found(house, noor, report, text, at=NOW + LONGEST * 0.99)
    with pytest.raises(NotFound):
        found(house, noor, report, text, at=NOW + LONGEST)


def test_it_ends_with_the_approval_that_it_rests_on(house: House, noor, report, text) -> None:
    file = found(house, noor, report, text)
    for until in (NOW + LONGEST / 8, NOW + 2 * LONGEST):
        ends = min(until, NOW + LONGEST)
        short = ticket(noor, file, report, at=NOW, until=until)
        found(house, noor, report, short, at=ends - timedelta(seconds=1))
        with pytest.raises(TicketOver):
            found(house, noor, report, short, at=ends)


def test_it_opens_for_nobody_else_and_in_no_other_report(house: House, noor, report, text) -> None:
    with pytest.raises(NotFound):
        found(house, house.keyholder("ines"), report, text)
    with pytest.raises(NotFound):
        found(house, noor, new_id(), text)


def test_whoever_may_not_reveal_is_refused(house: House, report, text) -> None:
    with pytest.raises(Refused):
        found(house, house.keyholder("omar"), report, text)


@pytest.mark.parametrize("spoiled", ["", "A", "AAAA", "!", "é", "x" * 3000])
def test_what_is_no_ticket_opens_nothing(house: House, noor, report, spoiled) -> None:
    with pytest.raises(NotFound):
        found(house, noor, report, spoiled)


def test_every_letter_of_it_counts(house: House, noor, report, text) -> None:
    for place in range(0, len(text) - 1, 97):
        other = "A" if text[place] != "A" else "B"
        with pytest.raises(NotFound):
            found(house, noor, report, text[:place] + other + text[place + 1 :])


def test_what_was_erased_is_gone(house: House, noor, report, text) -> None:
    house.store.write(lambda session: forget(session, report))
    with pytest.raises(NotFound):
        found(house, noor, report, text)


def test_it_tells_nothing(report, text) -> None:
    assert report not in text
    assert len(text) < 2000


def test_a_file_that_is_broken_has_no_parts(house: House) -> None:
    broken = OpenFile(Head(new_id(), 1, is_broken=True), b"")
    with pytest.raises(SealBroken):
        list(broken.open_range(house.store, 0, 1))
