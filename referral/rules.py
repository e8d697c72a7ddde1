"""The rules of matching: each looks at one fact of a service and says how it stands.

A rule answers None where the question does not touch it. What a directory leaves unsaid is never read in a
service's favour nor held against it for good: it becomes something to ask, ranked behind what is known.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from referral.candidate import ADULT, ANY_LANGUAGE, Candidate, Question
from referral.languages import is_signed, main_language
from referral.reasons import Because, Change, Fact, Reason, against, out, wait, yes
from referral.schedule import Open, opening

Rule = Callable[[Candidate, Question], Reason | None]

OVERNIGHT_NEEDS = frozenset({"shelter"})
"""Needs where who comes along must be given room."""


class Trust(StrEnum):
    """How far a word about what is free is believed, by its age."""

    SURE = "sure"
    LIKELY = "likely"
    NOT_KNOWN = "not_known"


_TONIGHT = (timedelta(hours=6), timedelta(hours=24))
_DAYTIME = (timedelta(hours=48), timedelta(days=14))
"""Until what age a word is sure, and until what age likely: beds change within hours, appointments do not."""
_AHEAD = timedelta(hours=1)
"""How far another clock may be ahead of ours; what claims to be said later than that is not believed."""

_opening = lru_cache(maxsize=2_000)(opening)
"""Most services keep one of a few hours, so at one instant they are worked out once."""

_WAITS = (timedelta(hours=12), timedelta(hours=72))


def need(service: Candidate, question: Question) -> Reason:
    if question.need in service.needs:
        return yes(Because.NEED_OFFERED, need=question.need)
    return out(Because.NEED_NOT_OFFERED, Change.NEVER, need=question.need)


def status(service: Candidate, question: Question) -> Reason | None:
    if service.status == "active":
        return None
    if service.status == "defunct":
        return out(Because.STATUS_ENDED, Change.NEVER, status=service.status)
    return out(Because.STATUS_PAUSED, Change.REOPENS, status=service.status)


def refused(service: Candidate, question: Question) -> Reason | None:
    """Keep out what is refused itself, or is run by an organization that is."""
    who = {service.service_id, service.organization_id, *service.run_by}
    if question.excluded.isdisjoint(who):
        return None
    return out(Because.PERSON_REFUSED, Change.PERSON_CHANGES_IT)


def age(service: Candidate, question: Question) -> Reason | None:
    """Compare the age band with the ages served; where it lies half inside, the age must be asked."""
    lowest, highest = service.minimum_age, service.maximum_age
    if lowest is None and highest is None:
        return None
    limits: dict[str, Fact] = {"minimum_age": lowest, "maximum_age": highest}
    years = question.for_whom.years
    if years is None:
        return wait(Because.AGE_NOT_KNOWN, **limits)
    youngest, oldest = years
    if lowest is not None and oldest < lowest:
        return out(Because.AGE_TOO_YOUNG, Change.EXCEPTION, minimum_age=lowest)
    if highest is not None and youngest > highest:
        return out(Because.AGE_TOO_OLD, Change.EXCEPTION, maximum_age=highest)
    if (lowest is not None and youngest < lowest) or (highest is not None and oldest > highest):
        return wait(Because.AGE_NOT_KNOWN, **limits)
    return yes(Because.AGE_TAKEN, **limits)


def gender(service: Candidate, question: Question) -> Reason | None:
    """Nobody is turned away for a gender that the directory has no word for: the service is asked."""
    if not service.serves:
        return None
    serves = " ".join(sorted(service.serves))
    asked = question.for_whom.gender
    if asked in service.serves:
        return yes(Because.GENDER_TAKEN, gender=asked)
    if asked in ("woman", "man"):
        return out(Because.GENDER_NOT_TAKEN, Change.EXCEPTION, serves=serves)
    return wait(Because.GENDER_NOT_KNOWN, serves=serves)


def meant(service: Candidate, question: Question) -> int:
    """Return 0 where a child sleeps among children and a woman among women, 1 where it may be otherwise."""
    if question.need not in OVERNIGHT_NEEDS:
        return 0
    years, highest = question.for_whom.years, service.maximum_age
    if years is not None and years[1] < ADULT:
        return int(highest is None or highest >= ADULT)
    return int(question.for_whom.gender == "woman" and service.serves != {"woman"})


def children(service: Candidate, question: Question) -> Reason | None:
    if not question.for_whom.with_children:
        return None
    if service.takes_children:
        return yes(Because.CHILDREN_TAKEN)
    if service.takes_children is False:
        return out(Because.CHILDREN_NOT_TAKEN, Change.SECOND_PLACE)
    return wait(Because.CHILDREN_NOT_KNOWN) if question.need in OVERNIGHT_NEEDS else None


def fetching(service: Candidate, question: Question) -> Reason | None:
    if service.fetches:
        return yes(Because.FETCHES)
    return against(Because.DOES_NOT_FETCH) if question.needs_fetching else None


def language(service: Candidate, question: Question) -> Reason | None:
    """Find how they can talk: best spoken by the service, then an interpreter, then one by telephone."""
    if not question.languages:
        return None
    ways = (
        (Because.LANGUAGE_SPOKEN, service.languages, yes, 0),
        (Because.LANGUAGE_INTERPRETED, service.interpreted, yes, 1),
        (Because.LANGUAGE_BY_TELEPHONE, service.by_telephone, wait, 2),
    )
    for because, codes, stands, rank in ways:
        for code in question.languages:
            if _is_among(code, codes):
                return stands(because, rank, language=code)
    if not service.languages:
        return wait(Because.LANGUAGE_NOT_KNOWN, 3)
    spoken = " ".join(sorted(service.languages))
    return out(Because.LANGUAGE_NOT_SPOKEN, Change.INTERPRETER, languages=spoken)


def _is_among(code: str, codes: frozenset[str]) -> bool:
    """Say whether *codes* bring the language. Who brings any language brings those that are spoken."""
    return main_language(code) in codes or (ANY_LANGUAGE in codes and not is_signed(code))


def documents(service: Candidate, question: Question) -> Reason | None:
    if service.documents:
        asked = "; ".join(service.documents)
        if question.needs_no_documents:
            return out(Because.DOCUMENTS_ASKED, Change.DOCUMENTS, documents=asked)
        return against(Because.DOCUMENTS_ASKED, 0, documents=asked)
    if service.asks_no_documents:
        return yes(Because.DOCUMENTS_NONE)
    return wait(Because.DOCUMENTS_NOT_KNOWN) if question.needs_no_documents else None


def cost(service: Candidate, question: Question) -> Reason | None:
    """Take the dearest price that holds on that day: a cheaper one may hang on a condition."""
    prices = [each for each in service.costs if each.holds(question.at.date())]
    known = [each for each in prices if each.amount is not None]
    if not known:
        return wait(Because.COST_NOT_KNOWN) if question.must_be_free else None
    dearest = max(known, key=lambda each: (each.amount or 0, each.currency))
    if not dearest.amount:
        return yes(Because.COST_FREE)
    facts: dict[str, Fact] = {"amount": dearest.amount, "currency": dearest.currency}
    if not question.must_be_free:
        return against(Because.COST_ASKED, 0, **facts)
    if any(each.amount == 0 for each in known):
        return wait(Because.COST_NOT_KNOWN)
    return out(Because.COST_ASKED, Change.PAID, **facts)


def access(service: Candidate, question: Question) -> Reason | None:
    if service.step_free:
        return yes(Because.STEP_FREE)
    if not question.needs_step_free:
        return None
    if service.step_free is False:
        return out(Because.NOT_STEP_FREE, Change.OTHER_SITE)
    return wait(Because.ACCESS_NOT_KNOWN)


def faith(service: Candidate, question: Question) -> Reason | None:
    """Put behind what a faith stands behind, if the person would rather have none; it never falls out."""
    if not question.prefers_no_faith:
        return None
    if service.faith_based is None:
        return wait(Because.FAITH_NOT_KNOWN, 1)
    return against(Because.FAITH_BASED, 2) if service.faith_based else yes(Because.FAITH_NONE)


def trusted(said: datetime | None, at: datetime, *, overnight: bool) -> Trust:
    """Return how far what was *said* then of free places, or of anything but beds, is believed *at* an instant."""
    if said is None:
        return Trust.NOT_KNOWN
    sure, likely = _TONIGHT if overnight else _DAYTIME
    age = at - said
    if not -_AHEAD <= age < likely:
        return Trust.NOT_KNOWN
    return Trust.SURE if age < sure else Trust.LIKELY


def capacity(service: Candidate, question: Question) -> Reason:
    """Believe what was said last while it is sure; later it only orders, and in the end it counts like silence."""
    said_no = _said_no(service, question.at)
    if said_no is not None:
        return said_no
    if not service.capacities:
        return wait(Because.CAPACITY_NOT_KNOWN, 2)
    said = max(service.capacities, key=lambda each: (each.available > 0, each.updated, each.unit))
    trust = trusted(said.updated, question.at, overnight=question.need in OVERNIGHT_NEEDS)
    facts: dict[str, Fact] = {"available": said.available, "unit": said.unit, "said": said.updated}
    if said.available > 0:
        if trust is Trust.SURE:
            return yes(Because.CAPACITY_FREE, **facts)
        rank = 1 if trust is Trust.LIKELY else 2
        return wait(Because.CAPACITY_FREE_LONG_AGO, rank, **facts)
    if trust is Trust.SURE:
        return out(Because.CAPACITY_FULL, Change.PLACE_FREE, said=said.updated)
    rank = 3 if trust is Trust.LIKELY else 2
    return wait(Because.CAPACITY_FULL_LONG_AGO, rank, said=said.updated)


def _said_no(service: Candidate, at: datetime) -> Reason | None:
    """Take a no to somebody for one night as a word about all, unless a count followed it.

    Where kinds of room are counted apart it was about one of them, and nobody knows which: the service is asked last.
    """
    said, counts = service.no_room, service.capacities
    if said is None or not -_AHEAD <= at - said < _TONIGHT[0]:
        return None
    if any(each.updated > said for each in counts):
        return None
    if len({each.unit for each in counts}) > 1:
        return wait(Because.CAPACITY_SAID_NO, 3, said=said)
    return out(Because.CAPACITY_SAID_NO, Change.PLACE_FREE, said=said)


def hours(service: Candidate, question: Question) -> Reason:
    found = _opening(service.schedules, question.at)
    if found.state is Open.NOW:
        return yes(Because.OPEN_NOW, until=found.until)
    if found.state is Open.NOT_KNOWN:
        return wait(Because.OPEN_NOT_KNOWN, 2)
    if found.opens is None:
        return out(Because.OPEN_NO_MORE, Change.REOPENS)
    if question.open_by is not None and found.opens > question.open_by:
        return out(Because.OPEN_TOO_LATE, Change.CAN_WAIT, opens=found.opens)
    later = sum(found.opens - question.at > limit for limit in _WAITS)
    return wait(Because.OPEN_LATER, 1 + later, opens=found.opens)


def whereabouts(service: Candidate, question: Question) -> Reason | None:
    return wait(Because.ADDRESS_WITHHELD, 0) if service.withheld else None
