"""Is anybody awake who could answer? Asked before somebody is offered other numbers to call.

Whoever is signed in and did something in the last half hour is, and whoever is on duty by the rota, because pages wake
them. A desk that keeps no rota is awake in the hours that the house names; one that names none either, only while
somebody is signed in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from hotline.domain.opening import Opening
from hotline.domain.staff import RIGHTS, Right
from hotline.store import Session
from hotline.triage.rota import on_duty
from hotline.triage.tables import rota
from hotline.vault.roster import MemberEntry
from hotline.vault.sessions import IDLE
from hotline.vault.tables import members, sessions

_MOST = 200


@dataclass(frozen=True, slots=True)
class Awake:
    """Tells it of one *desk*; *member* knows by their id who works where."""

    desk: str
    opening: Opening
    member: Callable[[str], MemberEntry | None]

    def __call__(self, session: Session, at: datetime) -> bool:
        if any(map(self._answers, _signed_in(session, at))):
            return True
        if session.execute(select(exists().where(rota.c.desk == self.desk))).scalar_one():
            return any(map(self._answers, on_duty(session, self.desk, self.opening.zone, at=at)))
        return bool(self.opening.spans) and self.opening.next_opening(at) <= at

    def _answers(self, staff_id: str) -> bool:
        """Tell whether somebody may answer at this desk."""
        its = self.member(staff_id)
        return its is not None and its.desk == self.desk and Right.REPLY in RIGHTS[its.role]


def _signed_in(session: Session, at: datetime) -> list[str]:
    rows = sessions.c
    query = (
        select(rows.member_id)
        .join(members, members.c.id == rows.member_id)
        .where(rows.seen_at > at - IDLE, rows.seen_at <= at, members.c.blocked.is_(False))
        .order_by(rows.seen_at.desc())
        .limit(_MOST)
    )
    return list(session.execute(query).scalars())
