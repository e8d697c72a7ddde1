"""Look at who someone is, with what a supervisor must see kept beside the line that tells of it.

The vault writes down and opens; here stand the alarms: unusually many reveals, a question that waits for a second
person. Each is kept in the transaction of its line, before anything opens. What saves a life stands in `emergency`.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from hotline import audit
from hotline.domain.report import Status, day
from hotline.errors import NotFound
from hotline.reports import reports
from hotline.store import Session, Store
from hotline.triage.access import hidden_from
from hotline.triage.alerts import Kind, raise_alert, withdraw
from hotline.vault import requests, revealing
from hotline.vault.contents import Identity
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder
from hotline.vault.opening_files import OpenFile
from hotline.vault.revealing import PURPOSES, Beside, Look, SecondNeeded
from hotline.vault.tables import reveal_requests

__all__ = [
    "PURPOSES",
    "Look",
    "SecondNeeded",
    "approve",
    "ask",
    "open_granted",
    "open_granted_files",
    "refuse",
    "reveal",
    "reveal_files",
    "sweep",
]

FEW = 5
"""So many reports a day nobody has to explain."""
_PER_REPORT_HELD = 3
_DAY = timedelta(hours=24)


def reveal(
    store: Store, keyholder: Keyholder, keyring: Keyring, look: Look, *, at: datetime
) -> Identity:
    """Open one field of a message as `vault.revealing.reveal` does, and watch how many somebody opens."""
    watch = _watch(keyholder, at)
    return revealing.reveal(store, keyholder, keyring, look, at=at, beside=watch)


def reveal_files(
    store: Store, keyholder: Keyholder, keyring: Keyring, look: Look, *, at: datetime
) -> list[OpenFile]:
    """Open the files of a message as `vault.revealing.reveal_files` does, and watch how many somebody opens."""
    watch = _watch(keyholder, at)
    return revealing.reveal_files(store, keyholder, keyring, look, at=at, beside=watch)


def open_granted_files(
    store: Store, keyholder: Keyholder, keyring: Keyring, *, request_id: str, at: datetime
) -> list[OpenFile]:
    """Open files that were approved as `vault.requests.open_granted_files` does, and watch how many somebody opens."""
    watch = _watch(keyholder, at)
    return requests.open_granted_files(
        store, keyholder, keyring, request_id=request_id, at=at, beside=watch
    )


def open_granted(
    store: Store, keyholder: Keyholder, keyring: Keyring, *, request_id: str, at: datetime
) -> Identity:
    """Open what was approved as `vault.requests.open_granted` does, and watch how many somebody opens."""
    watch = _watch(keyholder, at)
    return requests.open_granted(
        store, keyholder, keyring, request_id=request_id, at=at, beside=watch
    )


def ask(
    session: Session, keyholder: Keyholder, keyring: Keyring, look: Look, *, at: datetime
) -> str:
    """Ask for a second person as `vault.requests.ask` does, and have supervisors told that somebody waits."""
    request_id = requests.ask(session, keyholder, keyring, look, at=at)
    raise_alert(
        session,
        desk=keyholder.desk,
        kind=Kind.APPROVAL_WANTED,
        at=at,
        report_id=look.report_id,
        who=keyholder.staff_id,
        once=request_id,
    )
    return request_id


def approve(
    session: Session,
    keyholder: Keyholder,
    keyring: Keyring,
    request_id: str,
    *,
    shown: str,
    at: datetime,
) -> None:
    """Approve as `vault.requests.approve` does; nobody waits any more.

    Raises:
        NotFound: also where *keyholder* may not see the report.
    """
    _require_seen(session, keyholder, request_id)
    answered = requests.approve(session, keyholder, keyring, request_id, shown=shown, at=at)
    withdraw(session, desk=answered.desk, kind=Kind.APPROVAL_WANTED, once=request_id)


def refuse(
    session: Session,
    keyholder: Keyholder,
    keyring: Keyring,
    request_id: str,
    *,
    words: str,
    at: datetime,
) -> None:
    """Refuse as `vault.requests.refuse` does; nobody waits any more.

    Raises:
        NotFound: also where *keyholder* may not see the report.
    """
    _require_seen(session, keyholder, request_id)
    answered = requests.refuse(session, keyholder, keyring, request_id, words=words, at=at)
    withdraw(session, desk=answered.desk, kind=Kind.APPROVAL_WANTED, once=request_id)


def sweep(session: Session, keyring: Keyring, *, at: datetime) -> None:
    """End what nobody answered or looked at in time."""
    for unanswered in requests.sweep(session, keyring, at=at):
        withdraw(session, desk=unanswered.desk, kind=Kind.APPROVAL_WANTED, once=unanswered.id)


def _require_seen(session: Session, keyholder: Keyholder, request_id: str) -> None:
    """Do nothing where *keyholder* may see what a request is about."""
    rows = reveal_requests.c
    its = (rows.id == request_id, rows.report_id.not_in(hidden_from(keyholder.staff_id)))
    if session.execute(select(rows.id).where(*its)).first() is None:
        raise NotFound(ref=request_id)


def _watch(keyholder: Keyholder, at: datetime) -> Beside:
    """Return what raises an alarm, once a day, when *keyholder* opens many more reports than they work on."""

    def watch(session: Session) -> None:
        since = at - _DAY
        _, revealed = audit.count_recent(session, who=keyholder.staff_id, did="reveal", since=since)
        if revealed <= FEW:
            return
        if revealed > _PER_REPORT_HELD * _held(session, keyholder.staff_id, at):
            raise_alert(
                session,
                desk=keyholder.desk,
                kind=Kind.MANY_REVEALS,
                at=at,
                who=keyholder.staff_id,
                once=f"{keyholder.staff_id} {day(at)}",
            )

    return watch


def _held(session: Session, staff_id: str, at: datetime) -> int:
    rows = reports.c
    mine = select(func.count()).where(
        rows.claimed_by == staff_id, rows.status == Status.OPEN, rows.claimed_until > at
    )
    return session.execute(mine).scalar_one()
