"""What must stay is sealed anew in slices: nothing is lost when it stops, and nothing waits for one broken row."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select, update

from hotline import audit
from hotline.domain.staff import Role
from hotline.errors import Conflict
from hotline.migrations import create_all
from hotline.store import Store, new_id
from hotline.vault.argon import CHEAPEST
from hotline.vault.attachments import HeldFile, keep_files
from hotline.vault.ceremony import found
from hotline.vault.contents import Account, Identity
from hotline.vault.erasing import closable, is_sealed_to, older_epochs, reseal, sealed_left
from hotline.vault.house import House as Changes
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.keyring import DESK, IDENTITY, IDENTITY2, RECORD
from hotline.vault.member import NewMember
from hotline.vault.opening import Keyholder
from hotline.vault.opening_files import halves_of, open_files
from hotline.vault.roster import DeskEntry
from hotline.vault.sealing import keep, seal_contact, seal_message
from hotline.vault.tables import attachments, envelopes
from hotline.vault.words import write_down
from tests.vault.conftest import NOW, House, founded, in_house

ROOT = Path(__file__).parents[2]
TOMORROW = NOW + timedelta(days=1)


def tell(house: House, count: int = 1) -> list[str]:
    """Keep *count* reports, each with an identity, a contact and a file; return their ids."""
    ids = [new_id() for _ in range(count)]
    sealed, files = [], []
    for report_id in ids:
        sealed += seal_message(
            house.keyring,
            desk="harbor",
            report_id=report_id,
            seq=1,
            account=Account("said"),
            preview="said",
            identity=Identity("who"),
        )
        ways = {"hours": "night"}
        sealed.append(
            seal_contact(house.keyring, desk="harbor", report_id=report_id, address=None, ways=ways)
        )
        file = HeldFile("a.txt", "text/plain")
        file.add(b"a photo")
        file.finish()
        files.append(file.seal(house.keyring, desk="harbor", report_id=report_id, seq=1, number=1))

    def write(session):
        keep(session, sealed)
        assert keep_files(session, files, day="2026-11-25", budget=100_000) == files

    house.store.write(write)
    return ids


def opens_all(house: House, keyholder: Keyholder, ids: list[str]) -> bool:
    with house.store.read() as session:
        for report_id in ids:
            assert keyholder.open_accounts(session, report_id, [1])[1].text == "said"
            assert keyholder.open_identity(session, report_id, 1).original == "who"
            assert keyholder.open_contact(session, report_id) == (None, {"hours": "night"})
            (file,) = open_files(session, keyholder, report_id, 1)
            assert b"".join(file.pieces(house.store)) == b"a photo"
    return True


def left(house: House) -> int:
    """Return how much is sealed to older epochs."""
    older = {epoch.id for epoch in older_epochs(house.keyring, "harbor")}
    with house.store.read() as session:
        counts = sealed_left(session, house.keyring, "harbor")
    assert set(counts) == {e.id for e in house.keyring.roster.epochs if e.desk == "harbor"}
    return sum(count for epoch_id, count in counts.items() if epoch_id in older)


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, house: House, tmp_path: Path) -> Iterator[House]:
    """The cast's house, on either database."""
    if request.param == "sqlite":
        yield house
        return
    store = Store(request.getfixturevalue("postgres_url"))
    create_all(store)
    founding = founded(store, tmp_path / "served")
    yield in_house(store, KeyFolder(tmp_path / "served"), founding)
    store.close()


@pytest.fixture
def ines(house: House) -> Keyholder:
    return house.keyholder("ines")


@pytest.fixture
def changes(house: House) -> Changes:
    return Changes(house.store, house.keyring, house.locks)


def test_everything_of_every_depth_is_carried_over_in_slices(
    house: House, ines: Keyholder, changes: Changes
) -> None:
    ids = tell(house, 20)
    assert left(house) == 0
    changes.begin_epochs(ines, at=NOW)
    assert left(house) == 80
    done = []
    while slice_of_it := reseal(house.store, house.keyring, ines, limit=30):
        done.append(slice_of_it)
        assert left(house) == 80 - sum(done)
        assert opens_all(house, ines, ids)
    assert done == [30, 30, 20]


def test_contents_and_other_desks_stay_as_they_were(
    house: House, ines: Keyholder, changes: Changes
) -> None:
    tell(house, 3)
    there = seal_message(
        house.keyring,
        desk="valley",
        report_id=new_id(),
        seq=1,
        account=Account("theirs"),
        preview="",
    )
    house.store.write(lambda session: keep(session, there))

    def lying() -> list[list[tuple[object, ...]]]:
        queries = (
            select(envelopes.c.body, envelopes.c.preview, envelopes.c.desk),
            select(envelopes.c.wrap).where(envelopes.c.desk == "valley"),
            select(attachments.c.head, attachments.c.digest),
        )
        with house.store.read() as session:
            return [sorted(map(tuple, session.execute(query)), key=str) for query in queries]

    before = lying()
    changes.begin_epochs(ines, at=NOW)
    assert reseal(house.store, house.keyring, ines) == 12
    assert lying() == before


def test_rows_that_somebody_broke_hinder_no_other(
    house: House, ines: Keyholder, changes: Changes
) -> None:
    ids = tell(house, 12)
    broken = sorted(ids)[:5]
    changes.begin_epochs(ines, at=NOW)
    house.store.write(
        lambda session: session.execute(
            update(envelopes).where(envelopes.c.report_id.in_(broken)).values(wrap=b"broken")
        )
    )
    total = 0
    while done := reseal(house.store, house.keyring, ines, limit=2):
        total += done
    assert total == 48 - 15
    assert left(house) == 15
    assert opens_all(house, ines, [report_id for report_id in ids if report_id not in broken])


def test_who_may_not_open_a_depth_leaves_it_to_others(
    house: House, ines: Keyholder, changes: Changes
) -> None:
    tell(house, 2)
    changes.begin_epochs(ines, at=NOW)
    omar = house.keyholder("omar")
    assert reseal(house.store, house.keyring, omar) == 0
    assert reseal(house.store, house.keyring, house.keyholder("tala")) == 0
    assert left(house) == 8


def test_two_who_seal_anew_at_once_do_it_once(
    house: House, ines: Keyholder, changes: Changes
) -> None:
    ids = tell(house, 50)
    changes.begin_epochs(ines, at=NOW)
    keyholders = [ines, house.keyholder("noor")]

    def work(keyholder: Keyholder) -> int:
        return sum(iter(lambda: reseal(house.store, house.keyring, keyholder, limit=40), 0))

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(work, keyholders))
    assert sum(done) == 200
    assert left(house) == 0
    assert opens_all(house, ines, ids[::5])


_RESEAL = """
import sys
from pathlib import Path
from hotline.store import Store
from hotline.vault.erasing import reseal
from hotline.vault.keyfolder import KeyFolder
from hotline.vault.keyring import Keyring
from hotline.vault.locks import Locks
from hotline.vault.member import MemberKeys
from hotline.vault.opening import Keyholder

url, keys, member, raw = sys.stdin.read().split()
store, folder = Store(url), KeyFolder(Path(keys))
keyring = Keyring.open(store, root_public=folder.root_public(), pin=folder.pin)
keyholder = Keyholder(
    keyring.member(member), MemberKeys(bytes.fromhex(raw)), Locks(folder.locks)
)
while done := reseal(store, keyring, keyholder, limit=25):
    print(done, flush=True)
"""


def test_killed_in_the_middle_it_loses_nothing_and_goes_on(
    house: House, ines: Keyholder, changes: Changes
) -> None:
    ids = tell(house, 60)
    changes.begin_epochs(ines, at=NOW)
    facts = [house.store.url, str(house.folder.path), ines.staff_id, ines.keys.raw.hex()]
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-c", _RESEAL],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(" ".join(facts).encode())
        process.stdin.close()
        assert process.stdout.readline() == b"25\n"
        assert process.stdout.readline() == b"25\n"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
    before = left(house)
    assert 0 < before <= 140
    assert opens_all(house, ines, ids[::5])
    assert sum(iter(lambda: reseal(house.store, house.keyring, ines), 0)) == before
    assert left(house) == 0
    assert opens_all(house, ines, ids)


def test_a_slice_asks_the_database_once_and_writes_once(
    house: House, ines: Keyholder, changes: Changes
) -> None:
    tell(house, 40)
    changes.begin_epochs(ines, at=NOW)
    reseal(house.store, house.keyring, ines, limit=1)
    asked: list[str] = []
    engines = {house.store.engine, house.store._reader}
    listen = lambda *facts: asked.append(facts[2])  # noqa: E731
    for engine in engines:
        event.listen(engine, "before_cursor_execute", listen)
    assert reseal(house.store, house.keyring, ines, limit=20) == 20
    of_wraps = [text for text in asked if "envelopes" in text]
    assert len([text for text in of_wraps if text.startswith("SELECT")]) <= 4
    assert len([text for text in of_wraps if text.startswith("UPDATE")]) <= 2


def test_only_a_settled_and_empty_period_may_be_closed(
    house: House, ines: Keyholder, changes: Changes
) -> None:
    ids = tell(house, 2)
    first = {e.depth: e.id for e in house.keyring.roster.epochs if e.desk == "harbor"}

    def offered(at=TOMORROW) -> set[str]:
        with house.store.read() as session:
            return {e.id for e in closable(session, house.keyring, "harbor", at)}

    assert offered() == set()
    changes.begin_epochs(ines, at=NOW)
    assert offered() & {first[DESK], first[IDENTITY]} == set()
    reseal(house.store, house.keyring, ines)
    assert offered(NOW) == set()
    assert offered() >= {first[DESK], first[IDENTITY]}
    # A file alone keeps its period, too.
    row = {"epoch_id": first[IDENTITY]}
    house.store.write(
        lambda session: session.execute(
            update(attachments).where(attachments.c.report_id == ids[0]).values(**row)
        )
    )
    with house.store.read() as session:
        assert is_sealed_to(session, first[IDENTITY])
    assert first[IDENTITY] not in offered()
    with pytest.raises(Conflict):
        changes.close_epoch(ines, first[IDENTITY], at=TOMORROW)
    changes.close_epoch(ines, first[DESK], at=TOMORROW)
    assert first[DESK] not in {e.id for e in house.keyring.roster.epochs}


def test_words_of_the_log_are_carried_over_and_its_entries_stay(
    house: House, ines: Keyholder, changes: Changes
) -> None:
    for words in ("asks for a visa", "danger tonight"):
        house.store.write(
            lambda session, words=words: write_down(
                session,
                house.keyring,
                at=NOW,
                who=ines.staff_id,
                did="urgency",
                desk="harbor",
                words=words,
            )
        )
    # One of the two has its number already, the other still waits.
    house.store.write(lambda session: audit.sequence(session, at=TOMORROW, limit=1))

    def said() -> tuple[set[str], set[bytes]]:
        with house.store.read() as session:
            lines = [line for line in audit.page(session) if line.did == "urgency"]
            texts = {
                ines.open_words(session, line_id=line.id, desk=line.desk, sealed=line.sealed)
                for line in lines
            }
            return texts, {line.body for line in lines}

    before = said()
    assert before[0] == {"asks for a visa", "danger tonight"}
    old = house.keyring.current("harbor", RECORD).id
    changes.begin_epochs(ines, at=NOW)
    with house.store.read() as session:
        assert sealed_left(session, house.keyring, "harbor")[old] == 2
    assert reseal(house.store, house.keyring, ines) == 2
    changes.close_epoch(ines, old, at=TOMORROW)
    assert said() == before


PAIR = (
    NewMember("ines", "Ines", "Hill", Role.SUPERVISOR, "harbor", "seven slow turtles", half="a"),
    NewMember("yan", "Yan", "Reed", Role.SUPERVISOR, "harbor", "the tide comes at nine", half="b"),
)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[House]:
    """A house whose desk has four eyes, and a keeper for each half."""
    store = Store(f"sqlite:///{tmp_path / 'pair.db'}")
    create_all(store)
    founding = found(
        store,
        directory=tmp_path / "pair",
        desks=[DeskEntry("harbor", four_eyes=True)],
        members=PAIR,
        at=NOW - timedelta(days=1),
        profile=CHEAPEST,
    )
    yield in_house(store, KeyFolder(tmp_path / "pair"), founding)
    store.close()


def comes_in(house: House, new: NewMember) -> Keyholder:
    door = house.door
    entrance = door.sign_in(
        house.store,
        username=new.username,
        passphrase=new.passphrase,
        totp=house.totp(new.username),
        at=NOW,
    )
    keyholder = door.resume(house.store, entrance.cookie, at=NOW)
    assert keyholder is not None
    return keyholder


def test_each_keeper_seals_anew_the_half_that_they_hold(pair: House) -> None:
    ids, (ines, yan) = tell(pair, 6), (comes_in(pair, new) for new in PAIR)
    changes = Changes(pair.store, pair.keyring, pair.locks)
    changes.begin_epochs(ines, at=NOW)
    changes.begin_epochs(yan, at=NOW)
    # Of each report: the account, the contact, two halves of the identity, two halves of the file.
    assert left(pair) == 36
    of_ines = sum(iter(lambda: reseal(pair.store, pair.keyring, ines, limit=5), 0))
    assert left(pair) == 12
    of_yan = sum(iter(lambda: reseal(pair.store, pair.keyring, yan, limit=5), 0))
    assert (of_ines, of_yan, left(pair)) == (24, 12, 0)
    current = {d: pair.keyring.current("harbor", d).id for d in (IDENTITY, IDENTITY2)}
    with pair.store.read() as session:
        for table in (envelopes, attachments):
            rows = session.execute(select(table).where(table.c.wrap2.is_not(None))).all()
            assert len(rows) == 6
            assert {row.epoch_id for row in rows} == {current[IDENTITY]}
            assert {row.epoch2_id for row in rows} == {current[IDENTITY2]}
        # Together they open the files as before, and neither does alone.
        for report_id in ids:
            theirs = halves_of(session, yan, report_id, 1)
            (alone,) = open_files(session, ines, report_id, 1)
            (together,) = open_files(session, ines, report_id, 1, other_halves=theirs)
            assert alone.head.is_broken
            assert together.head.name == "a.txt"
