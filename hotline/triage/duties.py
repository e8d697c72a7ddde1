"""Calls supervisors when a law in force makes us tell of a report: at the beginning, at half of the time, when it is over."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from sqlalchemy import update

from hotline.domain.report import day, hour
from hotline.errors import Conflict
from hotline.law import Law
from hotline.reports.belonging import lock
from hotline.reports.tables import reports
from hotline.retention import duties, feedback
from hotline.retention.duties import Owed
from hotline.store import Session, Store
from hotline.triage.alerts import Kind, raise_alert, withdraw, withdraw_but
from hotline.triage.claims import claim
from hotline.triage.course import said
from hotline.vault.keyring import Keyring
from hotline.vault.words import write_down


class DutyOpen(Conflict):
    default_message = "a supervisor first settles what the law asks"


def open_for(session: Session, report_id: str, law: Law, *, at: datetime) -> int:
    """Open what *law* asks of a report, and call the supervisors; return how many duties are new."""
    opened = duties.open_for(session, report_id, law, at=at)
    for owed in opened:
        _call(session, owed, 1, at=at)
    return len(opened)


def mark_child(
    session: Session,
    report_id: str,
    *,
    keyring: Keyring,
    law: Law,
    desk: str,
    by: str,
    at: datetime,
) -> None:
    """Write down that somebody under 18 is in a report of *desk*, and open what the law then asks.

    Raises:
        NotFound: *desk* has no such report.
    """
    lock(session, report_id, desk=desk)
    its = (reports.c.id == report_id, ~reports.c.minor)
    if session.execute(update(reports).where(*its).values(minor=True)).rowcount:
        write_down(session, keyring, at=at, who=by, did="minor", desk=desk, report_id=report_id)
    open_for(session, report_id, law, at=at)


def mark_grown(
    session: Session,
    report_id: str,
    *,
    keyring: Keyring,
    desk: str,
    by: str,
    why: str,
    at: datetime,
) -> None:
    """Write down, and why, that nobody under 18 is in a report that *by* holds; a later message may say otherwise.

    Raises:
        ReasonMissing: *why* is empty.
        DutyOpen: the law asks something of us because a child is in it, and nobody settled that.
        Held: someone else holds it.
        NotFound: *desk* has no such open report.
    """
    reason = said(why)
    lock(session, report_id, desk=desk)
    claim(session, report_id, desk=desk, by=by, at=at)
    if any(owed.is_open for owed in duties.of_report(session, report_id)):
        raise DutyOpen(ref=report_id)
    its = (reports.c.id == report_id, reports.c.minor)
    if session.execute(update(reports).where(*its).values(minor=False)).rowcount:
        write_down(
            session,
            keyring,
            at=at,
            who=by,
            did="no_minor",
            desk=desk,
            report_id=report_id,
            words=reason,
        )


def sweep(session: Session, law: Law, *, at: datetime) -> None:
    """Open what was not opened yet, and call again where half of the time, or all of it, has passed."""
    for report_id in duties.candidates(session, law, at=at):
        open_for(session, report_id, law, at=at)
    for owed in duties.pressing(session, at=at):
        if duties.called(session, owed, at=at):
            _hush(session, owed)
            _call(session, owed, owed.calls_due(at), at=at)


def remind(store: Store, desks: Iterable[str], law: Law, *, at: datetime) -> None:
    """Call the supervisors of each of *desks* where somebody must hear from us by tomorrow, once a day while it is so.

    For a restricted report there is a call of its own, which those alone see who are named for it.
    """
    for desk in desks:
        clocks = law.feedback(desk)
        with store.read() as session:
            is_pressing = feedback.is_pressing(session, desk, clocks, at=at)
            few = feedback.pressing_restricted(session, desk, clocks, at=at)
        about = ("", *few) if is_pressing else few
        store.write(partial(_remind, desk=desk, about=about, at=at))


def _remind(session: Session, *, desk: str, about: tuple[str, ...], at: datetime) -> None:
    """Let calls *about* these reports stand and no others; an empty id is what everybody may know."""
    calls = {report_id: f"{day(at)} {report_id}".strip() for report_id in about}
    kind = Kind.FEEDBACK_DUE
    withdraw_but(session, desk=desk, kind=kind, once=calls.values())
    for report_id, once in calls.items():
        raise_alert(session, desk=desk, kind=kind, at=at, report_id=report_id, once=once)


def settled(session: Session, owed: Owed) -> None:
    """Take back every call about a duty that is done with."""
    _hush(session, owed)


def _call(session: Session, owed: Owed, time: int, *, at: datetime) -> None:
    # To the hour: a report may have come by text at this minute.
    raise_alert(
        session,
        desk=owed.desk,
        kind=Kind.DUTY_DUE,
        at=hour(at),
        report_id=owed.report_id,
        once=f"{owed.id} {time}",
    )


def _hush(session: Session, owed: Owed) -> None:
    for time in (1, 2, 3):
        withdraw(session, desk=owed.desk, kind=Kind.DUTY_DUE, once=f"{owed.id} {time}")
