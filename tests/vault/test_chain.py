"""A supervisor changes readers of her own desk, an administrator none: by whatever roster they try."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from hotline.domain.staff import HOUSE, Role
from hotline.vault.chain import Link, is_sound, step
from hotline.vault.depths import depths_of
from hotline.vault.house import House as Changes
from hotline.vault.member import MemberKeys
from hotline.vault.roster import (
    ROOT,
    Delegation,
    DeskEntry,
    EpochEntry,
    MemberEntry,
    Roster,
    RosterRefused,
    Signed,
    Signer,
    sign_delegation,
    sign_roster,
)
from tests.examples import examples
from tests.vault.conftest import NOW, House
from tests.vault.forging import (
    PUBLIC,
    a_member,
    epoch_of_eve,
    following,
    put_delegation,
    put_roster,
    refuses,
    root_of,
    supervisor_key,
    with_eve,
)


def _reader_elsewhere(link: Link) -> Roster:
    return following(link, members=(*link.roster.members, a_member("eve", "valley")[0]))


def _key_elsewhere(link: Link) -> Roster:
    return with_eve(link, "valley")


def _key_of_the_house(link: Link) -> Roster:
    return following(link, epochs=(*link.roster.epochs, epoch_of_eve(HOUSE, "record")))


def _nobody_elsewhere(link: Link) -> Roster:
    return following(link, members=tuple(m for m in link.roster.members if m.desk != "valley"))


def _tala_comes_over(link: Link) -> Roster:
    over = tuple(replace(m, desk="harbor") for m in link.roster.members)
    return following(link, members=over)


def _a_supervisor_more(link: Link) -> Roster:
    eve, _ = a_member("eve", "harbor", Role.SUPERVISOR)
    return following(link, members=(*link.roster.members, eve))


def _an_administrator(link: Link) -> Roster:
    eve, _ = a_member("eve", HOUSE, Role.ADMINISTRATOR)
    return following(link, members=(*link.roster.members, eve))


def _noor_rises(link: Link) -> Roster:
    risen = tuple(
        replace(m, role=Role.SUPERVISOR) if m.username == "noor" else m for m in link.roster.members
    )
    return following(link, members=risen)


def _a_half_changes(link: Link) -> Roster:
    changed = tuple(
        replace(m, half="b") if m.username == "noor" else m for m in link.roster.members
    )
    return following(link, members=changed)


def _a_new_desk(link: Link) -> Roster:
    desk = DeskEntry("quay")
    epochs = tuple(epoch_of_eve("quay", depth) for depth in depths_of(desk))
    return following(link, desks=(*link.roster.desks, desk), epochs=(*link.roster.epochs, *epochs))


def _two_eyes_less(link: Link) -> Roster:
    return following(link, desks=(link.roster.desks[0], DeskEntry("valley", four_eyes=True)))


def _another_recovery(link: Link) -> Roster:
    return following(link, recovery=PUBLIC)


def _another_delegation(link: Link) -> Roster:
    return following(link, delegation=2)


def _an_epoch_changes(link: Link) -> Roster:
    changed = tuple(
        replace(e, public=PUBLIC) if (e.desk, e.depth) == ("harbor", "desk") else e
        for e in link.roster.epochs
    )
    return following(link, epochs=changed)


def _an_epoch_of_yesterday(link: Link) -> Roster:
    return following(link, epochs=(*link.roster.epochs, epoch_of_eve("harbor", number=1)))


def _no_key_left(link: Link) -> Roster:
    left = tuple(e for e in link.roster.epochs if (e.desk, e.depth) != ("harbor", "desk"))
    return following(link, epochs=left)


def _a_key_that_is_none(link: Link) -> Roster:
    eve = replace(epoch_of_eve("harbor"), public=b"short")
    return following(link, epochs=(*link.roster.epochs, eve))


def _a_day_that_is_none(link: Link) -> Roster:
    eve = replace(epoch_of_eve("harbor"), begun="tomorrow")
    return following(link, epochs=(*link.roster.epochs, eve))


def _a_member_without_keys(link: Link) -> Roster:
    eve = replace(a_member("eve", "harbor")[0], public=PUBLIC[:-1])
    return following(link, members=(*link.roster.members, eve))


def _a_depth_nobody_knows(link: Link) -> Roster:
    return following(link, epochs=(*link.roster.epochs, epoch_of_eve("harbor", "identity2")))


def _a_name_twice(link: Link) -> Roster:
    return following(link, members=(*link.roster.members, a_member("tala", "harbor")[0]))


def _a_member_called_recovery(link: Link) -> Roster:
    eve = replace(a_member("eve", "harbor")[0], id="recovery")
    return following(link, members=(*link.roster.members, eve))


@pytest.mark.parametrize(
    "change",
    [
        _reader_elsewhere,
        _key_elsewhere,
        _key_of_the_house,
        _nobody_elsewhere,
        _tala_comes_over,
        _a_supervisor_more,
        _an_administrator,
        _noor_rises,
        _a_half_changes,
        _a_new_desk,
        _two_eyes_less,
        _another_recovery,
        _another_delegation,
        _an_epoch_changes,
        _an_epoch_of_yesterday,
        _no_key_left,
        _a_key_that_is_none,
        _a_day_that_is_none,
        _a_member_without_keys,
        _a_depth_nobody_knows,
        _a_name_twice,
        _a_member_called_recovery,
    ],
)
def test_a_supervisor_changes_readers_of_her_own_desk_and_nothing_else(
    house: House, change: Callable[[Link], Roster]
) -> None:
    signer, key = supervisor_key(house)
    put_delegation(house.store, sign_delegation(Delegation(2, ()), root=root_of(house)))
    signed = sign_roster(change(house.keyring.link), signer=signer, key=key)
    with pytest.raises(RosterRefused):
        house.keyring.check(signed, after=house.keyring.link)
    assert refuses(house, signed)


def test_nobody_falls_back_on_a_period_before_the_newest(house: House) -> None:
    """Whoever left holds the key of the period before; a supervisor closes that one, and never the newest."""
    ines = house.keyholder("ines")
    Changes(house.store, house.keyring, house.locks).begin_epochs(ines, at=NOW)
    link = house.keyring.link
    periods = [e for e in link.roster.epochs if (e.desk, e.depth) == ("harbor", "desk")]
    older, newest = sorted(periods, key=lambda epoch: epoch.number)

    def without(epoch: EpochEntry) -> Signed:
        left = tuple(each for each in link.roster.epochs if each != epoch)
        roster = following(link, epochs=left)
        return sign_roster(roster, signer=ines.staff_id, key=ines.keys.signing)

    assert refuses(house, without(newest))
    house.keyring.check(without(older), after=link)


def test_a_supervisor_with_new_keys_signs_no_more_until_the_root_appoints_her_anew(
    house: House,
) -> None:
    signer, key = supervisor_key(house)
    link, keys = house.keyring.link, MemberKeys.fresh()
    verify_key = keys.signing.public_key().public_bytes_raw()
    changed = tuple(
        replace(m, verify_key=verify_key) if m.id == signer else m for m in link.roster.members
    )
    put_roster(house.store, sign_roster(following(link, members=changed), signer=signer, key=key))
    house.keyring.refresh()
    for hers in (key, keys.signing):
        assert refuses(house, sign_roster(with_eve(house.keyring.link), signer=signer, key=hers))


def with_ada(house: House) -> tuple[str, Ed25519PrivateKey]:
    """The root appoints an administrator."""
    entry, keys = a_member("ada", HOUSE, Role.ADMINISTRATOR)
    link, root = house.keyring.link, root_of(house)
    appointed = (*link.delegation.signers, Signer(entry.id, entry.verify_key, HOUSE))
    put_delegation(house.store, sign_delegation(Delegation(2, appointed), root=root))
    roster = following(link, members=(*link.roster.members, entry), delegation=2)
    put_roster(house.store, sign_roster(roster, signer=ROOT, key=root))
    house.keyring.refresh()
    return entry.id, keys.signing


@pytest.mark.parametrize(
    "change",
    [
        with_eve,
        _reader_elsewhere,
        _nobody_elsewhere,
        _an_administrator,
        _a_new_desk,
        _another_recovery,
        _an_epoch_changes,
    ],
)
def test_an_administrator_touches_no_desk(house: House, change: Callable[[Link], Roster]) -> None:
    ada, key = with_ada(house)
    assert refuses(house, sign_roster(change(house.keyring.link), signer=ada, key=key))


def test_an_administrator_takes_in_people_of_the_house(house: House) -> None:
    ada, key = with_ada(house)
    isa, _ = a_member("isa", HOUSE, Role.INVESTIGATOR)
    link = house.keyring.link
    roster = following(link, members=(*link.roster.members, isa))
    put_roster(house.store, sign_roster(roster, signer=ada, key=key))
    house.keyring.refresh()
    assert house.keyring.member(isa.id) == isa


_SMALL = Roster(
    1,
    (DeskEntry("harbor"), DeskEntry("valley")),
    tuple(
        EpochEntry(f"{desk.name}-{depth}", desk.name, depth, 1, "2026-11-25", b"key")
        for desk in (DeskEntry("harbor"), DeskEntry("valley"), DeskEntry(HOUSE))
        for depth in depths_of(desk)
    ),
    (
        MemberEntry("ines", "ines", "", "", "harbor", Role.SUPERVISOR, b"", b""),
        MemberEntry("noor", "noor", "", "", "harbor", Role.CASEWORKER, b"", b""),
        MemberEntry("tala", "tala", "", "", "valley", Role.SUPERVISOR, b"", b""),
        MemberEntry("ada", "ada", "", "", HOUSE, Role.ADMINISTRATOR, b"", b""),
    ),
    b"recovery",
)
_HERS = Ed25519PrivateKey.generate()
_VERIFY = _HERS.public_key().public_bytes_raw()
_LINK = Link(
    replace(_SMALL, members=tuple(replace(m, verify_key=_VERIFY) for m in _SMALL.members)),
    "digest",
    Delegation(1, (Signer("ines", _VERIFY, "harbor"), Signer("ada", _VERIFY, HOUSE))),
)
_ENTRIES = st.sampled_from(["keep", "drop", "rename", "promote", "rekey", "move", "half"])


@examples(150)
@given(
    fates=st.lists(_ENTRIES, min_size=4, max_size=4),
    epochs=st.lists(st.sampled_from(["keep", "drop", "rekey"]), min_size=9, max_size=9),
    signer=st.sampled_from(["ines", "ada"]),
)
def test_no_step_reaches_beyond_its_signers_desk(
    fates: list[str], epochs: list[str], signer: str
) -> None:
    """Whatever a signer changes: what is accepted left every other desk, every key and every power as it was."""
    members = []
    for fate, member in zip(fates, _LINK.roster.members, strict=True):
        changed = {
            "keep": {},
            "drop": None,
            "rename": {"name": "Other"},
            "promote": {"role": Role.SUPERVISOR},
            "rekey": {"public": b"other"},
            "move": {"desk": "valley"},
            "half": {"half": "b"},
        }[fate]
        if changed is not None:
            members.append(replace(member, **changed))
    entries = []
    for fate, epoch in zip(epochs, _LINK.roster.epochs, strict=True):
        if fate != "drop":
            entries.append(replace(epoch, public=b"eve") if fate == "rekey" else epoch)
    roster = following(_LINK, members=tuple(members), epochs=tuple(entries))
    signed = sign_roster(roster, signer=signer, key=_HERS)
    try:
        link = step(_LINK, signed, lambda _: _LINK.delegation, root_public=bytes(32))
    except RosterRefused:
        return
    own = {"ines": "harbor", "ada": HOUSE}[signer]
    assert is_sound(link.roster)
    assert link.roster.epochs == _LINK.roster.epochs
    before = {member.id: member for member in _LINK.roster.members}
    for member in link.roster.members:
        old = before.pop(member.id)
        assert member == old or (member.desk, old.desk) == (own, own)
        assert (member.role == Role.SUPERVISOR) <= (old.role == Role.SUPERVISOR)
        assert member.half == old.half
    assert all(member.desk == own for member in before.values())
