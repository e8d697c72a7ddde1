"""What is sealed opens for whom it was sealed, and for nobody else."""

from typing import Any

import pytest
from sqlalchemy import delete, update

from hotline.domain.identity import Address
from hotline.domain.report import Reason
from hotline.domain.staff import Right
from hotline.errors import NotFound, Refused
from hotline.store import Session, new_id
from hotline.vault.contents import Account, Identity
from hotline.vault.envelope import SealBroken
from hotline.vault.locks import EpochClosed
from hotline.vault.opening import PREVIEW_CLOSED, find_row
from hotline.vault.revealing import RevealRefused
from hotline.vault.sealing import keep, seal_contact, seal_message
from hotline.vault.tables import envelopes, epoch_wraps
from tests.vault.conftest import House
from tests.vault.looks import look

SAID = Account(
    text="[PERSON 1] holds my papers \ud800",
    language="es",
    tags={"[PERSON 1]": "a1b2c3d4e5f60718"},
    reasons=(Reason("documents_held", 11, 26),),
    details={"town": "Puerto Azul", "age": 19},
)
WHO = Identity(
    original="Ramón holds my papers \ud800",
    sender="+15005550006",
    entities=(("[PERSON 1]", "ramon"),),
    contact={"hours": "mornings"},
)


@pytest.fixture
def report_id(house: House) -> str:
    """A report that María texted to the harbor desk, with the number she is reached on."""
    report_id = new_id()
    sealed = seal_message(
        house.keyring,
        desk="harbor",
        report_id=report_id,
        seq=1,
        account=SAID,
        preview="[PERSON 1] holds my papers",
        identity=WHO,
    )
    contact = seal_contact(
        house.keyring,
        desk="harbor",
        report_id=report_id,
        address=Address("sms", "+15005550006"),
        ways={"hours": "mornings"},
    )
    house.store.write(lambda session: keep(session, [*sealed, contact]))
    return report_id


def test_a_caseworker_reads_the_account_and_the_contact(house: House, report_id: str) -> None:
    noor = house.keyholder("noor")
    with house.store.read() as session:
        assert noor.open_accounts(session, report_id, [1])[1] == SAID
        address, ways = noor.open_contact(session, report_id)
    assert address == Address("sms", "+15005550006")
    assert ways == {"hours": "mornings"}


def test_someone_without_the_rights_opens_nothing(house: House, report_id: str) -> None:
    omar = house.keyholder("omar")
    assert omar.may(Right.AUDIT)
    with pytest.raises(RevealRefused):
        look(house, omar, report_id)
    with house.store.read() as session:
        for opens in (
            lambda: omar.open_accounts(session, report_id, [1]),
            lambda: omar.open_previews(session, [(report_id, 1)]),
            lambda: omar.open_contact(session, report_id),
        ):
            with pytest.raises(Refused):
                opens()
        # Nor would a right that a bug gave him help: no key was ever wrapped to him.
        with pytest.raises(SealBroken):
            omar.epochs.get(session, house.keyring.current("harbor", "desk").id)


def test_another_desk_opens_nothing(house: House, report_id: str) -> None:
    tala = house.keyholder("tala")
    with house.store.read() as session:
        with pytest.raises(SealBroken):
            tala.open_row(session, find_row(session, report_id, 1, "desk"))
        assert tala.open_accounts(session, report_id, [1]) == {}
        with pytest.raises(SealBroken):
            tala.open_contact(session, report_id)
        assert tala.open_previews(session, [(report_id, 1)]) == [PREVIEW_CLOSED]
    with pytest.raises(SealBroken):
        look(house, tala, report_id)


def test_previews_come_in_the_order_asked_and_a_bad_one_hides_no_other(
    house: House, report_id: str
) -> None:
    others = [new_id() for _ in range(3)]

    def keep_them(session: Session) -> None:
        for number, other in enumerate(others):
            sealed = seal_message(
                house.keyring,
                desk="harbor",
                report_id=other,
                seq=1,
                account=Account("said"),
                preview=f"preview {number}",
            )
            keep(session, sealed)
        broken = envelopes.c.report_id == others[1]
        session.execute(update(envelopes).where(broken).values(preview=bytes(577)))

    house.store.write(keep_them)
    asked = [(others[2], 1), (others[1], 1), (others[0], 1), (others[0], 2), (report_id, 0)]
    noor = house.keyholder("noor")
    with house.store.read() as session:
        shown = noor.open_previews(session, asked)
    assert shown == ["preview 2", PREVIEW_CLOSED, "preview 0", PREVIEW_CLOSED, PREVIEW_CLOSED]


def test_a_conversation_opens_at_once_and_a_bad_message_hides_no_other(
    house: House, report_id: str
) -> None:
    def go_on(session: Session) -> None:
        for seq in (2, 3):
            sealed = seal_message(
                house.keyring,
                desk="harbor",
                report_id=report_id,
                seq=seq,
                account=Account(f"message {seq}"),
                preview="",
            )
            keep(session, sealed)
        second = (envelopes.c.report_id == report_id) & (envelopes.c.seq == 2)
        session.execute(update(envelopes).where(second).values(body=bytes(577)))

    house.store.write(go_on)
    with house.store.read() as session:
        opened = house.keyholder("noor").open_accounts(session, report_id, [1, 2, 3, 4])
        with pytest.raises(Refused):
            house.keyholder("omar").open_accounts(session, report_id, [1])
    assert {seq: account.text for seq, account in opened.items()} == {
        1: SAID.text,
        3: "message 3",
    }


def test_a_preview_is_cut_to_whole_characters(house: House) -> None:
    report_id = new_id()
    sealed = seal_message(
        house.keyring,
        desk="harbor",
        report_id=report_id,
        seq=1,
        account=Account("said"),
        preview="\ud800" + "я" * 400,
    )
    house.store.write(lambda session: keep(session, sealed))
    with house.store.read() as session:
        shown = house.keyholder("noor").open_previews(session, [(report_id, 1)])
    assert shown == ["?" + "я" * 253]


@pytest.mark.parametrize(
    "change",
    [
        {"desk": "valley"},
        {"seq": 2},
        {"report_id": "0" * 32},
        {"epoch_id": "other depth"},
        {"wrap": bytes(1181)},
        {"body": b""},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_row_that_was_moved_or_changed_does_not_open(
    house: House, report_id: str, change: dict[str, Any]
) -> None:
    if "epoch_id" in change:
        change = {"epoch_id": house.keyring.current("harbor", "identity").id}
    account = (envelopes.c.report_id == report_id) & (envelopes.c.audience == "desk")
    house.store.write(
        lambda session: session.execute(update(envelopes).where(account).values(**change))
    )
    place = (change.get("report_id", report_id), change.get("seq", 1))
    with house.store.read() as session, pytest.raises(SealBroken):
        house.keyholder("noor").open_row(session, find_row(session, *place, "desk"))


def test_a_row_put_under_another_depth_does_not_open(house: House, report_id: str) -> None:
    """Whoever writes to the database cannot pass an identity off as an account."""

    def swap(session: Session) -> None:
        rows = envelopes.c
        mine = rows.report_id == report_id
        session.execute(delete(envelopes).where(mine, rows.audience == "desk"))
        moved = update(envelopes).where(mine, rows.audience == "identity")
        session.execute(moved.values(audience="desk"))

    house.store.write(swap)
    with house.store.read() as session, pytest.raises(SealBroken):
        house.keyholder("ines").open_row(session, find_row(session, report_id, 1, "desk"))


def test_a_destroyed_lock_closes_its_epoch_for_everyone(house: House, report_id: str) -> None:
    epoch_id = house.keyring.current("harbor", "desk").id
    house.locks.destroy(epoch_id)
    house.locks.destroy(epoch_id)
    for username in ("noor", "ines"):
        with house.store.read() as session:
            keyholder = house.keyholder(username)
            with pytest.raises(EpochClosed):
                keyholder.open_row(session, find_row(session, report_id, 1, "desk"))
            assert keyholder.open_accounts(session, report_id, [1]) == {}
            assert keyholder.open_previews(session, [(report_id, 1)]) == [PREVIEW_CLOSED]
            # The other depths have locks of their own.
            assert keyholder.open_contact(session, report_id)[0] is not None


def test_a_lock_of_the_wrong_length_is_a_lost_one(house: House, report_id: str) -> None:
    (house.folder.locks / house.keyring.current("harbor", "desk").id).write_bytes(bytes(31))
    with house.store.read() as session, pytest.raises(EpochClosed):
        house.keyholder("noor").open_row(session, find_row(session, report_id, 1, "desk"))


def test_a_lock_of_another_epoch_does_not_help(house: House, report_id: str) -> None:
    folder = house.folder.locks
    other = folder / house.keyring.current("harbor", "contact").id
    (folder / house.keyring.current("harbor", "desk").id).write_bytes(other.read_bytes())
    with house.store.read() as session, pytest.raises(SealBroken):
        house.keyholder("noor").open_row(session, find_row(session, report_id, 1, "desk"))


def test_a_wrap_copied_from_a_colleague_does_not_open(house: House, report_id: str) -> None:
    epoch_id = house.keyring.current("harbor", "desk").id
    noor, omar = house.keyholder("noor"), house.keyholder("omar")
    rows = epoch_wraps.c
    hers = update(epoch_wraps).where(rows.epoch_id == epoch_id, rows.member_id == noor.staff_id)
    house.store.write(lambda session: session.execute(hers.values(member_id=omar.staff_id)))
    with house.store.read() as session, pytest.raises(SealBroken):
        omar.epochs.get(session, epoch_id)


def test_an_unknown_desk_cannot_be_sealed_to(house: House) -> None:
    with pytest.raises(NotFound):
        seal_contact(house.keyring, desk="moon", report_id=new_id(), address=None, ways={})


def test_what_holds_identity_masks_itself(house: House, report_id: str) -> None:
    envelope = seal_contact(
        house.keyring,
        desk="harbor",
        report_id=report_id,
        address=Address("sms", "+15005550006"),
        ways={},
    )
    noor = house.keyholder("noor")
    shown = f"{SAID!r} {WHO!r} {noor!r} {noor.keys!r} {envelope!r}"
    for words in ("papers", "Ramón", "5550006", "Noor", noor.keys.raw.hex()):
        assert words not in shown
