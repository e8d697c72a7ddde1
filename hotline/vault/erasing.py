"""Erase what was sealed, and carry over what must stay to a newer key.

Deleting rows erases them from the database; backups forget them when they expire, or at once when the epoch's
lock is destroyed (`house.close_epoch`), which needs everything that stays to be sealed anew first. Sealing anew
changes the wrap and never touches the record.
"""

from typing import Any

from sqlalchemy import Row, Update, delete, select, update

from hotline.store import Session, Store
from hotline.vault.envelope import unwrap_secret, wrap_secret
from hotline.vault.keyring import Keyring
from hotline.vault.opening import Keyholder
from hotline.vault.sealing import Spot
from hotline.vault.tables import envelopes, return_codes


def shred(session: Session, report_id: str) -> None:
    """Delete everything that was sealed for a report, and its return code."""
    for table in (envelopes, return_codes):
        session.execute(delete(table).where(table.c.report_id == report_id))


def shred_audience(session: Session, report_id: str, audience: str) -> None:
    """Delete what one audience could read of a report: only who it is, or only how it is reached."""
    rows = envelopes.c
    mine = delete(envelopes).where(rows.report_id == report_id, rows.audience == audience)
    session.execute(mine)


def reseal(store: Store, keyring: Keyring, keyholder: Keyholder, *, limit: int = 200) -> int:
    """Wrap up to *limit* messages of older epochs of the keyholder's desk to the current ones.

    Returns how many; call again until it is 0. Stopping in between loses nothing.

    Raises:
        SealBroken: a message does not open for *keyholder*.
    """
    epochs = [epoch for epoch in keyring.roster.epochs if epoch.desk == keyholder.desk]
    older = [e.id for e in epochs if keyring.current(e.desk, e.depth).id != e.id]
    with store.read() as session:
        query = select(envelopes).where(envelopes.c.epoch_id.in_(older)).limit(limit)
        rows = session.execute(query).all()
        changes = [_resealed(session, row, keyring, keyholder) for row in rows]

    def write(session: Session) -> None:
        for change in changes:
            session.execute(change)

    store.write(write)
    return len(changes)


def _resealed(session: Session, row: Row[Any], keyring: Keyring, keyholder: Keyholder) -> Update:
    """Return the update that puts the message's secret under the current epoch, unless someone was faster."""
    spot = Spot(row.desk, row.report_id, row.seq)
    old = keyholder.epochs.get(session, row.epoch_id)
    secret = unwrap_secret(row.wrap, old, info=spot.info(row.audience, row.epoch_id))
    epoch = keyring.current(keyholder.desk, row.audience)
    wrap = wrap_secret(secret, epoch.public, info=spot.info(row.audience, epoch.id))
    rows = envelopes.c
    return (
        update(envelopes)
        .where(
            rows.report_id == row.report_id,
            rows.seq == row.seq,
            rows.audience == row.audience,
            rows.epoch_id == row.epoch_id,
        )
        .values(epoch_id=epoch.id, wrap=wrap)
    )
