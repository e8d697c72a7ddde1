"""Keys that a role does not open any more are taken back, and what comes after is sealed to new ones."""

from sqlalchemy import select

from hotline.vault.epochs import wrap_epoch
from hotline.vault.house import House as Changes
from hotline.vault.keyring import DESK
from hotline.vault.keys import PublicKey
from hotline.vault.tables import epoch_wraps
from tests.vault.conftest import NOW, House


def holders_of(house: House, epoch_id: str) -> set[str]:
    with house.store.read() as session:
        rows = select(epoch_wraps.c.member_id).where(epoch_wraps.c.epoch_id == epoch_id)
        return set(session.execute(rows).scalars())


def test_a_supervisor_who_comes_in_takes_back_what_a_role_does_not_open(house: House) -> None:
    changes = Changes(house.store, house.keyring, house.locks)
    ines = house.keyholder("ines")
    omar = next(member for member in house.keyring.members if member.username == "omar")
    old = house.keyring.current("harbor", DESK).id
    with house.store.read() as session:
        private = ines.epochs.get(session, old)
    # As an interpreter held it before: a role that opens no account, with the key of accounts.
    house.store.write(
        lambda session: wrap_epoch(
            session,
            private,
            epoch_id=old,
            owner_id=omar.id,
            owner=PublicKey(omar.public),
            locks=house.locks,
        )
    )
    before = holders_of(house, old)
    assert omar.id in before
    # Whoever reads there cannot do it; who signs for the desk does.
    noor = house.keyholder("noor")
    changes.tend(noor, at=NOW)
    assert holders_of(house, old) == before
    changes.tend(ines, at=NOW)
    assert holders_of(house, old) == before - {omar.id}
    new = house.keyring.current("harbor", DESK).id
    assert new != old
    assert omar.id not in holders_of(house, new)
    assert ines.staff_id in holders_of(house, new)
    # There is nothing more to take, and no further period begins.
    changes.tend(ines, at=NOW)
    assert house.keyring.current("harbor", DESK).id == new
