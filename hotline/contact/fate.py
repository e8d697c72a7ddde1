"""What became of a text of ours. The provider's news comes in any order, twice, or not at all; ours only rises."""

from enum import StrEnum

from sqlalchemy import select, update

from hotline.contact.tables import sends
from hotline.reports.tables import messages
from hotline.store import Session


class State(StrEnum):
    """What a caseworker sees of a text."""

    WAITING = "waiting"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    EXPIRED = "expired"
    # The line is closed to us: someone wrote STOP on that phone.
    CLOSED = "closed"
    # Nothing is sent; it waits here for someone who comes back with a code.
    HERE = "here"


WAITING, GIVEN_UP = 0, 5
OPTED_OUT = "21610"

# Each end has a rank of its own, so that the same news in any order ends the same: whatever the
# provider said last, a text that once was delivered was delivered.
_FATE = {
    "accepted": (1, State.WAITING),
    "scheduled": (1, State.WAITING),
    "queued": (2, State.WAITING),
    "sending": (3, State.WAITING),
    "sent": (4, State.SENT),
    "canceled": (6, State.FAILED),
    "failed": (7, State.FAILED),
    "undelivered": (8, State.FAILED),
    "delivered": (9, State.DELIVERED),
    "read": (10, State.DELIVERED),
}
LAST = 6
"""From this rank on the provider is done with a text."""


def note_status(session: Session, *, ref: str, state: str, code: str = "") -> bool:
    """Remember the provider's word *state* about the send *ref*, unless something later is known; tell which.

    *code* is the provider's error. A word that we do not know changes nothing.
    """
    if state not in _FATE:
        return False
    rank, fate = _FATE[state]
    if fate is State.FAILED and code == OPTED_OUT:
        fate = State.CLOSED
    return settle(session, ref=ref, rank=rank, state=fate)


def settle(session: Session, *, ref: str, rank: int, state: State) -> bool:
    """Set what became of the send *ref*, if *rank* is higher than what is known; tell whether it was.

    What was sealed for the worker is emptied as soon as the provider has it, or never will.
    """
    risen = session.execute(
        update(sends)
        .where(sends.c.id == ref, sends.c.rank < rank)
        .values(rank=rank, state=state, sealed=None)
    )
    if risen.rowcount != 1:
        return False
    send = session.execute(select(sends.c.report_id, sends.c.seq).where(sends.c.id == ref)).one()
    session.execute(
        update(messages)
        .where(messages.c.report_id == send.report_id, messages.c.seq == send.seq)
        .values(state=state)
    )
    return True
