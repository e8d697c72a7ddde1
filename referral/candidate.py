"""The nouns of matching: a service that may fit, and the person it is to fit.

Needs and genders are codes. The twelve needs are the ones a report is assessed for; a directory names them
as codes of its taxonomy terms.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from referral.geography import Point, Polygon, covers, mean, metres_between
from referral.schedule import Schedule

NEEDS = frozenset(
    {
        "shelter",
        "legal",
        "medical",
        "psychological",
        "food",
        "transport",
        "documents",
        "interpretation",
        "child_protection",
        "repatriation",
        "police",
        "emergency",
    }
)

ADULT = 18
OLDEST = 130
ANY_LANGUAGE = "*"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a service is given. A *withheld* place is known by the middle of its cell only."""

    point: Point | None = None
    withheld: bool = False
    remote: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A stretch of land: where people must be to be served, or where a person is. Its outline may be unknown."""

    name: str
    outline: tuple[Polygon, ...] = ()

    @property
    def middle(self) -> Point | None:
        """Return the mean of the corners; None where no outline is drawn."""
        return mean(self._corners)

    @property
    def reach(self) -> float:
        """Return the metres from the middle to the farthest corner."""
        middle = self.middle
        return (
            max((metres_between(middle, each) for each in self._corners), default=0)
            if middle
            else 0
        )

    @property
    def _corners(self) -> list[Point]:
        return [Point(y, x) for outer, *_ in filter(None, self.outline) for x, y in outer]

    def is_named(self, name: str) -> bool:
        return self.name.casefold().strip() == name.casefold().strip()

    def covers(self, point: Point) -> bool:
        return covers(self.outline, point)


@dataclass(frozen=True, slots=True)
class Circle:
    """Everything within *reach* metres of a place that has a name."""

    name: str
    middle: Point
    reach: float

    def covers(self, point: Point) -> bool:
        return metres_between(self.middle, point) <= self.reach


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many of *unit* were free when the service last said so (HSDS service_capacity)."""

    available: float
    unit: str
    updated: datetime


@dataclass(frozen=True, slots=True)
class Cost:
    """One HSDS cost_option; *amount* is None where only words describe it."""

    amount: float | None
    currency: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        return (self.valid_from or day) <= day <= (self.valid_to or day)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A service as matching sees it: every fact that may decide, and nothing that must not leave.

    A fact that the directory does not state is empty or None, never guessed. *languages* are spoken by
    the service itself; *interpreted* and *by_telephone* are brought by an interpreter, and may be
    ``ANY_LANGUAGE``. *serves* names the genders that are taken, empty for all. *answers_in* is in minutes.
    *run_by* holds the ids of the organizations above its own. *no_room* is when somebody was last told there that they
    have none: no word of the directory, and no unit.
    """

    service_id: str
    name: str
    organization_id: str = ""
    organization: str = ""
    description: str = ""
    status: str = "active"
    needs: frozenset[str] = frozenset()
    minimum_age: float | None = None
    maximum_age: float | None = None
    eligibility: str = ""
    serves: frozenset[str] = frozenset()
    takes_children: bool | None = None
    languages: frozenset[str] = frozenset()
    interpreted: frozenset[str] = frozenset()
    by_telephone: frozenset[str] = frozenset()
    schedules: tuple[Schedule, ...] = ()
    places: tuple[Place, ...] = ()
    areas: tuple[Area, ...] = ()
    capacities: tuple[Capacity, ...] = ()
    costs: tuple[Cost, ...] = ()
    documents: tuple[str, ...] = ()
    asks_no_documents: bool = False
    fetches: bool | None = None
    step_free: bool | None = None
    faith_based: bool | None = None
    answers_in: int | None = None
    withheld: bool = False
    run_by: frozenset[str] = frozenset()
    no_room: datetime | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """For whom: only what is known and may be used. *age* is a band of whole years, ends included."""

    age: tuple[int, int] | None = None
    gender: str | None = None
    minor: bool | None = None
    with_children: bool = False

    @property
    def years(self) -> tuple[int, int] | None:
        """Return the age band; of someone only known to be a minor, or grown up, the widest one."""
        if self.age or self.minor is None:
            return self.age
        return (0, ADULT - 1) if self.minor else (ADULT, OLDEST)


ANYONE = Person()


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that a match is asked for; `match` says what each part means."""

    need: str
    at: datetime
    where: Point | Area | None = None
    languages: tuple[str, ...] = ()
    for_whom: Person = ANYONE
    excluded: frozenset[str] = field(default_factory=frozenset)
    needs_no_documents: bool = False
    must_be_free: bool = False
    needs_step_free: bool = False
    needs_fetching: bool = False
    prefers_no_faith: bool = False
    within: float | None = None
    keep_away: float = 0
    avoids: tuple[Area | Circle, ...] = ()
    open_by: datetime | None = None
