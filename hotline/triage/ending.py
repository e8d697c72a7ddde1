"""How a report ends for those who are in it: what it let out is taken back, and who must know hears of it."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import select

from hotline import audit, consent, handoff
from hotline.domain.report import Status, hour
from hotline.errors import Conflict, NotFound
from hotline.leads import publish as leads
from hotline.leads import waiting
from hotline.reports.joined import family, root_of
from hotline.reports.tables import reports
from hotline.retention import asking, endings
from hotline.retention.asking import REPORTER
from hotline.store import Session
from hotline.triage.alerts import Kind, raise_alert
from hotline.triage.claims import claim
from hotline.triage.course import said
from hotline.triage.providers import let_go
from hotline.triage.taking_back import review, take_back_all
from hotline.vault.keyring import Keyring
from hotline.vault.words import write_down


class NotOpen(Conflict):
    default_message = "open the report again before the mark is lifted"


def withdraw(session: Session, report_id: str, *, by: str, at: datetime) -> None:
    """Take back everything that was released of a report: each yes, each lead, each offer to a service."""
    with suppress(NotFound):
        take_back_all(session, report_id, by=by, at=at)
    waiting.end_all(session, report_id, by=by, at=at)
    for lead_id in leads.of_report(session, report_id):
        # A pointer to a lead that is not there must not keep a report from being erased.
        with suppress(NotFound):
            leads.recall(session, lead_id, by=by, at=at)
    handoff.withdraw(session, report_id, by=by, at=at)
    let_go(session, report_id, at=at)


def ask_erasure(session: Session, report_id: str, *, at: datetime) -> None:
    """Let the person behind a report have it erased: release stops now, the erasure comes in 72 hours.

    Asking again changes nothing. A supervisor hears of it, and is called where staff doubt that it is the person who
    asks: code and word can be forced out of somebody, and three days are there to notice it.

    Raises:
        NotFound: there is no such report.
    """
    if not asking.ask(session, report_id, at=at):
        return
    consent.excluding.stop(session, report_id, at=at)
    withdraw(session, report_id, by=REPORTER, at=at)
    row = session.execute(
        select(reports.c.desk, reports.c.duress).where(reports.c.id == report_id)
    ).one()
    audit.record(
        session, at=at, who=REPORTER, did="erasure_asked", desk=row.desk, report_id=report_id
    )
    kind = Kind.ERASURE_FROZEN if row.duress else Kind.ERASURE_ASKED
    _tell_of_asked(session, kind, report_id, row.desk, at=at)


def cancel_erasure(session: Session, report_id: str, *, at: datetime) -> None:
    """Let the person take back what they asked; what was released before stays taken back."""
    if asking.cancel(session, report_id):
        consent.excluding.go_on(session, report_id, at=at)
        desk = session.execute(
            select(reports.c.desk).where(reports.c.id == report_id)
        ).scalar_one_or_none()
        audit.record(
            session,
            at=at,
            who=REPORTER,
            did="erasure_cancelled",
            desk=desk or "",
            report_id=report_id,
        )


def set_duress(
    session: Session,
    report_id: str,
    *,
    keyring: Keyring,
    desk: str,
    is_set: bool,
    by: str,
    why: str,
    at: datetime,
) -> None:
    """Say, and why, that the reporter may be under somebody's hand, or that this is over: of all that is merged, as one.

    Anybody may doubt. Only who holds the report lifts the doubt, and a supervisor looks at that.

    Raises:
        ReasonMissing: *why* is empty.
        NotFound: *desk* has no such report.
        Held: it is to be lifted, and someone else holds the report.
        NotOpen: it is to be lifted, and the report is closed.
    """
    reason = said(why)
    root = root_of(session, report_id)
    if not is_set and not _hold(session, root, desk=desk, by=by, at=at):
        return
    if not asking.set_duress(session, report_id, desk=desk, is_set=is_set, at=at):
        return
    for its in family(session, report_id):
        write_down(
            session,
            keyring,
            at=at,
            who=by,
            did="duress_set" if is_set else "duress_cleared",
            desk=desk,
            report_id=its,
            words=reason,
        )
        if is_set and asking.is_asked(session, its):
            _tell_of_asked(session, Kind.ERASURE_FROZEN, its, desk, at=at, by=by)
    if not is_set:
        _lifted(session, root, desk=desk, by=by, at=at)


def _hold(session: Session, report_id: str, *, desk: str, by: str, at: datetime) -> bool:
    """Take a doubted report that is to be doubted no more; tell whether there is a doubt to lift."""
    its = (reports.c.id == report_id, reports.c.desk == desk)
    row = session.execute(select(reports.c.duress, reports.c.status).where(*its)).one_or_none()
    if row is None:
        raise NotFound(ref=report_id)
    if not row.duress:
        return False
    if row.status == Status.CLOSED:
        raise NotOpen(ref=report_id)
    claim(session, report_id, desk=desk, by=by, at=at)
    return True


def _lifted(session: Session, report_id: str, *, desk: str, by: str, at: datetime) -> None:
    """Do what waited for the doubt to end, and have a supervisor look at it."""
    if sum(consent.granting.thaw(session, its, at=at) for its in family(session, report_id)):
        review(session, report_id, by=REPORTER, at=at)
    raise_alert(session, desk=desk, kind=Kind.DURESS_LIFTED, at=at, report_id=report_id, who=by)


def tell_of_endings(session: Session, *, at: datetime) -> None:
    """Tell the supervisors of each desk, once for each day, that accounts end on it."""
    for desk, last in endings.to_tell(session, at=at, within=endings.NOTICE):
        raise_alert(session, desk=desk, kind=Kind.RETENTION_SOON, at=at, once=last, pages=False)
        endings.told(session, desk, last)


def _tell_of_asked(
    session: Session, kind: Kind, report_id: str, desk: str, *, at: datetime, by: str = ""
) -> None:
    """Tell the supervisors to the hour only: a request may have come by text."""
    asked = asking.asked(session, report_id, at=at)
    once = f"{report_id} {asked.asked_at:%Y-%m-%dT%H}" if asked else report_id
    raise_alert(
        session,
        desk=desk,
        kind=kind,
        at=hour(at),
        report_id=report_id,
        who=by,
        once=once,
        pages=kind == Kind.ERASURE_FROZEN,
    )
