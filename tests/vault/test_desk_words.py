"""What staff write beside a conversation opens for their desk alone, in its own place, until its report ends."""

import pytest
from sqlalchemy import select, update

from hotline.errors import Refused
from hotline.store import new_id
from hotline.vault import desk_words as rooms
from hotline.vault.erasing import is_sealed_to, reseal
from hotline.vault.house import House as Changes
from hotline.vault.opening import Keyholder
from hotline.vault.tables import desk_words
from tests.vault.conftest import NOW, House

REPORT = new_id()


def keep(house: House, its_id: str, text: str, report: str = REPORT) -> None:
    its = {"desk": "harbor", "report_id": report}
    house.store.write(lambda session: rooms.keep_words(session, house.keyring, its_id, text, **its))


def opened(house: House, who: Keyholder, *ids: str) -> dict[str, str]:
    with house.store.read() as session:
        return rooms.open_words_of(session, who, ids)


@pytest.fixture
def noor(house: House) -> Keyholder:
    return house.keyholder("noor")


def test_the_desk_reads_it_and_nobody_else(house: House, noor: Keyholder) -> None:
    first, second = new_id(), new_id()
    keep(house, first, "ask Zarifa's aunt")
    keep(house, second, "")
    assert opened(house, noor, first, second) == {first: "ask Zarifa's aunt"}
    assert opened(house, house.keyholder("tala"), first) == {}
    with pytest.raises(Refused):
        opened(house, house.keyholder("omar"), first)
    with house.store.read() as session:
        assert "Zarifa" not in repr(session.execute(select(desk_words)).all())


def test_what_is_said_last_stands_and_does_not_open_in_another_row(
    house: House, noor: Keyholder
) -> None:
    first, second = new_id(), new_id()
    keep(house, first, "call at noon")
    keep(house, first, "call at two")
    keep(house, second, "write to her lawyer")
    assert opened(house, noor, first, second) == {
        first: "call at two",
        second: "write to her lawyer",
    }
    with house.store.read() as session:
        row = session.execute(select(desk_words).where(desk_words.c.id == first)).one()
    moved = update(desk_words).where(desk_words.c.id == second)
    moved = moved.values(wrap=row.wrap, sealed=row.sealed)
    house.store.write(lambda session: session.execute(moved))
    assert opened(house, noor, first, second) == {first: "call at two"}


def test_it_ends_with_its_report(house: House, noor: Keyholder) -> None:
    first, second = new_id(), new_id()
    keep(house, first, "call at noon")
    keep(house, second, "call at two", report=new_id())
    house.store.write(lambda session: rooms.forget(session, REPORT))
    assert opened(house, noor, first, second) == {second: "call at two"}


def test_it_is_sealed_anew_when_keys_change(house: House, noor: Keyholder) -> None:
    its_id = new_id()
    keep(house, its_id, "call at noon")
    old = house.keyring.current("harbor", "desk").id
    ines = house.keyholder("ines")
    Changes(house.store, house.keyring, house.locks).begin_epochs(ines, at=NOW)
    with house.store.read() as session:
        assert is_sealed_to(session, old)
    while reseal(house.store, house.keyring, ines):
        pass
    with house.store.read() as session:
        assert not is_sealed_to(session, old)
    assert opened(house, noor, its_id) == {its_id: "call at noon"}
