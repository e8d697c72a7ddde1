"""Whoever writes to the database cannot add a reader, nor bring back an older roster."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, insert, update

from hotline.store import Store, new_id
from hotline.vault.keyring import Keyring, newest_documents
from hotline.vault.keys import PrivateKey
from hotline.vault.roster import (
    ROOT,
    Delegation,
    EpochEntry,
    Roster,
    RosterRefused,
    Signed,
    sign_delegation,
    sign_roster,
    verified_delegation,
)
from hotline.vault.tables import delegations, rosters
from tests.vault.conftest import House


def put_roster(store: Store, signed: Signed) -> None:
    row = {name: getattr(signed, name) for name in signed.__slots__}
    store.write(lambda session: session.execute(insert(rosters), row))


def with_eve(roster: Roster) -> Roster:
    """The next roster, with an epoch whose private half Eve holds."""
    hers = EpochEntry(new_id(), "harbor", "desk", 99, "2026-11-25", PrivateKey.fresh().public.raw)
    return replace(roster, number=roster.number + 1, epochs=(*roster.epochs, hers))


def supervisor_key(house: House) -> tuple[str, Ed25519PrivateKey]:
    ines = house.keyholder("ines")
    return ines.staff_id, ines.keys.signing


def test_a_roster_says_what_was_signed(house: House) -> None:
    roster = house.keyring.roster
    assert Roster.from_bytes(roster.to_bytes()) == roster
    delegation = Delegation(3, (("a" * 32, bytes(32)),))
    assert Delegation.from_bytes(delegation.to_bytes()) == delegation
    assert {member.username for member in house.keyring.members} == {"noor", "ines", "omar", "tala"}
    noor = next(member for member in house.keyring.members if member.username == "noor")
    assert house.keyring.member(noor.id) == noor
    assert house.keyring.member("nobody") is None


def test_a_supervisor_signs_a_newer_roster_and_it_counts(house: House) -> None:
    signer, key = supervisor_key(house)
    put_roster(house.store, sign_roster(with_eve(house.keyring.roster), signer=signer, key=key))
    house.keyring.refresh()
    assert house.keyring.roster.number == 2
    house.keyring.refresh()
    assert house.keyring.current("harbor", "desk").id == house.keyring.roster.epochs[-1].id


def test_the_root_may_sign_a_roster_itself(house: House) -> None:
    root = Ed25519PrivateKey.from_private_bytes(house.founding.root_private)
    put_roster(house.store, sign_roster(with_eve(house.keyring.roster), signer=ROOT, key=root))
    house.keyring.refresh()
    assert house.keyring.roster.number == 2


def test_a_reader_whom_nobody_signed_for_is_refused(house: House) -> None:
    before = house.keyring.roster
    eve = Ed25519PrivateKey.generate()
    signer, _ = supervisor_key(house)
    noor = house.keyholder("noor")
    for signed in (
        sign_roster(with_eve(before), signer=signer, key=eve),
        sign_roster(with_eve(before), signer="eve", key=eve),
        sign_roster(with_eve(before), signer=ROOT, key=eve),
        # A caseworker is real, but was not appointed.
        sign_roster(with_eve(before), signer=noor.staff_id, key=noor.keys.signing),
    ):
        put_roster(house.store, signed)
        with pytest.raises(RosterRefused):
            house.keyring.refresh()
        assert house.keyring.roster == before
        house.store.write(
            lambda session: session.execute(delete(rosters).where(rosters.c.number == 2))
        )


def test_a_changed_roster_is_refused(house: House) -> None:
    body = json.loads(house.keyring.roster.to_bytes())
    body["epochs"][0]["public"] = body["epochs"][1]["public"]
    changed = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    house.store.write(lambda session: session.execute(update(rosters).values(body=changed)))
    with pytest.raises(RosterRefused):
        reopened(house)


def test_a_roster_under_another_number_is_refused(house: House) -> None:
    house.store.write(lambda session: session.execute(update(rosters).values(number=7)))
    with pytest.raises(RosterRefused):
        house.keyring.refresh()
    house.store.write(lambda session: session.execute(update(rosters).values(number=1)))
    house.store.write(lambda session: session.execute(update(delegations).values(number=7)))
    with pytest.raises(RosterRefused):
        reopened(house)


def test_an_older_roster_put_back_is_noticed(house: House) -> None:
    signer, key = supervisor_key(house)
    put_roster(house.store, sign_roster(with_eve(house.keyring.roster), signer=signer, key=key))
    house.keyring.refresh()
    house.store.write(lambda session: session.execute(delete(rosters).where(rosters.c.number == 2)))
    with pytest.raises(RosterRefused):
        house.keyring.refresh()
    with pytest.raises(RosterRefused):
        reopened(house)


def test_another_roster_under_the_pinned_number_is_noticed(house: House) -> None:
    signer, key = supervisor_key(house)
    fork = replace(with_eve(house.keyring.roster), number=1)
    signed = sign_roster(fork, signer=signer, key=key)
    values = {"body": signed.body, "signature": signed.signature}
    house.store.write(lambda session: session.execute(update(rosters).values(**values)))
    with pytest.raises(RosterRefused):
        reopened(house)


def test_a_supervisor_whom_the_root_takes_back_signs_no_more(house: House) -> None:
    root = Ed25519PrivateKey.from_private_bytes(house.founding.root_private)
    taken_back = sign_delegation(Delegation(2, ()), root=root)
    row = {name: getattr(taken_back, name) for name in ("number", "body", "signature")}
    house.store.write(lambda session: session.execute(insert(delegations), row))
    with pytest.raises(RosterRefused):
        reopened(house)
    # The root signs the roster in her stead, and the house opens again.
    put_roster(house.store, sign_roster(with_eve(house.keyring.roster), signer=ROOT, key=root))
    assert reopened(house).roster.number == 2


def test_a_delegation_by_someone_else_is_refused(house: House) -> None:
    eve = Ed25519PrivateKey.generate()
    signed = sign_delegation(Delegation(2, ()), root=eve)
    with pytest.raises(RosterRefused):
        verified_delegation(signed, root_public=house.folder.root_public())
    with pytest.raises(RosterRefused):
        verified_delegation(signed, root_public=b"no key")


def test_without_a_roster_or_without_a_pin_nothing_is_sealed_to(house: House) -> None:
    pin = house.folder.pin.read_bytes()
    for damage in (b"", b"{}", b"[]", b'{"delegation": 1, "roster": 2}', b"\xff"):
        house.folder.pin.write_bytes(damage)
        with pytest.raises(RosterRefused):
            reopened(house)
    house.folder.pin.unlink()
    with pytest.raises(RosterRefused):
        reopened(house)
    house.folder.pin.write_bytes(pin)
    assert reopened(house).roster == house.keyring.roster
    house.store.write(lambda session: session.execute(delete(rosters)))
    with house.store.read() as session, pytest.raises(RosterRefused):
        newest_documents(session)
    with pytest.raises(RosterRefused):
        house.keyring.refresh()


def reopened(house: House) -> Keyring:
    return Keyring.open(house.store, root_public=house.folder.root_public(), pin=house.folder.pin)


def test_the_public_side_holds_no_private_key(house: House, tmp_path: Path) -> None:
    """Everything that the web process reads, and the founders' secrets are in none of it."""
    carried_away = [house.founding.root_private, house.founding.recovery_seed]
    epochs = [house.keyholder("ines").epochs]
    with house.store.read() as session:
        for epoch in house.keyring.roster.epochs:
            if epoch.desk == "harbor":
                carried_away.append(epochs[0].get(session, epoch.id).seed)
    for path in tmp_path.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        for secret in carried_away:
            assert secret not in content
            assert secret.hex().encode() not in content
