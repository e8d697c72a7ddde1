"""What a row of the queue says beside its urgency: consent, and what somebody has to do with it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, bindparam, case, literal_column, select, union_all

from hotline import consent
from hotline.store import Session, UtcTime, one_of
from hotline.triage.alerts import Kind
from hotline.triage.tables import alerts
from hotline.vault.asked import ASKED
from hotline.vault.tables import reveal_requests

Ids = frozenset[str]
_NONE: Ids = frozenset()

_AT = bindparam("at", type_=UtcTime())
# Said so that no index seems to fit but that of the reports.
_MORE = union_all(
    select(literal_column("'copies'").label("kind"), alerts.c.report_id).where(
        one_of(alerts.c.report_id),
        case((and_(alerts.c.kind == Kind.COPY_ASKED, alerts.c.settled_day == ""), 1), else_=0) == 1,
    ),
    select(literal_column("'reveals'"), reveal_requests.c.report_id).where(
        one_of(reveal_requests.c.report_id),
        case((and_(reveal_requests.c.state == ASKED, reveal_requests.c.ends_at > _AT), 1), else_=0)
        == 1,
    ),
)


@dataclass(frozen=True, slots=True)
class Attention:
    """Which of the reports of a page what is true of, by their ids.

    *agreed*: a yes stands. *asked*: a question waits for the person. *taken_back*: they took a yes back, and none
    stands. *copies*: they wait for a copy. *unread*: whom it must not reach stands in words that nobody read.
    *undecided*: a second person has to decide.
    """

    agreed: Ids = field(default=_NONE)
    asked: Ids = field(default=_NONE)
    taken_back: Ids = field(default=_NONE)
    copies: Ids = field(default=_NONE)
    unread: Ids = field(default=_NONE)
    undecided: Ids = field(default=_NONE)


def attention(session: Session, report_ids: Collection[str], *, at: datetime) -> Attention:
    """Return what is true of the reports of a page at *at*."""
    if not report_ids:
        return Attention()
    stands = consent.standing(session, report_ids, at=at)
    more: dict[str, Ids] = {"copies": _NONE, "reveals": _NONE}
    for row in session.execute(_MORE, {"ids": report_ids, "at": at}):
        more[row.kind] |= {row.report_id}
    return Attention(
        agreed=stands.agreed,
        asked=stands.asked,
        taken_back=stands.taken_back,
        copies=more["copies"],
        unread=stands.unread,
        undecided=stands.proposed | more["reveals"],
    )
