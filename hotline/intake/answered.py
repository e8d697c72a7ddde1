"""What was answered to a message: kept so that a retry gets the same, and nobody else reads it.

The provider's id of a text stands in the database for as long as it is not erased there. So what was answered, in which a
code may stand, is sealed under that id and under the sender's ticket, whose key lies elsewhere.
"""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from hotline.domain.report import Receipt
from hotline.intake.keeping import Answered
from hotline.reports.tables import seen
from hotline.statements import Statement
from hotline.store import Session
from hotline.vault.envelope import SealBroken
from hotline.vault.seen import open_answer, seal_answer, seen_key
from hotline.vault.threads import Ticket

_EARLIER = Statement(select(seen.c.answer_sealed).where(seen.c.id_hash == bindparam("its_hash")))


def remembered(provider_id: str, answer: str, tickets: Sequence[Ticket]) -> Answered | None:
    """Return what a retry of the message *provider_id* will get; None where there are none."""
    if not provider_id:
        return None
    sealed = seal_answer(provider_id, answer)
    if tickets:
        sealed = tickets[0].seal_answer(sealed)
    return Answered(provider_id, seen_key(provider_id), sealed)


def earlier(session: Session, provider_id: str, tickets: Sequence[Ticket]) -> Receipt | None:
    """Return what was answered to this very message before; nothing more can be said where its key is gone."""
    if not provider_id:
        return None
    found = _EARLIER.first(session, {"its_hash": seen_key(provider_id)})
    if found is None:
        return None
    return Receipt("", _opened(provider_id, found.answer_sealed, tickets), False)


def _opened(provider_id: str, sealed: bytes, tickets: Sequence[Ticket]) -> str:
    if not tickets:
        return open_answer(provider_id, sealed)
    for ticket in tickets:
        try:
            return open_answer(provider_id, ticket.open_answer(sealed))
        except SealBroken:
            continue
    return ""
