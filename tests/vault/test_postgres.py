"""The same vault on PostgreSQL: many processes write there, each for itself."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.migrations import create_all
from hotline.store import Store, new_id
from hotline.vault.argon import CHEAPEST
from hotline.vault.codes import mint
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.logkey import LogKey
from hotline.vault.reporters import CodeDesk, admit_reporter, find_reporter, knows_word
from hotline.vault.sealing import Account, Identity, keep, seal_contact, seal_message
from hotline.vault.staff import SignInRefused
from tests.vault.conftest import NOW, House, founded, in_house
from tests.vault.looks import look


@pytest.fixture
def house(postgres_url: str, tmp_path: Path) -> Iterator[House]:
    store = Store(postgres_url)
    create_all(store)
    founding = founded(store, tmp_path / "keys")
    yield in_house(store, KeyFolder(tmp_path / "keys"), founding)
    store.close()


def test_a_report_is_sealed_opened_and_looked_at(house: House) -> None:
    report_id = new_id()
    sealed = seal_message(
        house.keyring,
        desk="harbor",
        report_id=report_id,
        seq=1,
        account=Account("said"),
        preview="said",
        identity=Identity("who"),
    )
    contact = seal_contact(house.keyring, desk="harbor", report_id=report_id, address=None, ways={})
    reporter = CodeDesk.load(house.folder.code_salt, profile=CHEAPEST).derive(mint())

    def kept(session):
        keep(session, [*sealed, contact])
        admit_reporter(
            session,
            reporter,
            house=LogKey.load(house.folder.log_private),
            report_id=report_id,
            thread_secret=bytes(32),
            word="kite",
        )

    house.store.write(kept)
    noor = house.keyholder("noor")
    with house.store.read() as session:
        assert noor.open_account(session, report_id, 1).text == "said"
        assert noor.open_previews(session, [(report_id, 1)]) == ["said"]
        assert noor.open_contact(session, report_id) == (None, {})
        found = find_reporter(session, reporter.lookup)
        assert found is not None
        assert reporter.open(found.secret_sealed) == bytes(32)
        assert not knows_word(reporter, found, "ball")
    who = look(house, noor, report_id)
    assert who.original == "who"


def test_sign_ins_are_counted_and_codes_used_once(house: House) -> None:
    cookie = house.sign_in("noor")
    with pytest.raises(SignInRefused):
        house.sign_in("noor")
    assert house.door.resume(house.store, cookie, at=NOW + timedelta(minutes=2)) is not None
