"""The sweep ends what is due: what people asked to be erased, then what the rules let end, part by part."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from hotline import audit
from hotline.errors import NotFound
from hotline.reports.belonging import lock
from hotline.reports.tables import reports
from hotline.retention import asking, endings
from hotline.retention.asking import REPORTER, SYSTEM
from hotline.retention.endings import Ending
from hotline.retention.erasing import Eraser, ErasureHeld, Forget
from hotline.retention.legal import is_held
from hotline.retention.rules import Kind
from hotline.store import Session, Store

SLICE = timedelta(seconds=60)
"""How long one sweep works; the next one goes on where it stopped."""

_MANY = 100


@dataclass(frozen=True)
class Sweeper:
    """What the sweep needs: *eraser* for whole reports, *forgets* for the parts that end alone."""

    store: Store
    eraser: Eraser
    forgets: dict[Kind, Forget]

    def sweep(
        self,
        *,
        at: datetime,
        slice_of: timedelta = SLICE,
        now: Callable[[], float] = time.monotonic,
    ) -> int:
        """End what is due, until the slice is used up; return how many reports or parts ended.

        Each ends in a transaction of its own that looks again whether it may: two sweeps, or one that was
        killed and begun anew, end nothing twice and nothing else.

        Raises:
            StillThere: an erased report was found in a table; everything else ended all the same.
        """
        until = now() + slice_of.total_seconds()
        ended = self.eraser.finish(at=at).done
        late = self.eraser.forget_again(at=at)
        for act in (self._erase_asked, self._end_due):
            ended += act(at, lambda: now() < until)
        finished = self.eraser.finish(at=at)
        self.eraser.listed.sweep(at=at)
        if ended or late:
            self.store.truncate_log()
        finished.complain()
        return ended

    def _erase_asked(self, at: datetime, has_time: Callable[[], bool]) -> int:
        ended, after = 0, None
        while True:
            with self.store.read() as session:
                found = asking.due(session, at=at, after=after, limit=_MANY)
            for after in found:
                if not has_time():
                    return ended
                report_id = after[1]
                ended += self.store.write(lambda session: self._erase_one(session, report_id, at))  # noqa: B023 - runs before the next round.
            if len(found) < _MANY:
                return ended

    def _erase_one(self, session: Session, report_id: str, at: datetime) -> bool:
        """Erase what was asked for, unless it was taken back, frozen, held or erased in the meantime."""
        try:
            lock(session, report_id)
            if not asking.is_due(session, report_id, at=at):
                return False
            self.eraser.forget(session, report_id, by=REPORTER, at=at)
        except (NotFound, ErasureHeld):
            return False
        return True

    def _end_due(self, at: datetime, has_time: Callable[[], bool]) -> int:
        ended, after = 0, ("", "")
        while True:
            with self.store.read() as session:
                found = endings.due(session, at=at, after=after, limit=_MANY)
            for one in found:
                if not has_time():
                    return ended
                after = (one.report_id, one.kind)
                ended += self.store.write(lambda session: self._end_one(session, one, at))  # noqa: B023 - as above.
            if len(found) < _MANY:
                return ended

    def _end_one(self, session: Session, one: Ending, at: datetime) -> bool:
        """End one part, if it still is due and nothing holds it."""
        if one.kind is Kind.AUDIT:
            return self._end_audit(session, one, at)
        try:
            lock(session, one.report_id)
            if not endings.is_due(session, one.report_id, one.kind, at=at):
                return False
            if one.kind is Kind.ACCOUNT:
                keeps = not endings.is_due(session, one.report_id, Kind.AUDIT, at=at)
                self.eraser.forget(session, one.report_id, by=SYSTEM, at=at, keeps_audit=keeps)
                return True
        except (NotFound, ErasureHeld):
            return False
        if is_held(session, one.report_id, at=at):
            return False
        self.forgets[one.kind](session, one.report_id)
        endings.settle(session, one.report_id, one.kind)
        audit.record(
            session,
            at=at,
            who=SYSTEM,
            did="ended",
            desk=one.desk,
            report_id=one.report_id,
            what=one.kind,
        )
        return True

    def _end_audit(self, session: Session, one: Ending, at: datetime) -> bool:
        """Let the lines about a report lose it, once the report itself is gone."""
        there = select(reports.c.id).where(reports.c.id == one.report_id)
        if session.execute(there).first() or is_held(session, one.report_id, at=at):
            return False
        if not endings.is_due(session, one.report_id, one.kind, at=at):
            return False
        self.eraser.forget_audit(session, one.report_id)
        endings.settle(session, one.report_id, one.kind)
        return True
