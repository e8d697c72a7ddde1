"""Open who someone is so that a machine can compare it with words that are about to leave, and show it to nobody.

It is written down before anything opens, as every look is. A desk with four eyes needs a second person for each
message, so there nothing can be compared.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hotline import audit
from hotline.domain.report import Direction
from hotline.domain.staff import Right
from hotline.reports.tables import messages
from hotline.store import Session, Store
from hotline.vault.contents import Identity
from hotline.vault.envelope import SealBroken
from hotline.vault.keyring import IDENTITY
from hotline.vault.opening import EnvelopeNotFound, Keyholder
from hotline.vault.revealing import RevealRefused, SecondNeeded, sealed_twice
from hotline.vault.tables import envelopes

COMPARED = "identity_compared"
"""What the log calls such a look."""

_MOST = 2000

Beside = Callable[[Session, str], object]
"""What is kept beside the line of a report, or not at all."""


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """Who stands behind some reports; *is_whole* is false where somebody is sealed who did not open, or not any more."""

    identities: tuple[Identity, ...]
    is_whole: bool

    def __repr__(self) -> str:
        return "<Opened>"


def open_to_compare(
    store: Store,
    keyholder: Keyholder,
    report_ids: Sequence[str],
    *,
    at: datetime,
    beside: Beside = lambda _session, _report_id: None,
) -> Opened:
    """Write down that *keyholder* compares with who stands behind these reports, then open each of their messages.

    Each report has a line of its own. What comes back must be shown to nobody and kept nowhere.

    Raises:
        RevealRefused: without the right to reveal.
        SecondNeeded: one of them opens with a second person only; nothing was written down.
    """
    if not keyholder.may(Right.REVEAL):
        raise RevealRefused(ref=report_ids[0])
    with store.read() as session:
        told = _told(session, report_ids)
        for report_id in report_ids:
            seqs = [seq for its, seq in told if its == report_id]
            if sealed_twice(session, report_id, seqs):
                raise SecondNeeded(ref=report_id)
    store.write(lambda session: _write_down(session, keyholder, report_ids, beside, at))
    with store.read() as session:
        opened = [_opened(session, keyholder, *message) for message in told[:_MOST]]
    found = tuple(one for one in opened if one)
    return Opened(found, is_whole=bool(told) and len(found) == len(told))


def _opened(session: Session, keyholder: Keyholder, report_id: str, seq: int) -> Identity | None:
    try:
        return keyholder.open_identity(session, report_id, seq)
    except (SealBroken, EnvelopeNotFound):
        return None


def _told(session: Session, report_ids: Sequence[str]) -> list[tuple[str, int]]:
    """Return each message behind which somebody stands: what the reporter told, and whatever else has an identity."""
    rows, its = messages.c, envelopes.c
    incoming = select(rows.report_id, rows.seq).where(
        rows.report_id.in_(report_ids), rows.direction == Direction.FROM_REPORTER
    )
    sealed = select(its.report_id, its.seq).where(
        its.report_id.in_(report_ids), its.audience == IDENTITY
    )
    both = incoming.union(sealed).subquery().c
    query = select(both.report_id, both.seq).order_by(both.report_id, both.seq.desc())
    return [(row.report_id, row.seq) for row in session.execute(query.limit(_MOST + 1))]


def _write_down(
    session: Session,
    keyholder: Keyholder,
    report_ids: Sequence[str],
    beside: Beside,
    at: datetime,
) -> None:
    for report_id in report_ids:
        audit.record(
            session,
            at=at,
            who=keyholder.staff_id,
            did=COMPARED,
            desk=keyholder.desk,
            report_id=report_id,
        )
        beside(session, report_id)
