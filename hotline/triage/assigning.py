"""Which report somebody takes next, and who reads it: each takes for themselves, nobody is given more than they ask for."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import case, func, select

from hotline.domain.report import Status
from hotline.reports import reports
from hotline.store import Ids, Session, unless
from hotline.triage.claims import Held, claim
from hotline.triage.languages import languages_of, readers
from hotline.triage.queue import next_in_line, view_of
from hotline.triage.rows import QueueRow

_TRIES = 8
_LOOKED_AT = 5_000


def take_next(session: Session, *, desk: str, by: str, at: datetime) -> str:
    """Give *by* the report that waits for somebody like them, and return its id; empty where none waits unclaimed.

    The most urgent first; among equally urgent ones those in languages that *by* reads, of these those that nobody
    else here reads, then who has waited longest. What *by* skipped today is not given to them.
    """
    for _ in range(_TRIES):
        found = _next(session, desk, by, at)
        if found is None:
            return ""
        try:
            claim(session, found.id, desk=desk, by=by, at=at)
        except Held:
            # A colleague was faster; the next one is for us.
            continue
        return found.id
    return ""


def loads(
    session: Session, staff_ids: Collection[str], *, at: datetime, hidden: Ids | None = None
) -> dict[str, int]:
    """Return how many open reports each of *staff_ids* holds at *at*, without those that are *hidden* from who asks."""
    rows = reports.c
    its = (rows.claimed_by.in_(staff_ids), rows.status == Status.OPEN, unless(rows.id, hidden))
    some = select(rows.claimed_by, rows.claimed_until).where(*its).limit(_LOOKED_AT).subquery()
    held = select(some.c.claimed_by, func.count().label("held")).where(some.c.claimed_until > at)
    found = session.execute(held.group_by(some.c.claimed_by))
    return dict.fromkeys(staff_ids, 0) | {row.claimed_by: row.held for row in found}


def readers_by_load(
    session: Session, desk: str, *, at: datetime, hidden: Ids | None = None
) -> dict[str, tuple[str, ...]]:
    """Return the staff ids of *desk* who read each language, who holds least first, without what is *hidden*."""
    by_language = readers(session, desk)
    everyone = {one for ids in by_language.values() for one in ids}
    held = loads(session, everyone, at=at, hidden=hidden)
    return {
        language: tuple(sorted(ids, key=lambda one: (held[one], one)))
        for language, ids in by_language.items()
    }


def _next(session: Session, desk: str, by: str, at: datetime) -> QueueRow | None:
    free = view_of(session, desk=desk, view="unclaimed", at=at, staff_id=by)
    # Among the first so many that wait: behind any number that were answered, nobody is forgotten.
    view = replace(free, where=(*free.where, reports.c.unanswered))
    mine = languages_of(session, by)
    alone = [code for code, ids in readers(session, desk).items() if ids == (by,)]
    closeness = case((reports.c.language.in_(alone), 0), (reports.c.language.in_(mine), 1), else_=2)
    return next_in_line(session, view, closeness)
