"""What a law in force makes us tell, of one report: by when, that it was told or why not, and that the person knows.

A duty is opened by the machine, because a clock runs; it is settled by a supervisor alone, in words. The days stand in
the clear; whom we told, what, and why not, is sealed. While a duty is open nothing of its report is erased.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, insert, or_, select, tuple_, update

from hotline import consent
from hotline.domain.report import Status, day, hour
from hotline.errors import Conflict, NotFound, Refused
from hotline.law import Law
from hotline.reports.belonging import lock
from hotline.reports.tables import reports
from hotline.retention.holds import said
from hotline.retention.tables import duties
from hotline.store import Ids, Session, new_id, unless
from hotline.vault.keyring import Keyring
from hotline.vault.words import write_down

SYSTEM = "system"
FIELDS = ("age_band", "area", "need", "urgency", "account", "name", "contact")
"""What may have been told, the least telling first."""

_MOST = 200
_AT_ONCE = timedelta(hours=1)


class InDoubt(Refused):
    default_message = "this may not be the person who reads; lift the mark first"


class State(StrEnum):
    DUE = "due"
    MADE = "made"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Owed:
    """One duty of a report as everybody at the desk may know it; *told_day* is empty until the person was told."""

    id: str
    report_id: str
    desk: str
    jurisdiction: str
    rule: str
    opened_at: datetime
    half_at: datetime
    due_at: datetime
    calls: int
    state: State
    by: str
    day: str
    disclosure_id: str
    told_day: str

    @property
    def is_open(self) -> bool:
        return self.state is State.DUE

    @property
    def is_to_tell(self) -> bool:
        """Tell whether the person still has to hear that it was made."""
        return self.state is State.MADE and not self.told_day

    def is_over(self, at: datetime) -> bool:
        return self.is_open and self.due_at <= at

    def is_pressing(self, at: datetime) -> bool:
        """Tell whether half of the time has passed."""
        return self.is_open and self.half_at <= at

    def calls_due(self, at: datetime) -> int:
        """Return how often supervisors must have been called by *at*."""
        return 3 if self.due_at <= at else 2 if self.half_at <= at else 1


def open_for(session: Session, report_id: str, law: Law, *, at: datetime) -> tuple[Owed, ...]:
    """Open every duty that *law* in force brings about for a report with a child in it; return those that are new.

    The clock begins with the hour in which we noticed; where a law says "at once", it rings within the hour.

    Raises:
        NotFound: there is no such report.
    """
    desk = lock(session, report_id)
    row = session.execute(
        select(reports.c.minor, reports.c.country).where(reports.c.id == report_id)
    ).one()
    if not row.minor:
        return ()
    known = {(one.jurisdiction, one.rule) for one in of_report(session, report_id)}
    begins, opened = hour(at), []
    for its, rule in law.duties(row.country, at.date()):
        if (its.code, rule.id) in known:
            continue
        span = timedelta(hours=rule.within) or _AT_ONCE
        one = Owed(
            id=new_id(),
            report_id=report_id,
            desk=desk,
            jurisdiction=its.code,
            rule=rule.id,
            opened_at=begins,
            half_at=begins + span / 2,
            due_at=begins + span,
            calls=1,
            state=State.DUE,
            by="",
            day="",
            disclosure_id="",
            told_day="",
        )
        session.execute(insert(duties), {name: getattr(one, name) for name in one.__slots__})
        opened.append(one)
    return tuple(opened)


def candidates(session: Session, law: Law, *, at: datetime, limit: int = _MOST) -> list[str]:
    """Return up to *limit* reports with a child in them for which a duty in force was not opened yet."""
    found: dict[str, None] = {}
    for code in law.jurisdictions:
        its = law.jurisdictions[code]
        for rule in its.duties_on(at.date()):
            theirs = reports.c.country == code if code != law.house else reports.c.id != ""
            is_known = (
                select(duties.c.id)
                .where(
                    duties.c.report_id == reports.c.id,
                    duties.c.jurisdiction == code,
                    duties.c.rule == rule.id,
                )
                .exists()
            )
            query = select(reports.c.id).where(
                reports.c.minor,
                reports.c.status.not_in((Status.CLOSED, Status.QUARANTINED)),
                theirs,
                ~is_known,
            )
            rows = session.execute(query.order_by(reports.c.day, reports.c.id).limit(limit))
            found |= dict.fromkeys(report_id for (report_id,) in rows)
    return list(found)[:limit]


def pressing(session: Session, *, at: datetime, limit: int = _MOST) -> tuple[Owed, ...]:
    """Return open duties of which the supervisors must be called again."""
    rows = duties.c
    half = (rows.calls == 1) & (rows.half_at <= at)
    over = (rows.calls <= 2) & (rows.due_at <= at)
    query = select(*_COLUMNS).where(rows.state == State.DUE, or_(half, over))
    return _owed(session, query.order_by(rows.due_at, rows.id).limit(limit))


def called(session: Session, owed: Owed, *, at: datetime) -> bool:
    """Note that the supervisors are called once more; tell whether nobody was faster."""
    rows = duties.c
    its = (rows.id == owed.id, rows.calls == owed.calls, rows.state == State.DUE)
    changed = session.execute(update(duties).where(*its).values(calls=owed.calls_due(at)))
    return bool(changed.rowcount)


def made(
    session: Session,
    duty_id: str,
    *,
    keyring: Keyring,
    desk: str,
    by: str,
    to: str,
    fields: Collection[str],
    words: str,
    at: datetime,
) -> Owed:
    """Write down that we told: *to* which kind of office, which *fields*, and in *words* whom exactly and what.

    Raises:
        WordsMissing: *words* are empty.
        NotFound: *desk* has no such duty.
        Conflict: it is settled already.
        ConsentRefused: no fields, or one that never leaves.
    """
    words, owed = said(words), find(session, duty_id, desk)
    told = consent.tell(
        session,
        keyring,
        report_id=owed.report_id,
        ground="law",
        to=to,
        fields=fields,
        words=words,
        by=by,
        at=at,
    )
    _settle(session, owed, State.MADE, by=by, at=at, disclosure_id=told)
    _write_down(session, keyring, owed, State.MADE, by=by, words=words, at=at)
    return owed


def not_needed(
    session: Session,
    duty_id: str,
    *,
    keyring: Keyring,
    desk: str,
    by: str,
    words: str,
    at: datetime,
) -> Owed:
    """Write down why the law asks nothing of us here after all.

    Raises:
        WordsMissing: *words* are empty.
        NotFound: *desk* has no such duty.
        Conflict: it is settled already.
    """
    words, owed = said(words), find(session, duty_id, desk)
    _settle(session, owed, State.NOT_NEEDED, by=by, at=at)
    _write_down(session, keyring, owed, State.NOT_NEEDED, by=by, words=words, at=at)
    return owed


def tell_person(
    session: Session,
    duty_id: str,
    *,
    keyring: Keyring,
    desk: str,
    by: str,
    words: str,
    at: datetime,
) -> Owed:
    """Write down how the person was told that it was made; from now on their own page shows it, too.

    Raises:
        WordsMissing: *words* are empty.
        NotFound: *desk* has no such duty.
        InDoubt: it may be somebody else who reads.
        Conflict: it was not made, or they were told already.
    """
    words, owed = said(words), find(session, duty_id, desk)
    if consent.case_of(session, owed.report_id, lock=True).is_doubted:
        raise InDoubt(ref=owed.report_id)
    its = (duties.c.id == duty_id, duties.c.state == State.MADE, duties.c.told_day == "")
    changed = session.execute(update(duties).where(*its).values(told_day=day(at)))
    if changed.rowcount == 0:
        raise Conflict(ref=owed.report_id)
    consent.let_know(session, owed.disclosure_id, report_id=owed.report_id, by=by, at=at)
    _write_down(session, keyring, owed, "told", by=by, words=words, at=at)
    return owed


def find(session: Session, duty_id: str, desk: str) -> Owed:
    """Return a duty of *desk*.

    Raises:
        NotFound: it has none of this id.
    """
    its = (duties.c.id == duty_id, duties.c.desk == desk)
    found = _owed(session, select(*_COLUMNS).where(*its))
    if not found:
        raise NotFound
    return found[0]


def of_report(session: Session, report_id: str) -> tuple[Owed, ...]:
    """Return every duty that a report ever brought about, the next to be done first."""
    query = select(*_COLUMNS).where(duties.c.report_id == report_id)
    return _owed(session, query.order_by(duties.c.due_at, duties.c.id).limit(_MOST))


def open_duties(
    session: Session, desk: str, *, after: str = "", limit: int = 50, hidden: Ids | None = None
) -> tuple[Owed, ...]:
    """Return up to *limit* open duties of *desk*, the longest overdue first, behind the one *after*.

    None is about a report of those that are *hidden* from whoever asks.
    """
    seen = (duties.c.desk == desk, unless(duties.c.report_id, hidden))
    return _page(session, seen, (duties.c.state == State.DUE,), after, limit)


def untold(
    session: Session, desk: str, *, limit: int = 50, hidden: Ids | None = None
) -> tuple[Owed, ...]:
    """Return duties of *desk* that were made and of which the person does not know yet, the oldest first."""
    seen = (duties.c.desk == desk, unless(duties.c.report_id, hidden))
    its = (duties.c.state == State.MADE, duties.c.told_day == "")
    return _page(session, seen, its, "", limit)


def _settle(
    session: Session, owed: Owed, to: State, *, by: str, at: datetime, disclosure_id: str = ""
) -> None:
    its = (duties.c.id == owed.id, duties.c.state == State.DUE)
    values = {"state": to, "by": by, "day": day(at), "disclosure_id": disclosure_id}
    if session.execute(update(duties).where(*its).values(**values)).rowcount == 0:
        raise Conflict(ref=owed.report_id)


def _write_down(
    session: Session, keyring: Keyring, owed: Owed, step: str, *, by: str, words: str, at: datetime
) -> None:
    write_down(
        session,
        keyring,
        at=at,
        who=by,
        did=f"duty_{step}",
        desk=owed.desk,
        report_id=owed.report_id,
        what=f"{owed.id} {owed.jurisdiction} {owed.rule}",
        words=words,
    )


def _page(
    session: Session,
    seen: Sequence[ColumnElement[bool]],
    its: Sequence[ColumnElement[bool]],
    after: str,
    limit: int,
) -> tuple[Owed, ...]:
    """Return the next *limit* of those *seen* for which *its* conditions hold; a place is one of those seen, too."""
    query, rows = select(*_COLUMNS).where(*seen, *its), duties.c
    if after:
        last = select(rows.due_at, rows.id).where(rows.id == after, *seen)
        query = query.where(tuple_(rows.due_at, rows.id) > last.scalar_subquery())
    return _owed(session, query.order_by(rows.due_at, rows.id).limit(limit))


def _owed(session: Session, query: object) -> tuple[Owed, ...]:
    rows = session.execute(query).all()  # type: ignore[call-overload]
    return tuple(Owed(**{**row._mapping, "state": State(row.state)}) for row in rows)


_COLUMNS = tuple(duties.c[name] for name in Owed.__slots__)
