"""The conversation of a report with those of the reports that were merged into it, in the order in which all came.

Each message stays where it was born: what is sealed about it opens on the page of its own report, and its placeholders
have the numbers that they have there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from hotline.console.reading import Reading, Said


@dataclass(frozen=True, slots=True, repr=False)
class Together:
    """What was said, oldest first, each with the id of the other report it was born in, empty for this one's own.

    *others* are the reports merged into this one, with how many messages each has.
    """

    talk: tuple[tuple[Said, str], ...]
    others: Mapping[str, int]


def together(reading: Reading) -> Together:
    """Return the conversation of a report, and of what is merged into it."""
    talk = [(said, "") for said in reading.said]
    talk += [(said, other) for other, its in reading.merged.items() for said in its.said]
    # Sorting keeps the order of each conversation where two tell the same day or minute.
    talk.sort(key=lambda pair: _moment(pair[0]))
    others = {other: its.facts.messages for other, its in reading.merged.items()}
    return Together(tuple(talk), others)


def _moment(said: Said) -> tuple[str, datetime]:
    first = datetime.min.replace(tzinfo=UTC)
    return said.message.day, said.message.at or first
