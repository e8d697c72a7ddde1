"""What lets a lead leave, beside its words and the consent: an act, who could know of it, and enough people it could be of.

Two kinds of facts are gated apart. What tells of the person (`FACTS`) must fit at least k sources: together with all
that earlier leads of the same person told, and with the finest place and time told, so that no two leads tell more than
one. A plate, a number, an account or a page is a place for that: whoever knows it knows where it is.
What tells of the scene (place, day, plates, numbers, handles, pages, the words) may point to whoever could know of it:
where that are fewer than five, or nobody knows, it leaves only after the person was told so and still agreed.

Pure: `crowds` reads what is counted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
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


_SELECTORS = ("plates", "numbers", "handles", "links")
_NO_ACT = {"Other"}
_OF_CHILDREN = {"ChildLabour"}
"""Kinds of exploitation that say themselves that somebody is a child."""

Place = tuple[str, ...]
"""Country, area, town, venue, what is observed there and on which day or week; empty where they are not told."""

Spoken = Mapping[str, frozenset[str]]
"""What words say of a person: the values of each fact."""


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """What was told of one person: the values of each fact, which several leads may have told apart, the places, the months."""

    facts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    places: frozenset[Place] = frozenset()
    months: frozenset[str] = frozenset()

    @classmethod
    def of(cls, told: Disclosure, spoken: Spoken | None = None, *, salt: str = "") -> "Person":
        """Return what *told* tells of the person, also by its codes, and what its words say (*spoken*).

        Towns, venues and what is observed are only ever compared, so they stand here as they hash with the house's *salt*.
        """
        said = spoken or {}
        values = {
            name: ({getattr(told, name)} | said.get(name, frozenset())) - {"", "unknown"}
            for name in FACTS
        }
        if _OF_CHILDREN & set(told.exploitation):
            values["minor"] = {"yes"}
        coarse = (_same(told.country), _same(told.area))
        fine = tuple(_hashed(salt, name, _same(getattr(told, name))) for name in PLACE[2:])
        place = (*coarse, *fine, _hashed(salt, "observed", _observed(told)), told.seen)
        return cls(
            {name: frozenset(its) for name, its in values.items() if its},
            frozenset({place}),
            frozenset({told.month}),
        )

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Person":
        facts = {name: frozenset(kept[name]) for name in FACTS if kept.get(name)}
        places = frozenset(tuple(place) for place in kept.get("places", ()))
        return cls(facts, places, frozenset(kept.get("months", ())))

    def to_json(self) -> dict[str, Any]:
        facts = {name: sorted(values) for name, values in self.facts.items()}
        return {**facts, "places": sorted(map(list, self.places)), "months": sorted(self.months)}

    def __or__(self, other: "Person") -> "Person":
        both = {*self.facts, *other.facts}
        nothing: frozenset[str] = frozenset()
        facts = {
            name: self.facts.get(name, nothing) | other.facts.get(name, nothing) for name in both
        }
        return Person(facts, self.places | other.places, self.months | other.months)

    @property
    def is_clear(self) -> bool:
        """Whether it tells only what reports keep in the clear, no place finer than a country and no time than a month."""
        return set(self.facts) <= CLEAR and not any(any(place[1:]) for place in self.places)

    @property
    def countries(self) -> frozenset[str]:
        """The countries (ISO 3166-1 alpha-2) of its places: a later version of a lead may tell another."""
        return frozenset(place[0].upper() for place in self.places)

    def within(self, country: str) -> "Person":
        """Return this with the places of one country alone."""
        there = frozenset(place for place in self.places if place[0].upper() == country)
        return Person(self.facts, there, self.months)

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


def _observed(told: Disclosure) -> str:
    """Return what is the same where the very same plates, numbers, accounts and pages are told."""
    return "\n".join(sorted({_same(one) for name in _SELECTORS for one in getattr(told, name)}))


def _hashed(salt: str, name: str, value: str) -> str:
    """Return what is the same for the same value; nothing for none."""
    return sha256(f"{salt} {name} {value}".encode()).hexdigest()[:32] if value else ""


def _same(name: str) -> str:
    """Return a place's name as it is compared."""
    return " ".join(name.split()).casefold()


def scene_problems(draft: LeadDraft) -> list[Problem]:
    """Return what stands against the scene of a lead: that nothing was done to anybody, or that too few could know.

    That it was something other is no act.
    """
    problems = []
    if not {*draft.indicators, *draft.control} - _NO_ACT:
        problems.append(Problem("indicators", Fact.NO_ACT))
    return [*problems, *few_could_know(draft.could_know, warned=draft.warned)]


def few_could_know(could_know: CouldKnow, *, warned: bool) -> tuple[Problem, ...]:
    """Return what stands against a lead that so many could know: too few for a person who was not *warned*."""
    if could_know is CouldKnow.MANY or warned:
        return ()
    return (Problem("could_know", Fact.COULD_KNOW),)
