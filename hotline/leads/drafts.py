"""What is proposed to leave, and what leaves of it: the two forms of a lead. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from hotline.consent.fields import LEAD
from hotline.errors import Refused
from hotline.leads.codes import Tlp
from hotline.leads.wording import Fact, Problem

UNKNOWN = "unknown"
_EMPTY: tuple[object, ...] = ("", (), [], UNKNOWN)


class LeadRefused(Refused):
    """A lead may not leave; *problems* are the deciding facts."""

    default_message = "this lead may not leave"

    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = problems

    @property
    def facts(self) -> frozenset[Fact]:
        return frozenset(problem.fact for problem in self.problems)


class Precision(StrEnum):
    """How finely the time of an act leaves."""

    MONTH = "month"
    WEEK = "week"
    DAY = "day"


class CouldKnow(StrEnum):
    """How many people besides the alleged could know what a lead tells; whoever told it is one of them.

    Only those count whom all that leads told of the person fits: where two of eight speak the language that is told,
    two could know. From five on nobody is guessed.
    """

    ONE = "1"
    FEW = "2-4"
    MANY = "5+"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, repr=False)
class LeadDraft:
    """What a caseworker proposes to let out.

    *country* is ISO 3166-1 alpha-2, *area* ISO 3166-2 or empty; *town* and *venue* are names. *seen* is a day, of which
    only as much leaves as *precision* says. *people* is how many were harmed, as far as known. *summary* and
    *headline* are the caseworker's own words in *language* (BCP 47); *translations* are the summary in other languages.

    Of the person: *person_language*, *nationality* (ISO 3166-1 alpha-2), *age* in years and *gender* stay empty unless
    the caseworker chose to tell them. Of the alleged: *links* are public pages such as an advertisement, *plates*,
    *numbers* and *handles* are theirs. *could_know* is how many people besides the alleged could know this; *warned*
    that the person was told "he may guess it was you" and still agreed. *tlp* is how far readers may pass it on, and
    *reports* how many reports it rests on. *coarser* names the facts of `ladders.tsv` that are told a step more coarsely
    than they could be: ``nationality``, ``age_band``.
    """

    country: str
    seen: date
    summary: str
    language: str = "en"
    headline: str = ""
    translations: Mapping[str, str] = field(default_factory=dict)
    area: str = ""
    people: int | None = None
    minor: bool = False
    exploitation: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    control: tuple[str, ...] = ()
    sector: str = ""
    person_language: str | None = None
    links: tuple[str, ...] = ()
    town: str = ""
    venue: str = ""
    precision: Precision = Precision.MONTH
    nationality: str = ""
    age: int | None = None
    gender: str = ""
    plates: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    could_know: CouldKnow = CouldKnow.UNKNOWN
    warned: bool = False
    tlp: Tlp = Tlp.STRICT
    reports: int = 1
    coarser: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, repr=False)
class Disclosure:
    """All that leaves. *month* is ``2026-11``, *seen* a week or a day of it (ISO 8601) or empty; *people* one of 1, 2-5,
    6-10, 11+, unknown; *minor* yes or unknown; *nationality* a region (UN M49) as in `regions.tsv`; *age_band* years as in
    `ages.tsv`, such as ``18-29``.

    A lead never says that no child is involved: nobody can know that from one report.
    """

    country: str
    area: str
    month: str
    people: str
    minor: str
    exploitation: tuple[str, ...]
    indicators: tuple[str, ...]
    control: tuple[str, ...]
    sector: str
    person_language: str
    links: tuple[str, ...]
    headline: str
    summary: str
    language: str
    translations: Mapping[str, str]
    town: str = ""
    venue: str = ""
    seen: str = ""
    nationality: str = ""
    age_band: str = ""
    gender: str = ""
    plates: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    reports: int = 1

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the facts that it tells, as a consent lists them; the words count as ``summary``."""
        return fields_of(asdict(self))

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "translations": dict(self.translations)}


def told_of(kept: Mapping[str, Any]) -> Disclosure:
    """Return what a lead tells, from what is kept of it."""
    facts: dict[str, Any] = {}
    for name, fact in kept.items():
        facts[name] = tuple(fact) if isinstance(fact, list) else fact
    return Disclosure(**facts)


def fields_of(told: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the facts that *told*, a `Disclosure` as it is kept, tells."""
    telling = {FIELDS_OF.get(name, name) for name, fact in told.items() if fact not in _EMPTY}
    return tuple(name for name in FIELDS if name in telling)


FIELDS = LEAD
"""The facts of a lead, as a consent lists them."""

FIELDS_OF = {"seen": "day", "plates": "selectors", "numbers": "selectors", "handles": "selectors"}
"""Under which name a consent lists a fact, where that is another than its own."""
