"""What a step from one roster to the next may change, and by whose hand (pure).

The first roster is the root's. After it, each is signed by the root, or by someone whom the delegation in force
appoints and whom the roster before names as a supervisor of their desk (as an administrator, for the house). They
change members and epochs of that desk and nothing else; only the root makes desks, gives the power to sign, and
puts a new delegation into force. So a stolen session of one desk adds no reader at another, and who was dismissed
signs nothing any more, whatever old document is put back.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hotline.domain.staff import HOUSE, RIGHTS, Right, Role
from hotline.errors import Malformed
from hotline.vault.depths import depths_of, may_begin
from hotline.vault.keys import PublicKey
from hotline.vault.roster import (
    HOUSE_DESK,
    RECOVERY,
    ROOT,
    Delegation,
    EpochEntry,
    MemberEntry,
    Roster,
    RosterRefused,
    Signed,
    Signer,
    verified_roster,
)

_Entry = TypeVar("_Entry", EpochEntry, MemberEntry)
_POWERS = frozenset({Right.KEYS, Right.STAFF})
_OF_THE_HOUSE = frozenset({Role.ADMINISTRATOR, Role.INVESTIGATOR})
_OF_EITHER = frozenset({Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Link:
    """A roster that was verified, with its digest and the delegation in force."""

    roster: Roster
    digest: str
    delegation: Delegation


Appointed = Callable[[int], Delegation]
"""Returns the verified delegation of a number, or raises `RosterRefused`."""


def first(signed: Signed, appointed: Appointed, *, root_public: bytes) -> Link:
    """Return the roster that a house began with.

    Raises:
        RosterRefused: it is not the root's, or not a first one.
    """
    if signed.signer != ROOT:
        raise RosterRefused
    roster = verified_roster(signed, public=root_public)
    if roster.number != 1 or roster.previous or not is_sound(roster):
        raise RosterRefused
    return Link(roster, signed.digest, appointed(roster.delegation))


def step(before: Link, signed: Signed, appointed: Appointed, *, root_public: bytes) -> Link:
    """Return the roster that follows *before*.

    Raises:
        RosterRefused: it does not follow, nobody entitled signed it, or it changes what its signer may not.
    """
    if signed.signer == ROOT:
        roster = verified_roster(signed, public=root_public)
        is_allowed = True
    else:
        signer = _entitled(before, signed.signer)
        roster = verified_roster(signed, public=signer.verify_key)
        is_allowed = _keeps_to(before.roster, roster, signer)
    follows = (
        roster.number == before.roster.number + 1
        and roster.previous == before.digest
        and roster.delegation >= before.roster.delegation
    )
    if not (is_allowed and follows and is_sound(roster) and _is_legible(before.roster, roster)):
        raise RosterRefused
    return Link(roster, signed.digest, appointed(roster.delegation))


def may_sign(member: MemberEntry) -> bool:
    """Tell whether *member*'s place is one that the root may let sign: a supervisor's, an administrator's."""
    return (Right.STAFF if member.desk == HOUSE else Right.KEYS) in RIGHTS[member.role]


def still_signs(signer: Signer, roster: Roster) -> bool:
    """Tell whether *signer* still is who the root appointed: in their place, at that desk, with that key."""
    member = roster.member(signer.member_id)
    if member is None or not may_sign(member):
        return False
    return (member.verify_key, member.desk) == (signer.key, signer.desk)


def is_sound(roster: Roster) -> bool:
    """Tell whether names and ids are told apart, everybody has a place, and every desk has keys."""
    desks = [desk.name for desk in roster.desks]
    places = {(epoch.desk, epoch.depth) for epoch in roster.epochs}
    needed = {(d.name, depth) for d in (HOUSE_DESK, *roster.desks) for depth in depths_of(d)}
    ids = [member.id for member in roster.members]
    return (
        HOUSE not in desks
        and places == needed
        and all(
            _are_distinct(names)
            for names in (
                desks,
                [epoch.id for epoch in roster.epochs],
                [member.username for member in roster.members],
                [*ids, ROOT, RECOVERY],
            )
        )
        and all(_has_a_place(member, desks) for member in roster.members)
    )


def _has_a_place(member: MemberEntry, desks: list[str]) -> bool:
    if member.role in _OF_EITHER:
        return member.desk in (HOUSE, *desks)
    return member.desk == HOUSE if member.role in _OF_THE_HOUSE else member.desk in desks


def _are_distinct(names: list[str]) -> bool:
    return len(set(names)) == len(names)


def _entitled(before: Link, signer_id: str) -> MemberEntry:
    """Return who may sign the next roster under this name: appointed by the root, and still in their place."""
    signer, member = before.delegation.signer(signer_id), before.roster.member(signer_id)
    if signer is None or member is None or not still_signs(signer, before.roster):
        raise RosterRefused
    return member


def _keeps_to(before: Roster, after: Roster, signer: MemberEntry) -> bool:
    """Tell whether only members and epochs of the signer's desk changed, and nobody gained power by it."""
    desk = signer.desk
    return (
        (before.desks, before.recovery, before.delegation)
        == (after.desks, after.recovery, after.delegation)
        and _elsewhere(before.epochs, desk) == _elsewhere(after.epochs, desk)
        and _elsewhere(before.members, desk) == _elsewhere(after.members, desk)
        and _powers(after) <= _powers(before)
        and _halves_stay(before, after)
        and _epochs_only_follow(before, after, signer)
    )


def _elsewhere(entries: Iterable[_Entry], desk: str) -> list[_Entry]:
    return [entry for entry in entries if entry.desk != desk]


def _powers(roster: Roster) -> set[tuple[str, Role]]:
    """Return who has a role that may sign; with new keys they do not, until the root appoints them anew."""
    return {(member.id, member.role) for member in roster.members if RIGHTS[member.role] & _POWERS}


def _halves_stay(before: Roster, after: Roster) -> bool:
    """Tell whether nobody went from one half of identities to the other, and so came to know both."""
    halves = {member.id: member.half for member in before.members}
    return all(halves.get(member.id, member.half) == member.half for member in after.members)


def _epochs_only_follow(before: Roster, after: Roster, signer: MemberEntry) -> bool:
    """Tell whether each epoch is one there was, unchanged, or a newer one that *signer* may begin.

    The newest may be followed and never taken away: somebody who left may still hold the one before it.
    """
    known = {epoch.id: epoch for epoch in before.epochs}
    desk = before.desk(signer.desk)
    newest, now = _newest(before), _newest(after)
    return all(now.get(place, 0) >= number for place, number in newest.items()) and all(
        epoch == known[epoch.id]
        if epoch.id in known
        else epoch.number > newest.get((epoch.desk, epoch.depth), 0)
        and may_begin(signer, desk, epoch.depth)
        for epoch in after.epochs
    )


def _newest(roster: Roster) -> dict[tuple[str, str], int]:
    """Return the number of the newest epoch of each desk and depth."""
    newest: dict[tuple[str, str], int] = {}
    for epoch in roster.epochs:
        place = (epoch.desk, epoch.depth)
        newest[place] = max(newest.get(place, 0), epoch.number)
    return newest


def _is_legible(before: Roster, after: Roster) -> bool:
    """Tell whether each new key is a key and each new day a day: a step that was taken is pinned, and stays."""
    epochs = set(after.epochs) - set(before.epochs)
    members = set(after.members) - set(before.members)
    is_named = after.recovery == before.recovery or _is_key(after.recovery)
    return is_named and all(map(_is_whole, epochs)) and all(map(_is_whole, members))


def _is_whole(entry: EpochEntry | MemberEntry) -> bool:
    try:
        if isinstance(entry, EpochEntry):
            date.fromisoformat(entry.begun)
        else:
            Ed25519PublicKey.from_public_bytes(entry.verify_key)
    except ValueError:
        return False
    return _is_key(entry.public)


def _is_key(public: bytes) -> bool:
    try:
        PublicKey(public)
    except Malformed:
        return False
    return True
