"""The same vault on PostgreSQL: many processes write there, each for itself."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from hotline.errors import Conflict
from hotline.migrations import create_all
from hotline.store import Store, new_id
from hotline.vault import candidates
from hotline.vault.argon import CHEAPEST
from hotline.vault.codes import mint
from hotline.vault.contents import Account, Identity
from hotline.vault.house import House as Changes
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.logkey import LogKey
from hotline.vault.recovery import codes_left
from hotline.vault.reporters import CodeDesk, admit_reporter, find_reporter, knows_word
from hotline.vault.sealing import keep, seal_contact, seal_message
from hotline.vault.sessions import sessions_of
from hotline.vault.staff import SignInRefused
from hotline.vault.sweeping import sweep_sessions
from tests.vault.conftest import NOW, House, founded, in_house
from tests.vault.looks import look
from tests.vault.test_candidates import LATER, invites, joins, signs_in, waiting


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
        assert noor.open_accounts(session, report_id, [1])[1].text == "said"
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


def test_of_two_who_change_the_readers_at_once_one_is_told(house: House) -> None:
    ines = house.keyholder("ines")
    processes = [
        Changes(
            house.store, in_house(house.store, house.folder, house.founding).keyring, house.locks
        )
        for _ in range(3)
    ]

    def begins(changes: Changes) -> bool:
        try:
            changes.begin_epochs(ines, at=NOW)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        begun = list(pool.map(begins, processes))
    house.keyring.refresh()
    assert house.keyring.roster.number == 1 + sum(begun) > 1
    epochs = {epoch.id for epoch in house.keyring.roster.epochs}
    assert {path.name for path in house.folder.locks.iterdir()} == epochs


def test_ruth_is_invited_and_let_in_and_her_browser_is_known(house: House) -> None:
    ines = house.keyholder("ines")
    code = invites(house, ines)
    assert len(waiting(house, ines)) == 1
    secret, joined = joins(house, code)
    [ruth] = waiting(house, ines)
    candidates.admit(house.store, house.door, ines, ruth.id, shown=ruth.shown, at=NOW)
    came = signs_in(house, secret, code=joined.codes[0])
    again = signs_in(house, secret, code=joined.codes[1], device=came.device)
    assert again.device == came.device
    keyholder = house.door.resume(house.store, again.cookie, at=LATER)
    assert keyholder is not None
    house.store.write(lambda session: sweep_sessions(session, at=LATER))
    with house.store.read() as session:
        assert len(sessions_of(session, keyholder.staff_id, at=LATER)) == 2
        assert codes_left(session, keyholder.staff_id) == 8
