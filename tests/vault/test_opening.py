"""What is sealed opens for whom it was sealed, and for nobody else."""

import pytest

from hotline import audit
from hotline.domain.identity import Address
from hotline.domain.report import Reason
from hotline.store import new_id
from hotline.vault.opening import reveal
from hotline.vault.sealing import (
    Account,
    Identity,
    keep,
    seal_contact,
    seal_message,
)
from tests.vault.conftest import NOW, House

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
    media=(),
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
        assert noor.open_account(session, report_id, 1) == SAID
        address, ways = noor.open_contact(session, report_id)
    assert address == Address("sms", "+15005550006")
    assert ways == {"hours": "mornings"}


def test_who_it_is_opens_for_a_stated_purpose_which_is_written_down(
    house: House, report_id: str
) -> None:
    noor = house.keyholder("noor")
    who = reveal(house.store, noor, report_id=report_id, seq=1, purpose=" to call back ", at=NOW)
    assert who == WHO
    with house.store.read() as session:
        line = audit.page(session)[0]
    assert (line.who, line.did, line.report_id) == (noor.staff_id, "reveal", report_id)
    assert (line.what, line.purpose) == ("identity 1", "to call back")
