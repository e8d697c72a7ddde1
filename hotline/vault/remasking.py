"""Seal what a review decided: the record while it is open, and the account anew when it is finished.

What was masked by hand goes down to the identity, in a record of its own beside the others: nobody here can open
these. The rows that held the words at the desk's depth are deleted, not changed.
"""

from collections.abc import Sequence

from sqlalchemy import delete

from hotline.store import Session
from hotline.vault.contents import Account, Identity
from hotline.vault.digests import Digests, body_digest
from hotline.vault.keyring import DESK, Keyring
from hotline.vault.marks import Marks, Supplement
from hotline.vault.opening import added_rows, find_row
from hotline.vault.reviewed import preview_of
from hotline.vault.sealing import ADDED, MARKS, URGENT, Envelope, Spot, cut_preview, keep, seal_who
from hotline.vault.tables import envelopes

WAS = "was"
"""By which name a line of the log tells the digest of a body that another one took the place of."""


def keep_marks(session: Session, keyring: Keyring, spot: Spot, marks: Marks) -> None:
    """Keep *marks* in the place of what was decided before; without an act nothing is kept."""
    _delete(session, spot, MARKS)
    if marks.acts:
        epoch = keyring.current(spot.desk, DESK)
        keep(session, [spot.seal(epoch, MARKS, marks.to_json())])


def replace_account(
    session: Session,
    keyring: Keyring,
    spot: Spot,
    account: Account,
    supplement: Supplement,
) -> Digests:
    """Seal *account* in the place of the one that is kept, and *supplement* beside its identity.

    Return what a line of the log must say, so that the chain of custody holds.

    Raises:
        EnvelopeNotFound: no account is kept.
    """
    old = find_row(session, spot.report_id, spot.seq, DESK)
    epoch = keyring.current(spot.desk, DESK)
    preview = "" if account.details.get("key") else preview_of(account)
    new = [spot.seal(epoch, DESK, account.to_json(), preview=cut_preview(preview))]
    _delete(session, spot, DESK)
    if supplement:
        new += _seal_supplement(session, keyring, spot, supplement)
    keep(session, new)
    pairs = [(one.audience, body_digest(one.body)) for one in new]
    return Digests(spot.seq, tuple(sorted([*pairs, (WAS, body_digest(old.body))])))


def _seal_supplement(
    session: Session, keyring: Keyring, spot: Spot, supplement: Supplement
) -> Sequence[Envelope]:
    before = added_rows(session, spot.report_id, spot.seq)
    number = 1 + max((int(row.audience.removeprefix(ADDED)) for row in before), default=0)
    who = Identity("", entities=supplement.entities)
    names = (f"{ADDED}{number}", f"{URGENT}{number}")
    return seal_who(keyring, spot, supplement.to_json(), who, *names)


def _delete(session: Session, spot: Spot, audience: str) -> None:
    rows = envelopes.c
    its = (rows.report_id == spot.report_id, rows.seq == spot.seq, rows.audience == audience)
    session.execute(delete(envelopes).where(*its))
