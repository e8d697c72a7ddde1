"""New papers: what is told from then on is theirs alone, and what was told before as fast as holders hand it on."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from hotline import audit
from hotline.domain.staff import Role
from hotline.errors import Conflict, Misconfigured
from hotline.vault.appointing import Root
from hotline.vault.argon import CHEAPEST
from hotline.vault.change import Change
from hotline.vault.envelope import SealBroken
from hotline.vault.epochs import EpochKeys, wrap_epoch
from hotline.vault.keyring import DEPTHS
from hotline.vault.keys import PrivateKey, PublicKey
from hotline.vault.member import NewMember
from hotline.vault.renewing import hand_to_papers, not_on_paper
from hotline.vault.roster import RECOVERY, ROOT, DeskEntry, EpochEntry, Roster, sign_roster
from hotline.vault.tables import epoch_wraps
from tests.vault.conftest import NOW, House
from tests.vault.forging import following, refuses, reopened, root_of
from tests.vault.test_appointing import KAI, UMA, WORDS, a_report, enters, root_with

LATER = NOW + timedelta(minutes=5)
VERA = NewMember("vera", "Vera", "Pine", Role.SUPERVISOR, "harbor", WORDS)


@pytest.fixture
def root(house: House) -> Root:
    return root_with(house, house.founding.root_private)


@pytest.fixture
def old(house: House) -> PrivateKey:
    return PrivateKey(house.founding.recovery_seed)


def waiting(house: House, desk: str = "harbor") -> set[str]:
    """The depths of a desk that have a period which the papers in force do not open."""
    house.keyring.refresh()
    roster = house.keyring.roster
    with house.store.read() as session:
        lacking = not_on_paper(session, roster.epochs, recovery=roster.recovery, locks=house.locks)
    return {epoch.depth for epoch in lacking if epoch.desk == desk}


def opened(house: House, key: PrivateKey, epochs: tuple[EpochEntry, ...]) -> set[str]:
    """Which of *epochs* open to the papers of *key*."""
    found, keys = set(), EpochKeys(RECOVERY, key, house.locks)
    with house.store.read() as session:
        for epoch in epochs:
            try:
                assert keys.get(session, epoch.id).public.raw == epoch.public
            except SealBroken:
                continue
            found.add(epoch.id)
    return found


def renewed(house: House, root: Root) -> tuple[PrivateKey, Roster]:
    """Put new papers in force; return their key and the roster before."""
    before, key = house.keyring.roster, PrivateKey.fresh()
    root.renew_papers(key.public, at=NOW)
    return key, before


def test_what_is_told_from_then_on_is_of_the_new_papers_alone(
    house: House, root: Root, old: PrivateKey
) -> None:
    new, before = renewed(house, root)
    roster = house.keyring.roster
    assert roster.recovery == new.public.raw
    known = {epoch.id for epoch in before.epochs}
    begun = tuple(epoch for epoch in roster.epochs if epoch.id not in known)
    assert len(begun) == len(before.epochs) == 9
    assert opened(house, new, begun) == {epoch.id for epoch in begun}
    assert not opened(house, old, begun)
    # What was told before, the old ones open until somebody who holds it has come in.
    assert opened(house, old, before.epochs) == known
    assert not opened(house, new, before.epochs)
    with house.store.read() as session:
        (line,) = audit.page(session, kinds=["renew papers"])
    assert (line.who, line.desk, line.what) == (ROOT, "", new.public.id.hex())


def test_holders_hand_on_what_they_hold_when_they_come_in(
    house: House, root: Root, old: PrivateKey
) -> None:
    new, before = renewed(house, root)
    assert waiting(house) == waiting(house, "valley") == set(DEPTHS)
    noor = house.keyholder("noor")
    assert waiting(house) == {"record"}
    harbor = tuple(epoch for epoch in before.epochs if epoch.desk == "harbor")
    hers = {epoch.id for epoch in harbor if epoch.depth != "record"}
    # Epoch by epoch: what the new papers open, the old ones open no more.
    assert opened(house, new, before.epochs) == hers
    assert not opened(house, old, before.epochs) & hers
    house.keyholder("ines", LATER)
    assert not waiting(house)
    assert waiting(house, "valley") == set(DEPTHS)
    with house.store.read() as session:
        lines = audit.page(session, kinds=["hand on keys"])
    assert (noor.staff_id, "harbor", RECOVERY) in {(at.who, at.desk, at.what) for at in lines}
    # Coming in again hands on nothing more.
    house.keyholder("ines", LATER + timedelta(minutes=1))
    with house.store.read() as session:
        assert len(audit.page(session, kinds=["hand on keys"])) == len(lines)


def test_each_half_is_handed_on_by_who_holds_it(house: House, root: Root) -> None:
    staff = root.open_desk(DeskEntry("quay", four_eyes=True), [UMA, KAI], at=NOW)
    renewed(house, root)
    enters(house, "uma", staff[0].totp_secret)
    assert waiting(house, "quay") == {"identity2"}
    enters(house, "kai", staff[1].totp_secret)
    assert not waiting(house, "quay")


def test_old_papers_hand_everything_on_at_once(house: House, root: Root, old: PrivateKey) -> None:
    new, before = renewed(house, root)
    assert root.hand_on(old, at=NOW) == len(before.epochs)
    assert not waiting(house) | waiting(house, "valley") | waiting(house, "")
    assert opened(house, new, before.epochs) == {epoch.id for epoch in before.epochs}
    assert not opened(house, old, before.epochs)
    # The second time there is nothing to do, and neither is there for papers of nowhere.
    assert root.hand_on(old, at=NOW) == root.hand_on(PrivateKey.fresh(), at=NOW) == 0


def test_the_new_papers_recover_what_was_handed_on_and_say_what_was_not(
    house: House, root: Root, old: PrivateKey
) -> None:
    report = a_report(house, "harbor")
    new, _ = renewed(house, root)
    house.keyholder("noor")
    with pytest.raises(Misconfigured, match="another house"):
        root.recover("harbor", [VERA], recovery=old, at=NOW)
    found = root.recover("harbor", [VERA], recovery=new, at=NOW)
    # Four new ones and three of the old; the words of the log Noor does not hold.
    assert (found.opened, found.closed, found.waiting) == (7, 0, 1)
    vera = enters(house, "vera", found.staff[0].totp_secret)
    with house.store.read() as session:
        assert vera.open_accounts(session, report, [1])[1].text == "said"


def test_papers_are_replaced_by_the_root_once_and_never_come_back(
    house: House, root: Root, old: PrivateKey
) -> None:
    new, _ = renewed(house, root)
    number = house.keyring.roster.number
    root.renew_papers(new.public, at=NOW)
    assert house.keyring.roster.number == number
    with pytest.raises(Conflict, match="were replaced"):
        root.renew_papers(old.public, at=NOW)
    assert house.keyring.recoveries() == {old.public.raw, new.public.raw}
    house.keyring.verify_whole()
    assert reopened(house).roster.recovery == new.public.raw


def test_what_is_no_key_is_named_by_nobody(house: House) -> None:
    """Not by the root either: nothing could be changed any more after it."""
    link = house.keyring.link
    roster = following(link, recovery=link.roster.recovery[:-1])
    assert refuses(house, sign_roster(roster, signer=ROOT, key=root_of(house)))


def test_of_two_at_once_one_is_kept_and_nothing_of_the_other(
    house: House, root: Root, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = PrivateKey.fresh(), PrivateKey.fresh()
    keep = Change.keep

    def meanwhile(self: Change, *given: object, **named: object) -> None:
        monkeypatch.setattr(Change, "keep", keep)
        beside = Root(
            house.store,
            reopened(house),
            house.locks,
            private=house.founding.root_private,
            profile=CHEAPEST,
        )
        beside.renew_papers(first.public, at=NOW)
        keep(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Change, "keep", meanwhile)
    with pytest.raises(Conflict):
        root.renew_papers(second.public, at=NOW)
    house.keyring.refresh()
    assert house.keyring.roster.recovery == first.public.raw
    ids = {epoch.id for epoch in house.keyring.roster.epochs}
    assert {path.name for path in house.folder.locks.iterdir()} == ids


def test_nobody_hands_on_to_papers_that_were_replaced_meanwhile(
    house: House, root: Root, old: PrivateKey
) -> None:
    renewed(house, root)
    noor = house.keyholder("noor")
    with house.store.read() as session:
        mine = house.keyring.current("harbor", "desk").id
        noor.epochs.get(session, mine)
    stale = reopened(house)
    change = Change(house.store, stale, house.locks, stale.link)
    house.store.write(
        lambda session: session.execute(
            delete(epoch_wraps).where(epoch_wraps.c.member_id == RECOVERY)
        )
    )
    last, _ = renewed(house, root)
    with pytest.raises(Conflict):
        hand_to_papers(change, noor.epochs, stale.roster.epochs, who=noor.staff_id, at=NOW)
    assert waiting(house) == set(DEPTHS)
    # What somebody deleted from the database is put back by whoever comes in, for the papers in force.
    house.keyholder("ines")
    assert not waiting(house)
    mine_entry = tuple(epoch for epoch in house.keyring.roster.epochs if epoch.id == mine)
    assert opened(house, last, mine_entry) == {mine}


def test_what_is_no_key_of_the_period_takes_no_place(
    house: House, root: Root, old: PrivateKey
) -> None:
    """Someone with the database and the locks gives Noor a key of theirs: it must not reach the papers."""
    epoch = next(e for e in house.keyring.roster.epochs if (e.desk, e.depth) == ("harbor", "desk"))
    noor = next(m for m in house.keyring.members if m.username == "noor")
    rows = epoch_wraps.c

    def forge(session: object) -> None:
        its = delete(epoch_wraps).where(rows.epoch_id == epoch.id, rows.member_id == noor.id)
        session.execute(its)  # type: ignore[attr-defined]
        wrap_epoch(
            session,  # type: ignore[arg-type]
            PrivateKey.fresh(),
            epoch_id=epoch.id,
            owner_id=noor.id,
            owner=PublicKey(noor.public),
            locks=house.locks,
        )

    house.store.write(forge)
    renewed(house, root)
    house.keyholder("noor")
    assert waiting(house) == {"desk", "record"}
    assert opened(house, old, (epoch,)) == {epoch.id}


def test_a_period_that_is_closed_waits_for_nobody(house: House, root: Root) -> None:
    renewed(house, root)
    closed = next(
        e
        for e in house.keyring.roster.epochs
        if (e.desk, e.depth, e.number) == ("harbor", "contact", 1)
    )
    house.locks.destroy(closed.id)
    assert waiting(house) == {"desk", "identity", "record"}
    house.keyholder("ines")
    assert not waiting(house)


def test_a_period_that_is_closed_at_that_very_moment_keeps_nobody_out(
    house: House, root: Root, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewed(house, root)
    first = {e.id for e in house.keyring.roster.epochs if e.number == 1 and e.desk == "harbor"}
    opened_by = Change.opened

    def closing(self: Change, *given: object) -> object:
        found = opened_by(self, *given)  # type: ignore[arg-type]
        for epoch_id in first:
            house.locks.destroy(epoch_id)
        return found

    monkeypatch.setattr(Change, "opened", closing)
    house.keyholder("ines")
    assert not waiting(house)


def test_a_broken_wrap_of_the_papers_is_made_whole_by_who_comes_in(house: House) -> None:
    """Without new papers too: what somebody did to the database lasts until the next sign-in."""
    rows = epoch_wraps.c
    house.store.write(
        lambda session: session.execute(
            update(epoch_wraps).where(rows.member_id == RECOVERY).values(wrap=b"nothing")
        )
    )
    assert waiting(house) == set(DEPTHS)
    house.keyholder("ines")
    assert not waiting(house)
    with house.store.read() as session:
        query = select(rows.epoch_id).where(rows.member_id == RECOVERY)
        assert len(session.execute(query).all()) == 9
