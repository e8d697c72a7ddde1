"""Two reports of one person become one piece of work, once their return code proves that both are theirs.

Merging is a row, not a move: each keeps its records, its code and its end. What is merged in waits in no queue; what
comes into it calls for an answer where the work is done. The facts of both gather there and never shrink; what either
shuts, both shut (`consent.case_of`), and a yes counts for its own report alone. Whoever may not see the one sees none of
them, and what holds one by law holds all. Taken apart each keeps all that shut, hid or held it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from hotline import audit
from hotline.consent import parting
from hotline.domain.report import Status, minute
from hotline.errors import Conflict, Malformed, NotFound, Refused
from hotline.leads import unions
from hotline.reports import joined, reports
from hotline.reports.counting import moved
from hotline.retention import endings, holds
from hotline.store import Session, Store
from hotline.triage import tasks
from hotline.triage.access import named_for, require_seen, seen_by
from hotline.triage.claims import Held, claim
from hotline.triage.quarantine import release
from hotline.triage.taking_back import review
from hotline.vault.codes import parse
from hotline.vault.keyring import Keyring
from hotline.vault.reporters import CodeDesk, find_reporter
from hotline.vault.tries import count_wrong, forgive, lookup_of, refuse_haste
from hotline.vault.words import write_down


class CodeOfNone(Refused):
    default_message = "no other report of this desk has that code"


class OwnCode(Malformed):
    default_message = "this is the code of the same report"


class ReadersDiffer(Refused):
    default_message = "the same people must be named for both before they are merged"


class SomebodyElseWrites(Refused):
    default_message = "somebody else may be writing: nothing is merged"


@dataclass(frozen=True, slots=True)
class Try:
    """A code that *by* types for a report of *desk*."""

    report_id: str
    code: str
    desk: str
    by: str
    at: datetime


def merge_by_code(store: Store, codes: CodeDesk, tried: Try) -> str:
    """Merge the report that a code returns to into another, and return its id.

    A wrong code locks nobody out: whoever types many waits a little, and each is written down. Stretching it takes a
    place in the queue of tries, and no transaction.

    Raises:
        TooSoon: *by* tried in vain too often; a minute at most helps.
        CodeOfNone: it is no code, or of no other report that *by* sees at the desk.
        OwnCode, ReadersDiffer, SomebodyElseWrites, Held, Conflict, NotFound: why they are not merged.
    """
    lookup = lookup_of("merge", tried.by)
    with store.read() as session:
        require_seen(session, tried.report_id, desk=tried.desk, staff_id=tried.by)
        refuse_haste(session, lookup, tried.at)
    key = codes.derive(parse(tried.code))

    def work(session: Session) -> str:
        found = find_reporter(session, key.lookup)
        other = found.report_id if found else ""
        if not other or not _sees(session, other, tried):
            count_wrong(session, lookup, tried.at)
            _write_down(session, "merge_refused", tried.report_id, tried)
            return ""
        forgive(session, lookup)
        _merge(session, other, tried)
        return str(other)

    merged = store.write(work)
    if not merged:
        raise CodeOfNone(ref=tried.report_id)
    return merged


def take_apart(
    session: Session,
    report_id: str,
    *,
    other_id: str,
    keyring: Keyring,
    desk: str,
    by: str,
    why: str,
    at: datetime,
) -> None:
    """Let a report that was merged into another stand in the queue by itself again, and keep why, sealed.

    What was shut while they were one stays shut in both: of two who ask for it at once one finds them apart.

    Raises:
        NotFound: it is not merged into that one.
        Held: somebody else holds the one that it was merged into.
    """
    ids = joined.lock_family(session, report_id, desk=desk)
    if other_id not in ids or joined.root_of(session, other_id) != report_id != other_id:
        raise NotFound(ref=report_id)
    require_seen(session, other_id, desk=desk, staff_id=by)
    _require_free(_row(session, report_id), by, at)
    rest = [its for its in ids if its != other_id]
    its: dict[str, Any] = {"at": at, "desk": desk, "by": by, "why": why}
    for of, to in ((rest, other_id), ([other_id], report_id)):
        parting.keep_shut(session, of, to=to)
        unions.hand_on(session, of, to=to)
        holds.hand_on(session, of, to=to, keyring=keyring, **its)
    _share_marks(session, ids)
    if not let_stand(session, other_id, at=at):
        raise NotFound(ref=report_id)
    line: dict[str, Any] = {"at": at, "who": by, "desk": desk, "did": "unmerged", "words": why}
    for one in (report_id, other_id):
        write_down(session, keyring, report_id=one, **line)


def merged_into(session: Session, report_id: str, *, staff_id: str) -> tuple[str, ...]:
    """Return the ids of the reports that are merged into one, as far as *staff_id* may see them."""
    its = (reports.c.joined_to == report_id, seen_by(staff_id))
    return tuple(session.execute(select(reports.c.id).where(*its).order_by(reports.c.id)).scalars())


def let_stand(session: Session, report_id: str, *, at: datetime | None) -> bool:
    """Put a report that was merged into another back into the queue; without *at* it has no minute there.

    Tells whether it was merged until now.
    """
    row = _row(session, report_id)
    values: dict[str, Any] = {"joined_to": None, "status": Status.OPEN, "outcome": ""}
    if at is not None:
        values |= {"unanswered": True, "waiting_since": minute(at)}
    its = (reports.c.id == report_id, reports.c.joined_to.is_not(None))
    if session.execute(update(reports).where(*its).values(values)).rowcount == 0:
        return False
    endings.drop(session, report_id)
    moved(session, row.desk, None, row.urgency, is_told=not row.restricted)
    return True


def keep_shut(session: Session, report_id: str) -> None:
    """Let what a report that ends shut stay shut in those that it is merged with, and what was told of it stay told."""
    ids = joined.family(session, report_id)
    root = joined.root_of(session, report_id)
    if root == report_id:
        for one in ids:
            others = [its for its in ids if its != one]
            parting.keep_shut(session, others, to=one)
            unions.hand_on(session, others, to=one)
    else:
        parting.keep_shut(session, [report_id], to=root)
        unions.hand_on(session, [report_id], to=root)
    _share_marks(session, ids)


def forget(session: Session, report_id: str) -> None:
    """Let what was merged into a report that ends stand by itself: in the queue, or closed where its own end is drawn."""
    for row in joined.joined(session, report_id):
        if endings.are_drawn(session, row.id):
            its = update(reports).where(reports.c.id == row.id)
            session.execute(its.values(joined_to=None))
        else:
            let_stand(session, row.id, at=None)


def _merge(session: Session, other: str, tried: Try) -> None:
    if other == tried.report_id:
        raise OwnCode(ref=other)
    for its in sorted((other, tried.report_id)):
        _row(session, its)
    claim(session, tried.report_id, desk=tried.desk, by=tried.by, at=tried.at)
    release(session, other, desk=tried.desk, by=tried.by, at=tried.at)
    root, one = _row(session, tried.report_id), _row(session, other)
    _require_alone(session, root, one)
    _require_free(one, tried.by, tried.at)
    if root.duress or one.duress:
        raise SomebodyElseWrites(ref=other)
    if named_for(session, root.id) != named_for(session, one.id):
        raise ReadersDiffer(ref=other)
    _put_aside(session, one, root.id)
    _gather(session, root, one)
    tasks.hand_on(session, one.id, to=root.id)
    for its in (root.id, one.id):
        _write_down(session, "merged", its, tried)
    # What either shuts, both shut now: whoever was told more is told no more.
    review(session, root.id, by=tried.by, at=tried.at)


def _share_marks(session: Session, report_ids: Sequence[str]) -> None:
    """Let each of some reports have what any of them is marked with: a doubt, a child."""
    its = reports.c.id.in_(report_ids)
    for mark in (reports.c.duress, reports.c.minor):
        if session.execute(select(reports.c.id).where(its, mark).limit(1)).first():
            session.execute(update(reports).where(its).values({mark: True}))


def _require_alone(session: Session, root: Row[Any], one: Row[Any]) -> None:
    """Refuse to merge what is merged already, or has others merged into it: take these apart first."""
    if root.joined_to or one.joined_to or joined.joined(session, one.id):
        raise Conflict(ref=one.id)


def _require_free(row: Row[Any], by: str, at: datetime) -> None:
    is_held = row.claimed_by and row.claimed_until and row.claimed_until > at
    if is_held and row.claimed_by != by:
        raise Held(ref=row.id)


def _put_aside(session: Session, one: Row[Any], root_id: str) -> None:
    values = {
        "joined_to": root_id,
        "status": Status.CLOSED,
        "unanswered": False,
        "waiting_since": None,
        "claimed_by": None,
        "claimed_until": None,
        "alike": None,
    }
    session.execute(update(reports).where(reports.c.id == one.id).values(values))
    endings.drop(session, one.id)
    if one.status == Status.OPEN:
        moved(session, one.desk, one.urgency, None)


def _gather(session: Session, root: Row[Any], one: Row[Any]) -> None:
    """Let the facts of *one* count for *root*, too: urgency rises, needs and signs gather, whoever waits waits on."""
    waits = [row.waiting_since for row in (root, one) if row.unanswered and row.waiting_since]
    urgency = max(root.urgency, one.urgency)
    values = {
        "urgency": urgency,
        "minor": root.minor or one.minor,
        "bystander": root.bystander and one.bystander,
        "needs": sorted({*root.needs, *one.needs}),
        "indicators": sorted({*root.indicators, *one.indicators}),
        "rules": list(dict.fromkeys([*root.rules, *one.rules])),
        "unanswered": root.unanswered or (one.unanswered and one.status == Status.OPEN),
        "waiting_since": min(waits, default=root.waiting_since),
    }
    session.execute(update(reports).where(reports.c.id == root.id).values(values))
    moved(session, root.desk, root.urgency, urgency)


def _sees(session: Session, report_id: str, tried: Try) -> bool:
    try:
        require_seen(session, report_id, desk=tried.desk, staff_id=tried.by)
    except NotFound:
        return False
    return True


def _row(session: Session, report_id: str) -> Row[Any]:
    found = select(reports).where(reports.c.id == report_id).with_for_update()
    row = session.execute(found).one_or_none()
    if row is None:
        raise NotFound(ref=report_id)
    return row


def _write_down(session: Session, did: str, report_id: str, tried: Try) -> None:
    its = {"at": tried.at, "who": tried.by, "desk": tried.desk, "report_id": report_id}
    audit.record(session, did=did, **its)  # type: ignore[arg-type]
