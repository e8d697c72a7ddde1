"""How deep a key reaches, and who is entitled to which depth (pure).

A desk has a key at each depth: what was said (desk), who said it (identity), how they are reached (contact), and
what staff wrote in the log (record). At a desk with *four eyes* who said it is cut in two halves: one group holds
the key of the first (identity), another the key of the second (identity2).
"""

from hotline.domain.staff import HOUSE, RIGHTS, Right
from hotline.vault.roster import DeskEntry, EpochEntry, MemberEntry

DESK = "desk"
IDENTITY = "identity"
IDENTITY2 = "identity2"
CONTACT = "contact"
RECORD = "record"
DEPTHS = (DESK, IDENTITY, CONTACT, RECORD)
"""The depths of an ordinary desk."""

SECOND_HALF = "b"

_RIGHT_TO_OPEN = {
    DESK: Right.READ,
    IDENTITY: Right.REVEAL,
    IDENTITY2: Right.REVEAL,
    CONTACT: Right.REPLY,
    RECORD: Right.AUDIT,
}


def depths_of(desk: DeskEntry) -> tuple[str, ...]:
    """Return the depths at which *desk* has keys; the house itself keeps only words of the log."""
    if desk.name == HOUSE:
        return (RECORD,)
    return (*DEPTHS, IDENTITY2) if desk.four_eyes else DEPTHS


def may_open(member: MemberEntry, epoch: EpochEntry) -> bool:
    """Tell whether *member*'s desk, role and half entitle them to an epoch's key."""
    if member.desk != epoch.desk or _RIGHT_TO_OPEN[epoch.depth] not in RIGHTS[member.role]:
        return False
    holds_second = member.half == SECOND_HALF
    return {IDENTITY: not holds_second, IDENTITY2: holds_second}.get(epoch.depth, True)


def is_half(desk: DeskEntry, depth: str) -> bool:
    """Tell whether the key of *depth* opens one half of identities at *desk*."""
    return desk.four_eyes and depth in (IDENTITY, IDENTITY2)


def may_begin(member: MemberEntry, desk: DeskEntry, depth: str) -> bool:
    """Tell whether *member* may make a new key of *depth*: of two halves, only of the one that they hold."""
    holds = IDENTITY2 if member.half == SECOND_HALF else IDENTITY
    return not is_half(desk, depth) or depth == holds
