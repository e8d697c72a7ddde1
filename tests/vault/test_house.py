"""Colleagues come and go; keys follow them, and nobody reads more than they may."""

import base64
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from hotline import audit
from hotline.domain.staff import Role
from hotline.errors import Conflict, NotFound, Refused
from hotline.store import new_id
from hotline.vault.argon import CHEAPEST
from hotline.vault.contents import Account, Identity
from hotline.vault.envelope import SealBroken
from hotline.vault.erasing import reseal, shred, shred_audience
from hotline.vault.house import House as Changes
from hotline.vault.keyring import DEPTHS, Keyring
from hotline.vault.locks import EpochClosed
from hotline.vault.member import NewMember
from hotline.vault.opening import EnvelopeNotFound, Keyholder, find_row
from hotline.vault.roster import RosterRefused
from hotline.vault.sealing import keep, seal_contact, seal_message
from hotline.vault.staff import SignInRefused, StaffDoor
from hotline.vault.tables import envelopes, epoch_wraps, members, sessions
from hotline.vault.totp import step_at, totp_code
from tests.vault.conftest import NOW, STAFF, House
from tests.vault.looks import look

LATER = NOW + timedelta(minutes=5)
RUTH = NewMember("ruth", "Ruth", "Reed", Role.CASEWORKER, "harbor", "an owl sleeps till dusk")


@pytest.fixture
def changes(house: House) -> Changes:
    return Changes(house.store, house.keyring, house.locks)


def a_report(house: House, seq: int = 1, report_id: str = "") -> str:
    report_id = report_id or new_id()
    sealed = seal_message(
        house.keyring,
        desk="harbor",
        report_id=report_id,
        seq=seq,
        account=Account("said"),
        preview="said",
        identity=Identity("who"),
    )
    contact = seal_contact(house.keyring, desk="harbor", report_id=report_id, address=None, ways={})
    house.store.write(lambda session: keep(session, [*sealed, contact]))
    return report_id


def reads(house: House, keyholder: Keyholder, report_id: str) -> bool:
    with house.store.read() as session:
        return keyholder.open_accounts(session, report_id, [1])[1].text == "said"


def ruth_signs_in(house: House, totp_secret: str, at: datetime) -> Keyholder:
    code = totp_code(base64.b32decode(totp_secret), step_at(at))
    came = house.door.sign_in(
        house.store, username="ruth", passphrase=RUTH.passphrase, totp=code, at=at
    )
    keyholder = house.door.resume(house.store, came.cookie, at=at)
    assert keyholder is not None
    return keyholder


def test_a_new_colleague_reads_what_the_desk_was_told_before(
    house: House, changes: Changes
) -> None:
    report_id = a_report(house)
    ines = house.keyholder("ines")
    ruth = changes.add_member(ines, RUTH, at=NOW, profile=CHEAPEST)
    assert reads(house, ruth_signs_in(house, ruth.totp_secret, LATER), report_id)
    with house.store.read() as session:
        line = audit.page(session, kinds=["admit"])[0]
    assert (line.who, line.what, line.desk) == (ines.staff_id, ruth.member_id, "harbor")
    # Another process takes the new roster over when it next looks.
    other = Keyring.open(house.store, root_public=house.folder.root_public(), pin=house.folder.pin)
    assert other.roster == house.keyring.roster


def test_an_auditor_is_given_the_key_of_the_log_only_and_a_closed_period_is_not_given(
    house: House, changes: Changes
) -> None:
    ines = house.keyholder("ines")
    auditor = NewMember("otto", "Otto", "Elm", Role.AUDITOR, "harbor", "counting sheep by night")
    otto = changes.add_member(ines, auditor, at=NOW, profile=CHEAPEST)
    house.locks.destroy(house.keyring.current("harbor", "contact").id)
    # Signed in anew, so that the closed period's key is not still in her session.
    ines = house.keyholder("ines", LATER)
    ruth = changes.add_member(ines, RUTH, at=NOW, profile=CHEAPEST)
    wraps = epoch_wraps.c
    with house.store.read() as session:
        count = [
            session.execute(
                select(func.count()).select_from(epoch_wraps).where(wraps.member_id == member_id)
            ).scalar_one()
            for member_id in (otto.member_id, ruth.member_id)
        ]
    assert count == [1, 2]


def test_a_name_that_is_taken_is_a_conflict_and_changes_nothing(
    house: House, changes: Changes
) -> None:
    ines, before = house.keyholder("ines"), house.keyring.roster
    taken = NewMember("NOOR", "Noor", "Two", Role.CASEWORKER, "harbor", "words that are new")
    with pytest.raises(Conflict):
        changes.add_member(ines, taken, at=NOW, profile=CHEAPEST)
    house.keyring.refresh()
    assert house.keyring.roster == before


def test_only_a_supervisor_changes_who_reads_and_only_at_their_desk(
    house: House, changes: Changes
) -> None:
    noor, ines = house.keyholder("noor"), house.keyholder("ines")
    tala = next(m for m in house.keyring.members if m.username == "tala")
    epoch_id = house.keyring.current("valley", "desk").id
    for refused in (
        lambda: changes.add_member(noor, RUTH, at=NOW, profile=CHEAPEST),
        lambda: changes.dismiss(noor, ines.staff_id, at=NOW),
        lambda: changes.begin_epochs(noor, at=NOW),
        lambda: changes.close_epoch(noor, epoch_id, at=NOW),
        lambda: changes.dismiss(ines, tala.id, at=NOW),
        lambda: changes.dismiss(ines, ines.staff_id, at=NOW),
        lambda: changes.close_epoch(ines, epoch_id, at=NOW),
    ):
        with pytest.raises(Refused):
            refused()
    valley = NewMember("ruth", "Ruth", "Reed", Role.CASEWORKER, "valley", "an owl sleeps")
    with pytest.raises(Refused):
        changes.add_member(ines, valley, at=NOW, profile=CHEAPEST)
    with pytest.raises(NotFound):
        changes.dismiss(ines, "nobody", at=NOW)
    with pytest.raises(NotFound):
        changes.close_epoch(ines, "none", at=NOW)
    assert house.keyring.roster.number == 1


def test_a_supervisor_whom_the_root_did_not_appoint_keeps_no_roster(
    house: House, changes: Changes
) -> None:
    second = NewMember("uma", "Uma", "Ash", Role.SUPERVISOR, "harbor", "maps of every harbor")
    with pytest.raises(RosterRefused):
        changes.add_member(house.keyholder("ines"), second, at=NOW, profile=CHEAPEST)
    assert house.keyring.roster.number == 1


def test_who_leaves_comes_in_no_more_and_cannot_open_what_comes_after(
    house: House, changes: Changes
) -> None:
    cookie, ines = house.sign_in("noor"), house.keyholder("ines")
    noor = house.door.resume(house.store, cookie, at=NOW)
    assert noor is not None
    before = a_report(house)
    changes.dismiss(ines, noor.staff_id, at=NOW)
    # Her session ends at once, and she does not get in again.
    assert house.door.resume(house.store, cookie, at=NOW) is None
    with pytest.raises(SignInRefused):
        house.sign_in("noor", LATER)
    # Even with the keys that she carried away she does not open what is told now,
    after = a_report(house)
    with house.store.read() as session, pytest.raises(SealBroken):
        noor.open_row(session, find_row(session, after, 1, "desk"))
    # while the desk goes on reading both.
    assert reads(house, ines, before)
    assert reads(house, ines, after)
    with house.store.read() as session:
        for table in (sessions, epoch_wraps):
            hers = select(table).where(table.c.member_id == noor.staff_id)
            assert session.execute(hers).all() == []
        assert session.execute(select(members).where(members.c.username == "noor")).all() == []


def test_a_process_beside_notices_who_was_dismissed_and_who_came(house: House) -> None:
    beside = Keyring.open(house.store, root_public=house.folder.root_public(), pin=house.folder.pin)
    door = StaffDoor(beside, house.locks, CHEAPEST)
    cookie, ines = house.sign_in("noor"), house.keyholder("ines")
    noor = door.resume(house.store, cookie, at=NOW)
    assert noor is not None
    other_session = house.sign_in("tala")
    Changes(house.store, house.keyring, house.locks).dismiss(ines, noor.staff_id, at=NOW)
    assert door.resume(house.store, other_session, at=NOW) is not None
    assert beside.roster == house.keyring.roster
    Changes(house.store, house.keyring, house.locks).begin_epochs(ines, at=NOW)
    assert door.sign_in(
        house.store,
        username="ines",
        passphrase=STAFF[1].passphrase,
        totp=house.totp("ines", LATER),
        at=LATER,
    )
    assert beside.roster == house.keyring.roster


def test_a_due_period_begins_when_a_supervisor_signs_in(house: House, changes: Changes) -> None:
    noor, ines = house.keyholder("noor"), house.keyholder("ines")
    before = {depth: house.keyring.current("harbor", depth).id for depth in DEPTHS}
    # The house was founded a day ago.
    day_29, day_30 = NOW + timedelta(days=28), NOW + timedelta(days=29)
    assert not changes.begin_due_epochs(ines, at=day_29)
    assert not changes.begin_due_epochs(noor, at=day_30)
    assert changes.begin_due_epochs(ines, at=day_30)
    assert not changes.begin_due_epochs(ines, at=day_30)
    for depth in DEPTHS:
        assert house.keyring.current("harbor", depth).id != before[depth]
    assert reads(house, noor, a_report(house))


def test_signing_in_begins_what_is_due_and_never_fails_for_it(house: House) -> None:
    due = NOW + timedelta(days=40)
    assert house.keyholder("noor", due)
    assert house.keyring.roster.number == 1
    # Another supervisor is faster, seen from a process that does not know it yet.
    rival = Keyring.open(house.store, root_public=house.folder.root_public(), pin=house.folder.pin)
    assert house.keyholder("ines", due)
    assert house.keyring.roster.number == 2
    late = StaffDoor(rival, house.locks, CHEAPEST)
    later = due + timedelta(minutes=1)
    came = late.sign_in(
        house.store,
        username="ines",
        passphrase=STAFF[1].passphrase,
        totp=house.totp("ines", later),
        at=later,
    )
    assert late.resume(house.store, came.cookie, at=later)


def test_two_changes_at_once_are_a_conflict(house: House, changes: Changes) -> None:
    ines = house.keyholder("ines")
    other = Keyring.open(house.store, root_public=house.folder.root_public(), pin=house.folder.pin)
    changes.begin_epochs(ines, at=NOW)
    with pytest.raises(Conflict):
        Changes(house.store, other, house.locks).begin_epochs(ines, at=NOW)


def test_an_old_period_closes_once_nothing_is_sealed_to_it(house: House, changes: Changes) -> None:
    report_id, gone = a_report(house), a_report(house)
    ines = house.keyholder("ines")
    old = [house.keyring.current("harbor", depth).id for depth in DEPTHS]
    with pytest.raises(Conflict):
        changes.close_epoch(ines, old[0], at=NOW)
    changes.begin_epochs(ines, at=NOW)
    with pytest.raises(Conflict):
        changes.close_epoch(ines, old[0], at=NOW)
    # What expired is deleted, what stays is sealed anew, in slices;
    with house.store.read() as session:
        stale = session.execute(
            select(envelopes).where(envelopes.c.report_id == gone, envelopes.c.audience == "desk")
        ).one()
    house.store.write(lambda session: shred(session, gone))
    assert reseal(house.store, house.keyring, ines, limit=2) == 2
    assert reseal(house.store, house.keyring, ines, limit=2) == 1
    assert reseal(house.store, house.keyring, ines, limit=2) == 0
    for epoch_id in old:
        changes.close_epoch(ines, epoch_id, at=NOW)
        assert not (house.folder.locks / epoch_id).exists()
    # then nobody reads the expired report, not even from a backup of its row,
    house.store.write(lambda session: session.execute(envelopes.insert(), dict(stale._mapping)))
    fresh = house.keyholder("ines", LATER)
    with house.store.read() as session:
        with pytest.raises(EpochClosed):
            fresh.epochs._locks.open(b"", epoch_id=old[0], member_id=fresh.staff_id)
        with pytest.raises(SealBroken):
            fresh.open_row(session, find_row(session, gone, 1, "desk"))
    # and the kept one opens as before, at every depth.
    assert reads(house, fresh, report_id)
    who = look(house, fresh, report_id, at=LATER)
    assert who.original == "who"
    with house.store.read() as session:
        assert fresh.open_contact(session, report_id) == (None, {})


def test_sealing_anew_leaves_the_records_alone(house: House, changes: Changes) -> None:
    report_id = a_report(house)
    ines = house.keyholder("ines")

    def bodies() -> list[tuple[bytes, bytes | None]]:
        query = select(envelopes.c.body, envelopes.c.preview).order_by(envelopes.c.audience)
        with house.store.read() as session:
            return [tuple(row) for row in session.execute(query)]

    before = bodies()
    changes.begin_epochs(ines, at=NOW)
    assert reseal(house.store, house.keyring, ines) == 3
    assert bodies() == before
    assert reads(house, ines, report_id)


def test_what_is_shredded_is_not_found(house: House) -> None:
    report_id, other = a_report(house), a_report(house)
    house.store.write(lambda session: shred_audience(session, report_id, "contact"))
    noor = house.keyholder("noor")
    with house.store.read() as session:
        with pytest.raises(EnvelopeNotFound):
            noor.open_contact(session, report_id)
        assert noor.open_contact(session, other) == (None, {})
    assert reads(house, noor, report_id)
    house.store.write(lambda session: shred(session, report_id))
    with house.store.read() as session, pytest.raises(EnvelopeNotFound):
        noor.open_row(session, find_row(session, report_id, 1, "desk"))
