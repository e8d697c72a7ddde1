"""Those who look for the one who told it, and how probably they find them."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.leads.drafts import Disclosure
from hotline.operate.bench.attack.country import Somebody
from hotline.operate.bench.attack.line import LONGEST_AT_WORK, WAIT, Line, Released, fits_all

KNOWN = 0.8


@dataclass(frozen=True, slots=True)
class Found:
    """How probably somebody is picked: of all leads (or people) the *worst*, and the *mean*."""

    worst: float
    mean: float

    @classmethod
    def of(cls, each: Sequence[float]) -> "Found":
        return cls(max(each, default=0.0), sum(each) / len(each) if each else 0.0)


def tells_of_person(told: Disclosure) -> bool:
    return any(
        (told.person_language, told.nationality, told.age_band, told.gender, told.minor == "yes")
    )


def outsider(line: Line, united: Sequence[Sequence[Released]]) -> Found:
    """Match what leads that came of one person tell, where any tells of a person.

    Whoever knows four in five picks, over all samples, no better than one in all who fit: that is what counts.
    """
    chances = [
        1 / sum(fits_all(other, told) for other in line.people)
        for its in united
        if any(map(tells_of_person, told := [lead.told for lead in its]))
    ]
    return Found.of(chances)


def one_by_one(line: Line) -> list[list[Released]]:
    return [[lead] for lead in line.released]


def by_source(line: Line) -> list[list[Released]]:
    """Return the leads of each source, as the desk knows which reports are of one person."""
    return _grouped(line, lambda lead: lead.source)


def by_person(line: Line) -> list[list[Released]]:
    """Return the leads of each person, also of reports that nobody knows to be of one."""
    return _grouped(line, lambda lead: str(lead.by.number))


def _grouped(line: Line, key: Callable[[Released], str]) -> list[list[Released]]:
    groups: dict[str, list[Released]] = defaultdict(list)
    for lead in line.released:
        groups[key(lead)].append(lead)
    return list(groups.values())


def outsider_who_samples(line: Line, rng: random.Random, *, rounds: int) -> float:
    """Return how often the outsider is right, who picks among those of the four in five whom all leads of a source fit."""
    right = tries = 0
    for its in by_source(line):
        told = [lead.told for lead in its]
        if not any(map(tells_of_person, told)):
            continue
        fitting = [one for one in line.people if fits_all(one, told)]
        for _ in range(rounds):
            known = [one for one in fitting if rng.random() < KNOWN]
            tries += 1
            right += bool(known) and rng.choice(known) == its[0].by
    return right / tries if tries else 0.0


def outsider_by_place(line: Line) -> Found:
    """Match by the place alone, where nobody was told that they may be guessed."""
    chances = [
        1 / sum(other.is_told(lead.told) for other in line.people)
        for lead in line.released
        if lead.told.area and not lead.is_warned
    ]
    return Found.of(chances)


def insider(line: Line, united: Sequence[Sequence[Released]], *, is_warned: bool = False) -> Found:
    """Match whom leads fit at the venue: its people know what happened there when they read of it."""
    chances = []
    for its in united:
        if any(lead.is_warned for lead in its) is is_warned:
            told, there = [lead.told for lead in its], line.at_venue(its[0].by.venue)
            chances.append(1 / sum(fits_all(other, told) for other in there))
    return Found.of(chances)


def outsider_by_time(line: Line, united: Sequence[Sequence[Released]]) -> Found:
    """Match by what is told of a person and of the time: of all who wrote to us in the months that leads tell, or the next.

    Whoever does so knows the month in which each of them wrote, which is more than the outsider knows elsewhere.
    """
    chances = []
    for its in united:
        told = [lead.told for lead in its]
        if not any(map(tells_of_person, told)):
            continue
        wrote = [one for one in line.people if _wrote_in(line, one, told)]
        fitting = [one for one in wrote if fits_all(one, told)]
        chances.append(1 / len(fitting) if its[0].by in fitting else 0.0)
    return Found.of(chances)


def _wrote_in(line: Line, one: Somebody, told: Sequence[Disclosure]) -> bool:
    came = line.came.get(one.number)
    return came is not None and all(0 <= _months(came, each.month) <= 1 for each in told)


def _months(came: datetime, month: str) -> int:
    """Return how many months after *month* somebody came."""
    year, its = map(int, month.split("-"))
    return (came.year - year) * 12 + came.month - its


def seen_texting_who_fits(line: Line) -> Found:
    """Match by when somebody was seen to text us, as `seen_texting`, and by what leads tell of a person: both together."""
    chances = []
    for lead in line.released:
        if tells_of_person(lead.told):
            seen = _seen_before(line, lead)
            fitting = sum(fits_all(one, [lead.told]) for one in line.people if one.number in seen)
            chances.append(1 / max(1, fitting))
    return Found.of(chances)


def seen_texting(line: Line) -> Found:
    """Match by time alone who was seen to text us: of all who did so in the hours before, within which a lead can wait."""
    return Found.of([1 / max(1, len(_seen_before(line, lead))) for lead in line.released])


def _seen_before(line: Line, lead: Released) -> frozenset[int]:
    """Return who wrote to us so long before a lead left as it can have waited."""
    left = line.came[lead.by.number] + timedelta(hours=lead.hours)
    first, last = left - timedelta(hours=WAIT[1]) - LONGEST_AT_WORK, left - timedelta(hours=WAIT[0])
    return frozenset(number for number, came in line.came.items() if first <= came <= last)
