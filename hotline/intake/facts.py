"""What a message tells of its report, as far as it may stand in the clear: a report is opened with it, or it is merged in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from hotline.domain.report import Assessment, Status, day, minute, reference
from hotline.domain.urgency import Urgency
from hotline.errors import Conflict
from hotline.intake.admission import Verdict
from hotline.intake.threads import Thread
from hotline.intake.understanding import Understanding
from hotline.reports.counting import moved, stepped_aside
from hotline.reports.tables import reports
from hotline.retention import endings
from hotline.statements import Statement
from hotline.store import Session

_OPEN = Statement(insert(reports))
_FIND = Statement(select(reports).where(reports.c.id == bindparam("its_id")).with_for_update())
_MERGED = (
    "messages", "locale", "locale_is_chosen", "status", "alike", "urgency", "minor", "bystander", "needs", "indicators",
    "rules", "unanswered", "waiting_since",
)  # fmt: skip
_GATHERED = (
    "minor", "bystander", "needs", "indicators", "rules", "unanswered", "waiting_since",
)  # fmt: skip
_CONTINUE = Statement(
    update(reports)
    .where(reports.c.id == bindparam("its_id"), reports.c.messages == bindparam("before"))
    .values({name: bindparam(name) for name in _MERGED} | {"outcome": ""})
)

Alarm = Callable[[Session, str, str, datetime], None]
"""Puts something before the supervisors: its kind, and the report. Decided above this room."""


@dataclass(frozen=True, slots=True, repr=False)
class Facts:
    """The facts of one message, and what was decided of its report: see `admission`."""

    understood: Understanding
    thread: Thread
    desk: str
    verdict: Verdict
    alarm: Alarm | None
    at: datetime

    def keep(self, session: Session) -> None:
        """Open the report, or merge the facts into it.

        Raises:
            Conflict: another message took this place in the thread, or the report was erased.
        """
        if self.thread.is_new:
            self._open(session)
        else:
            self._merge(session)

    def _open(self, session: Session) -> None:
        _OPEN.run(session, self._new_row())
        rank = self.understood.assessment.urgency.rank
        if not self.verdict.waits:
            moved(session, self.desk, None, rank)
            self._call(session, rank)
            return
        stepped_aside(
            session,
            self.desk,
            alike=self.verdict.alike,
            language=self.understood.language,
            urgency=rank,
            step=1,
        )
        if self.alarm:
            self.alarm(session, "quarantine", "", self.at)

    def _merge(self, session: Session) -> None:
        """Merge: urgency only rises, needs and indicators only gather; who waits in quarantine may wait on."""
        row = _FIND.first(session, {"its_id": self.thread.report_id})
        if row is None:
            # It was erased since the thread was looked up: there is none any more.
            raise Conflict
        if row.joined_to is not None:
            self._pass_on(session, row)
            return
        if row.status == Status.CLOSED:
            endings.drop(session, row.id)
        urgency = Urgency.highest(Urgency.of_rank(row.urgency), self.understood.assessment.urgency)
        is_aside = row.status == Status.QUARANTINED
        waits_on = is_aside and self.verdict.waits
        its = {**self._merged(row), "urgency": urgency.rank}
        its["status"] = Status.QUARANTINED if waits_on else Status.OPEN
        its["alike"] = row.alike if waits_on else None
        if _CONTINUE.run(session, its) != 1:
            raise Conflict
        if is_aside:
            _stepped(session, row, row.urgency, -1)
        if waits_on:
            _stepped(session, row, urgency.rank, 1)
            return
        before = row.urgency if row.status == Status.OPEN else None
        moved(session, row.desk, before, urgency.rank, is_told=not row.restricted)
        if before != urgency.rank or not row.unanswered:
            self._call(session, urgency.rank)

    def _call(self, session: Session, rank: int) -> None:
        """Have somebody called at once where it is immediate, and waits anew."""
        if self.alarm and rank == Urgency.IMMEDIATE.rank:
            self.alarm(session, Urgency.IMMEDIATE, self.thread.report_id, self.at)

    def _pass_on(self, session: Session, row: Any) -> None:
        """Keep the message in its own report, which was merged into another: that one waits for an answer, and opens."""
        rank = self.understood.assessment.urgency.rank
        aside = {"status": Status.CLOSED, "alike": None, "unanswered": False, "waiting_since": None}
        its = {**self._merged(row), **aside, "urgency": max(row.urgency, rank)}
        if _CONTINUE.run(session, its) != 1:
            raise Conflict
        root = _FIND.first(session, {"its_id": row.joined_to})
        if root is None:
            raise Conflict
        if root.status == Status.CLOSED:
            endings.drop(session, root.id)
        gathered = {name: self._merged(root)[name] for name in _GATHERED}
        values = {**gathered, "urgency": max(root.urgency, rank), "status": Status.OPEN}
        session.execute(update(reports).where(reports.c.id == root.id).values(values))
        before = root.urgency if root.status == Status.OPEN else None
        moved(session, root.desk, before, values["urgency"], is_told=not root.restricted)

    def _new_row(self) -> dict[str, Any]:
        message, assessment = self.understood.message, self.understood.assessment
        return {
            "id": self.thread.report_id,
            "desk": self.desk,
            "channel": message.channel,
            "locale": self.thread.locale,
            "locale_is_chosen": self.thread.locale_is_chosen,
            "language": self.understood.language,
            "country": self.understood.country,
            "day": day(self.at),
            "status": Status.QUARANTINED if self.verdict.waits else Status.OPEN,
            "alike": self.verdict.alike,
            "urgency": assessment.urgency.rank,
            "minor": assessment.minor,
            "bystander": assessment.bystander,
            "needs": sorted(assessment.needs),
            "indicators": sorted(assessment.indicators),
            "rules": self._rules(),
            "messages": 1,
            "unanswered": True,
            "waiting_since": minute(self.at),
            "reference": reference(self.thread.report_id),
        }

    def _merged(self, row: Any) -> dict[str, Any]:
        assessment = self.understood.assessment
        return {
            "its_id": row.id,
            "before": self.thread.seq - 1,
            "messages": self.thread.seq,
            "locale": self.thread.locale,
            "locale_is_chosen": self.thread.locale_is_chosen,
            "minor": row.minor or assessment.minor,
            "bystander": is_bystanders_still(row, assessment),
            "needs": sorted({*row.needs, *assessment.needs}),
            "indicators": sorted({*row.indicators, *assessment.indicators}),
            "rules": list(dict.fromkeys([*row.rules, *self._rules()])),
            "unanswered": True,
            "waiting_since": row.waiting_since if row.unanswered else minute(self.at),
        }

    def _rules(self) -> list[str]:
        return list(dict.fromkeys(reason.rule for reason in self.understood.assessment.reasons))


def is_bystanders_still(report: Any, found: Assessment) -> bool:
    """Tell whether a report, with what was *found* in a further message, is by somebody who only saw it.

    Whoever told of harm as their own did not only see it, whatever is said later from the same phone: on a bystander's
    word an account may leave without a yes.
    """
    if report.bystander:
        return found.bystander or not found.indicators
    return found.bystander and not report.indicators


def _stepped(session: Session, row: Any, rank: int, step: int) -> None:
    stepped_aside(
        session, row.desk, alike=row.alike, language=row.language, urgency=rank, step=step
    )
