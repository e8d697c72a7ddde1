"""What may be known of one report without opening anything: its facts, and the course of its messages."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hotline.domain.report import Channel, Direction, Status
from hotline.domain.urgency import Indicator, Need, Urgency
from hotline.errors import NotFound
from hotline.reports import messages, reports
from hotline.store import Session
from hotline.triage.reviews import first_unreviewed

# A thread of a single sender; of more than these the newest are shown, and the first that nobody has reviewed.
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """The clear, coarse facts of a report."""

    id: str
    desk: str
    channel: Channel
    locale: str
    language: str
    country: str
    day: str
    status: Status
    urgency: Urgency
    minor: bool
    bystander: bool
    needs: tuple[Need, ...]
    indicators: tuple[Indicator, ...]
    rules: tuple[str, ...]
    messages: int
    unanswered: bool
    claimed_by: str
    claimed_until: datetime | None
    waiting_since: datetime | None
    alike: str | None
    outcome: str
    is_opened: bool
    restricted: bool
    joined_to: str | None

    @property
    def is_open(self) -> bool:
        """Whether there is work to be done on it: also in quarantine, from which whoever does it lets it in."""
        return self.status is not Status.CLOSED

    @property
    def is_aside(self) -> bool:
        return self.status is Status.QUARANTINED

    def held_by(self, at: datetime) -> str:
        """Return who holds the report at *at*, or an empty text."""
        return self.claimed_by if self.claimed_until and self.claimed_until > at else ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a report, without its words; *author* is a staff id, empty for the reporter and for us."""

    seq: int
    direction: Direction
    channel: Channel
    day: str
    at: datetime | None
    author: str
    state: str
    is_read: bool


def report_facts(session: Session, report_id: str, *, desk: str) -> ReportFacts:
    """Return the facts of a report of *desk*.

    Raises:
        NotFound: *desk* has no such report.
    """
    row = session.execute(
        select(reports).where(reports.c.id == report_id, reports.c.desk == desk)
    ).one_or_none()
    if row is None:
        raise NotFound(ref=report_id)
    facts = {name: row._mapping[name] for name in ReportFacts.__slots__}
    facts |= {
        "channel": Channel(row.channel),
        "status": Status(row.status),
        "urgency": Urgency.of_rank(row.urgency),
        "needs": tuple(Need(code) for code in row.needs),
        "indicators": tuple(Indicator(code) for code in row.indicators),
        "rules": tuple(row.rules),
        "claimed_by": row.claimed_by or "",
    }
    return ReportFacts(**facts)


def conversation(session: Session, report_id: str) -> tuple[Message, ...]:
    """Return the messages and notes of a report, in the order in which they came: of very many not all."""
    rows = messages.c
    its = select(messages).where(rows.report_id == report_id)
    newest = session.execute(its.order_by(rows.seq.desc()).limit(_LONGEST)).all()
    found = {row.seq: row for row in newest}
    if len(found) == _LONGEST:
        waits = its.where(rows.seq.in_(first_unreviewed(session, report_id)))
        found |= {row.seq: row for row in session.execute(waits)}
    return tuple(
        Message(
            row.seq,
            Direction(row.direction),
            Channel(row.channel),
            row.day,
            row.at,
            row.author,
            row.state,
            row.is_read,
        )
        for _, row in sorted(found.items())
    )
