"""Read what a directory says by taxonomy terms, because HSDS has no field for it: `shortlist` lists their codes."""

import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from referral.answering import code_of
from referral.candidate import ANY_LANGUAGE
from referral.languages import main_language
from referral.withheld import Document

_NO = "no"
_STEP_FREE = re.compile(
    r"(fully )?(step[- ]free|wheelchair[- ]accessible|level access)( entrance| access| building)?( and toilets?)?\.?",
    re.IGNORECASE,
)


def of(entities: Iterable[Document]) -> dict[str, str]:
    """Return the values of the terms given to any of *entities*, by code."""
    return {
        code_of(each["taxonomy_term"].get("code")): each.get("value", "")
        for entity in entities
        for each in entity.get("attributes", [])
    }


def serves(marks: dict[str, str]) -> frozenset[str]:
    genders = {"for-women": "woman", "for-men": "man"}
    return frozenset(gender for code, gender in genders.items() if code in marks)


def denied(marks: dict[str, str], code: str) -> bool | None:
    return False if code in marks else None


def claim(marks: dict[str, str], code: str) -> bool | None:
    return marks[code].strip().lower() != _NO if code in marks else None


def step_free(marks: dict[str, str], locations: list[Document]) -> bool | None:
    """Believe the term; without it, the usual words for it, if they stand alone for every house."""
    if "step-free" in marks or not locations:
        return claim(marks, "step-free")
    said = [
        [w.get("description", "") for w in house.get("accessibility", [])] for house in locations
    ]
    return True if all(any(map(_STEP_FREE.fullmatch, words)) for words in said) else None


def faith(marks: dict[str, str]) -> bool | None:
    return claim(marks, "faith-based") if "faith-based" in marks else denied(marks, "faith-neutral")


def zone(marks: dict[str, str]) -> ZoneInfo | None:
    """Return the zone that is named, None where there is none of that name."""
    try:
        return ZoneInfo(marks["time-zone"].strip())
    except (KeyError, ValueError, OSError):
        return None


def minutes(marks: dict[str, str]) -> int | None:
    value = marks.get("answers-within", "").strip()
    return int(value) if re.fullmatch(r"[0-9]{1,6}", value) else None


def codes(marks: dict[str, str], code: str) -> frozenset[str]:
    if code not in marks:
        return frozenset()
    listed = re.findall(r"[\w-]+", marks[code])
    return languages(listed) if listed else frozenset({ANY_LANGUAGE})


def languages(codes: Iterable[str]) -> frozenset[str]:
    return frozenset(main_language(code) for code in codes)
