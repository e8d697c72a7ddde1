"""Decide on a whole group in quarantine at once: let it into the queue, or dismiss it.

A flood is taken in slices, each a transaction of its own, so that nobody who writes meanwhile waits for it. What was
decided is decided, whatever happens to the next slice: who asks again goes on where it stopped. A dismissed report is
a closed one: it ends as the rules say, can be opened again, and opens by itself when its reporter writes.
"""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, literal, select, tuple_, update

from hotline import audit
from hotline.domain.outcome import Outcome
from hotline.domain.urgency import Urgency
from hotline.reports import messages, reports
from hotline.reports.tables import quarantined
from hotline.retention import endings
from hotline.store import Session, Store, UtcTime
from hotline.triage.course import CLOSED, said
from hotline.triage.quarantine import counted_out, its_own, let_in
from hotline.vault.keyring import Keyring
from hotline.vault.words import write_down

SLICE = 500
SECONDS = 10.0
"""How long one act works; what is left of a greater flood is there to be decided on again."""

Found = list[tuple[str, int, str]]
"""The id, urgency and language of reports that are locked."""

Stays = Callable[[Session, Sequence[str]], Collection[str]]
"""Which of these reports an act leaves where they are."""

_COLUMNS = (reports.c.id, reports.c.urgency, reports.c.language, reports.c.waiting_since)


@dataclass(frozen=True, slots=True)
class Act:
    """What *by* does with a group of *desk*.

    What came *before* a moment only, where that is named; nothing that is more urgent than *up_to*; and of reports that
    are named as *only* these.
    """

    desk: str
    alike: str
    by: str
    at: datetime
    before: datetime | None = None
    up_to: Urgency = Urgency.IMMEDIATE
    only: tuple[str, ...] = ()

    def find(self, session: Session, limit: int, after: Row[Any] | None = None) -> list[Row[Any]]:
        """Lock up to *limit* reports of the group, the most urgent first, from behind the row *after* on."""
        found: list[Row[Any]] = []
        first = self.up_to.rank if after is None else after.urgency
        for rank in range(first, -1, -1):
            query = self._of_rank(rank)
            if after is not None and rank == after.urgency:
                here = tuple_(literal(after.waiting_since, UtcTime()), literal(after.id))
                query = query.where(tuple_(reports.c.waiting_since, reports.c.id) > here)
            found += session.execute(query.limit(limit - len(found)).with_for_update()).all()
            if len(found) == limit:
                break
        return found

    def _of_rank(self, rank: int) -> Select[Any]:
        rows = reports.c
        query = select(*_COLUMNS).where(*its_own(self.desk, self.alike), rows.urgency == rank)
        if self.before is not None:
            query = query.where(rows.waiting_since < self.before)
        if self.only:
            query = query.where(rows.id.in_(self.only))
        return query.order_by(rows.waiting_since, rows.id)


def count(
    session: Session,
    desk: str,
    alike: str,
    *,
    before: datetime | None = None,
    up_to: Urgency = Urgency.IMMEDIATE,
) -> int:
    """Return how many reports of a group stand in quarantine, or of those the ones that came *before* a moment.

    Those that are more urgent than *up_to* are not counted.
    """
    rows = quarantined.c
    its = (rows.desk == desk, rows.alike == alike, rows.urgency <= up_to.rank)
    everything = session.execute(select(func.sum(rows.count)).where(*its)).scalar_one_or_none() or 0
    if before is None:
        return everything
    ranks = reports.c.urgency.in_(range(up_to.rank + 1))
    since = (*its_own(desk, alike), ranks, reports.c.waiting_since >= before)
    return max(everything - session.execute(select(func.count()).where(*since)).scalar_one(), 0)


def release_group(store: Store, desk: str, alike: str, *, by: str, at: datetime) -> int:
    """Let a group into the queue, where each report waits since it came; return how many were let in."""
    act = Act(desk, alike, by, at)

    def begin(session: Session, number: int) -> None:
        what = _what(act, number)
        audit.record(session, at=at, who=by, did="quarantine_opened", desk=desk, what=what)

    def decide(session: Session, found: Found) -> None:
        let_in(session, desk, alike, found, by=by, at=at)

    return _in_slices(store, act, begin, decide)


def none_stays(_session: Session, _ids: Sequence[str]) -> Collection[str]:
    return ()


def dismiss_group(
    store: Store, act: Act, *, keyring: Keyring, why: str, stays: Stays = none_stays
) -> int:
    """Close the reports that *act* is about but those that *stay*, and write down why; return how many were closed.

    It is about what came before *by* saw how many there are: nobody dismisses what they were not shown.

    Raises:
        ReasonMissing: *why* is empty.
    """
    reason = said(why)

    def begin(session: Session, number: int) -> None:
        write_down(
            session,
            keyring,
            at=act.at,
            who=act.by,
            did="quarantine_dismissed",
            desk=act.desk,
            what=_what(act, number),
            words=reason,
        )

    return _in_slices(store, act, begin, lambda session, found: _close(session, act, found), stays)


def _close(session: Session, act: Act, found: Found) -> None:
    """End the work on reports as `course.close` does on one: no minute stays, and each gets its last days."""
    ids = [report_id for report_id, _, _ in found]
    junk = {**CLOSED, "outcome": Outcome.NOT_A_REPORT}
    session.execute(update(reports).where(reports.c.id.in_(ids)).values(junk))
    session.execute(update(messages).where(messages.c.report_id.in_(ids)).values(at=None))
    counted_out(session, act.desk, act.alike, found)
    last = endings.begin_all(session, ids, desk=act.desk, at=act.at)
    lines = {report_id: f"{ends} quarantine" for report_id, ends in last.items()}
    audit.record_each(session, at=act.at, who=act.by, did="close", desk=act.desk, what=lines)


def _in_slices(
    store: Store,
    act: Act,
    begin: Callable[[Session, int], None],
    decide: Callable[[Session, Found], None],
    stays: Stays = none_stays,
    *,
    now: Callable[[], float] = time.monotonic,
) -> int:
    """Decide on slice after slice, until nothing is left or the time is over; return on how many it was decided."""
    done, until = 0, now() + SECONDS
    last: Row[Any] | None = None

    def work(session: Session) -> tuple[int, list[Row[Any]]]:
        rows = act.find(session, SLICE, last)
        staying = stays(session, [row.id for row in rows])
        found = [(row.id, row.urgency, row.language) for row in rows if row.id not in staying]
        if found and not done:
            is_all = len(rows) < SLICE
            begin(session, len(found) if is_all else _number(session, act))
        if found:
            decide(session, found)
        return len(found), rows

    while True:
        took, rows = store.write(work)
        done += took
        if len(rows) < SLICE or now() >= until:
            return done
        if took < len(rows):
            last = rows[-1]


def _number(session: Session, act: Act) -> int:
    """Return how many there are of what is more than one slice; of these some may stay."""
    return count(session, act.desk, act.alike, before=act.before, up_to=act.up_to)


def _what(act: Act, number: int) -> str:
    """Return what the log says of an act on a group: which, and how many there were."""
    return f"{act.alike or 'unlike'} {number}"
