"""A word that was given back lies sealed until somebody decides about it, and ends by itself."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from hotline.errors import Refused
from hotline.store import new_id
from hotline.vault import given
from hotline.vault.erasing import reseal
from hotline.vault.house import House as Changes
from hotline.vault.opening import Keyholder
from hotline.vault.tables import given_words
from tests.vault.conftest import NOW, House

REPORT = new_id()


@pytest.fixture
def noor(house: House) -> Keyholder:
    return house.keyholder("noor")


@pytest.fixture
def ines(house: House) -> Keyholder:
    return house.keyholder("ines")


def gives(house: House, who: Keyholder, word: str, **more: str) -> bool:
    usual = {"report_id": REPORT, "placeholder": "PERSON 1", "language": "es"}
    its = {**usual, **more}
    return house.store.write(
        lambda session: given.give(session, who, house.keyring, word, seq=1, at=NOW, **its)
    )


def waiting(house: House, who: Keyholder) -> list[tuple[str, str]]:
    with house.store.read() as session:
        return [(one.language, one.word) for one in given.waiting(session, who, limit=10)]


def sweep(house: House, at: datetime) -> None:
    house.store.write(lambda session: given.sweep(session, at=at))


def test_a_supervisor_of_the_desk_reads_it_and_nobody_else(
    house: House, noor: Keyholder, ines: Keyholder
) -> None:
    gives(house, noor, "kafala")
    gives(house, house.keyholder("tala"), "visado")
    assert waiting(house, ines) == [("es", "kafala")]
    for who in (noor, house.keyholder("omar")):
        with pytest.raises(Refused):
            waiting(house, who)


def test_who_gives_the_same_twice_leaves_one_row(
    house: House, noor: Keyholder, ines: Keyholder
) -> None:
    assert gives(house, noor, "kafala")
    assert not gives(house, noor, "kafala")
    assert gives(house, ines, "kafala")
    assert len(waiting(house, ines)) == 2


def test_it_does_not_open_in_another_row(house: House, noor: Keyholder, ines: Keyholder) -> None:
    gives(house, noor, "kafala")
    gives(house, noor, "visado", placeholder="PERSON 2")
    rows = given_words.c
    with house.store.read() as session:
        first, second = session.execute(select(given_words).order_by(rows.id)).all()
    moved = update(given_words).where(rows.id == second.id)
    moved = moved.values(wrap=first.wrap, sealed=first.sealed)
    house.store.write(lambda session: session.execute(moved))
    assert len(waiting(house, ines)) == 1


def test_it_ends_with_its_report_and_by_itself(
    house: House, noor: Keyholder, ines: Keyholder
) -> None:
    gives(house, noor, "kafala")
    gives(house, noor, "visado", report_id=new_id())
    house.store.write(lambda session: given.forget(session, REPORT))
    assert waiting(house, ines) == [("es", "visado")]
    sweep(house, NOW + given.KEPT)
    assert waiting(house, ines) == [("es", "visado")]
    sweep(house, NOW + given.KEPT + timedelta(days=1))
    assert waiting(house, ines) == []


def test_it_is_sealed_anew_when_keys_change(house: House, noor: Keyholder, ines: Keyholder) -> None:
    gives(house, noor, "kafala")
    Changes(house.store, house.keyring, house.locks).begin_epochs(ines, at=NOW)
    while reseal(house.store, house.keyring, ines):
        pass
    with house.store.read() as session:
        epoch = session.execute(select(given_words.c.epoch_id)).scalar_one()
    assert epoch == house.keyring.current("harbor", "record").id
    assert waiting(house, ines) == [("es", "kafala")]
