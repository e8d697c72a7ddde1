"""Say which services fit a person, best first, and why the others do not.

Pure: nothing is read, written, looked up or logged, and the same question always gets the same answer,
whatever order the services come in.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from referral import rules
from referral.candidate import ANYONE, NEEDS, Area, Candidate, Person, Question
from referral.geography import Point
from referral.reasons import Change, Reason, Standing
from referral.rules import Rule

CONCERNS: dict[str, tuple[Rule, ...]] = {
    "doubts": (
        rules.need,
        rules.nearness,
        rules.avoided,
        rules.refused,
        rules.status,
        rules.age,
        rules.gender,
        rules.children,
        rules.area,
        rules.documents,
        rules.cost,
        rules.access,
        rules.distance,
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


@dataclass(frozen=True, slots=True)
class Matches:
    """Every service that was given, once: *fitting* best first, *fallen_out* by deciding fact."""

    fitting: tuple[Match, ...]
    fallen_out: tuple[FallenOut, ...]


def match(
    services: Sequence[Candidate],
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
    avoids: Collection[Area] = (),
    open_by: datetime | None = None,
) -> Matches:
    """Sort *services* into those that fit and those that fell out, with reasons.

    *need* is one of `NEEDS`; *at* and *open_by* are aware instants: what opens only after *open_by* falls
    out. *where* is a point (degrees) or an area, best one with its outline (`shortlist.area_named`);
    *within* and *keep_away* are metres from there, the latter for a place where the person must not be
    seen. *avoids* are areas where the person must not come, as those of an exploiter. *languages* are BCP 47
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
    judged = [_judge(service, question) for service in services]
    fitting = [each for each in judged if isinstance(each, Match)]
    fallen = [each for each in judged if isinstance(each, FallenOut)]
    return Matches(tuple(sorted(fitting, key=_rank)), tuple(sorted(fallen, key=_last_things_first)))


def _place(where: Point | tuple[float, float] | Area | str | None) -> Point | Area | None:
    if isinstance(where, tuple):
        return Point(*where)
    return Area(where) if isinstance(where, str) else where


def _judge(service: Candidate, question: Question) -> Match | FallenOut:
    reasons: list[Reason] = []
    ranks = dict.fromkeys(CONCERNS, 0)
    for concern, its_rules in CONCERNS.items():
        found = [reason for rule in its_rules if (reason := rule(service, question))]
        ranks[concern] = sum(reason.rank for reason in found)
        reasons += found
    against = [reason for reason in reasons if reason.standing is Standing.OUT]
    if against:
        return FallenOut(service, against[0], tuple(against[1:]))
    seen = rules.sightings(service, question)
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
