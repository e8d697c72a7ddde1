"""What only the root can do, and what it refuses to do for another house or without a supervisor."""

import base64

import pytest
from sqlalchemy import select

from hotline import audit
from hotline.domain.staff import HOUSE, Role
from hotline.errors import Conflict, Malformed, Misconfigured, NotFound
from hotline.store import new_id
from hotline.vault.appointing import Root
from hotline.vault.argon import CHEAPEST
from hotline.vault.contents import Account, Identity
from hotline.vault.house import House as Changes
from hotline.vault.keyring import DEPTHS
from hotline.vault.keys import PrivateKey
from hotline.vault.member import NewMember
from hotline.vault.opening import Keyholder
from hotline.vault.roster import ROOT, DeskEntry
from hotline.vault.sealing import keep, seal_message
from hotline.vault.tables import epoch_wraps
from hotline.vault.totp import step_at, totp_code
from tests.vault.conftest import NOW, House

WORDS = "lanterns along the quay"
UMA = NewMember("uma", "Uma", "Ash", Role.SUPERVISOR, "quay", WORDS, half="a")
KAI = NewMember("kai", "Kai", "Oak", Role.SUPERVISOR, "quay", WORDS, half="b")
ADA = NewMember("ada", "Ada", "Key", Role.ADMINISTRATOR, HOUSE, WORDS)


@pytest.fixture
def root(house: House) -> Root:
    return root_with(house, house.founding.root_private)


def root_with(house: House, private: bytes) -> Root:
    return Root(house.store, house.keyring, house.locks, private=private, profile=CHEAPEST)


def enters(house: House, username: str, totp_secret: str) -> Keyholder:
    code = totp_code(base64.b32decode(totp_secret), step_at(NOW))
    entrance = house.door.sign_in(
        house.store, username=username, passphrase=WORDS, totp=code, at=NOW
    )
    keyholder = house.door.resume(house.store, entrance.cookie, at=NOW)
    assert keyholder is not None
    return keyholder


def a_report(house: House, desk: str) -> str:
    report_id = new_id()
    sealed = seal_message(
        house.keyring,
        desk=desk,
        report_id=report_id,
        seq=1,
        account=Account("said"),
        preview="said",
        identity=Identity("who"),
    )
    house.store.write(lambda session: keep(session, sealed))
    return report_id


def test_a_new_desk_has_keys_and_a_supervisor_who_may_sign(house: House, root: Root) -> None:
    staff = root.open_desk(DeskEntry("quay"), [UMA, ADA], at=NOW)
    assert house.keyring.desk("quay") == DeskEntry("quay")
    assert [enrolled.username for enrolled in staff] == ["uma", "ada"]
    uma = enters(house, "uma", staff[0].totp_secret)
    with house.store.read() as session:
        assert uma.open_accounts(session, a_report(house, "quay"), [1])[1].text == "said"
    changes = Changes(house.store, house.keyring, house.locks)
    changes.begin_epochs(uma, at=NOW)
    # The administrator who came with it takes in people of the house, and whoever signed before still does.
    ada = enters(house, "ada", staff[1].totp_secret)
    isa = NewMember("isa", "Isa", "Gate", Role.INVESTIGATOR, HOUSE, WORDS)
    changes.add_member(ada, isa, at=NOW, profile=CHEAPEST)
    changes.begin_epochs(house.keyholder("ines"), at=NOW)
    with house.store.read() as session:
        (line,) = audit.page(session, kinds=["open desk"])
    assert (line.who, line.desk) == (ROOT, "quay")


def test_a_desk_with_four_eyes_has_two_halves_and_a_supervisor_of_each(
    house: House, root: Root
) -> None:
    with pytest.raises(Misconfigured, match="of each half"):
        root.open_desk(DeskEntry("quay", four_eyes=True), [UMA], at=NOW)
    staff = root.open_desk(DeskEntry("quay", four_eyes=True), [UMA, KAI], at=NOW)
    uma, kai = (enters(house, e.username, e.totp_secret) for e in staff)
    changes = Changes(house.store, house.keyring, house.locks)
    halves = {depth: house.keyring.current("quay", depth).id for depth in ("identity", "identity2")}
    # Nobody makes the key of the half that is not theirs, and nobody holds both.
    changes.begin_epochs(uma, at=NOW)
    assert house.keyring.current("quay", "identity").id != halves["identity"]
    assert house.keyring.current("quay", "identity2").id == halves["identity2"]
    assert changes.begin_due_epochs(kai, at=NOW)
    assert not changes.begin_due_epochs(kai, at=NOW)
    assert house.keyring.current("quay", "identity2").id != halves["identity2"]
    # A newcomer gets the half of whoever wants them to have it, and not by being admitted.
    sol = NewMember("sol", "Sol", "Moss", Role.CASEWORKER, "quay", WORDS, half="b")
    newcomer = changes.add_member(uma, sol, at=NOW, profile=CHEAPEST)
    second = house.keyring.current("quay", "identity2").id
    assert second not in given_to(house, newcomer.member_id)
    for holder, count in ((uma, 0), (kai, 2)):
        changes.tend(holder, at=NOW)
        assert second not in given_to(house, newcomer.member_id)
        assert changes.hand_half(holder, newcomer.member_id, at=NOW) == count
    assert second in given_to(house, newcomer.member_id)
    assert house.keyring.current("quay", "identity").id not in given_to(house, newcomer.member_id)


def given_to(house: House, member_id: str) -> set[str]:
    rows = epoch_wraps.c
    with house.store.read() as session:
        found = session.execute(select(rows.epoch_id).where(rows.member_id == member_id))
        return {row.epoch_id for row in found}


def test_someone_who_is_appointed_signs_and_is_given_the_log(house: House, root: Root) -> None:
    signers = root.appoint("NOOR", at=NOW)
    assert {member.username for member in signers} == {"ines", "noor"}
    noor = house.keyholder("noor")
    assert noor.role == Role.SUPERVISOR
    Changes(house.store, house.keyring, house.locks).begin_epochs(noor, at=NOW)
    # Keys that she lacked are handed on by whoever holds them.
    record = next(
        e for e in house.keyring.roster.epochs if (e.desk, e.depth) == ("harbor", "record")
    )
    house.keyholder("ines")
    assert record.id in given_to(house, noor.staff_id)
    with pytest.raises(NotFound):
        root.appoint("nobody", at=NOW)


def test_the_papers_let_a_supervisor_in_where_nobody_is_left(house: House, root: Root) -> None:
    before = a_report(house, "valley")
    old = house.keyring.current("valley", "contact").id
    house.locks.destroy(old)
    vera = NewMember("vera", "Vera", "Pine", Role.SUPERVISOR, "valley", WORDS)
    recovery = PrivateKey(house.founding.recovery_seed)
    found = root.recover("valley", [vera], recovery=recovery, at=NOW)
    assert (found.opened, found.closed) == (3, 1)
    keyholder = enters(house, "vera", found.staff[0].totp_secret)
    for report_id in (before, a_report(house, "valley")):
        with house.store.read() as session:
            assert keyholder.open_accounts(session, report_id, [1])[1].text == "said"
    # Of the other desk she opens nothing, and new periods began at hers only.
    harbor = house.keyring.current("harbor", "desk").id
    assert harbor not in given_to(house, keyholder.staff_id)
    assert {e.number for e in house.keyring.roster.epochs if e.desk == "harbor"} == {1}
    assert all(house.keyring.current("valley", depth).id != old for depth in DEPTHS)
    Changes(house.store, house.keyring, house.locks).begin_epochs(keyholder, at=NOW)
    with house.store.read() as session:
        (line,) = audit.page(session, kinds=["recover"])
    assert (line.who, line.desk, line.what) == (ROOT, "valley", keyholder.staff_id)


def test_what_the_root_refuses_leaves_the_house_as_it_was(house: House, root: Root) -> None:
    before = house.keyring.link
    locks = set(house.folder.locks.iterdir())
    recovery = PrivateKey(house.founding.recovery_seed)
    caseworker = NewMember("vera", "Vera", "Pine", Role.CASEWORKER, "valley", WORDS)
    taken = NewMember("NOOR", "Noor", "Two", Role.SUPERVISOR, "quay", WORDS)
    elsewhere = NewMember("uma", "Uma", "Ash", Role.SUPERVISOR, "mountain", WORDS)
    for refused, error in (
        (lambda: root.open_desk(DeskEntry("harbor"), [UMA], at=NOW), Conflict),
        (lambda: root.open_desk(DeskEntry("quay"), [taken], at=NOW), Conflict),
        (lambda: root.open_desk(DeskEntry("quay"), [], at=NOW), Misconfigured),
        (lambda: root.open_desk(DeskEntry("quay"), [UMA, elsewhere], at=NOW), Misconfigured),
        (lambda: root.open_desk(DeskEntry("quay"), [UMA, UMA], at=NOW), Misconfigured),
        (lambda: root.open_desk(DeskEntry(" "), [UMA], at=NOW), Misconfigured),
        (lambda: root.open_desk(DeskEntry("q" * 41), [UMA], at=NOW), Misconfigured),
        (lambda: root.recover("valley", [caseworker], recovery=recovery, at=NOW), Misconfigured),
        (lambda: root.recover("valley", [], recovery=recovery, at=NOW), Misconfigured),
        (lambda: root.recover("valley", [UMA], recovery=recovery, at=NOW), Misconfigured),
        (lambda: root.recover("quay", [UMA], recovery=recovery, at=NOW), NotFound),
        (
            lambda: root.recover("valley", [UMA], recovery=PrivateKey.fresh(), at=NOW),
            Misconfigured,
        ),
    ):
        with pytest.raises(error):
            refused()
    house.keyring.refresh()
    assert house.keyring.link == before
    assert set(house.folder.locks.iterdir()) == locks


def test_the_root_of_another_house_does_nothing(house: House) -> None:
    with pytest.raises(Misconfigured, match="another house"):
        root_with(house, bytes(range(32)))
    with pytest.raises(Malformed):
        root_with(house, b"short")
