"""Everything that happened to a report, from its messages and from the log, in the order in which it happened.

What came in and went out is told to the day, or to the minute while work on it goes on; what was done, to the hour.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from hotline import audit, triage
from hotline.store import Session
from hotline.triage import Message, ReportFacts, linking

KINDS = ("messages", "people", "sealed", "out", "consent", "work", "end")
"""What a reader may ask for alone."""

_MOST = 1000
_BY_MESSAGE = frozenset({"receive", "reply", "note"})
"""Lines that tell of a message, which stands in the list itself."""

_SEALED = frozenset({"reveal", "emergency", "word_given", "role_accepted", "printed", "copy"})
_OUT = frozenset(
    {"publish", "revise", "recall", "recall_some", "offer_referral", "withdraw_referral"}
)
_CONSENT = ("consent", "exclu", "interest_", "told", "tell_")
_WORK = (
    "task_",
    "tag",
    "untagged",
    "link",
    "unlink",
    "selector_",
    "code_",
    "disagreed",
    "agreed_again",
)
_END = ("close", "reopen", "outcome", "lesson", "eras", "ended", "hold", "legal_", "duty_")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: a *message* or a *line* of the log. *place* is where it stands in the whole list."""

    place: int
    kind: str
    day: str
    at: datetime | None
    message: Message | None = None
    line: audit.Line | None = None


def course_of(session: Session, facts: ReportFacts, *, staff_id: str) -> tuple[Step, ...]:
    """Return what happened to a report, oldest first, as *staff_id* may know it; of very many steps the latest thousand
    of either sort."""
    steps = [*_messages(session, facts.id), *_lines(session, facts.id, staff_id)]
    steps.sort(key=lambda step: (step.day, _moment(step)))
    return tuple(
        Step(place, step.kind, step.day, step.at, step.message, step.line)
        for place, step in enumerate(steps, start=1)
    )


def _messages(session: Session, report_id: str) -> Iterator[Step]:
    for message in triage.conversation(session, report_id):
        yield Step(message.seq, "messages", message.day, message.at, message=message)


def _lines(session: Session, report_id: str, staff_id: str) -> Iterator[Step]:
    known = audit.of_report(session, report_id, limit=_MOST)
    lines = linking.leave_out_hidden(session, report_id, known, staff_id=staff_id)
    for place, line in enumerate(reversed(lines)):
        if line.did not in _BY_MESSAGE:
            at = None if line.tells_the_day else line.at
            day = line.at.date().isoformat()
            yield Step(place, _kind(line.did), day, at, line=line)


def _kind(did: str) -> str:
    if did in _OUT or did == "hand_over" or did.startswith("provider_"):
        return "out"
    if did.startswith("reveal") or did in _SEALED:
        return "sealed"
    for kind, beginnings in (("consent", _CONSENT), ("work", _WORK), ("end", _END)):
        if did.startswith(beginnings):
            return kind
    return "people"


def _moment(step: Step) -> tuple[datetime, int, int]:
    """Return by what steps of one day are ordered: what tells no time comes first, in the order of its own list.

    A line of the log tells the hour alone, so what came within that hour stands before it.
    """
    first = datetime.min.replace(tzinfo=UTC)
    if step.message is not None:
        at = step.at.replace(minute=0) if step.at else first
        return at, 0, step.place
    return step.at or first, 1, step.place
