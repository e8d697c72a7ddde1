"""When a life is in danger: whoever claims the report opens number and place in one act, and answers for it.

The act claims the report where nobody does, and a supervisor is paged, in the transaction of its line. They must
look at it within a day, or it is raised again, each day. Who was told what is written down for the person, who is told
of it as soon as that is safe; a supervisor hears where nobody did that for a week, nor said why not.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select

from hotline import audit, consent
from hotline.consent import telling
from hotline.consent.telling import Disclosure, Ground
from hotline.domain.report import day, hour
from hotline.domain.staff import Right
from hotline.errors import NotFound, Refused
from hotline.reports import desk_of
from hotline.reports.belonging import is_doubted, lock
from hotline.reports.joined import root_of
from hotline.store import Session, Store
from hotline.triage.alerts import DAY, Kind, raise_alert
from hotline.triage.claims import claim
from hotline.triage.course import said, take_up
from hotline.triage.tables import alerts
from hotline.vault.contents import Urgent
from hotline.vault.emergency import open_urgent
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder
from hotline.vault.words import write_down

FIELDS = ("number", "place", "account")
"""What of a report is told to save a life: the number, the place, what happened."""

ONE_EMERGENCY = timedelta(hours=1)
"""What somebody opens again within an hour, before anyone looked at it, is one thing to look at."""

UNTOLD = timedelta(days=7)
"""So long the person may not know, without anybody saying why."""

_LATER = "tell_later"
_HOUR = timedelta(hours=1)
_MOST = 500


class NothingOpened(Refused):
    default_message = "they opened nothing to save a life within a day; open number and place first"


class ToldBefore(Refused):
    default_message = "this was before number and place were opened"


class InDoubt(Refused):
    default_message = "this may not be the person who reads; lift the mark first"


def open_number_and_place(
    store: Store,
    keyholder: Keyholder,
    keyring: Keyring,
    *,
    report_id: str,
    words: str,
    at: datetime,
) -> Urgent:
    """Open number and place for *keyholder*, who thereby holds the report, and have a supervisor paged.

    A report that nobody holds is claimed, one in quarantine is let in, and a closed one is taken up again: help
    waits for no second form.

    Raises:
        Held: someone else holds it; nothing opened.
        NotFound: their desk has no such report.
        Refused: without the rights to reveal and to reply.
        SealBroken: nothing of it opens; the line stays.
    """
    keyholder.require(Right.REPLY)

    def take(session: Session) -> None:
        _take(session, keyring, keyholder, report_id, at)
        _have_looked_at(session, keyholder, report_id, at)

    return open_urgent(
        store, keyholder, keyring, report_id=report_id, words=words, at=at, beside=take
    )


def acts(session: Session, report_id: str) -> list[audit.Line]:
    """Return each act that opened number and place of a report, newest first."""
    lines = audit.of_report(session, report_id, limit=_MOST)
    return [line for line in lines if line.did == "emergency"]


def has_just_opened(session: Session, report_id: str, *, by: str, at: datetime) -> bool:
    """Tell whether *by* opened number and place of a report in this hour or the one before, as the log knows it."""
    return any(line.who == by and line.at >= hour(at) - _HOUR for line in acts(session, report_id))


def told(session: Session, report_id: str) -> list[Disclosure]:
    """Return who was told what to save a life, oldest first."""
    return [one for one in telling.of_report(session, report_id) if one.ground == Ground.EMERGENCY]


def tell(
    session: Session,
    report_id: str,
    *,
    keyring: Keyring,
    desk: str,
    by: str,
    at: datetime,
    to: str,
    fields: Collection[str],
    words: str,
    told_at: datetime,
    although: str = "",
) -> str:
    """Write down that *to* was told *fields* of a report that *by* holds, and return the id.

    *although* says why it had to be where the person named somebody whom it must not reach: a life in danger is the
    one thing that may override that.

    Raises:
        NothingOpened: *by* opened no number and place within a day.
        ToldBefore: *told_at* lies before that.
        ReasonMissing: the person named somebody, and *although* is empty.
        ConsentRefused: no fields, or no words.
        Held: someone else holds it.
        NotFound: *desk* has no such open report.
    """
    claim(session, root_of(session, report_id), desk=desk, by=by, at=at)
    if told_at < _opened_at(session, report_id, by, at):
        raise ToldBefore(ref=report_id)
    reason = said(although) if consent.excluding.of_report(session, report_id) else ""
    its_id = consent.tell(
        session,
        keyring,
        report_id=report_id,
        ground=Ground.EMERGENCY,
        to=to,
        fields=[name for name in FIELDS if name in fields],
        words=words,
        by=by,
        at=at,
        told_at=told_at,
    )
    if reason:
        write_down(
            session,
            keyring,
            at=at,
            who=by,
            did="told_although",
            desk=desk,
            report_id=report_id,
            what=its_id,
            words=reason,
        )
    return its_id


def let_know(session: Session, report_id: str, *, desk: str, by: str, at: datetime) -> None:
    """Say that it is safe to tell: from now on the person's own page shows who was told what.

    Raises:
        InDoubt: it may be somebody else who reads that page.
        NotFound: *desk* has no such open report, or there is nothing to tell.
        Held: someone else holds it.
    """
    claim(session, root_of(session, report_id), desk=desk, by=by, at=at)
    if is_doubted(session, report_id):
        raise InDoubt(ref=report_id)
    untold = [one for one in told(session, report_id) if not one.shown_day]
    if not untold:
        raise NotFound(ref=report_id)
    for one in untold:
        consent.let_know(session, one.id, report_id=report_id, by=by, at=at)
    _remind_no_more(session, report_id)


def put_off(
    session: Session,
    report_id: str,
    *,
    keyring: Keyring,
    desk: str,
    by: str,
    at: datetime,
    why: str,
) -> None:
    """Say why the person cannot be told yet; the task comes back within a week.

    Raises:
        ReasonMissing: *why* is empty.
        Held: someone else holds it.
        NotFound: *desk* has no such open report.
    """
    reason = said(why)
    claim(session, root_of(session, report_id), desk=desk, by=by, at=at)
    write_down(
        session, keyring, at=at, who=by, did=_LATER, desk=desk, report_id=report_id, words=reason
    )
    _remind_no_more(session, report_id)


def last_put_off(session: Session, report_id: str) -> audit.Line | None:
    """Return the last line that says that the person cannot be told yet."""
    lines = audit.of_report(session, report_id, limit=_MOST)
    return next((line for line in lines if line.did == _LATER), None)


def sweep(session: Session, *, at: datetime) -> None:
    """Raise again what nobody looked at within a day, and where nobody told the person within a week."""
    _raise_late(session, at)
    _raise_untold(session, at)


def _raise_late(session: Session, at: datetime) -> None:
    rows = alerts.c
    unseen = (rows.kind == Kind.EMERGENCY) & (rows.settled_day == "") & (rows.at <= at - DAY)
    query = select(rows.id, rows.desk, rows.report_id, rows.who, rows.at).where(unseen)
    for one in session.execute(query.order_by(rows.at).limit(_MOST)).all():
        once = f"{one.id} {(at - one.at) // DAY}"
        raise_alert(
            session,
            desk=one.desk,
            kind=Kind.REVIEW_LATE,
            at=at,
            report_id=one.report_id,
            who=one.who,
            once=once,
        )
        earlier = (rows.kind == Kind.REVIEW_LATE) & rows.once.startswith(f"{one.id} ")
        session.execute(delete(alerts).where(earlier, rows.once != once))


def _raise_untold(session: Session, at: datetime) -> None:
    for report_id, first_day in telling.untold(session, until=day(at - UNTOLD), limit=_MOST):
        later = last_put_off(session, report_id)
        since = max(date.fromisoformat(first_day), later.at.date() if later else date.min)
        weeks = (at.date() - since) // UNTOLD
        if not weeks:
            continue
        once = f"{report_id} {since} {weeks}"
        raise_alert(
            session,
            desk=desk_of(session, report_id),
            kind=Kind.UNTOLD,
            at=at,
            report_id=report_id,
            once=once,
        )
        _remind_no_more(session, report_id, but=once)


def _remind_no_more(session: Session, report_id: str, *, but: str = "") -> None:
    rows = alerts.c
    reminds = (rows.kind == Kind.UNTOLD) & (rows.report_id == report_id) & (rows.once != but)
    session.execute(delete(alerts).where(reminds))


def _opened_at(session: Session, report_id: str, by: str, at: datetime) -> datetime:
    """Return when *by* first opened number and place within a day, to the hour, as the log knows it."""
    mine = [line.at for line in acts(session, report_id) if line.who == by]
    recent = [opened for opened in mine if opened >= hour(at - DAY)]
    if not recent:
        raise NothingOpened(ref=report_id)
    return min(recent)


def _take(
    session: Session, keyring: Keyring, keyholder: Keyholder, report_id: str, at: datetime
) -> None:
    desk, by = keyholder.desk, keyholder.staff_id
    lock(session, report_id, desk=desk)
    root = root_of(session, report_id)
    if take_up(session, root, desk=desk, at=at):
        audit.record(
            session, at=at, who=by, did="reopen", desk=desk, report_id=root, purpose="life"
        )
    claim(session, root, desk=desk, by=by, at=at)


def _have_looked_at(session: Session, keyholder: Keyholder, report_id: str, at: datetime) -> None:
    rows, who = alerts.c, keyholder.staff_id
    its = (rows.kind == Kind.EMERGENCY) & (rows.report_id == report_id) & (rows.who == who)
    open_now = (rows.settled_day == "") & (rows.at > at - ONE_EMERGENCY)
    if session.execute(select(rows.id).where(its, open_now).limit(1)).first() is None:
        raise_alert(
            session,
            desk=keyholder.desk,
            kind=Kind.EMERGENCY,
            at=at,
            report_id=report_id,
            who=who,
        )
