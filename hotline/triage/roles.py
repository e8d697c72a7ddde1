"""In which part somebody stands in a report. The machine proposes, a person accepts; nothing is released on it yet."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from hotline.domain.report import day
from hotline.domain.staff import Right
from hotline.store import Session
from hotline.triage.reading import report_facts
from hotline.triage.tables import accepted_roles
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder
from hotline.vault.words import write_down


@dataclass(frozen=True, slots=True)
class AcceptedRole:
    """The *role* of whoever stands behind a placeholder, and the staff id of who said so."""

    placeholder: str
    role: str
    by: str
    day: str


def accept_role(
    session: Session,
    keyholder: Keyholder,
    keyring: Keyring,
    *,
    report_id: str,
    seq: int,
    placeholder: str,
    role: str,
    at: datetime,
) -> None:
    """Take whoever stands behind *placeholder* for *role*, in the place of what was accepted before.

    Raises:
        Refused: without the right to reveal: what a role rests on are the original words.
        NotFound: the keyholder's desk has no such report.
    """
    keyholder.require(Right.REVEAL)
    report_facts(session, report_id, desk=keyholder.desk)
    rows = accepted_roles.c
    session.execute(
        delete(accepted_roles).where(
            rows.report_id == report_id, rows.seq == seq, rows.placeholder == placeholder
        )
    )
    row = {
        "report_id": report_id,
        "seq": seq,
        "placeholder": placeholder,
        "role": role,
        "by": keyholder.staff_id,
        "day": day(at),
    }
    session.execute(insert(accepted_roles), row)
    write_down(
        session,
        keyring,
        at=at,
        who=keyholder.staff_id,
        did="role_accepted",
        desk=keyholder.desk,
        report_id=report_id,
        what=f"{seq} {placeholder}",
    )


def roles_of(session: Session, report_id: str, seq: int) -> dict[str, AcceptedRole]:
    """Return the accepted roles of a message by their placeholders."""
    rows = accepted_roles.c
    query = select(rows.placeholder, rows.role, rows.by, rows.day).where(
        rows.report_id == report_id, rows.seq == seq
    )
    return {row.placeholder: AcceptedRole(*row) for row in session.execute(query)}


def forget(session: Session, report_id: str) -> None:
    """Delete who was taken for what in a report."""
    session.execute(delete(accepted_roles).where(accepted_roles.c.report_id == report_id))
