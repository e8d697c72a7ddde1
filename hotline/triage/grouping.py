"""Decide on a whole group in quarantine at once: let it into the queue, or dismiss it.

A flood is taken in slices, each a transaction of its own, so that nobody who writes meanwhile waits for it. What was
decided is decided, whatever happens to the next slice: who asks again goes on where it stopped. A dismissed report is
a closed one: it ends as the rules say, can be opened again, and opens by itself when its reporter writes.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from hotline import audit
from hotline.domain.urgency import Urgency
from hotline.reports import messages, reports
from hotline.reports.tables import quarantined
from hotline.retention import endings
from hotline.store import Session, Store
from hotline.triage.course import CLOSED, said
from hotline.triage.quarantine import counted_out, its_own, let_in
from hotline.vault.keyring import Keyring
from hotline.vault.words import write_down

SLICE = 500
SECONDS = 10.0
"""How long one act works; what is left of a greater flood is there to be decided on again."""

Found = list[tuple[str, int, str]]
"""The id, urgency and language of reports that are locked."""


@dataclass(frozen=True, slots=True)
class Act:
    """What *by* does with a group of *desk*. What came *before* a moment only, where that is named."""

    desk: str
    alike: str
    by: str
    at: datetime
    before: datetime | None = None

    def find(self, session: Session, limit: int) -> Found:
        """Lock up to *limit* reports of the group, the most urgent first."""
        rows, found = reports.c, Found()
        query = select(rows.id, rows.urgency, rows.language).where(*its_own(self.desk, self.alike))
        if self.before is not None:
            query = query.where(rows.waiting_since < self.before)
        for urgency in sorted(Urgency, key=lambda its: -its.rank):
            of_rank = query.where(rows.urgency == urgency.rank).limit(limit - len(found))
            ordered = of_rank.order_by(rows.waiting_since, rows.id).with_for_update()
            found += [(row.id, row.urgency, row.language) for row in session.execute(ordered)]
            if len(found) == limit:
                break
        return found


def count(session: Session, desk: str, alike: str, *, before: datetime | None = None) -> int:
    """Return how many reports of a group stand in quarantine, or of those the ones that came *before* a moment."""
    rows = quarantined.c
    its = select(func.sum(rows.count)).where(rows.desk == desk, rows.alike == alike)
    everything = session.execute(its).scalar_one_or_none() or 0
    if before is None:
        return everything
    ranks = reports.c.urgency.in_([urgency.rank for urgency in Urgency])
    since = (*its_own(desk, alike), ranks, reports.c.waiting_since >= before)
    return max(everything - session.execute(select(func.count()).where(*since)).scalar_one(), 0)


def release_group(store: Store, desk: str, alike: str, *, by: str, at: datetime) -> int:
    """Let a group into the queue, where each report waits since it came; return how many were let in."""
    act = Act(desk, alike, by, at)

    def begin(session: Session) -> None:
        what = _what(session, act)
        audit.record(session, at=at, who=by, did="quarantine_opened", desk=desk, what=what)

    def decide(session: Session, found: Found) -> None:
        let_in(session, desk, alike, found, by=by, at=at)

    return _in_slices(store, act, begin, decide)


def dismiss_group(
    store: Store,
    desk: str,
    alike: str,
    *,
    keyring: Keyring,
    by: str,
    why: str,
    at: datetime,
    before: datetime,
) -> int:
    """Close the reports of a group that came *before* a moment, and write down why; return how many were closed.

    *before* is when *by* saw how many there are: nobody dismisses what they were not shown.

    Raises:
        ReasonMissing: *why* is empty.
    """
    reason, act = said(why), Act(desk, alike, by, at, before)

    def begin(session: Session) -> None:
        did, what = "quarantine_dismissed", _what(session, act)
        write_down(session, keyring, at=at, who=by, did=did, desk=desk, what=what, words=reason)

    return _in_slices(store, act, begin, lambda session, found: _close(session, act, found))


def _close(session: Session, act: Act, found: Found) -> None:
    """End the work on reports as `course.close` does on one: no minute stays, and each gets its last days."""
    ids = [report_id for report_id, _, _ in found]
    session.execute(update(reports).where(reports.c.id.in_(ids)).values(**CLOSED))
    session.execute(update(messages).where(messages.c.report_id.in_(ids)).values(at=None))
    counted_out(session, act.desk, act.alike, found)
    last = endings.begin_all(session, ids, desk=act.desk, at=act.at)
    lines = {report_id: f"{ends} quarantine" for report_id, ends in last.items()}
    audit.record_each(session, at=act.at, who=act.by, did="close", desk=act.desk, what=lines)


def _in_slices(
    store: Store,
    act: Act,
    begin: Callable[[Session], None],
    decide: Callable[[Session, Found], None],
    *,
    now: Callable[[], float] = time.monotonic,
) -> int:
    """Decide on slice after slice, until nothing is left or the time is over; return on how many it was decided."""
    done, until = 0, now() + SECONDS

    def work(session: Session) -> int:
        found = act.find(session, SLICE)
        if found and not done:
            begin(session)
        if found:
            decide(session, found)
        return len(found)

    while True:
        took = store.write(work)
        done += took
        if took < SLICE or now() >= until:
            return done


def _what(session: Session, act: Act) -> str:
    """Return what the log says of an act on a group: which, and how many there were."""
    return f"{act.alike or 'unlike'} {count(session, act.desk, act.alike, before=act.before)}"
