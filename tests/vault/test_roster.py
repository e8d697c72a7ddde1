"""Whoever writes to the database cannot add a reader, nor bring back an older roster."""

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, insert, update

from hotline.domain.staff import HOUSE
from hotline.errors import NotFound
from hotline.vault.chain import Link, first
from hotline.vault.depths import depths_of
from hotline.vault.roster import (
    ROOT,
    Delegation,
    DeskEntry,
    Roster,
    RosterRefused,
    Signer,
    sign_delegation,
    sign_roster,
    verified_delegation,
)
from hotline.vault.tables import delegations, rosters
from tests.vault.conftest import House
from tests.vault.forging import (
    drop_rosters,
    epoch_of_eve,
    following,
    put_delegation,
    put_roster,
    refuses,
    reopened,
    root_of,
    supervisor_key,
    with_eve,
)


def test_a_roster_says_what_was_signed(house: House) -> None:
    roster = house.keyring.roster
    assert Roster.from_bytes(roster.to_bytes()) == roster
    delegation = Delegation(3, (Signer("a" * 32, bytes(32), "harbor"),))
    assert Delegation.from_bytes(delegation.to_bytes()) == delegation
    assert delegation.signer("a" * 32) == delegation.signers[0]
    assert delegation.signer("b" * 32) is None
    assert {member.username for member in house.keyring.members} == {"noor", "ines", "omar", "tala"}
    noor = next(member for member in house.keyring.members if member.username == "noor")
    assert house.keyring.member(noor.id) == noor
    assert house.keyring.member("nobody") is None


def test_desks_are_known_by_name(house: House) -> None:
    assert house.keyring.desk("harbor") == DeskEntry("harbor", four_eyes=False)
    assert [desk.name for desk in house.keyring.desks] == ["harbor", "valley"]
    assert depths_of(house.keyring.desk(HOUSE)) == ("record",)
    assert depths_of(DeskEntry("quay", four_eyes=True))[-1] == "identity2"
    for unknown in (
        lambda: house.keyring.desk("mountain"),
        lambda: house.keyring.current("mountain", "desk"),
        lambda: house.keyring.current("harbor", "identity2"),
        lambda: house.keyring.current(HOUSE, "desk"),
    ):
        with pytest.raises(NotFound):
            unknown()


def test_a_supervisor_signs_a_newer_roster_and_it_counts(house: House) -> None:
    signer, key = supervisor_key(house)
    put_roster(house.store, sign_roster(with_eve(house.keyring.link), signer=signer, key=key))
    house.keyring.refresh()
    assert house.keyring.roster.number == 2
    house.keyring.refresh()
    assert house.keyring.current("harbor", "desk").id == house.keyring.roster.epochs[-1].id


def test_the_root_may_sign_a_roster_itself(house: House) -> None:
    signed = sign_roster(with_eve(house.keyring.link, "valley"), signer=ROOT, key=root_of(house))
    put_roster(house.store, signed)
    house.keyring.refresh()
    assert house.keyring.roster.number == 2


def test_a_reader_whom_nobody_signed_for_is_refused(house: House) -> None:
    link, eve = house.keyring.link, Ed25519PrivateKey.generate()
    signer, _ = supervisor_key(house)
    noor = house.keyholder("noor")
    for by, key in (
        (signer, eve),
        ("eve", eve),
        (ROOT, eve),
        # A caseworker is real, but was not appointed.
        (noor.staff_id, noor.keys.signing),
    ):
        assert refuses(house, sign_roster(with_eve(link), signer=by, key=key))


def test_a_dismissed_supervisor_signs_no_more_with_her_old_key(house: House) -> None:
    signer, key = supervisor_key(house)
    link = house.keyring.link
    stay = tuple(member for member in link.roster.members if member.id != signer)
    signed = sign_roster(following(link, members=stay), signer=ROOT, key=root_of(house))
    put_roster(house.store, signed)
    house.keyring.refresh()
    # The delegation still names her, and her key still signs.
    assert house.keyring.link.delegation.signer(signer)
    assert refuses(house, sign_roster(with_eve(house.keyring.link), signer=signer, key=key))


def test_an_old_delegation_does_not_come_back(house: House) -> None:
    signer, key = supervisor_key(house)
    before, root = house.keyring.link, root_of(house)
    put_delegation(house.store, sign_delegation(Delegation(2, ()), root=root))
    put_roster(house.store, sign_roster(following(before, delegation=2), signer=ROOT, key=root))
    house.keyring.refresh()
    link = house.keyring.link
    # The root takes her power back. She signs under the old delegation, and neither that counts, nor the root's
    # own signature under it.
    assert refuses(house, sign_roster(with_eve(link), signer=signer, key=key))
    back = replace(with_eve(link), delegation=1)
    assert refuses(house, sign_roster(back, signer=signer, key=key))
    assert refuses(house, sign_roster(back, signer=ROOT, key=root))
    # Nor does it help to take the newer documents away.
    drop_rosters(house.store, 2)
    put_roster(house.store, sign_roster(with_eve(before), signer=signer, key=key))
    with pytest.raises(RosterRefused):
        reopened(house)


def test_a_delegation_that_is_not_there_or_not_the_roots_puts_nothing_into_force(
    house: House,
) -> None:
    root, eve = root_of(house), Ed25519PrivateKey.generate()
    roster = following(house.keyring.link, delegation=2)
    assert refuses(house, sign_roster(roster, signer=ROOT, key=root))
    put_delegation(house.store, sign_delegation(Delegation(2, ()), root=eve))
    assert refuses(house, sign_roster(roster, signer=ROOT, key=root))


def test_a_changed_roster_is_refused(house: House) -> None:
    body = json.loads(house.keyring.roster.to_bytes())
    body["epochs"][0]["public"] = body["epochs"][1]["public"]
    changed = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    house.store.write(lambda session: session.execute(update(rosters).values(body=changed)))
    with pytest.raises(RosterRefused):
        reopened(house)


def test_swapped_bodies_are_refused(house: House) -> None:
    """Two real rosters change places behind a third that was never pinned."""
    signer, key = supervisor_key(house)
    link = house.keyring.link
    signed = []
    for number in (98, 99):
        hers = epoch_of_eve("harbor", number=number)
        roster = following(link, epochs=(*link.roster.epochs, hers))
        signed.append(sign_roster(roster, signer=signer, key=key))
        link = Link(roster, signed[-1].digest, link.delegation)
    two, three = signed
    put_roster(house.store, replace(three, number=2))
    put_roster(house.store, replace(two, number=3))
    with pytest.raises(RosterRefused):
        house.keyring.refresh()
    drop_rosters(house.store, 2)
    # A step left out is noticed as well.
    put_roster(house.store, three)
    with pytest.raises(RosterRefused):
        house.keyring.refresh()
    drop_rosters(house.store, 2)
    put_roster(house.store, two)
    put_roster(house.store, three)
    house.keyring.refresh()
    assert house.keyring.roster.number == 3


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
    put_roster(house.store, sign_roster(with_eve(house.keyring.link), signer=signer, key=key))
    house.keyring.refresh()
    drop_rosters(house.store, 2)
    with pytest.raises(RosterRefused):
        house.keyring.refresh()
    with pytest.raises(RosterRefused):
        reopened(house)


def test_another_roster_under_the_pinned_number_is_noticed(house: House) -> None:
    link = house.keyring.link
    fork = replace(with_eve(link), number=1, previous="")
    signed = sign_roster(fork, signer=ROOT, key=root_of(house))
    values = {"body": signed.body, "signature": signed.signature}
    house.store.write(lambda session: session.execute(update(rosters).values(**values)))
    with pytest.raises(RosterRefused):
        reopened(house)


def test_a_house_begins_with_the_roots_roster_only(house: House) -> None:
    signer, key = supervisor_key(house)
    link, root_public = house.keyring.link, house.folder.root_public()
    roster = replace(link.roster, epochs=(*link.roster.epochs, epoch_of_eve("harbor")))
    by_root = sign_roster(roster, signer=ROOT, key=root_of(house))
    assert first(by_root, lambda _: link.delegation, root_public=root_public).roster == roster
    for signed in (
        sign_roster(roster, signer=signer, key=key),
        sign_roster(replace(roster, number=2), signer=ROOT, key=root_of(house)),
        sign_roster(replace(roster, previous="ab"), signer=ROOT, key=root_of(house)),
    ):
        with pytest.raises(RosterRefused):
            first(signed, lambda _: link.delegation, root_public=root_public)


def test_a_roster_that_cannot_be_read_is_refused(house: House) -> None:
    for body in (b"", b"[]", b"{}", b'{"number": 2}', b"\xff"):
        signed = replace(
            sign_roster(with_eve(house.keyring.link), signer=ROOT, key=root_of(house)), body=body
        )
        assert refuses(house, signed)
        resigned = root_of(house).sign(b"hotline-roster/1\0" + body)
        assert refuses(house, replace(signed, signature=resigned))


def test_a_delegation_by_someone_else_is_refused(house: House) -> None:
    eve = Ed25519PrivateKey.generate()
    signed = sign_delegation(Delegation(2, ()), root=eve)
    with pytest.raises(RosterRefused):
        verified_delegation(signed, root_public=house.folder.root_public())
    with pytest.raises(RosterRefused):
        verified_delegation(signed, root_public=b"no key")


def test_another_delegation_under_the_pinned_number_is_noticed(house: House) -> None:
    signed = sign_delegation(Delegation(1, ()), root=root_of(house))
    values = {"body": signed.body, "signature": signed.signature}
    house.store.write(lambda session: session.execute(update(delegations).values(**values)))
    with pytest.raises(RosterRefused):
        reopened(house)


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
    with pytest.raises(RosterRefused):
        house.keyring.refresh()


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


def test_the_whole_chain_is_verified_where_the_pin_itself_came_from_elsewhere(house: House) -> None:
    """A backup brings its own pin: whoever made the backup could have pinned what nobody signed."""
    signer, key = supervisor_key(house)
    put_roster(house.store, sign_roster(following(house.keyring.link), signer=signer, key=key))
    house.keyring.refresh()
    house.keyring.verify_whole()
    forged = sign_roster(with_eve(house.keyring.link, "valley"), signer=signer, key=key)
    put_roster(house.store, forged)
    pinned = json.loads(house.folder.pin.read_text())
    pinned["roster"] = [forged.number, forged.digest]
    house.folder.pin.write_text(json.dumps(pinned))
    with pytest.raises(RosterRefused):
        reopened(house).verify_whole()
    drop_rosters(house.store, 3)
    house.store.write(lambda session: session.execute(delete(rosters).where(rosters.c.number == 1)))
    with pytest.raises(RosterRefused):
        house.keyring.verify_whole()


def test_hundreds_of_rosters_do_not_slow_the_start(house: House) -> None:
    signer, key = supervisor_key(house)
    link = house.keyring.link
    rows = []
    for _ in range(300):
        signed = sign_roster(following(link), signer=signer, key=key)
        link = Link(following(link), signed.digest, link.delegation)
        rows.append({name: getattr(signed, name) for name in signed.__slots__})
    house.store.write(lambda session: session.execute(insert(rosters), rows))
    # Once each step is looked at; from then on the pin says what was.
    assert reopened(house).roster.number == 301
    begun = time.perf_counter()
    assert reopened(house).link == link
    assert time.perf_counter() - begun < 0.5
