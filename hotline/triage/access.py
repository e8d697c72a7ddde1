"""Who of a desk may see a report: everyone, or, where it is restricted, those alone who are named for it.

Whoever may not see one is told that there is none, in the same words and by the same look into the table.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Select,
    delete,
    exists,
    false,
    insert,
    or_,
    select,
    true,
    update,
)

from hotline import audit
from hotline.domain.staff import RIGHTS, Right
from hotline.errors import Malformed, NotFound
from hotline.leads import waiting
from hotline.leads.wording import Fact
from hotline.reports import reports
from hotline.reports.joined import lock_family
from hotline.store import Session
from hotline.triage.lead_alerts import tell_of_dropped
from hotline.triage.letting_in import release
from hotline.triage.tables import restrictions
from hotline.vault.keyring import Keyring
from hotline.vault.roster import MemberEntry

_MOST = 1000
"""So many restricted reports are widened at a time."""


class NobodyNamed(Malformed):
    default_message = "name people of this desk who may see the report, yourself among them"


def seen_by(staff_id: str | ColumnElement[str]) -> ColumnElement[bool]:
    """Return which reports *staff_id* may see, of those that stand in a query of `reports`."""
    named = exists().where(
        restrictions.c.report_id == reports.c.id, restrictions.c.staff_id == staff_id
    )
    return or_(reports.c.restricted == false(), named)


def hidden_from(staff_id: str) -> Select[tuple[str]]:
    """Return the ids of the reports that *staff_id* may not see, for lists that only name reports. Few are restricted."""
    named = select(restrictions.c.report_id).where(restrictions.c.staff_id == staff_id)
    return select(reports.c.id).where(reports.c.restricted == true(), reports.c.id.not_in(named))


def require_seen(session: Session, report_id: str, *, desk: str, staff_id: str) -> None:
    """Do nothing where *staff_id* of *desk* may see a report.

    Raises:
        NotFound: there is no such report for them.
    """
    its = (reports.c.id == report_id, reports.c.desk == desk, seen_by(staff_id))
    if session.execute(select(reports.c.id).where(*its)).first() is None:
        raise NotFound(ref=report_id)


def colleagues_of(keyring: Keyring, desk: str) -> tuple[MemberEntry, ...]:
    """Return who of *desk* may be named for a report: whoever reads or interprets reports there, by name."""
    reads = {Right.READ, Right.INTERPRET}
    readers = (one for one in keyring.members if one.desk == desk and reads & RIGHTS[one.role])
    return tuple(sorted(readers, key=lambda one: one.name))


def named_for(session: Session, report_id: str) -> tuple[str, ...]:
    """Return the staff ids of who may see a restricted report; empty where it is not restricted."""
    rows = restrictions.c
    found = select(rows.staff_id).where(rows.report_id == report_id).order_by(rows.staff_id)
    return tuple(session.execute(found).scalars())


def restrict(
    session: Session,
    report_id: str,
    *,
    keyring: Keyring,
    desk: str,
    by: str,
    to: Collection[str],
    at: datetime,
) -> None:
    """Let only *to* see a report of *desk* from now on, in the place of who was named before. From quarantine it is let in.

    What is merged with it is seen by the same people: so nobody reads past it, or takes that out of it. A lead that
    waits to leave does not: whoever is named lets it out anew.

    Raises:
        NobodyNamed: *by* is not among them, or one of them does not work at *desk*.
        NotFound: *by* sees no such report.
    """
    require_seen(session, report_id, desk=desk, staff_id=by)
    named = set(to)
    if by not in named or not named <= {one.id for one in colleagues_of(keyring, desk)}:
        raise NobodyNamed(ref=report_id)
    for its in lock_family(session, report_id, desk=desk):
        _name(session, its, named)
        release(session, its, desk=desk, by=by, at=at)
        _keep_leads(session, its, desk=desk, by=by, at=at)
        _write_down(session, "restrict", its, desk=desk, by=by, at=at, what=str(len(named)))


def lift(session: Session, report_id: str, *, desk: str, by: str, at: datetime) -> None:
    """Let everyone at *desk* see a report again, and what is merged with it.

    Raises:
        NotFound: *by* sees no such restricted report.
    """
    require_seen(session, report_id, desk=desk, staff_id=by)
    ids = lock_family(session, report_id, desk=desk)
    its = (reports.c.id.in_(ids), reports.c.restricted == true())
    if session.execute(update(reports).where(*its).values(restricted=False)).rowcount == 0:
        raise NotFound(ref=report_id)
    for one in ids:
        forget(session, one)
        _write_down(session, "restriction_lifted", one, desk=desk, by=by, at=at)


def forget(session: Session, report_id: str) -> None:
    """Delete who was named for a report."""
    session.execute(delete(restrictions).where(restrictions.c.report_id == report_id))


def _name(session: Session, report_id: str, staff_ids: Collection[str]) -> None:
    forget(session, report_id)
    session.execute(update(reports).where(reports.c.id == report_id).values(restricted=True))
    rows = [{"report_id": report_id, "staff_id": staff_id} for staff_id in sorted(staff_ids)]
    session.execute(insert(restrictions), rows)
    # Whoever is not named holds it no more.
    its = (reports.c.id == report_id, reports.c.claimed_by.not_in(staff_ids))
    session.execute(update(reports).where(*its).values(claimed_by=None, claimed_until=None))


def _keep_leads(session: Session, report_id: str, *, desk: str, by: str, at: datetime) -> None:
    """End what waits to leave of a report that from now on few see, and let them know."""
    for lead_id in waiting.end_all(session, report_id, by=by, at=at):
        dropped = waiting.Dropped(lead_id, report_id, desk, frozenset({Fact.RESTRICTED}))
        tell_of_dropped(session, dropped, at=at)


def _write_down(
    session: Session, did: str, report_id: str, *, desk: str, by: str, at: datetime, what: str = ""
) -> None:
    audit.record(session, at=at, who=by, did=did, desk=desk, report_id=report_id, what=what)


def open_to_supervisors(session: Session, keyring: Keyring, *, at: datetime) -> int:
    """Name the supervisors of its desk for each restricted report that nobody sees who could lift that; return how many.

    Whoever was named may have left: a report that nobody sees would be lost.
    """
    opened = 0
    for desk in keyring.desks:
        overseers = {one.id for one in keyring.members if one.desk == desk.name and _oversees(one)}
        for report_id in _unseen_by_all(session, desk.name, overseers) if overseers else ():
            _name(session, report_id, overseers.union(named_for(session, report_id)))
            what = str(len(overseers))
            _write_down(
                session,
                "restriction_widened",
                report_id,
                desk=desk.name,
                by="system",
                at=at,
                what=what,
            )
            opened += 1
    return opened


def _unseen_by_all(session: Session, desk: str, staff_ids: Collection[str]) -> Sequence[str]:
    """Return restricted reports of *desk* for which none of *staff_ids* is named; of very many the next time the others."""
    rows = reports.c
    is_named = exists().where(
        restrictions.c.report_id == rows.id, restrictions.c.staff_id.in_(staff_ids)
    )
    unseen = select(rows.id).where(rows.desk == desk, rows.restricted == true(), ~is_named)
    return session.execute(unseen.order_by(rows.id).limit(_MOST)).scalars().all()


def _oversees(member: MemberEntry) -> bool:
    return Right.OVERSEE in RIGHTS[member.role]
