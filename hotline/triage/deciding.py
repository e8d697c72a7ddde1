"""What is best for a child, from proposal to end: a second one is called, and what ended is taken back at once."""

from datetime import datetime
from typing import Any

from hotline import consent
from hotline.reports import desk_of
from hotline.store import Session
from hotline.triage import taking_back
from hotline.triage.alerts import Kind, raise_alert, withdraw
from hotline.vault.keyring import Keyring


def propose(
    session: Session, keyring: Keyring, *, report_id: str, by: str, at: datetime, **what: Any
) -> str:
    """Propose it as `consent.minors.propose` does, and have supervisors told that a second one is missing."""
    its_id = consent.minors.propose(session, keyring, report_id=report_id, by=by, at=at, **what)
    raise_alert(
        session,
        desk=desk_of(session, report_id),
        kind=Kind.INTEREST_PROPOSED,
        at=at,
        report_id=report_id,
        who=by,
        once=its_id,
    )
    return its_id


def agree(session: Session, keyring: Keyring, its_id: str, *, report_id: str, **why: Any) -> None:
    """Agree as `consent.minors.agree` does; nobody waits any more, and what it replaced is taken back."""
    consent.minors.agree(session, keyring, its_id, report_id=report_id, **why)
    _waits_no_more(session, its_id, report_id)
    taking_back.review(session, report_id, by=why["by"], at=why["at"])


def decline(session: Session, keyring: Keyring, its_id: str, *, report_id: str, **why: Any) -> None:
    """Decline as `consent.minors.decline` does; nobody waits any more."""
    consent.minors.decline(session, keyring, its_id, report_id=report_id, **why)
    _waits_no_more(session, its_id, report_id)


def end(session: Session, keyring: Keyring, its_id: str, *, report_id: str, **why: Any) -> None:
    """End as `consent.minors.end_decided` does, and take back what was let out by it."""
    consent.minors.end_decided(session, keyring, its_id, report_id=report_id, **why)
    taking_back.review(session, report_id, by=why["by"], at=why["at"])


def _waits_no_more(session: Session, its_id: str, report_id: str) -> None:
    desk = desk_of(session, report_id)
    withdraw(session, desk=desk, kind=Kind.INTEREST_PROPOSED, once=its_id)
