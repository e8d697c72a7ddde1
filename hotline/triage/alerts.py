"""What a supervisor sees at once and settles later: an emergency act, unusually many reveals, a thing to decide.

An alert is kept in the transaction of what it tells of, so that neither stands without the other. Paging the
supervisor is a job of its own: what is done never waits for a pager.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, func, literal, select, tuple_, update

from hotline.contact import Trouble
from hotline.domain.report import day, minute
from hotline.errors import NotFound, Refused
from hotline.jobs import Job, Priority, later
from hotline.statements import Statement
from hotline.store import Ids, Session, UtcTime, new_id, unless
from hotline.triage.tables import alerts
from hotline.vault.keyring import Keyring
from hotline.vault.words import write_down

PAGE = "page"
"""The job that tells a supervisor to look; it carries the alert's id."""

_KEPT = timedelta(days=90)
_MOST_COUNTED = 100
_RAISE = Statement(lambda insert: insert(alerts).on_conflict_do_nothing().returning(alerts.c.id))


class Kind(StrEnum):
    """Why somebody must look. What only a colleague may answer for is `REVIEWED`."""

    EMERGENCY = "emergency"
    REVIEW_LATE = "review_late"
    UNTOLD = "untold"
    MANY_REVEALS = "many_reveals"
    MANY_COMPARED = "many_compared"
    APPROVAL_WANTED = "approval_wanted"
    ERASURE_ASKED = "erasure_asked"
    ERASURE_FROZEN = "erasure_frozen"
    COPY_ASKED = "copy_asked"
    RETENTION_SOON = "retention_soon"
    FORGED_ANSWER = "forged_answer"
    FALSE_CODE = "false_code"
    LOG_NOT_WHOLE = "log_not_whole"
    SENDING_REFUSED = "sending_refused"
    CALLING_REFUSED = "calling_refused"
    SENDING_BLOCKED = "sending_blocked"
    SENDING_CAPPED = "sending_capped"
    RINGING_CAPPED = "ringing_capped"
    RECORDINGS_WAIT = "recordings_wait"
    SOMEONE_ELSE = "someone_else"
    PROVIDER_HOLDS = "provider_holds"
    QUARANTINE = "quarantine"
    EXCLUSION_SAID = "exclusion_said"
    DUTY_DUE = "duty_due"
    EXCLUSION_LIFTED = "exclusion_lifted"
    DURESS_LIFTED = "duress_lifted"
    INTEREST_PROPOSED = "interest_proposed"
    TALK_WANTED = "talk_wanted"
    CLOCK_OVER = "clock_over"
    UNOPENED = "unopened"
    FEEDBACK_DUE = "feedback_due"
    LEAD_DROPPED = "lead_dropped"
    LEAD_ASKED = "lead_asked"
    RECALL_UNFOLLOWED = "recall_unfollowed"
    PROVIDER_SILENT = "provider_silent"
    PROVIDER_SAID = "provider_said"


REVIEWED = frozenset(
    {
        Kind.EMERGENCY,
        Kind.MANY_REVEALS,
        Kind.MANY_COMPARED,
        Kind.EXCLUSION_LIFTED,
        Kind.DURESS_LIFTED,
    }
)
"""What is settled with a remark, and by someone else than who did it."""

BY_ITSELF = frozenset(
    {
        Kind.REVIEW_LATE,
        Kind.UNTOLD,
        Kind.DUTY_DUE,
        Kind.CLOCK_OVER,
        Kind.UNOPENED,
        Kind.FEEDBACK_DUE,
        Kind.LEAD_ASKED,
        Kind.RECALL_UNFOLLOWED,
    }
)
"""What nobody can settle: it goes away when what it reminds of is done."""

DAY = timedelta(hours=24)
"""Within a day an emergency must be looked at."""

_TROUBLES = {
    Trouble.MISCONFIGURED: Kind.SENDING_REFUSED,
    Trouble.UNCALLABLE: Kind.CALLING_REFUSED,
    Trouble.BLOCKED: Kind.SENDING_BLOCKED,
    Trouble.CAPPED: Kind.SENDING_CAPPED,
    Trouble.RUNG_OFTEN: Kind.RINGING_CAPPED,
    Trouble.NO_ROOM: Kind.RECORDINGS_WAIT,
}


class OwnAct(Refused):
    default_message = "somebody else must look at what you did"


class RemarkMissing(Refused):
    default_message = "say what you found before this is settled"


class GoesByItself(Refused):
    default_message = "this goes away when what it reminds of is done"


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to look at; *settled_day* is empty while it is open."""

    id: str
    desk: str
    kind: str
    report_id: str
    who: str
    at: datetime
    settled_by: str
    settled_day: str

    @property
    def is_reviewed(self) -> bool:
        """Tell whether it is settled with a remark, by someone else than who did it."""
        return self.kind in REVIEWED

    @property
    def goes_by_itself(self) -> bool:
        """Tell whether it cannot be settled, because it only reminds of what must be done."""
        return self.kind in BY_ITSELF

    @property
    def due_at(self) -> datetime | None:
        """By when a supervisor must have looked at it; None where nothing says so."""
        return self.at + DAY if self.kind == Kind.EMERGENCY else None


def raise_alert(
    session: Session,
    *,
    desk: str,
    kind: Kind,
    at: datetime,
    report_id: str = "",
    who: str = "",
    once: str = "",
    pages: bool = True,
) -> bool:
    """Put something before the supervisors of *desk* and have them paged; tell whether it is new.

    What has the same *kind* and *once* is raised a single time, also when it was settled since.
    """
    alert_id = new_id()
    row = {
        "id": alert_id,
        "desk": desk,
        "kind": kind,
        "once": once or alert_id,
        "report_id": report_id,
        "who": who,
        "at": minute(at),
        "settled_by": "",
        "settled_day": "",
    }
    is_new = _RAISE.first(session, row) is not None
    if is_new and pages:
        later(session, Job(PAGE, alert_id, priority=Priority.ALARM))
    return is_new


def raise_trouble(
    session: Session, trouble: Trouble, code: str, *, desk: str, at: datetime
) -> None:
    """Say that something waits and only operators can mend it; for each *code* of the provider once a day."""
    kind = _TROUBLES[trouble]
    raise_alert(session, desk=desk, kind=kind, at=at, once=f"{code} {day(at)}")


def open_alerts(
    session: Session, desk: str, *, after: str = "", limit: int = 50, hidden: Ids | None = None
) -> tuple[Alert, ...]:
    """Return up to *limit* open alerts of *desk*, newest first, behind the alert *after*; none about *hidden* reports."""
    seen = (alerts.c.desk == desk, unless(alerts.c.report_id, hidden))
    return _page(session, seen, alerts.c.settled_day == "", after, limit)


def settled_alerts(
    session: Session, desk: str, *, after: str = "", limit: int = 50, hidden: Ids | None = None
) -> tuple[Alert, ...]:
    """Return up to *limit* alerts of *desk* that were looked at, newest first, behind the alert *after*."""
    seen = (alerts.c.desk == desk, unless(alerts.c.report_id, hidden))
    return _page(session, seen, alerts.c.settled_day != "", after, limit)


def count_open(session: Session, desk: str, *, hidden: Ids | None = None) -> int:
    """Return how many alerts of *desk* are open; more than a hundred count as a hundred."""
    is_wanted = (alerts.c.settled_day == "", unless(alerts.c.report_id, hidden))
    some = select(alerts.c.id).where(alerts.c.desk == desk, *is_wanted)
    counted = select(func.count()).select_from(some.limit(_MOST_COUNTED).subquery())
    return session.execute(counted).scalar_one()


def settle(
    session: Session,
    alert_id: str,
    *,
    keyring: Keyring,
    desk: str,
    by: str,
    remark: str,
    at: datetime,
    hidden: Ids | None = None,
) -> None:
    """Write down that *by* looked at an open alert of *desk*, with the *remark* sealed; its minute is forgotten.

    Raises:
        NotFound: *desk* has no such open alert.
        GoesByItself: it only reminds.
        OwnAct: it tells of what *by* did.
        RemarkMissing: it needs a remark and there is none.
    """
    found = _find(session, alert_id, desk, hidden)
    remark = " ".join(remark.split())
    if found.goes_by_itself:
        raise GoesByItself(ref=alert_id)
    if found.is_reviewed and found.who == by:
        raise OwnAct(ref=alert_id)
    if found.is_reviewed and not remark:
        raise RemarkMissing(ref=alert_id)
    its_day = found.at.replace(hour=0, minute=0)
    changed = session.execute(
        update(alerts)
        .where(alerts.c.id == alert_id, alerts.c.settled_day == "")
        .values(settled_by=by, settled_day=day(at), at=its_day, **_forgotten(found))
    )
    if changed.rowcount == 0:
        raise NotFound(ref=alert_id)
    if found.kind == Kind.EMERGENCY:
        _withdraw_reminders(session, alert_id)
    write_down(
        session,
        keyring,
        at=at,
        who=by,
        did="alert_settled",
        desk=desk,
        report_id=found.report_id,
        what=found.kind,
        words=remark,
    )


def _forgotten(alert: Alert) -> dict[str, str]:
    """Return what is not kept once somebody looked: who wanted to talk, and that it was on a day, is nobody's business."""
    return {"who": "", "once": alert.id} if alert.kind == Kind.TALK_WANTED else {}


def withdraw(session: Session, *, desk: str, kind: Kind, once: str) -> None:
    """Take back an alert that nobody has to look at any more, such as a question that was answered."""
    rows = alerts.c
    session.execute(delete(alerts).where(rows.desk == desk, rows.kind == kind, rows.once == once))


def withdraw_but(session: Session, *, desk: str, kind: Kind, once: Collection[str]) -> None:
    """Take back every alert of *kind* but these."""
    rows = alerts.c
    its = (rows.desk == desk, rows.kind == kind, rows.once.not_in(once))
    session.execute(delete(alerts).where(*its))


def _withdraw_reminders(session: Session, alert_id: str) -> None:
    rows = alerts.c
    reminds = (rows.kind == Kind.REVIEW_LATE) & rows.once.startswith(f"{alert_id} ")
    session.execute(delete(alerts).where(reminds))


def forget(session: Session, report_id: str) -> None:
    """Delete every alert about a report; what was done with it stays in the audit."""
    session.execute(delete(alerts).where(alerts.c.report_id == report_id))


def sweep(session: Session, *, at: datetime) -> None:
    """Delete what was settled long ago."""
    rows = alerts.c
    old = (rows.settled_day != "") & (rows.settled_day < day(at - _KEPT))
    session.execute(delete(alerts).where(old))


def _find(session: Session, alert_id: str, desk: str, hidden: Ids | None) -> Alert:
    rows = alerts.c
    its = (rows.id == alert_id, rows.desk == desk, unless(rows.report_id, hidden))
    row = session.execute(select(*_COLUMNS).where(*its, rows.settled_day == "")).one_or_none()
    if row is None:
        raise NotFound(ref=alert_id)
    return Alert(*row)


def _page(
    session: Session,
    seen: tuple[ColumnElement[bool], ...],
    is_wanted: ColumnElement[bool],
    after: str,
    limit: int,
) -> tuple[Alert, ...]:
    query = select(*_COLUMNS).where(*seen, is_wanted)
    since = session.execute(
        select(alerts.c.at).where(alerts.c.id == after, *seen)
    ).scalar_one_or_none()
    if since is not None:
        place = tuple_(literal(since, UtcTime()), literal(after))
        query = query.where(tuple_(alerts.c.at, alerts.c.id) < place)
    ordered = query.order_by(alerts.c.at.desc(), alerts.c.id.desc()).limit(limit)
    return tuple(Alert(*row) for row in session.execute(ordered))


_COLUMNS = tuple(alerts.c[name] for name in Alert.__slots__)
