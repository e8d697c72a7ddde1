"""What became of a text of ours. The provider's news comes in any order, twice, or not at all; ours only rises."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hotline.contact.tables import conversations, prepared_answers, sends
from hotline.jobs import Job, Priority, later
from hotline.reports.tables import messages
from hotline.store import Session


class Kind(StrEnum):
    """What a text is: an answer, or the question whether now is a good time, which goes before it.

    What we *ask* (whether we may tell something) is no text: it waits here for the person to be there, and is then said
    in our answer to them.
    """

    CONTENT = "content"
    KNOCK = "knock"
    ASK = "ask"


class State(StrEnum):
    """What a caseworker sees of a text."""

    WAITING = "waiting"
    # It waits for the person to say that it is safe: they were asked.
    HELD = "held"
    # It waits for the hours that they said are safe.
    HOURS = "hours"
    # It waits for an operator: our account cannot send it, or the day's cap is reached.
    STUCK = "stuck"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    EXPIRED = "expired"
    # The provider never said whether it took it, and now nobody can tell.
    UNSURE = "unsure"
    # The line is closed to us: someone wrote STOP on that phone.
    CLOSED = "closed"
    # Nothing is sent; it waits here for someone who comes back with a code.
    HERE = "here"
    # What it says did not hold any more before it went.
    WITHDRAWN = "withdrawn"


WAITING, DOUBT, GIVEN_UP = 0, 1, 6
OPTED_OUT = "21610"

# Each end has a rank of its own, so that the same news in any order ends the same: whatever the
# provider said last, a text that once was delivered was delivered. Any news ends a doubt.
_FATE = {
    "accepted": (2, State.WAITING),
    "scheduled": (2, State.WAITING),
    "queued": (3, State.WAITING),
    "sending": (4, State.WAITING),
    "sent": (5, State.SENT),
    "canceled": (7, State.FAILED),
    "failed": (8, State.FAILED),
    "undelivered": (9, State.FAILED),
    "delivered": (10, State.DELIVERED),
    "read": (11, State.DELIVERED),
}
LAST = 7
"""From this rank on the provider is done with a text."""

_IS_LOST = (State.FAILED, State.CLOSED)
_LONGEST_CODE = 8


def note_status(session: Session, *, ref: str, state: str, code: str = "") -> bool:
    """Remember the provider's word *state* about the send *ref*, unless something later is known; tell which.

    *code* is the provider's error. A word that we do not know changes nothing.
    """
    if state not in _FATE:
        return False
    rank, fate = _FATE[state]
    if fate is State.FAILED and code == OPTED_OUT:
        fate = State.CLOSED
    risen = settle(session, ref=ref, rank=rank, state=fate, code=code)
    if risen and rank >= LAST:
        _ask_price(session, ref)
    return risen


def settle(session: Session, *, ref: str, rank: int, state: State, code: str = "") -> bool:
    """Set what became of the send *ref*, if *rank* is higher than what is known; tell whether it was.

    What was sealed for the worker is emptied as soon as the provider has it, or never will. Where a knock is
    lost, so is what waits behind it; and a line that is closed is closed for all.
    """
    values: dict[str, Any] = {"rank": rank, "state": state, "sealed": None, "held": False}
    if state in _IS_LOST and code.isascii() and code.isdigit() and len(code) <= _LONGEST_CODE:
        values["code"] = code
    risen = session.execute(
        update(sends).where(sends.c.id == ref, sends.c.rank < rank).values(values)
    )
    if risen.rowcount != 1:
        return False
    row = session.execute(
        select(sends.c.report_id, sends.c.seq, sends.c.kind).where(sends.c.id == ref)
    ).one()
    if row.kind == Kind.CONTENT:
        _show(session, row.report_id, row.seq, state)
    if state is State.CLOSED:
        close_line(session, row.report_id)
    elif row.kind == Kind.KNOCK and state is State.FAILED:
        _lose(session, row.report_id, sends.c.held, state, code)
    return True


def doubt(session: Session, *, tried_until: datetime) -> None:
    """Say of each text that was handed over until *tried_until*, and that no news ever came of, that nobody knows.

    Its validity is over by then: it came to its phone long ago, or it never will. Late news still count.
    """
    is_silent = sends.c.sealed.is_(None) & sends.c.rank.between(DOUBT, _FATE["sending"][0])
    silent = select(sends.c.id).where(
        is_silent, sends.c.state == State.WAITING, sends.c.tried_at <= tried_until
    )
    for ref in session.execute(silent).scalars().all():
        settle(session, ref=ref, rank=GIVEN_UP, state=State.UNSURE)


def _ask_price(session: Session, ref: str) -> None:
    known = select(sends.c.id).where(sends.c.id == ref, sends.c.receipt.is_not(None))
    if session.execute(known).first():
        later(session, Job("price", ref, priority=Priority.UPKEEP))


def close_line(session: Session, report_id: str) -> None:
    """Write nothing more to this report's phone, until somebody there opens the line again."""
    dialect = postgresql if session.dialect.name == "postgresql" else sqlite
    row = dialect.insert(conversations).values(report_id=report_id, is_closed=True)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["report_id"], set_={"is_closed": True, "open_until": None}
        )
    )
    unsent = sends.c.sealed.is_not(None) & sends.c.tried_at.is_(None)
    _lose(session, report_id, unsent, State.CLOSED)
    drop_prepared(session, report_id)


def take_back_answer(session: Session, report_id: str, seq: int) -> bool:
    """Send an answer no more, because what it says does not hold now; tell whether they may not have had it yet.

    Who has a code finds it there all the same, so somebody must tell them how it stands.
    """
    rows, said = sends.c, messages.c
    its = (rows.report_id == report_id, rows.seq == seq, rows.kind == Kind.CONTENT)
    waiting = select(rows.id, rows.tried_at).where(*its, rows.sealed.is_not(None))
    row = session.execute(waiting.with_for_update()).one_or_none()
    if row is not None:
        give_up(session, row.id, row.tried_at, State.WITHDRAWN)
        return True
    unread = (said.state == State.HERE, said.is_read.is_(False))
    its_message = (said.report_id == report_id, said.seq == seq)
    return session.execute(select(said.seq).where(*its_message, *unread)).first() is not None


def give_up(session: Session, ref: str, tried_at: datetime | None, state: State) -> None:
    """Let go of a text; of one that may have been taken, nobody knows any more whether it was."""
    if tried_at is None:
        settle(session, ref=ref, rank=GIVEN_UP, state=state)
    else:
        settle(session, ref=ref, rank=DOUBT, state=State.UNSURE)


def drop_prepared(session: Session, report_id: str) -> None:
    """Send nothing that was prepared for a report: what it says to whom is forgotten."""
    session.execute(delete(prepared_answers).where(prepared_answers.c.report_id == report_id))


def waits(session: Session, *, ref: str, state: State, held: bool = False) -> None:
    """Show why the send *ref* waits, as long as nothing became of it yet."""
    its = select(sends.c.report_id, sends.c.seq, sends.c.kind).where(
        sends.c.id == ref, sends.c.rank == WAITING
    )
    row = session.execute(its).one_or_none()
    if row is None:
        return
    session.execute(update(sends).where(sends.c.id == ref).values(state=state, held=held))
    if row.kind == Kind.CONTENT:
        _show(session, row.report_id, row.seq, state)


def _show(session: Session, report_id: str, seq: int, state: State) -> None:
    session.execute(
        update(messages)
        .where(messages.c.report_id == report_id, messages.c.seq == seq)
        .values(state=state)
    )


def _lose(
    session: Session, report_id: str, which: ColumnElement[bool], state: State, code: str = ""
) -> None:
    lost = select(sends.c.id).where(sends.c.report_id == report_id, which)
    for ref in session.execute(lost).scalars().all():
        settle(session, ref=ref, rank=GIVEN_UP, state=state, code=code)
