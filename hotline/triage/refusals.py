"""Why leads were withheld, as everybody may know it (pure): few reasons, so that none tells of a single lead."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from hotline.leads.wording import Fact


class Reason(StrEnum):
    """What weighed most, the heaviest first."""

    DANGER = "danger"
    CHILD = "child"
    CONSENT = "consent"
    ACT = "act"
    FEW = "few"
    WORDS = "words"
    REVIEW = "review"
    NOBODY = "nobody"


FACTS: Mapping[Reason, frozenset[Fact]] = {
    Reason.DANGER: frozenset(
        {Fact.DURESS, Fact.EXCLUDED, Fact.STOPPED, Fact.COULD_KNOW, Fact.RESTRICTED}
    ),
    Reason.CHILD: frozenset({Fact.CHILD}),
    Reason.CONSENT: frozenset(
        {
            Fact.NO_CONSENT,
            Fact.NOT_IN_CONSENT,
            Fact.NOT_CONFIRMED,
            Fact.NEVER_LEAVES,
            Fact.UNREAD,
            Fact.TAKEN_BACK,
            Fact.ENDED,
            Fact.ASK_AGAIN,
        }
    ),
    Reason.ACT: frozenset({Fact.NO_ACT, Fact.IMMIGRATION_STATUS, Fact.OFFENCES}),
    Reason.FEW: frozenset({Fact.FEW, Fact.AREA_TOO_SMALL}),
    Reason.WORDS: frozenset(
        {
            Fact.HIDDEN_CHARACTER,
            Fact.PLACEHOLDER,
            Fact.LINK,
            Fact.NUMBER,
            Fact.PLATE,
            Fact.CLOCK_TIME,
            Fact.DAY,
            Fact.QUOTE,
            Fact.PRIVATE_LINK,
            Fact.HELPED_BY,
            Fact.STAFF,
            Fact.IN_IDENTITY,
            Fact.LOOKS_LIKE_NAME,
        }
    ),
    Reason.REVIEW: frozenset({Fact.NOT_REVIEWED, Fact.NOT_COMPARED, Fact.NO_REPORT}),
    Reason.NOBODY: frozenset({Fact.NOBODY_TO_TELL, Fact.MAY_NOT_BE_TOLD}),
}

UNFINISHED = frozenset(
    {
        Fact.MISSING,
        Fact.TOO_LONG,
        Fact.UNKNOWN_CODE,
        Fact.UNKNOWN_COUNTRY,
        Fact.AREA_ELSEWHERE,
        Fact.UNKNOWN_LANGUAGE,
        Fact.UNKNOWN_AGE,
        Fact.SHAPE,
        Fact.ALREADY_WAITS,
    }
)
"""What says that a form is not filled in whole, or waits already: no lead was withheld for it."""


def reason_of(facts: Iterable[Fact]) -> Reason | None:
    """Return what weighed most of *facts*; None where all of them say that the form is not finished."""
    found = frozenset(facts)
    return next((reason for reason in Reason if FACTS[reason] & found), None)
