"""Where the conversation with a reporter stands: sealed, and beside it only what sending must know without a message."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, bindparam, case, exists, null, select

from hotline.contact.fate import Kind, State
from hotline.contact.tables import conversations, sends
from hotline.domain.report import hour
from hotline.statements import Insert, Statement
from hotline.store import Session, UtcTime

_COLUMNS = ("report_id", "sealed", "open_until", "is_closed", "last_at")
_CHANGED = _COLUMNS[1:]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A row of `conversations`.

    *is_awaited* says that an answer waits here until the reporter says that it is safe, *is_asked* that they were asked.
    *is_texted* says that a question for their yes or no waits in the same way.
    """

    sealed: bytes | None = None
    open_until: datetime | None = None
    is_closed: bool = False
    is_awaited: bool = False
    is_asked: bool = False
    is_texted: bool = False


_IS_HELD = (
    (sends.c.report_id == conversations.c.report_id) & sends.c.held & sends.c.sealed.is_not(None)
)
IS_AWAITED = exists(select(sends.c.id).where(_IS_HELD, sends.c.kind != Kind.ASK))
"""Whether an answer waits for the reporter, as a column beside `conversations`."""

IS_TEXTED = exists(select(sends.c.id).where(_IS_HELD, sends.c.kind == Kind.ASK))
"""Whether a question for their yes or no waits for the reporter, as a column beside `conversations`."""

IS_ASKED = exists(
    select(sends.c.id).where(
        sends.c.report_id == conversations.c.report_id,
        sends.c.kind == Kind.KNOCK,
        sends.c.tried_at.is_not(None),
        sends.c.state.not_in((State.FAILED, State.EXPIRED, State.CLOSED)),
        sends.c.expires_at > bindparam("now", type_=UtcTime()),
    )
)
"""Whether our question, if now is a good time, went out and was not answered yet."""

_OF_REPORT = select(
    conversations.c.sealed,
    conversations.c.open_until,
    conversations.c.is_closed,
    IS_AWAITED.label("is_awaited"),
    IS_ASKED.label("is_asked"),
    IS_TEXTED.label("is_texted"),
).where(conversations.c.report_id == bindparam("report_id"))


def _put(insert: Insert) -> Executable:
    row = insert(conversations).values({name: bindparam(name) for name in _COLUMNS})
    changed: dict[str, Any] = {name: row.excluded[name] for name in _CHANGED}
    # Whoever says now that it is safe need not wait until later.
    changed["quiet_until"] = case(
        (row.excluded.open_until.is_not(None), null()), else_=conversations.c.quiet_until
    )
    return row.on_conflict_do_update(index_elements=["report_id"], set_=changed)


_PUT = Statement(_put)


def conversation_of(session: Session, report_id: str, *, at: datetime) -> Conversation:
    """Return the conversation of a report; an empty one where there is none yet."""
    row = session.execute(_OF_REPORT, {"report_id": report_id, "now": at}).one_or_none()
    return Conversation(**row._mapping) if row else Conversation()


def keep_conversation(
    session: Session,
    report_id: str,
    *,
    sealed: bytes,
    open_until: datetime | None,
    is_closed: bool,
    at: datetime,
) -> None:
    """Keep where the conversation of a report stands."""
    its = {
        "report_id": report_id,
        "sealed": sealed,
        "open_until": open_until,
        "is_closed": is_closed,
        "last_at": hour(at),
    }
    _PUT.run(session, its)
