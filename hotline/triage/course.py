"""How a report goes on: more urgent, less urgent, closed, open again. A person decides, and says why.

The reason stands in the log, sealed: people write names into it, however often they are asked not to.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, true, update

from hotline.domain.outcome import Outcome
from hotline.domain.report import Status, minute
from hotline.domain.urgency import Urgency
from hotline.errors import Conflict, NotFound, Refused
from hotline.handoff import links
from hotline.leads import waiting
from hotline.reports import joined, messages, reports
from hotline.reports.counting import moved
from hotline.retention import endings
from hotline.store import Session
from hotline.triage import interpreting, outcomes, tasks
from hotline.triage.access import require_seen
from hotline.triage.claims import claim
from hotline.triage.providers import let_go
from hotline.vault.keyring import Keyring
from hotline.vault.words import write_down

CLOSED: Mapping[str, object] = {
    "status": Status.CLOSED,
    "unanswered": False,
    "claimed_by": None,
    "claimed_until": None,
    "waiting_since": None,
    "alike": None,
}
"""What a report is when the work on it ends: in nobody's hands, without a minute, and like no other."""


class ReasonMissing(Refused):
    default_message = "say why before this is done"


def change_urgency(
    session: Session,
    report_id: str,
    *,
    keyring: Keyring,
    desk: str,
    to: Urgency,
    by: str,
    why: str,
    at: datetime,
) -> None:
    """Set the urgency of an open report as *by* judges it, and write down why.

    Raises:
        ReasonMissing: *why* is empty.
        Held: someone else holds the report.
        Conflict: it changed in the meantime.
    """
    reason = said(why)
    before = _rank(session, report_id, desk)
    claim(session, report_id, desk=desk, by=by, at=at)
    changed = session.execute(
        update(reports)
        .where(reports.c.id == report_id, reports.c.urgency == before)
        .values(urgency=to.rank)
    )
    if changed.rowcount == 0:
        raise Conflict(ref=report_id)
    moved(session, desk, before, to.rank)
    what = f"{Urgency.of_rank(before)} {to}"
    write_down(
        session,
        keyring,
        at=at,
        who=by,
        did="urgency",
        desk=desk,
        report_id=report_id,
        what=what,
        words=reason,
    )


def close(
    session: Session,
    report_id: str,
    *,
    keyring: Keyring,
    desk: str,
    by: str,
    outcome: Outcome,
    at: datetime,
    why: str = "",
    read: int | None = None,
    read_joined: int | None = None,
    years: int | None = None,
) -> None:
    """End the work on a report with what came of it, erase its minute-exact times, and draw the days on which its
    parts end. What was still to be done with it ends, too; so do links that providers have, and leads that wait, where
    *outcome* says that there is nothing to tell.

    *why* may be empty where *outcome* says it all, and nothing is kept for longer. *read* is how many messages *by* had
    before them, *read_joined* those of reports merged into it: one that came since must not be closed away unread.
    *years* keeps it longer, or shorter, than the desk's rules say.

    Raises:
        TooManyYears: *years* is none of one to ten.
        ReasonMissing: *why* is empty, and must not be.
        Held: someone else holds it.
        Conflict: it has another number of messages than *read*.
        NotFound: *desk* has no such open report.
    """
    must_say = outcome is Outcome.OTHER or years is not None
    reason = said(why) if must_say else one_line(why)
    claim(session, report_id, desk=desk, by=by, at=at)
    rank = _rank(session, report_id, desk)
    unchanged = true() if read is None else reports.c.messages == read
    merged = joined.joined(session, report_id)
    if read_joined not in (None, sum(row.messages for row in merged)):
        raise Conflict(ref=report_id)
    closed = session.execute(
        update(reports).where(reports.c.id == report_id, unchanged).values(**CLOSED)
    )
    if closed.rowcount == 0:
        raise Conflict(ref=report_id)
    its = [report_id, *(row.id for row in merged)]
    session.execute(update(messages).where(messages.c.report_id.in_(its)).values(at=None))
    moved(session, desk, rank, None)
    last = endings.begin(session, report_id, desk=desk, at=at, years=years)
    for row in merged:
        endings.begin(session, row.id, desk=desk, at=at, years=years)
    write_down(
        session,
        keyring,
        at=at,
        who=by,
        did="close",
        desk=desk,
        report_id=report_id,
        what=last if years is None else f"{last} {years}",
        words=reason,
    )
    tasks.end_all(session, report_id, at=at)
    interpreting.end_with_report(session, report_id, by=by, at=at)
    for one in its:
        _end_what_is_open(session, one, outcome, by=by, at=at)
    outcomes.say(
        session, keyring, report_id, desk=desk, by=by, outcome=outcome, words=reason, at=at
    )


def _end_what_is_open(
    session: Session, report_id: str, outcome: Outcome, *, by: str, at: datetime
) -> None:
    """Close the links that providers have, drop what waits for their answers, and leads that wait to tell of nothing."""
    links.close_links(session, report_id)
    let_go(session, report_id, at=at)
    if outcome in waiting.NOTHING_LEAVES:
        waiting.end_all(session, report_id, by=by, at=at)


def reopen(
    session: Session,
    report_id: str,
    *,
    keyring: Keyring,
    desk: str,
    by: str,
    why: str,
    at: datetime,
) -> None:
    """Take a closed report up again; it waits for an answer, and its clock starts now.

    Where it was merged into another, that one is taken up: there the work on both goes on.

    Raises:
        ReasonMissing: *why* is empty.
        NotFound: *desk* has no such closed report, or none that *by* may see.
    """
    reason = said(why)
    root = joined.root_of(session, report_id)
    require_seen(session, root, desk=desk, staff_id=by)
    if not take_up(session, root, desk=desk, at=at):
        raise NotFound(ref=report_id)
    write_down(
        session, keyring, at=at, who=by, did="reopen", desk=desk, report_id=root, words=reason
    )


def take_up(session: Session, report_id: str, *, desk: str, at: datetime) -> bool:
    """Open a closed report of *desk* again; tell whether there was one. Whoever calls writes down why.

    What was merged into another is not opened by itself: that one is (`joined.root_of`).
    """
    changed = session.execute(
        update(reports)
        .where(
            reports.c.id == report_id,
            reports.c.desk == desk,
            reports.c.status == Status.CLOSED,
            reports.c.joined_to.is_(None),
        )
        .values(status=Status.OPEN, unanswered=True, waiting_since=minute(at))
    )
    if changed.rowcount == 0:
        return False
    endings.drop(session, report_id)
    outcomes.unsay(session, report_id)
    few_know = session.execute(select(reports.c.restricted).where(reports.c.id == report_id))
    rank = _rank(session, report_id, desk)
    moved(session, desk, None, rank, is_told=not few_know.scalar_one())
    return True


def said(why: str) -> str:
    """Return a reason in one line, cut to what a line of the log holds.

    Raises:
        ReasonMissing: nothing was said.
    """
    reason = one_line(why)
    if not reason:
        raise ReasonMissing
    return reason


def one_line(words: str) -> str:
    """Return *words* in one line, cut to what a line of the log holds; they may be empty."""
    return " ".join(words.split())[:200]


def _rank(session: Session, report_id: str, desk: str) -> int:
    rank = session.execute(
        select(reports.c.urgency).where(reports.c.id == report_id, reports.c.desk == desk)
    ).scalar_one_or_none()
    if rank is None:
        raise NotFound(ref=report_id)
    return int(rank)
