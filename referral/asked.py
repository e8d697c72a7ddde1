"""Read the query of a directory request, or say in a fixed sentence what is wrong with it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from referral.directory import Collection, Detail
from referral.wanted import Wanted

PER_PAGE = 50
MOST_PER_PAGE = 100
ALL_STAMPS = 20_000
"""Minimal records of a page of no stated size: who asks for them wants them all in one call."""
LAST_PAGE = 1_000_000
FARTHEST = 20_100_000
"""Metres: half around the earth."""

LONGEST = 200
MOST_WORDS = 8
_KNOWN = frozenset(
    [
        "search",
        "taxonomy_term_id",
        "taxonomy_term",
        "taxonomy_id",
        "organization_id",
        "modified_after",
        "postcode",
        "proximity",
        "top_only",
        "parent_id",
        "page",
        "per_page",
        "minimal",
        "full",
        "full_service",
        "format",
    ]
)
_FLAGS = {"true": True, "false": False, "": False}
_SPACE_FOR_PLUS = re.compile(r" (?=\d\d:?\d\d$)")
_DECIMAL = re.compile(r"[0-9]{1,20}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?")
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f]")


class BadQuery(Exception):
    """A parameter that cannot be read. *parameter* is one of HSDS's names, never what was sent."""

    def __init__(self, parameter: str, sentence: str) -> None:
        super().__init__(sentence)
        self.parameter = parameter
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a page: what is wanted, which page of what size, in what detail and form."""

    wanted: Wanted
    page: int
    per_page: int
    detail: Detail
    minimal: bool
    ndjson: bool


def said_once(parameters: Iterable[tuple[str, list[str]]]) -> dict[str, str]:
    """Return the parameters of HSDS by name.

    Raises: BadQuery, where one is there twice: whichever was taken, the other might be meant.
    """
    known = {name: values for name, values in parameters if name in _KNOWN}
    for name, values in known.items():
        if len(values) > 1:
            raise BadQuery(name, "this is there more than once")
    return {name: values[0] for name, values in known.items()}


def read_query(query: Mapping[str, str], collection: Collection) -> Asked:
    """Return what *query* asks for; parameters that HSDS does not know are passed over.

    Raises: BadQuery.
    """
    minimal = _flag(query, "minimal") and collection is Collection.SERVICES
    usual = ALL_STAMPS if minimal else PER_PAGE
    return Asked(
        wanted=_wanted(query),
        page=_number(query, "page", 1, most=LAST_PAGE),
        per_page=_number(query, "per_page", usual, most=MOST_PER_PAGE),
        detail=read_detail(query, collection),
        minimal=minimal,
        ndjson=_form(query) == "ndjson",
    )


def read_detail(query: Mapping[str, str], collection: Collection) -> Detail:
    """Return how much is asked for of each record. Raises: BadQuery."""
    if _flag(query, "full_service") and collection is Collection.ORGANIZATIONS:
        return Detail.FULL_SERVICE
    return Detail.FULL if _flag(query, "full") else Detail.BRIEF


def _wanted(query: Mapping[str, str]) -> Wanted:
    wanted = Wanted(
        search=_text(query, "search"),
        taxonomy_term=_text(query, "taxonomy_term_id") or _text(query, "taxonomy_term"),
        taxonomy_id=_text(query, "taxonomy_id").lower(),
        organization_id=_text(query, "organization_id").lower(),
        modified_after=_instant(query, "modified_after"),
        postcode=_text(query, "postcode"),
        proximity=_metres(query, "proximity"),
        top_only=_flag(query, "top_only"),
        parent_id=_text(query, "parent_id").lower(),
    )
    if len(wanted.search.split()) > MOST_WORDS:
        raise BadQuery("search", f"search takes at most {MOST_WORDS} words")
    return wanted


def _text(query: Mapping[str, str], name: str) -> str:
    text = query.get(name, "")
    if len(text) > LONGEST or _UNREADABLE.search(text):
        raise BadQuery(
            name, f"this is longer than {LONGEST} characters, or holds control characters"
        )
    return text.strip()


def _number(query: Mapping[str, str], name: str, default: int, *, most: int) -> int:
    text = query.get(name, "").strip()
    if not text:
        return default
    if not re.fullmatch(r"0*[1-9][0-9]{0,8}", text) or int(text) > most:
        raise BadQuery(name, f"this is a whole number from 1 to {most}")
    return int(text)


def _metres(query: Mapping[str, str], name: str) -> float | None:
    text = query.get(name, "").strip()
    if not text:
        return None
    if not _DECIMAL.fullmatch(text) or not 0 <= float(text) <= FARTHEST:
        raise BadQuery(name, f"this is a distance in metres, from 0 to {FARTHEST}")
    return float(text)


def _flag(query: Mapping[str, str], name: str) -> bool:
    text = query.get(name, "").strip().lower()
    if text not in _FLAGS:
        raise BadQuery(name, "this is true or false")
    return _FLAGS[text]


def _instant(query: Mapping[str, str], name: str) -> datetime | None:
    # An offset's plus sign arrives as a space where a client did not escape it.
    text = _SPACE_FOR_PLUS.sub("+", query.get(name, "").strip())
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadQuery(name, "this is a date or an instant in ISO 8601") from None


def _form(query: Mapping[str, str]) -> str:
    form = query.get("format", "").strip().lower() or "json"
    if form not in ("json", "ndjson"):
        raise BadQuery("format", "this is json or ndjson")
    return form
