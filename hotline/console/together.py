"""The conversation of a report with those of the reports that were merged into it, in the order in which all came.

Each message stays where it was born: what is sealed about it opens on the page of its own report, and its placeholders
have the numbers that they have there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from hotline.console.reading import Reading, Said, read_report
from hotline.reports import reports
from hotline.store import Session
from hotline.triage.access import seen_by
from hotline.vault.opening import Keyholder


@dataclass(frozen=True, slots=True, repr=False)
class Together:
    """What was said, oldest first, each with the id of the other report it was born in, empty for this one's own.

    *others* are the reports merged into this one, with how many messages each has.
    """

    talk: tuple[tuple[Said, str], ...]
    others: Mapping[str, int]

    @property
    def read(self) -> int:
        return sum(self.others.values())


def together(session: Session, keyholder: Keyholder, reading: Reading) -> Together:
    """Return the conversation of a report that is read, and of what is merged into it, as far as the reader may see."""
    rows = reports.c
    its = (rows.joined_to == reading.facts.id, seen_by(keyholder.staff_id))
    found = session.execute(select(rows.id, rows.messages).where(*its).order_by(rows.id)).all()
    talk = [(said, "") for said in reading.said]
    for row in found:
        talk += [(one, row.id) for one in read_report(session, keyholder, row.id).said]
    # Sorting keeps the order of each conversation where two tell the same day or minute.
    talk.sort(key=lambda pair: _moment(pair[0]))
    return Together(tuple(talk), {row.id: row.messages for row in found})


def _moment(said: Said) -> tuple[str, datetime]:
    first = datetime.min.replace(tzinfo=UTC)
    return said.message.day, said.message.at or first
