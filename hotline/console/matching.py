"""Match services with wishes, as the report's own exclusions and what providers are like to answer decide."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from hotline.consent import Case, ExclusionKind
from hotline.console.wishes import WAITS, Wishes
from hotline.handoff import said_no_room
from hotline.store import Session
from referral.candidate import Area, Candidate, Circle
from referral.match import Match, Matches, match
from referral.places import circle_around, place_named
from referral.reasons import Because
from referral.shelf import Shelf
from referral.shortlist import shortlist

_KILOMETRE = 1000


@dataclass(frozen=True, slots=True)
class _Laid:
    """The services for one need as they were last laid out; the directory keeps its own list until it changes."""

    services: tuple[Candidate, ...]
    answers: Mapping[str, int]
    noes: Mapping[str, datetime]
    shelf: Shelf


_LAID: dict[str, _Laid] = {}


def matches(
    session: Session, wishes: Wishes, case: Case, answers: Mapping[str, int], *, at: datetime
) -> Matches:
    """Return what fits *wishes* and what does not; *answers* are the minutes in which services answered us.

    What was full when it last said so comes below all others.
    """
    wait, marks = WAITS[wishes.wait], wishes.marks
    found = match(
        _shelf(session, wishes.need, answers, said_no_room(session, at)),
        need=wishes.need,
        at=at,
        where=place_named(session, wishes.where) if wishes.where else None,
        languages=() if "our_interpreter" in marks else wishes.languages,
        for_whom=wishes.person,
        excluded=excluded(case),
        needs_no_documents="no_documents" in marks,
        must_be_free="free" in marks,
        needs_step_free="step_free" in marks,
        needs_fetching="fetch" in marks,
        prefers_no_faith="no_faith" in marks,
        within=wishes.within * _KILOMETRE or None,
        keep_away=wishes.keep_away * _KILOMETRE,
        avoids=tuple(_avoids(session, wishes)),
        open_by=None if wait is None else at + wait,
    )
    return replace(found, fitting=tuple(sorted(found.fitting, key=_is_full)))


def next_best(found: Matches, offered: Iterable[str]) -> Match | None:
    """Return the best service that was not offered yet."""
    known = frozenset(offered)
    return next((one for one in found.fitting if one.service.service_id not in known), None)


def _is_full(one: Match) -> bool:
    return any(reason.because in _FULL for reason in one.reasons)


_FULL = (Because.CAPACITY_FULL_LONG_AGO, Because.CAPACITY_SAID_NO)


def excluded(case: Case) -> frozenset[str]:
    kind = ExclusionKind.ORGANIZATION
    return frozenset(one.ref for one in case.excluded if one.kind == kind)


def languages_of(session: Session, need: str) -> list[str]:
    """Return the codes of the languages in which any service for *need* helps."""
    found: set[str] = set()
    for one in shortlist(session, need=need):
        found |= one.languages | one.interpreted | one.by_telephone
    return sorted(found - {"*"})


def _shelf(
    session: Session, need: str, answers: Mapping[str, int], noes: Mapping[str, datetime]
) -> Shelf:
    services = shortlist(session, need=need)
    laid = _LAID.get(need)
    is_laid = laid is not None and laid.services is services
    if laid is None or not is_laid or (laid.answers, laid.noes) != (answers, noes):
        told = (_answering(one, answers, noes.get(one.service_id)) for one in services)
        laid = _LAID[need] = _Laid(services, dict(answers), noes, Shelf(told))
    return laid.shelf


def _answering(
    service: Candidate, answers: Mapping[str, int], said_no: datetime | None
) -> Candidate:
    """Return *service* with what we measured in the place of what it says of itself, and when it *said no* to us."""
    measured = answers.get(service.service_id, service.answers_in)
    if (measured, said_no) == (service.answers_in, None):
        return service
    return replace(service, answers_in=measured, no_room=said_no)


def _avoids(session: Session, wishes: Wishes) -> Iterator[Area | Circle]:
    """Yield where the person must not come. Of a place that nobody can locate each service is asked."""
    for one in wishes.avoided:
        circle = circle_around(session, one.place, one.around * _KILOMETRE) if one.around else None
        place = place_named(session, one.place) if circle is None else None
        yield circle or (place if isinstance(place, Area) else Area(one.place))
