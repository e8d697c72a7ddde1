"""How long each part of a closed report is kept at a desk, and how long an open one may lie untouched."""

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import insert, select, update

from hotline.errors import Malformed
from hotline.retention.tables import retention_rules
from hotline.store import Session


class Kind(StrEnum):
    """A part of a report that ends by itself; with the account the whole report ends.

    AUDIT are the lines about it. IDLE is no part: after so many days an untouched open report is shown.
    """

    ACCOUNT = "account"
    IDENTITY = "identity"
    CONTACT = "contact"
    ATTACHMENTS = "attachments"
    AUDIT = "audit"
    IDLE = "idle"


ENDING = tuple(kind for kind in Kind if kind is not Kind.IDLE)
PARTS = (Kind.IDENTITY, Kind.CONTACT, Kind.ATTACHMENTS)
"""What may end before the account does."""

STANDARD: Mapping[Kind, int] = dict.fromkeys(ENDING, 90) | {Kind.IDLE: 60}
"""Days: GlobaLeaks keeps a report for ninety, too."""

SHORTEST = 7
LONGEST: Mapping[Kind, int] = {
    Kind.ACCOUNT: 3653,
    Kind.IDENTITY: 3653,
    Kind.CONTACT: 731,
    Kind.ATTACHMENTS: 3653,
    Kind.AUDIT: 3653,
    Kind.IDLE: 365,
}
"""Days: ten years for a court, two for a telephone number, which belongs to somebody else by then."""


class BeyondTheLimits(Malformed):
    default_message = "a rule is a number of days between the limits of its kind"


def rules(session: Session, desk: str) -> dict[Kind, int]:
    """Return the days of each kind at *desk*."""
    rows = retention_rules.c
    found = session.execute(select(rows.kind, rows.days).where(rows.desk == desk)).all()
    own = {Kind(row.kind): row.days for row in found}
    return {kind: own.get(kind, STANDARD[kind]) for kind in Kind}


def set_rule(session: Session, desk: str, kind: Kind, days: int) -> bool:
    """Decide for what is closed from now on; tell whether that changes anything.

    What was closed before keeps its day: who shortens a rule must not be able to erase at once by it.

    Raises:
        BeyondTheLimits: *days* is too few or too many.
    """
    if not SHORTEST <= days <= LONGEST[kind]:
        raise BeyondTheLimits
    if rules(session, desk)[kind] == days:
        return False
    its = (retention_rules.c.desk == desk, retention_rules.c.kind == kind)
    changed = session.execute(update(retention_rules).where(*its).values(days=days))
    if changed.rowcount == 0:
        session.execute(insert(retention_rules), {"desk": desk, "kind": kind, "days": days})
    return True
