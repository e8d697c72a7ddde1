"""What is told to everybody of a quarter of the whole house (pure), so that no small number can be worked out from it.

A number under five is withheld; of numbers that are parts of one, `withholding` tells which go with it. A sum beside
its parts would still give the last of them away to whoever knows all the others, so a sum is moved by chance before it
is rounded: once, when the quarter is counted, and nobody keeps by how much. So whatever somebody knows, a number under
five may always be any of one to four.

How far a sum moves follows the geometric mechanism (A. Ghosh and others, 2012, "Universally utility-maximizing privacy
mechanisms"): three by and large.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hotline.domain.urgency import Urgency
from hotline.triage.withholding import LEAST, publish, rounded, share, total

OTHERS = "others"
"""Stands for all parts that are withheld, without their names."""

Draw = Callable[[], int]
Row = tuple["Facet", str, int | None]

_STAYS, _OF = 607, 1000


class Facet(StrEnum):
    """What is told; RECEIVED, WITHHELD and COMPLAINT have a single code, the empty one."""

    RECEIVED = "received"
    COUNTRY = "country"
    ANSWER = "answer"
    # How many in a hundred of those were in time.
    IN_TIME = "in_time"
    ACT = "act"
    WITHHELD = "withheld"
    REASON = "reason"
    COMPLAINT = "complaint"


class Act(StrEnum):
    """What was done that others may ask us about."""

    RELEASED = "released"
    RECALLED = "recalled"
    ERASED = "erased"
    REVEALED = "revealed"
    # Number and place of somebody whose life was in danger.
    EMERGENCY = "emergency"
    TOLD_EMERGENCY = "told_emergency"
    TOLD_LAW = "told_law"
    LEGAL_RECEIVED = "legal_received"
    LEGAL_OBJECTED = "legal_objected"
    LEGAL_COMPLIED = "legal_complied"
    LEGAL_WITHDRAWN = "legal_withdrawn"


_ENDS = (Act.LEGAL_OBJECTED, Act.LEGAL_COMPLIED, Act.LEGAL_WITHDRAWN)
"""What becomes of a demand: parts of those that were received."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted of a quarter: nobody is shown this.

    *answers* are how many first answers there were and how many of them in time. *complaints* are by desk; empty where
    nobody wrote them down.
    """

    received: int = 0
    countries: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[Urgency, tuple[int, int]] = field(default_factory=dict)
    acts: Mapping[Act, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    complaints: Mapping[str, int] = field(default_factory=dict)


def by_chance() -> int:
    """Return by how much a sum is moved."""
    return _steps() - _steps()


def tell(counts: Counts, draw: Draw = by_chance) -> Iterator[Row]:
    """Yield what is told of *counts*: a facet, a code and its number, None where that is withheld."""
    yield Facet.RECEIVED, "", moved(counts.received, draw)
    yield from _parts(Facet.COUNTRY, counts.countries)
    yield from _answers(counts.answers)
    yield from _acts(counts.acts, draw)
    yield Facet.WITHHELD, "", moved(sum(counts.reasons.values()), draw)
    yield from _parts(Facet.REASON, counts.reasons)
    if counts.complaints:
        yield Facet.COMPLAINT, "", total(sum(counts.complaints.values()))


def moved(count: int, draw: Draw) -> int | None:
    """Return a sum as it is told; nought is told as it is."""
    if not count:
        return 0
    near = count + draw()
    return rounded(near) if near >= LEAST else None


def _parts(facet: Facet, counts: Mapping[str, int]) -> Iterator[Row]:
    published = publish(counts)
    for code, count in published.cells.items():
        yield facet, code, count
    if published.withholds:
        yield facet, OTHERS, None


def _acts(acts: Mapping[Act, int], draw: Draw) -> Iterator[Row]:
    ends = publish({act: acts.get(act, 0) for act in _ENDS})
    for act in Act:
        count = acts.get(act, 0)
        if act in _ENDS:
            yield Facet.ACT, act, ends.of(act)
        else:
            yield Facet.ACT, act, moved(count, draw) if act is Act.LEGAL_RECEIVED else total(count)


def _answers(answers: Mapping[Urgency, tuple[int, int]]) -> Iterator[Row]:
    published = publish({urgency: count for urgency, (count, _) in answers.items()})
    for urgency in Urgency:
        count, in_time = answers.get(urgency, (0, 0))
        told = published.of(urgency)
        yield Facet.ANSWER, urgency, told
        yield Facet.IN_TIME, urgency, share(in_time, count) if told else None


def _steps() -> int:
    steps = 0
    while secrets.randbelow(_OF) < _STAYS:
        steps += 1
    return steps
