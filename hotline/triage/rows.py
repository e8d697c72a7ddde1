"""A report as lists show it: facts that may stand in the clear, no words; and the pages that it stands on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline.domain.urgency import Urgency
from hotline.reports import reports

SKIPPED = "s"
"""Where a page goes on behind what was skipped, in the place of a rank."""

COLUMNS = (
    reports.c.id,
    reports.c.channel,
    reports.c.language,
    reports.c.day,
    reports.c.status,
    reports.c.urgency,
    reports.c.minor,
    reports.c.bystander,
    reports.c.rules,
    reports.c.messages,
    reports.c.unanswered,
    reports.c.claimed_by,
    reports.c.claimed_until,
    reports.c.waiting_since,
    reports.c.is_opened,
    reports.c.restricted,
    reports.c.duress,
)

UNMERGED = reports.c.joined_to.is_(None)
"""Which reports stand for themselves: what was merged into another one is read there."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A report as the queue shows it: facts that may stand in the clear, no words."""

    id: str
    channel: str
    language: str
    day: str
    status: str
    urgency: Urgency
    minor: bool
    bystander: bool
    rules: tuple[str, ...]
    messages: int
    unanswered: bool
    claimed_by: str
    claimed_until: datetime | None
    waiting_since: datetime | None
    is_opened: bool
    restricted: bool
    duress: bool
    is_skipped: bool = False

    def held_by(self, at: datetime) -> str:
        """Return who holds the report at *at*, or an empty text."""
        return self.claimed_by if self.claimed_until and self.claimed_until > at else ""

    @property
    def place(self) -> str:
        """Where a page goes on behind this row."""
        return f"{SKIPPED if self.is_skipped else self.urgency.rank}-{self.id}"


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Rows in order, and the place to go on from; *next* is empty on the last page.

    *is_cut* says that it ended early, because so few of so many fit.
    """

    rows: tuple[QueueRow, ...]
    next: str = ""
    is_cut: bool = False


def as_row(row: Any) -> QueueRow:
    """Return what was selected as `COLUMNS`."""
    facts = dict(row._mapping)
    facts |= {
        "urgency": Urgency.of_rank(row.urgency),
        "rules": tuple(row.rules),
        "claimed_by": row.claimed_by or "",
    }
    return QueueRow(**facts)
