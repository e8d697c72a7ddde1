"""What someone who writes to the database, or steals a session, would put there."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, insert

from hotline.domain.staff import Role
from hotline.store import Store, new_id
from hotline.vault.chain import Link
from hotline.vault.keyring import Keyring
from hotline.vault.keys import PrivateKey
from hotline.vault.member import MemberKeys
from hotline.vault.roster import (
    EpochEntry,
    MemberEntry,
    Roster,
    RosterRefused,
    Signed,
)
from hotline.vault.tables import delegations, rosters
from tests.vault.conftest import House

PUBLIC = PrivateKey.fresh().public.raw


def put_roster(store: Store, signed: Signed) -> None:
    row = {name: getattr(signed, name) for name in signed.__slots__}
    store.write(lambda session: session.execute(insert(rosters), row))


def drop_rosters(store: Store, number: int) -> None:
    store.write(lambda session: session.execute(delete(rosters).where(rosters.c.number >= number)))


def put_delegation(store: Store, signed: Signed) -> None:
    row = {name: getattr(signed, name) for name in ("number", "body", "signature")}
    store.write(lambda session: session.execute(insert(delegations), row))


def following(link: Link, **changes: object) -> Roster:
    """The roster behind *link*, as it must be written to be looked at."""
    roster = replace(link.roster, **changes)  # type: ignore[arg-type]
    return replace(roster, number=link.roster.number + 1, previous=link.digest)


def epoch_of_eve(desk: str, depth: str = "desk", number: int = 99) -> EpochEntry:
    """A key period whose private half Eve holds."""
    return EpochEntry(new_id(), desk, depth, number, "2026-11-25", PUBLIC)


def with_eve(link: Link, desk: str = "harbor") -> Roster:
    return following(link, epochs=(*link.roster.epochs, epoch_of_eve(desk)))


def a_member(name: str, desk: str, role: Role = Role.CASEWORKER) -> tuple[MemberEntry, MemberKeys]:
    keys = MemberKeys.fresh()
    verify_key = keys.signing.public_key().public_bytes_raw()
    return MemberEntry(new_id(), name, name, name, desk, role, PUBLIC, verify_key), keys


def supervisor_key(house: House) -> tuple[str, Ed25519PrivateKey]:
    ines = house.keyholder("ines")
    return ines.staff_id, ines.keys.signing


def root_of(house: House) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(house.founding.root_private)


def refuses(house: House, signed: Signed) -> bool:
    """Tell whether *signed*, put into the database, is refused while the house runs and when it starts."""
    before = house.keyring.roster
    put_roster(house.store, signed)
    for look in (house.keyring.refresh, lambda: reopened(house)):
        with pytest.raises(RosterRefused):
            look()
    drop_rosters(house.store, signed.number)
    return house.keyring.roster == before


def reopened(house: House) -> Keyring:
    return Keyring.open(house.store, root_public=house.folder.root_public(), pin=house.folder.pin)
