"""A change of readers is kept whole or not at all: whoever else is at it, whatever is killed, wherever the clock goes."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from hotline.domain.staff import HOUSE, Role
from hotline.errors import Conflict, HotlineError, NotFound, Refused, Unavailable
from hotline.store import Store
from hotline.vault.argon import CHEAPEST, Stretcher
from hotline.vault.handing import hand_on
from hotline.vault.house import House as Changes
from hotline.vault.house import due_depths
from hotline.vault.keyring import DEPTHS, Keyring
from hotline.vault.locks import Locks
from hotline.vault.member import NewMember, enrol
from hotline.vault.opening import Keyholder
from hotline.vault.roster import EpochEntry
from hotline.vault.staff import SignInRefused
from hotline.vault.tables import epoch_wraps, members, rosters
from tests.vault.conftest import NOW, House

LATER = NOW + timedelta(minutes=5)
RUTH = NewMember("ruth", "Ruth", "Reed", Role.CASEWORKER, "harbor", "an owl sleeps till dusk")


@pytest.fixture
def changes(house: House) -> Changes:
    return Changes(house.store, house.keyring, house.locks)


def beside(house: House) -> Changes:
    """The same house, as another process knows it."""
    keyring = Keyring.open(
        house.store, root_public=house.folder.root_public(), pin=house.folder.pin
    )
    return Changes(house.store, keyring, house.locks)


def kept(house: House) -> tuple[Any, ...]:
    """Everything that a change of readers touches."""
    with house.store.read() as session:
        counts = [
            session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (rosters, epoch_wraps, members)
        ]
    return (*counts, {path.name for path in house.folder.locks.iterdir()})


@pytest.mark.parametrize(
    "change",
    [
        lambda changes, by, _: changes.begin_epochs(by, at=NOW),
        lambda changes, by, noor: changes.dismiss(by, noor.staff_id, at=NOW),
        lambda changes, by, _: changes.add_member(by, RUTH, at=NOW, profile=CHEAPEST),
    ],
    ids=["begin", "dismiss", "admit"],
)
def test_of_two_at_once_the_second_is_told_and_leaves_nothing(
    house: House, changes: Changes, change: Callable[[Changes, Keyholder, Keyholder], None]
) -> None:
    ines, noor, other = house.keyholder("ines"), house.keyholder("noor"), beside(house)
    changes.begin_epochs(ines, at=NOW)
    before = kept(house)
    with pytest.raises(Conflict):
        change(other, ines, noor)
    assert kept(house) == before
    # It knows the newer roster now, and the next try succeeds.
    change(other, ines, noor)
    changes.keyring.refresh()
    assert changes.keyring.roster.number == 3


def test_many_threads_change_the_roster_and_each_change_is_whole(
    house: House, changes: Changes
) -> None:
    ines, done = house.keyholder("ines"), []

    def turn() -> None:
        for _ in range(4):
            try:
                changes.begin_epochs(ines, at=NOW)
                done.append(1)
            except Conflict:
                continue

    threads = [threading.Thread(target=turn) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done
    roster = beside(house).keyring.roster
    assert roster.number == 1 + len(done)
    epochs = {epoch.id for epoch in roster.epochs}
    assert len(epochs) == 9 + 4 * len(done)
    assert {path.name for path in house.folder.locks.iterdir()} == epochs


def test_a_commit_whose_answer_was_lost_keeps_its_locks(
    house: House, changes: Changes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ines, write = house.keyholder("ines"), Store.write

    def lost(self: Store, work: Any) -> Any:
        write(self, work)
        raise Unavailable

    with monkeypatch.context() as patched:
        patched.setattr(Store, "write", lost)
        with pytest.raises(Unavailable):
            changes.begin_epochs(ines, at=NOW)
    assert house.keyring.roster.number == 2
    with house.store.read() as session:
        for depth in DEPTHS:
            assert ines.epochs.get(session, house.keyring.current("harbor", depth).id)


_KILLED = """
import os, signal, sys
from datetime import datetime, UTC
from pathlib import Path
from hotline.store import Store
from hotline.vault import change, house
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.keyring import Keyring
from hotline.vault.locks import Locks
from hotline.vault.member import MemberKeys
from hotline.vault.opening import Keyholder

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

folder, what, keys, epoch = Path(sys.argv[1]), sys.argv[2], bytes.fromhex(sys.argv[3]), sys.argv[4]
store, key_folder = Store(f"sqlite:///{folder / 'vault.db'}"), KeyFolder(folder / "keys")
keyring = Keyring.open(store, root_public=key_folder.root_public(), pin=key_folder.pin)
locks = Locks(key_folder.locks)
entry = next(m for m in keyring.members if m.username == "ines")
ines = Keyholder(entry, MemberKeys(keys), locks)
changes, at = house.House(store, keyring, locks), datetime(2026, 11, 25, 12, 1, tzinfo=UTC)
if what == "begin":
    change.wrap_to_entitled = die
    changes.begin_epochs(ines, at=at)
destroy = Locks.destroy
Locks.destroy = lambda *given: (destroy(*given), die())
changes.close_epoch(ines, epoch, at=at)
"""


def killed_in(tmp_path: Path, what: str, keyholder: Keyholder, epoch_id: str) -> None:
    words = [sys.executable, "-c", _KILLED, str(tmp_path), what, keyholder.keys.raw.hex(), epoch_id]
    ended = subprocess.run(words, cwd=Path(__file__).parents[2], check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL


def age_locks(house: House, ids: set[str]) -> None:
    hours_ago = time.time() - 2 * 3600
    for name in ids:
        os.utime(house.folder.locks / name, (hours_ago, hours_ago))


def test_a_rotation_that_was_killed_leaves_nothing_but_locks_that_are_swept(
    house: House, changes: Changes, tmp_path: Path
) -> None:
    ines, before = house.keyholder("ines"), kept(house)
    killed_in(tmp_path, "begin", ines, "")
    after = kept(house)
    assert after[:3] == before[:3]
    orphans = after[3] - before[3]
    assert len(orphans) == 4
    # Young ones might be those of a process that is just about to keep its epochs.
    changes.begin_epochs(ines, at=NOW)
    assert orphans <= kept(house)[3]
    age_locks(house, orphans)
    changes.begin_epochs(ines, at=NOW)
    assert kept(house)[3] == {epoch.id for epoch in house.keyring.roster.epochs}


def test_a_closing_that_was_killed_is_finished_by_the_next(
    house: House, changes: Changes, tmp_path: Path
) -> None:
    ines = house.keyholder("ines")
    old = house.keyring.current("harbor", "desk").id
    changes.begin_epochs(ines, at=NOW)
    killed_in(tmp_path, "close", ines, old)
    house.keyring.refresh()
    assert old in {epoch.id for epoch in house.keyring.roster.epochs}
    changes.close_epoch(ines, old, at=NOW)
    assert old not in {epoch.id for epoch in house.keyring.roster.epochs}
    assert kept(house)[3] == {epoch.id for epoch in house.keyring.roster.epochs}


def test_a_lock_of_a_period_that_is_known_is_never_swept(house: House, changes: Changes) -> None:
    everyone = {epoch.id for epoch in house.keyring.roster.epochs}
    age_locks(house, everyone)
    changes.begin_epochs(house.keyholder("ines"), at=NOW)
    assert everyone <= kept(house)[3]


def test_a_clock_that_went_back_turns_nothing(house: House, changes: Changes) -> None:
    ines = house.keyholder("ines")
    for back in (timedelta(minutes=1), timedelta(days=3), timedelta(days=20)):
        assert not changes.begin_due_epochs(ines, at=NOW - back)
    changes.begin_epochs(ines, at=NOW - timedelta(days=3))
    assert house.keyring.roster.number == 2
    assert not changes.begin_due_epochs(ines, at=NOW)
    # Periods that began years ahead, under a clock that was wrong, do not stay for years.
    ahead = [EpochEntry("e", "harbor", "desk", 1, "2099-01-01", b"")]
    assert due_depths(ahead, NOW) == {"desk"}


def coming_back(house: House, username: str, role: Role = Role.CASEWORKER) -> Any:
    former = next(m for m in house.keyring.members if m.username == username)
    new = NewMember(
        username, former.name, former.pseudonym, role, "harbor", "words that she will remember"
    )
    return enrol(new, cost=CHEAPEST.staff, stretcher=Stretcher(), member_id=former.id)


def test_who_lost_a_passphrase_comes_back_as_who_they_were(house: House, changes: Changes) -> None:
    cookie, ines = house.sign_in("noor"), house.keyholder("ines")
    noor = house.door.resume(house.store, cookie, at=NOW)
    assert noor is not None
    again = coming_back(house, "noor")
    changes.admit(ines, again.candidate, at=NOW, replaces=noor.staff_id)
    # Her old session ended, and her old passphrase opens nothing.
    assert house.door.resume(house.store, cookie, at=NOW) is None
    with pytest.raises(SignInRefused):
        house.sign_in("noor", LATER)
    entry = house.keyring.member(noor.staff_id)
    assert entry is not None
    assert (entry.pseudonym, entry.public) == ("River", again.entry.public)
    back = Keyholder(entry, again.keys, house.locks)
    with house.store.read() as session:
        for epoch in house.keyring.roster.epochs:
            if epoch.desk == "harbor" and epoch.depth != "record":
                assert back.epochs.get(session, epoch.id).public.raw == epoch.public
        # With the old keys not even the new wraps of her own row open, and new periods began.
        fresh = house.keyring.current("harbor", "desk").id
        with pytest.raises(HotlineError):
            noor.epochs.get(session, fresh)


def test_nobody_comes_back_at_another_desk_or_under_a_name_that_is_taken(
    house: House, changes: Changes
) -> None:
    ines, before = house.keyholder("ines"), kept(house)
    tala = next(m for m in house.keyring.members if m.username == "tala")
    again = coming_back(house, "noor").candidate
    with pytest.raises(NotFound):
        changes.admit(ines, again, at=NOW, replaces=tala.id)
    with pytest.raises(NotFound):
        changes.admit(ines, again, at=NOW, replaces="nobody")
    with pytest.raises(Conflict):
        changes.admit(ines, again, at=NOW)
    risen = coming_back(house, "noor", Role.SUPERVISOR).candidate
    with pytest.raises(Refused):
        changes.admit(ines, risen, at=NOW, replaces=risen.entry.id)
    assert kept(house) == before


def test_keys_that_someone_is_entitled_to_and_lacks_are_handed_on(
    house: House, changes: Changes
) -> None:
    noor = next(m for m in house.keyring.members if m.username == "noor")
    epoch = house.keyring.current("harbor", "desk").id
    hers = (epoch_wraps.c.member_id == noor.id) & (epoch_wraps.c.epoch_id == epoch)
    house.store.write(lambda session: session.execute(delete(epoch_wraps).where(hers)))
    # Tala's desk is another, and the auditor has no such key; Ines has it, and gives it on when she comes in.
    for username, is_given in (("tala", False), ("omar", False), ("ines", True)):
        house.keyholder(username)
        with house.store.read() as session:
            assert bool(session.execute(select(epoch_wraps).where(hers)).first()) == is_given
    with house.store.read() as session:
        assert house.keyholder("noor").epochs.get(session, epoch)
    ines = house.keyholder("ines", LATER)
    changes.tend(ines, at=LATER)
    assert changes.hand_half(ines, noor.id, at=LATER) == 0
    with pytest.raises(NotFound):
        changes.hand_half(ines, "nobody", at=LATER)


def test_nothing_is_handed_on_to_whoever_was_let_go_meanwhile(
    house: House, changes: Changes
) -> None:
    """The other process does not know yet that Noor was dismissed: to it, she lacks every key."""
    ines, other = house.keyholder("ines"), beside(house)
    noor = next(m for m in house.keyring.members if m.username == "noor")
    changes.dismiss(ines, noor.id, at=NOW)
    with pytest.raises(Conflict):
        hand_on(other._change(), ines, at=NOW)
    with house.store.read() as session:
        rows = session.execute(select(epoch_wraps).where(epoch_wraps.c.member_id == noor.id))
        assert rows.first() is None


def test_a_broken_wrap_keeps_nobody_out(house: House, changes: Changes) -> None:
    ines = next(m for m in house.keyring.members if m.username == "ines")
    epoch = house.keyring.current("harbor", "contact").id
    hers = (epoch_wraps.c.member_id == ines.id) & (epoch_wraps.c.epoch_id == epoch)
    house.store.write(
        lambda session: session.execute(update(epoch_wraps).where(hers).values(wrap=b"broken"))
    )
    keyholder = house.keyholder("ines")
    ruth = changes.add_member(keyholder, RUTH, at=NOW, profile=CHEAPEST)
    rows = epoch_wraps.c
    with house.store.read() as session:
        mine = session.execute(select(rows.epoch_id).where(rows.member_id == ruth.member_id))
        assert epoch not in {row.epoch_id for row in mine}
    # Noor's wrap of it is whole: she gives it on.
    house.keyholder("noor")
    with house.store.read() as session:
        mine = session.execute(select(rows.epoch_id).where(rows.member_id == ruth.member_id))
        assert epoch in {row.epoch_id for row in mine}


def test_a_supervisor_is_nobody_at_the_house_itself(house: House, changes: Changes) -> None:
    ines = house.keyholder("ines")
    isa = NewMember("isa", "Isa", "Gate", Role.INVESTIGATOR, HOUSE, "gates that never close")
    with pytest.raises(Refused):
        changes.add_member(ines, isa, at=NOW, profile=CHEAPEST)


def test_locks_of_a_newer_database_outlive_a_restored_older_one(
    house: House, changes: Changes
) -> None:
    # The epochs of the newer one are strangers to the older: their locks are all that opens its backups.
    locks = Locks(house.folder.locks)
    locks.create("f" * 32)
    locks.keep("f" * 32)
    age_locks(house, {"f" * 32})
    changes.begin_epochs(house.keyholder("ines"), at=NOW)
    assert locks.is_open("f" * 32)
