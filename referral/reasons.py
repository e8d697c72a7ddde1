"""Why a service fits or does not, as codes and facts: a console puts them into words and languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Fact = str | int | float | bool | datetime | None


class Because(StrEnum):
    """What a reason says. Each has the facts named beside it."""

    NEED_OFFERED = "need.offered"  # need
    NEED_NOT_OFFERED = "need.not_offered"  # need
    STATUS_ENDED = "status.ended"  # status
    STATUS_PAUSED = "status.paused"  # status
    PERSON_REFUSED = "person.refused"
    TOO_NEAR = "safety.too_near"  # metres, keep_away
    NEARNESS_NOT_KNOWN = "safety.nearness_not_known"  # keep_away
    IN_AVOIDED_AREA = "safety.in_avoided_area"  # area
    AVOIDED_AREA_NOT_KNOWN = "safety.avoided_area_not_known"  # area
    AGE_TAKEN = "age.taken"  # minimum_age, maximum_age
    AGE_TOO_YOUNG = "age.too_young"  # minimum_age
    AGE_TOO_OLD = "age.too_old"  # maximum_age
    AGE_NOT_KNOWN = "age.not_known"  # minimum_age, maximum_age
    GENDER_TAKEN = "gender.taken"  # gender
    GENDER_NOT_TAKEN = "gender.not_taken"  # serves
    GENDER_NOT_KNOWN = "gender.not_known"  # serves
    CHILDREN_TAKEN = "children.taken"
    CHILDREN_NOT_TAKEN = "children.not_taken"
    CHILDREN_NOT_KNOWN = "children.not_known"
    AREA_SERVED = "area.served"  # area
    AREA_NOT_SERVED = "area.not_served"  # areas
    AREA_NOT_KNOWN = "area.not_known"
    DISTANCE = "distance.metres"  # metres, approximate
    DISTANCE_REMOTE = "distance.remote"
    DISTANCE_NOT_KNOWN = "distance.not_known"
    TOO_FAR = "distance.too_far"  # metres, within, approximate
    FETCHES = "fetch.can"
    DOES_NOT_FETCH = "fetch.does_not"
    LANGUAGE_SPOKEN = "language.spoken"  # language
    LANGUAGE_INTERPRETED = "language.interpreted"  # language
    LANGUAGE_BY_TELEPHONE = "language.by_telephone"  # language
    LANGUAGE_NOT_KNOWN = "language.not_known"
    LANGUAGE_NOT_SPOKEN = "language.not_spoken"  # languages
    DOCUMENTS_NONE = "documents.none"
    DOCUMENTS_ASKED = "documents.asked"  # documents
    DOCUMENTS_NOT_KNOWN = "documents.not_known"
    COST_FREE = "cost.free"
    COST_ASKED = "cost.asked"  # amount, currency
    COST_NOT_KNOWN = "cost.not_known"
    STEP_FREE = "access.step_free"
    NOT_STEP_FREE = "access.not_step_free"
    ACCESS_NOT_KNOWN = "access.not_known"
    FAITH_NONE = "faith.none"
    FAITH_BASED = "faith.based"
    FAITH_NOT_KNOWN = "faith.not_known"
    CAPACITY_FREE = "capacity.free"  # available, unit, said
    CAPACITY_FREE_LONG_AGO = "capacity.free_long_ago"  # available, unit, said
    CAPACITY_FULL = "capacity.full"  # said
    CAPACITY_FULL_LONG_AGO = "capacity.full_long_ago"  # said
    CAPACITY_SAID_NO = "capacity.said_no"  # said
    CAPACITY_NOT_KNOWN = "capacity.not_known"
    OPEN_NOW = "open.now"  # until (None: never closes)
    OPEN_LATER = "open.later"  # opens
    OPEN_TOO_LATE = "open.too_late"  # opens
    OPEN_NO_MORE = "open.no_more"
    OPEN_NOT_KNOWN = "open.not_known"
    ADDRESS_WITHHELD = "address.withheld"


class Change(StrEnum):
    """What would have to change for a service that fell out to fit."""

    NEVER = "never"
    REOPENS = "reopens"
    PERSON_CHANGES_IT = "person_changes_it"
    EXCEPTION = "they_make_an_exception"
    SECOND_PLACE = "second_place_for_the_children"
    PERSON_IN_AREA = "person_comes_to_the_area"
    TRAVEL = "person_can_travel"
    INTERPRETER = "interpreter_comes"
    DOCUMENTS = "documents_are_found"
    PAID = "someone_pays"
    OTHER_SITE = "step_free_site"
    PLACE_FREE = "place_becomes_free"
    CAN_WAIT = "person_can_wait"


class Standing(StrEnum):
    """How a reason stands: for the service, still to be asked, against it, or out of the question."""

    YES = "yes"
    WAIT = "wait"
    NO = "no"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact about a service, seen against what is asked.

    *rank* is 0 at best and orders services within one concern. *would_fit_if* is given for reasons that
    stand `OUT`, and for no others. Facts are numbers in metres, years and minutes, instants in UTC, or
    the directory's own words.
    """

    because: Because
    standing: Standing
    facts: Mapping[str, Fact] = field(default_factory=dict, hash=False)
    rank: int = 0
    would_fit_if: Change | None = None


def yes(because: Because, rank: int = 0, /, **facts: Fact) -> Reason:
    return Reason(because, Standing.YES, facts, rank)


def wait(because: Because, rank: int = 1, /, **facts: Fact) -> Reason:
    return Reason(because, Standing.WAIT, facts, rank)


def against(because: Because, rank: int = 1, /, **facts: Fact) -> Reason:
    return Reason(because, Standing.NO, facts, rank)


def out(because: Because, change: Change, /, **facts: Fact) -> Reason:
    return Reason(because, Standing.OUT, facts, 0, change)
