"""Open who someone is so that a machine can compare it with words that are about to leave, and show it to nobody.

It is written down before anything opens, as every look is. A desk with four eyes needs a second person for each
message, so there nothing can be compared.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from hotline import audit
from hotline.domain.staff import Right
from hotline.store import Session, Store
from hotline.vault.contents import Identity
from hotline.vault.keyring import IDENTITY
from hotline.vault.opening import Keyholder
from hotline.vault.revealing import RevealRefused, SecondNeeded, sealed_twice
from hotline.vault.tables import envelopes

_MOST = 2000


def open_to_compare(
    store: Store, keyholder: Keyholder, report_ids: Sequence[str], *, at: datetime
) -> tuple[Identity, ...]:
    """Write down that *keyholder* compares with who stands behind these reports, then open each of their messages.

    The first of *report_ids* is the one that the line names. What comes back must be shown to nobody and kept nowhere.

    Raises:
        RevealRefused: without the right to reveal.
        SecondNeeded: one of them opens with a second person only; nothing was written down.
        SealBroken: one of them does not open; the line stays.
    """
    if not keyholder.may(Right.REVEAL):
        raise RevealRefused(ref=report_ids[0])
    with store.read() as session:
        messages = _messages(session, report_ids)
        for report_id in report_ids:
            seqs = [seq for its, seq in messages if its == report_id]
            if sealed_twice(session, report_id, seqs):
                raise SecondNeeded(ref=report_id)
    store.write(lambda session: _write_down(session, keyholder, report_ids[0], at))
    with store.read() as session:
        return tuple(
            keyholder.open_identity(session, report_id, seq) for report_id, seq in messages
        )


def _messages(session: Session, report_ids: Sequence[str]) -> list[tuple[str, int]]:
    rows = envelopes.c
    its = select(rows.report_id, rows.seq).where(
        rows.report_id.in_(report_ids), rows.audience == IDENTITY
    )
    found = session.execute(its.order_by(rows.report_id, rows.seq.desc()).limit(_MOST))
    return [(row.report_id, row.seq) for row in found]


def _write_down(session: Session, keyholder: Keyholder, report_id: str, at: datetime) -> None:
    audit.record(
        session,
        at=at,
        who=keyholder.staff_id,
        did="identity_compared",
        desk=keyholder.desk,
        report_id=report_id,
    )
