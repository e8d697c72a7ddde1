"""What two of us decide for a child: who may know what, with reasons. Never the machine, and never a guardian alone.

The guardian may be who harms the child, so no grown-up's yes stands for the child's. From which age somebody may say
yes alone stands in the file of the jurisdiction; that a child is of that age is decided here, too.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, select, update

from hotline import audit
from hotline.consent.grant import LONGEST, ConsentRefused, Purpose, Why, tidy
from hotline.consent.sealing import seal, unseal
from hotline.consent.tables import best_interests
from hotline.domain.report import day
from hotline.errors import Conflict, NotFound, Refused
from hotline.reports.belonging import lock
from hotline.store import Session, new_id
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder


class ReasonsMissing(Refused):
    default_message = "say why this is best for the child"


class SamePerson(Refused):
    default_message = "somebody else must agree to what you propose"


@dataclass(frozen=True, slots=True)
class BestInterest:
    """What one proposed and, where *agreed_day* is set, another agreed to.

    *ended_by* declined it or ended it; it is empty where the child did, or its time was over.
    """

    id: str
    report_id: str
    purpose: str
    recipient: str
    fields: tuple[str, ...]
    replaces_yes: bool
    proposed_by: str
    proposed_day: str
    agreed_by: str
    agreed_day: str
    ended_by: str
    ended_day: str

    @property
    def is_declined(self) -> bool:
        return bool(self.ended_by and not self.agreed_day)


def propose(
    session: Session,
    keyring: Keyring,
    *,
    report_id: str,
    purpose: str,
    recipient: str,
    fields: Collection[str],
    replaces_yes: bool,
    reasons: str,
    by: str,
    at: datetime,
) -> str:
    """Propose what is best for the child, and return the id; it counts once somebody else agrees.

    Raises:
        NotFound: there is no such report.
        ReasonsMissing: *reasons* are empty.
        ConsentRefused: no recipient, or no fields.
    """
    desk = lock(session, report_id)
    if not reasons.strip():
        raise ReasonsMissing(ref=report_id)
    if not recipient or not fields:
        raise ConsentRefused(Why.NO_FIELDS if recipient else Why.NO_RECIPIENT)
    its_id = new_id()
    row = {
        "id": its_id,
        "report_id": report_id,
        "purpose": Purpose(purpose).value,
        "recipient": recipient,
        "fields": tidy(fields),
        "replaces_yes": replaces_yes,
        "proposed_by": by,
        "proposed_day": day(at),
        "proposed_sealed": seal(keyring, desk, its_id, reasons.strip(), name="proposed"),
    }
    session.execute(insert(best_interests), row)
    audit.record(
        session, at=at, who=by, did="interest_proposed", desk=desk, report_id=report_id, what=its_id
    )
    return its_id


def agree(
    session: Session,
    keyring: Keyring,
    its_id: str,
    *,
    report_id: str,
    reasons: str,
    by: str,
    at: datetime,
) -> None:
    """Agree, with reasons of one's own, to what a colleague proposed; it takes the place of what was decided before.

    Raises:
        NotFound: the report has no such proposal.
        ReasonsMissing: *reasons* are empty.
        SamePerson: *by* proposed it.
        Conflict: it was agreed to, or ended, already.
    """
    desk = lock(session, report_id)
    found = _find(session, its_id, report_id)
    if found.proposed_by == by:
        raise SamePerson(ref=its_id)
    if not reasons.strip():
        raise ReasonsMissing(ref=its_id)
    rows = best_interests.c
    older = (rows.agreed_day != "", rows.ended_day == "", rows.id != its_id)
    its = (rows.report_id == report_id, rows.purpose == found.purpose)
    same = update(best_interests).where(*its, rows.recipient == found.recipient, *older)
    session.execute(same.values(ended_day=day(at)))
    sealed = seal(keyring, desk, its_id, reasons.strip(), name="agreed")
    agreed = session.execute(
        update(best_interests)
        .where(rows.id == its_id, rows.agreed_day == "", rows.ended_day == "")
        .values(agreed_by=by, agreed_day=day(at), agreed_sealed=sealed)
    )
    if agreed.rowcount == 0:
        raise Conflict(ref=its_id)
    audit.record(
        session, at=at, who=by, did="interest_agreed", desk=desk, report_id=report_id, what=its_id
    )


def decline(
    session: Session,
    keyring: Keyring,
    its_id: str,
    *,
    report_id: str,
    reasons: str,
    by: str,
    at: datetime,
) -> None:
    """Decline, with reasons, what a colleague proposed: nothing may be told by it, and it waits no more.

    Raises:
        NotFound: the report has no such proposal.
        ReasonsMissing: *reasons* are empty.
        Conflict: it was agreed to, or ended, already.
    """
    desk = _close(session, keyring, its_id, report_id, reasons, by=by, at=at, is_agreed=False)
    audit.record(
        session, at=at, who=by, did="interest_declined", desk=desk, report_id=report_id, what=its_id
    )


def end_decided(
    session: Session,
    keyring: Keyring,
    its_id: str,
    *,
    report_id: str,
    reasons: str,
    by: str,
    at: datetime,
) -> None:
    """End, with reasons, what two decided: the child told somebody no, or it is best no more.

    Whoever calls this has what was let out by it taken back in the same transaction.

    Raises:
        NotFound: the report has no such decision.
        ReasonsMissing: *reasons* are empty.
        Conflict: it was not agreed to, or ended already.
    """
    desk = _close(session, keyring, its_id, report_id, reasons, by=by, at=at, is_agreed=True)
    audit.record(
        session, at=at, who=by, did="interest_ended", desk=desk, report_id=report_id, what=its_id
    )


def _close(
    session: Session,
    keyring: Keyring,
    its_id: str,
    report_id: str,
    reasons: str,
    *,
    by: str,
    at: datetime,
    is_agreed: bool,
) -> str:
    """End one that was agreed to, or that still waits for that; return the desk."""
    desk = lock(session, report_id)
    _find(session, its_id, report_id)
    if not reasons.strip():
        raise ReasonsMissing(ref=its_id)
    rows = best_interests.c
    stage = rows.agreed_day != "" if is_agreed else rows.agreed_day == ""
    sealed = seal(keyring, desk, its_id, reasons.strip(), name="ended")
    closed = session.execute(
        update(best_interests)
        .where(rows.id == its_id, stage, rows.ended_day == "")
        .values(ended_by=by, ended_day=day(at), ended_sealed=sealed)
    )
    if closed.rowcount == 0:
        raise Conflict(ref=its_id)
    return desk


def _find(session: Session, its_id: str, report_id: str) -> BestInterest:
    found = next((one for one in of_report(session, report_id) if one.id == its_id), None)
    if found is None:
        raise NotFound(ref=its_id)
    return found


def end(session: Session, report_id: str, purpose: str, recipient: str, *, at: datetime) -> None:
    """End what was decided about one recipient: the child said no, or took a yes back."""
    rows = best_interests.c
    its = (rows.report_id == report_id, rows.purpose == purpose, rows.recipient == recipient)
    open_ones = update(best_interests).where(*its, rows.ended_day == "")
    session.execute(open_ones.values(ended_day=day(at)))


def end_all(session: Session, report_id: str, *, at: datetime) -> None:
    """End everything that was decided or proposed for a report: the child takes all of it back."""
    rows = best_interests.c
    its = (rows.report_id == report_id, rows.ended_day == "")
    session.execute(update(best_interests).where(*its).values(ended_day=day(at)))


def lapsed(session: Session, *, at: datetime, limit: int) -> list[str]:
    """Return up to *limit* reports with a decision that is older than any yes may be."""
    found = select(best_interests.c.report_id).where(*_is_lapsed(at)).limit(limit)
    return list(session.scalars(found).all())


def end_lapsed(session: Session, report_ids: Collection[str], *, at: datetime) -> None:
    """End what is older than any yes may be, of the reports that `lapsed` named."""
    its = best_interests.c.report_id.in_(report_ids)
    session.execute(update(best_interests).where(its, *_is_lapsed(at)).values(ended_day=day(at)))


def _is_lapsed(at: datetime) -> tuple[ColumnElement[bool], ...]:
    rows = best_interests.c
    oldest = day(at - LONGEST)
    return (rows.ended_day == "", rows.agreed_day != "", rows.agreed_day < oldest)


def of_report(session: Session, report_id: str) -> list[BestInterest]:
    """Return what was proposed and decided, newest first; at most two hundred."""
    query = select(*COLUMNS).where(best_interests.c.report_id == report_id)
    rows = session.execute(
        query.order_by(best_interests.c.proposed_day.desc(), best_interests.c.id).limit(200)
    )
    return [BestInterest(**{**row._mapping, "fields": tuple(row.fields)}) for row in rows]


def open_reasons(session: Session, keyholder: Keyholder, its_id: str) -> tuple[str, str, str]:
    """Return why one proposed it, why another agreed, and why somebody declined or ended it.

    Raises:
        NotFound: there is no such decision.
        SealBroken: they are not for this keyholder.
    """
    rows = best_interests.c
    found = session.execute(
        select(rows.proposed_sealed, rows.agreed_sealed, rows.ended_sealed).where(rows.id == its_id)
    ).one_or_none()
    if found is None:
        raise NotFound(ref=its_id)
    return (
        unseal(session, keyholder, its_id, found.proposed_sealed, name="proposed"),
        unseal(session, keyholder, its_id, found.agreed_sealed, name="agreed"),
        unseal(session, keyholder, its_id, found.ended_sealed, name="ended"),
    )


def forget(session: Session, report_id: str) -> None:
    session.execute(delete(best_interests).where(best_interests.c.report_id == report_id))


COLUMNS = tuple(best_interests.c[name] for name in BestInterest.__slots__)
