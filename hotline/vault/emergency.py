"""What saves a life waits for nobody: number and place of a report open at once, and nothing else of it.

A supervisor asks about it afterwards. At a desk with four eyes both were sealed apart for this, to the key with
which staff reply.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from hotline.domain.staff import Right
from hotline.store import Session, Store
from hotline.vault.contents import Identity, Urgent, from_json
from hotline.vault.envelope import SealBroken
from hotline.vault.keyring import CONTACT, IDENTITY, Keyring
from hotline.vault.marks import Supplement
from hotline.vault.opening import Keyholder
from hotline.vault.revealing import Beside, RevealRefused, said
from hotline.vault.sealing import ADDED, URGENT, field_of
from hotline.vault.tables import envelopes
from hotline.vault.words import write_down

_MOST_MESSAGES = 500
_TELLING = (URGENT, IDENTITY, CONTACT, ADDED)


def open_urgent(
    store: Store,
    keyholder: Keyholder,
    keyring: Keyring,
    *,
    report_id: str,
    words: str,
    at: datetime,
    beside: Beside,
) -> Urgent:
    """Open number and place of a whole report because a life is in danger, and nothing else of it.

    It waits for no second person and asks for no words. What stands *beside* the line decides whether it may be:
    what that raises keeps everything shut and nothing is written down. Both are kept first, and then it opens. A
    message whose seal is broken hides no other. What was said last stands first.

    Raises:
        RevealRefused: without the right to reveal.
        SealBroken: nothing of it opens; the line stays.
    """
    if not keyholder.may(Right.REVEAL):
        raise RevealRefused(ref=report_id)

    def write(session: Session) -> None:
        beside(session)
        write_down(
            session,
            keyring,
            at=at,
            who=keyholder.staff_id,
            did="emergency",
            desk=keyholder.desk,
            report_id=report_id,
            purpose="life",
            words=said(words),
        )

    store.write(write)
    with store.read() as session:
        return _open_urgent(session, keyholder, report_id)


def _open_urgent(session: Session, keyholder: Keyholder, report_id: str) -> Urgent:
    rows = envelopes.c
    found = session.execute(
        select(envelopes)
        .where(rows.report_id == report_id, or_(*map(rows.audience.startswith, _TELLING)))
        .order_by(rows.seq.desc())
        .limit(2 * _MOST_MESSAGES)
    ).all()
    told, opened = Urgent(), 0
    for row in found:
        if row.wrap2 is not None:
            continue
        try:
            told += _urgent_in(session, keyholder, row)
            opened += 1
        except SealBroken:
            continue
    if found and not opened:
        raise SealBroken
    return told


def _urgent_in(session: Session, keyholder: Keyholder, row: Any) -> Urgent:
    plain = keyholder.open_row(session, row)
    told = field_of(row.audience)
    if told == URGENT:
        return Urgent.from_json(plain)
    if told == IDENTITY:
        return Urgent.of(Identity.from_json(plain))
    if told == ADDED:
        return Urgent.of(Identity("", entities=Supplement.from_json(plain).entities))
    address = from_json(plain)["address"]
    return Urgent(numbers=() if address is None else (address[1],))
