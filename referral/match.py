"""Say which services fit a person, best first, and why the others do not.

Pure: nothing is read, written, looked up or logged, and the same question always gets the same answer,
whatever order the services come in.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from referral import placing, rules
from referral.candidate import ANYONE, NEEDS, Area, Candidate, Circle, Person, Question
from referral.geography import Point
from referral.reasons import Change, Reason, Standing
from referral.rules import Rule
from referral.shelf import Shelf

CONCERNS: dict[str, tuple[Rule, ...]] = {
    "doubts": (
        rules.need,
        placing.nearness,
        placing.avoided,
        rules.refused,
        rules.status,
        rules.age,
        rules.gender,
        rules.children,
        placing.area,
        rules.documents,
        rules.cost,
        rules.access,
        placing.distance,
        rules.fetching,
    ),
    "tongue": (rules.language,),
    "faith": (rules.faith,),
    "room": (rules.capacity,),
    "wait": (rules.hours,),
    "address": (rules.whereabouts,),
}
"""Rules by what they weigh in the score, in the order in which a deciding fact is looked for: what can
never change comes first, what changes within hours comes last."""

SIEVE: tuple[Rule, ...] = (
    rules.need,
    rules.status,
    rules.gender,
    rules.age,
    rules.children,
    rules.language,
    rules.documents,
    rules.cost,
    rules.access,
    rules.refused,
    rules.capacity,
    placing.distance,
    placing.area,
    placing.nearness,
    placing.avoided,
    rules.hours,
)
"""The rules by which a service may fall out, the quickest first: most are told in one or two."""

_OTHERS = tuple(rule for its in CONCERNS.values() for rule in its if rule not in SIEVE)


class NotAQuestion(ValueError):
    """The question itself is wrong: an unknown need, or an instant without its offset from UTC."""


class Score(NamedTuple):
    """What ranks a service, smallest first, compared part by part in this order.

    *doubts* counts what must be asked before it is sure; *wait* is 0 for open now, 1 within 12 hours,
    2 within 72 or not known, 3 later; *room* is 0 for free, 1 free as said long ago, 2 not known, 3 full as said
    long ago; *tongue* is 0 spoken, 1 interpreter, 2 by telephone, 3 not known; *faith* is 0 none or not minded,
    1 not known, 2 based on one; *meant* is 0 among people alike where one sleeps (`rules.meant`). So: fits tonight, then distance (metres), then how soon they answer
    (minutes); None comes last.
    """

    doubts: int
    wait: int
    room: int
    tongue: int
    faith: int
    meant: int
    metres: int | None
    answers_in: int | None


@dataclass(frozen=True, slots=True)
class Match:
    """A service that fits. Its withheld places are known to their cell only, also here."""

    service: Candidate
    score: Score
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class FallenOut:
    """A service that does not fit: the *deciding* fact, and what *also* stands against it.

    *would_fit_if* says what would change the deciding fact; the service then fits if *also* is empty.
    """

    service: Candidate
    deciding: Reason
    also: tuple[Reason, ...]

    @property
    def would_fit_if(self) -> Change:
        return self.deciding.would_fit_if or Change.NEVER


@dataclass(frozen=True)
class Matches:
    """Every service that was given, once: *fitting* best first, *fallen_out* by deciding fact.

    Why the *others* fell out is worked out when somebody looks.
    """

    fitting: tuple[Match, ...]
    others: tuple[Candidate, ...] = field(repr=False)
    question: Question = field(repr=False)

    @cached_property
    def fallen_out(self) -> tuple[FallenOut, ...]:
        told = (_explain(service, self.question) for service in self.others)
        return tuple(sorted(told, key=_last_things_first))


def match(
    services: Sequence[Candidate] | Shelf,
    *,
    need: str,
    at: datetime,
    where: Point | tuple[float, float] | Area | str | None = None,
    languages: Collection[str] = (),
    for_whom: Person = ANYONE,
    excluded: Collection[str] = (),
    needs_no_documents: bool = False,
    must_be_free: bool = False,
    needs_step_free: bool = False,
    needs_fetching: bool = False,
    prefers_no_faith: bool = False,
    within: float | None = None,
    keep_away: float = 0,
    avoids: Collection[Area | Circle] = (),
    open_by: datetime | None = None,
) -> Matches:
    """Sort *services* into those that fit and those that fell out, with reasons.

    *need* is one of `NEEDS`; *at* and *open_by* are aware instants: what opens only after *open_by* falls
    out. *where* is a point (degrees) or an area, best one with its outline (`shortlist.area_named`);
    *within* and *keep_away* are metres from there, the latter for a place where the person must not be
    seen. *avoids* are areas, or circles around places, where the person must not come, as those of an exploiter. *languages* are BCP 47
    codes, the best first. *excluded* holds ids of services and organizations that the person refuses.
    *prefers_no_faith* orders only. Service ids are unique among *services*.

    Raises: NotAQuestion.
    """
    if need not in NEEDS or at.tzinfo is None or (open_by is not None and open_by.tzinfo is None):
        raise NotAQuestion("a match needs a known need and aware instants")
    question = Question(
        need=need,
        at=at,
        where=_place(where),
        languages=tuple(languages),
        for_whom=for_whom,
        excluded=frozenset(excluded),
        needs_no_documents=needs_no_documents,
        must_be_free=must_be_free,
        needs_step_free=needs_step_free,
        needs_fetching=needs_fetching,
        prefers_no_faith=prefers_no_faith,
        within=within,
        keep_away=keep_away,
        avoids=tuple(avoids),
        open_by=open_by,
    )
    given = services.services if isinstance(services, Shelf) else services
    looked_at = services.within_reach(question) if isinstance(services, Shelf) else services
    judged = ((each, _judge(each, question)) for each in looked_at)
    fitting = [_praise(each, question, found) for each, found in judged if found is not None]
    fits = {each.service.service_id for each in fitting}
    others = tuple(each for each in given if each.service_id not in fits)
    return Matches(tuple(sorted(fitting, key=_rank)), others, question)


def _place(where: Point | tuple[float, float] | Area | str | None) -> Point | Area | None:
    if isinstance(where, tuple):
        return Point(*where)
    return Area(where) if isinstance(where, str) else where


def _judge(service: Candidate, question: Question) -> dict[Rule, Reason] | None:
    """Return what each rule says of a service that fits; None as soon as one says that it is out."""
    found: dict[Rule, Reason] = {}
    for rule in SIEVE:
        reason = rule(service, question)
        if reason is not None:
            if reason.standing is Standing.OUT:
                return None
            found[rule] = reason
    more = ((rule, rule(service, question)) for rule in _OTHERS)
    return found | {rule: reason for rule, reason in more if reason is not None}


def _explain(service: Candidate, question: Question) -> FallenOut:
    found = (rule(service, question) for its_rules in CONCERNS.values() for rule in its_rules)
    deciding, *also = (each for each in found if each and each.standing is Standing.OUT)
    return FallenOut(service, deciding, tuple(also))


def _praise(service: Candidate, question: Question, found: dict[Rule, Reason]) -> Match:
    reasons: list[Reason] = []
    ranks: dict[str, int] = {}
    for concern, its_rules in CONCERNS.items():
        said = [found[rule] for rule in its_rules if rule in found]
        ranks[concern] = sum(reason.rank for reason in said)
        reasons += said
    seen = placing.sightings(service, question)
    score = Score(
        doubts=ranks["doubts"],
        wait=ranks["wait"],
        room=ranks["room"],
        tongue=ranks["tongue"],
        faith=ranks["faith"],
        meant=rules.meant(service, question),
        metres=seen[0].metres if seen else None,
        answers_in=service.answers_in,
    )
    return Match(service, score, tuple(reasons))


def _rank(match: Match) -> tuple[object, ...]:
    """Order by score; the unknown last, and equals by id, so that no answer depends on chance."""
    known = tuple((part is None, part or 0) for part in match.score)
    return (*known, match.service.service_id)


_DECIDING = {because: place for place, because in enumerate(dict.fromkeys(Change))}


def _last_things_first(fallen: FallenOut) -> tuple[object, ...]:
    """Order by what would change it, in the order of `Change`: first what never will."""
    service = fallen.service
    return (
        _DECIDING[fallen.would_fit_if],
        fallen.deciding.because,
        service.name,
        service.service_id,
    )
