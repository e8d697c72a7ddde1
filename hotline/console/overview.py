"""The workload of a desk as a page for its supervisors: what waits, who holds what, who reads which language.

People stand in the order of their names: nobody is ranked, and how many accounts somebody opened is theirs alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, g

from hotline.console.rooms import room
from hotline.console.showing import show
from hotline.domain.staff import RIGHTS, Right
from hotline.parts import here
from hotline.store import Session
from hotline.triage import workload as works
from hotline.triage.access import hidden_from
from hotline.triage.alerts import count_open
from hotline.triage.languages import readers
from hotline.vault.roster import MemberEntry

workload = room("workload", Right.OVERSEE)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Someone of the desk: what they hold now, which languages they read, how often they looked at who someone is."""

    member: MemberEntry
    held: int
    languages: tuple[str, ...]
    reveals: int


@workload.get("/workload")
def show_workload() -> Response:
    hotline, me, at = here(), g.keyholder, g.at
    with hotline.store.read() as session:
        now = works.waiting(
            session,
            me.desk,
            staff_id=me.staff_id,
            limits=hotline.config.limits_of(me.desk),
            at=at,
        )
        speak = readers(session, me.desk)
        colleagues = _colleagues(session, speak)
        alerts = count_open(session, me.desk, hidden=hidden_from(me.staff_id))
        asked = works.asked(session, me.desk, staff_id=me.staff_id, at=at)
    known = {one.member.id for one in colleagues}
    return show(
        "console/workload.html",
        waits=now,
        most=works.MOST,
        colleagues=colleagues,
        speak={code: [one for one in ids if one in known] for code, ids in speak.items()},
        alerts=alerts,
        asked=asked,
        has_four_eyes=hotline.keyring.desk(me.desk).four_eyes,
        days=works.LATELY.days,
    )


def _colleagues(session: Session, speak: Mapping[str, tuple[str, ...]]) -> list[Colleague]:
    """Return who reads accounts at the reader's desk, by name."""
    me, at = g.keyholder, g.at
    ours = [one for one in here().keyring.members if one.desk == me.desk and _works(one)]
    ids = [one.id for one in ours]
    held = works.held(session, ids, staff_id=me.staff_id, at=at)
    revealed = works.revealed(session, ids, staff_id=me.staff_id, at=at)
    found = [
        Colleague(
            one,
            held.get(one.id, 0),
            tuple(code for code, theirs in sorted(speak.items()) if one.id in theirs),
            revealed.get(one.id, 0),
        )
        for one in ours
    ]
    return sorted(found, key=lambda one: one.member.name.casefold())


def _works(member: MemberEntry) -> bool:
    return Right.READ in RIGHTS[member.role]
