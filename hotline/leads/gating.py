"""What lets a lead leave, beside its words and the consent: an act, who could know of it, and enough people it could be of.

Two kinds of facts are gated apart. What tells of the person (`FACTS`) must fit at least k sources: together with all
that earlier leads of the same person told, and with the finest place told, so that no two leads tell more than one.
What tells of the scene (place, day, plates, numbers, handles, pages, the words) may point to whoever could know of it:
where that are fewer than five, or nobody knows, it leaves only after the person was told so and still agreed.

Pure: `crowds` reads what is counted.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hotline.leads.drafts import CouldKnow, Disclosure, LeadDraft
from hotline.leads.ladders import is_within
from hotline.leads.wording import Fact, Problem

FACTS = ("person_language", "nationality", "age_band", "gender", "minor")
"""The facts of a lead that tell of the person."""

PLACE = ("country", "area", "town", "venue")
"""The places of a lead, from the coarsest to the finest."""

CLEAR = frozenset({"person_language", "minor"})
"""What reports themselves keep in the clear, so that each of them can be counted and not only those that were told."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What decided against a lead: of *field* it fits *have* sources, and *need* are asked for."""

    fact: Fact
    field: str
    have: int
    need: int

    @property
    def problem(self) -> Problem:
        return Problem(self.field, self.fact, self.have, self.need)


_OF_CHILDREN = {"ChildLabour"}
"""Kinds of exploitation that say themselves that somebody is a child."""

Place = tuple[str, ...]
"""Country, area, town and venue; empty where they are not told."""


@dataclass(frozen=True, slots=True)
class Person:
    """What was told of one person: the values of each fact, which several leads may have told apart, and the places."""

    facts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    places: frozenset[Place] = frozenset()

    @classmethod
    def of(cls, told: Disclosure, spoken: Iterable[str] = ()) -> "Person":
        """Return what *told* tells of the person, also by its codes, with the languages that its words name (*spoken*)."""
        values = {name: {getattr(told, name)} - {"", "unknown"} for name in FACTS}
        values["person_language"] |= set(spoken)
        if _OF_CHILDREN & set(told.exploitation):
            values["minor"] = {"yes"}
        place = tuple(_same(getattr(told, name)) for name in PLACE)
        return cls(
            {name: frozenset(its) for name, its in values.items() if its}, frozenset({place})
        )

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Person":
        facts = {name: frozenset(kept[name]) for name in FACTS if kept.get(name)}
        return cls(facts, frozenset(tuple(place) for place in kept.get("places", ())))

    def to_json(self) -> dict[str, Any]:
        facts = {name: sorted(values) for name, values in self.facts.items()}
        return {**facts, "places": sorted(map(list, self.places))}

    def __or__(self, other: "Person") -> "Person":
        both = {*self.facts, *other.facts}
        nothing: frozenset[str] = frozenset()
        facts = {
            name: self.facts.get(name, nothing) | other.facts.get(name, nothing) for name in both
        }
        return Person(facts, self.places | other.places)

    @property
    def is_clear(self) -> bool:
        """Whether it tells only what reports keep in the clear, and no place finer than a country."""
        return set(self.facts) <= CLEAR and not any(any(place[1:]) for place in self.places)

    @property
    def parts(self) -> Iterator["Person"]:
        """Each value and each place alone: whoever fits all of them fits it whole."""
        for name, values in self.facts.items():
            for value in values:
                yield Person({name: frozenset({value})})
        for place in self.places:
            yield Person({}, frozenset({place}))

    @property
    def key(self) -> tuple[object, ...]:
        """What is the same for persons of whom the same is told."""
        return (*sorted((name, tuple(sorted(its))) for name, its in self.facts.items()), *sorted(self.places))  # fmt: skip

    def fits(self, other: "Person") -> bool:
        """Tell whether all this could be told of *other*, by what was told of them: the same, or finer."""
        return all(
            any(is_within(theirs, value) for theirs in other.facts.get(name, ()))
            for name, values in self.facts.items()
            for value in values
        ) and all(any(_lies_in(their, place) for their in other.places) for place in self.places)


def _lies_in(finer: Place, place: Place) -> bool:
    return all(not told or told == theirs for told, theirs in zip(place, finer, strict=True))


def _same(name: str) -> str:
    """Return a place's name as it is compared."""
    return " ".join(name.split()).casefold()


def scene_problems(draft: LeadDraft) -> list[Problem]:
    """Return what stands against the scene of a lead: that nothing was done to anybody, or that too few could know."""
    problems = []
    if not (draft.indicators or draft.control):
        problems.append(Problem("indicators", Fact.NO_ACT))
    if draft.could_know is not CouldKnow.MANY and not draft.warned:
        problems.append(Problem("could_know", Fact.COULD_KNOW))
    return problems
