"""What the provider still holds of ours, as a page for operators: counts and ages, never of what or of whom."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response, g
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from hotline import audit, contact, jobs
from hotline.audit import Line
from hotline.console.rooms import go, room
from hotline.console.showing import show
from hotline.console.speech import age_text, locale
from hotline.domain.staff import HOUSE, Right
from hotline.parts import here
from hotline.store import Session

holding = room("holding", Right.STAFF, Right.OVERSEE)

CHECKED = "provider_checked"
_CHECK = "prove_erased"
_SHOWN = 14
_FOUND = re.compile(
    r"(?P<broke>broke off)?(?:, )?(?:(?P<left>\d+) left(?:, oldest (?P<oldest>\d+) min)?)?"
)


@dataclass(frozen=True, slots=True)
class Check:
    """What a check found: how many things were *left*, the oldest for how long, unless the list broke off."""

    at: datetime
    left: int
    oldest: timedelta
    is_whole: bool

    @classmethod
    def of(cls, line: Line) -> "Check":
        """Read a line of the log; one that cannot be read proves nothing."""
        found = _FOUND.fullmatch(line.what) if line.what else None
        if found is None:
            return cls(line.at, 0, timedelta(), is_whole=False)
        oldest = timedelta(minutes=int(found["oldest"] or 0))
        is_whole = found["broke"] is None and found["left"] is not None
        return cls(line.at, int(found["left"] or 0), oldest, is_whole)

    @property
    def is_late(self) -> bool:
        """Tell whether something stayed there that should have gone since the check before."""
        return self.oldest >= timedelta(days=1)


@holding.get("/provider")
def show_holding() -> Response:
    hotline, speaks = here(), locale()
    with hotline.store.read() as session:
        lines = audit.page(session, desks=(HOUSE,), kinds=(CHECKED,), limit=_SHOWN)
        waiting = contact.waiting(session)
        files = contact.waiting_files(session)
        due_at = _next_check(session)
    return show(
        "console/holding.html",
        is_set_up=hotline.carrier is not None,
        checks=[Check.of(line) for line in lines],
        unerased=[*waiting, *files],
        next_check=due_at,
        is_due=due_at is not None and due_at <= g.at,
        age=lambda since: age_text(g.at - since, speaks),
        span=lambda span: age_text(span, speaks),
    )


@holding.post("/provider/check")
def check_now() -> AnyResponse:
    """Let the worker look at once."""
    at = g.at
    here().store.write(lambda session: _ask(session, at))
    return go("holding.show_holding")


def _ask(session: Session, at: datetime) -> None:
    jobs.ensure(session, [_CHECK], at=at)
    jobs.hasten(session, [_CHECK], at=at)


def _next_check(session: Session) -> datetime | None:
    rows = jobs.jobs.c
    due_at: datetime | None = session.execute(
        select(rows.due_at).where(rows.name == _CHECK).limit(1)
    ).scalar_one_or_none()
    return due_at
