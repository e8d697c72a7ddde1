"""Exactly what leaves in a lead: each fact as coarse as it must be, and nothing that was not asked for.

A caseworker fills a `LeadDraft` with what they know; `disclose` returns the `Disclosure`, which is all that
investigators can ever see of it. Pure: the same draft gives the same disclosure, and whoever shows a preview
shows this.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError

from hotline.consent import never
from hotline.errors import Refused
from hotline.leads.codes import CODES, COUNTRIES, CodeList, Tlp
from hotline.leads.wording import LONGEST, Fact, Problem, problems_of, quotes

BANDS = ((1, "1"), (5, "2-5"), (10, "6-10"))
MANY = "11+"
UNKNOWN = "unknown"
_EMPTY: tuple[object, ...] = ("", (), [], UNKNOWN)
_HEADLINE = 120


class LeadRefused(Refused):
    """A lead may not leave; *problems* are the deciding facts."""

    default_message = "this lead may not leave"

    def __init__(self, *problems: Problem) -> None:
        super().__init__()
        self.problems = problems

    @property
    def facts(self) -> frozenset[Fact]:
        return frozenset(problem.fact for problem in self.problems)


class Precision(StrEnum):
    """How finely the time of an act leaves."""

    MONTH = "month"
    WEEK = "week"
    DAY = "day"


class CouldKnow(StrEnum):
    """How many people besides the alleged could know what a lead tells. From five on nobody is guessed."""

    ONE = "1"
    FEW = "2-4"
    MANY = "5+"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LeadDraft:
    """What a caseworker proposes to let out.

    *country* is ISO 3166-1 alpha-2, *area* ISO 3166-2 or empty; *town* and *venue* are names. *seen* is a day, of which
    only as much leaves as *precision* says. *people* is how many were harmed, as far as known. *summary* and
    *headline* are the caseworker's own words in *language* (BCP 47); *translations* are the summary in other languages.

    Of the person: *person_language*, *nationality* (ISO 3166-1 alpha-2), *age* in years and *gender* stay empty unless
    the caseworker chose to tell them. Of the alleged: *links* are public pages such as an advertisement, *plates*,
    *numbers* and *handles* are theirs. *could_know* is how many people besides the alleged could know this; *warned*
    that the person was told "he may guess it was you" and still agreed. *tlp* is how far readers may pass it on, and
    *reports* how many reports it rests on.
    """

    country: str
    seen: date
    summary: str
    language: str = "en"
    headline: str = ""
    translations: Mapping[str, str] = field(default_factory=dict)
    area: str = ""
    people: int | None = None
    minor: bool = False
    exploitation: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    control: tuple[str, ...] = ()
    sector: str = ""
    person_language: str | None = None
    links: tuple[str, ...] = ()
    town: str = ""
    venue: str = ""
    precision: Precision = Precision.MONTH
    nationality: str = ""
    age: int | None = None
    gender: str = ""
    plates: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    could_know: CouldKnow = CouldKnow.UNKNOWN
    warned: bool = False
    tlp: Tlp = Tlp.STRICT
    reports: int = 1


@dataclass(frozen=True, slots=True)
class Disclosure:
    """All that leaves. *month* is ``2026-11``, *seen* a week or a day of it (ISO 8601) or empty; *people* one of 1, 2-5,
    6-10, 11+, unknown; *minor* yes or unknown; *nationality* a region (UN M49); *age_band* years such as ``18-29``.

    A lead never says that no child is involved: nobody can know that from one report.
    """

    country: str
    area: str
    month: str
    people: str
    minor: str
    exploitation: tuple[str, ...]
    indicators: tuple[str, ...]
    control: tuple[str, ...]
    sector: str
    person_language: str
    links: tuple[str, ...]
    headline: str
    summary: str
    language: str
    translations: Mapping[str, str]
    town: str = ""
    venue: str = ""
    seen: str = ""
    nationality: str = ""
    age_band: str = ""
    gender: str = ""
    plates: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    reports: int = 1

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the facts that it tells, as a consent lists them; the words count as ``summary``."""
        return fields_of(asdict(self))

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "translations": dict(self.translations)}


def fields_of(told: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the facts that *told*, a `Disclosure` as it is kept, tells."""
    telling = {FIELDS_OF.get(name, name) for name, fact in told.items() if fact not in _EMPTY}
    return tuple(name for name in FIELDS if name in telling)


FIELDS = (
    "country",
    "area",
    "month",
    "people",
    "minor",
    "exploitation",
    "indicators",
    "control",
    "sector",
    "person_language",
    "links",
    "summary",
    "town",
    "venue",
    "day",
    "selectors",
    "nationality",
    "age_band",
    "gender",
)
"""The facts of a lead, as a consent lists them."""

FIELDS_OF = {"seen": "day", "plates": "selectors", "numbers": "selectors", "handles": "selectors"}
"""Under which name a consent lists a fact, where that is another than its own."""


def disclose(
    draft: LeadDraft,
    *,
    account: str = "",
    staff: Collection[str] = (),
    organizations: Collection[str] = (),
) -> Disclosure:
    """Return what leaves of *draft*.

    With *account*, the redacted text of the report, a summary that quotes it is refused too; so is one that names
    *staff*, or the *organizations* that help the person.

    Raises:
        LeadRefused: something of it may not leave; its `problems` say what and where.
    """
    problems = problems_in(draft, account=account, staff=staff, organizations=organizations)
    if problems:
        raise LeadRefused(*problems)
    return coarse(draft)


def fields_in(draft: LeadDraft) -> tuple[str, ...]:
    """Return the names of the facts that *draft* would tell, also while its words may not leave."""
    return coarse(draft).fields


def coarse(draft: LeadDraft) -> Disclosure:
    """Return each fact of *draft* as coarse as it leaves, also while its words may not."""
    return Disclosure(
        country=draft.country,
        area=draft.area,
        month=f"{draft.seen:%Y-%m}",
        people=people_band(draft.people),
        minor="yes" if draft.minor else UNKNOWN,
        exploitation=_unique(draft.exploitation),
        indicators=_unique(draft.indicators),
        control=_unique(draft.control),
        sector=draft.sector,
        person_language=_base(draft.person_language or ""),
        links=_unique(draft.links),
        headline=_tidy(draft.headline),
        summary=_tidy(draft.summary),
        language=draft.language,
        translations={name: _tidy(text) for name, text in sorted(draft.translations.items())},
        town=_tidy(draft.town),
        venue=_tidy(draft.venue),
        seen=_seen(draft),
        gender=draft.gender,
        plates=_unique(draft.plates),
        numbers=_unique(draft.numbers),
        handles=_unique(draft.handles),
        reports=draft.reports,
    )


def _seen(draft: LeadDraft) -> str:
    if draft.precision is Precision.DAY:
        return draft.seen.isoformat()
    year, week, _ = draft.seen.isocalendar()
    return f"{year}-W{week:02d}" if draft.precision is Precision.WEEK else ""


def people_band(people: int | None) -> str:
    """Return how many people, as coarse as it leaves: few know the exact number."""
    if not people or people < 1:
        return UNKNOWN
    return next((band for most, band in BANDS if people <= most), MANY)


def problems_in(
    draft: LeadDraft,
    *,
    account: str = "",
    staff: Collection[str] = (),
    organizations: Collection[str] = (),
) -> tuple[Problem, ...]:
    """Return everything that speaks against *draft*, so that a caseworker sees it all at once."""
    return (
        *_place_problems(draft),
        *_code_problems(draft),
        *_language_problems(draft),
        *_link_problems(draft),
        *_word_problems(draft, account),
        *_never_problems(draft, staff, organizations),
    )


def _place_problems(draft: LeadDraft) -> list[Problem]:
    if draft.country not in COUNTRIES:
        return [Problem("country", Fact.UNKNOWN_COUNTRY)]
    if not draft.area:
        return []
    country, _, area = draft.area.partition("-")
    if country != draft.country or not (1 <= len(area) <= 3 and area.isascii() and area.isalnum()):
        return [Problem("area", Fact.AREA_ELSEWHERE)]
    return [] if COUNTRIES[country] else [Problem("area", Fact.AREA_TOO_SMALL)]


def _code_problems(draft: LeadDraft) -> list[Problem]:
    if not draft.exploitation:
        return [Problem("exploitation", Fact.MISSING)]
    sector = (draft.sector,) if draft.sector else ()
    return [
        Problem(name, Fact.UNKNOWN_CODE)
        for name, codes in (
            (CodeList.EXPLOITATION, draft.exploitation),
            (CodeList.INDICATOR, draft.indicators),
            (CodeList.CONTROL, draft.control),
            (CodeList.SECTOR, sector),
        )
        if any(code not in CODES[name] for code in codes)
    ]


def _language_problems(draft: LeadDraft) -> list[Problem]:
    chosen = {"language": [draft.language], "translations": list(draft.translations)}
    if draft.person_language:
        chosen["person_language"] = [draft.person_language]
    return [
        Problem(name, Fact.UNKNOWN_LANGUAGE)
        for name, languages in chosen.items()
        if any(_locale(language) is None for language in languages)
    ]


def _link_problems(draft: LeadDraft) -> list[Problem]:
    return [Problem("links", Fact.PRIVATE_LINK) for link in draft.links if not _is_public(link)]


def _is_public(link: str) -> bool:
    """Tell whether *link* is a plain public address.

    A query or a fragment may say who opened or shared the page, so an address with one does not leave.
    """
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    is_name = "." in host and not host.rsplit(".", 1)[-1].isdigit() and not host.endswith(".local")
    plain = (
        link.isascii()
        and link.isprintable()
        and " " not in link
        and "?" not in link
        and "#" not in link
    )
    return (
        parts.scheme in ("http", "https")
        and is_name
        and plain
        and "@" not in parts.netloc
        and port is None
    )


def _texts(draft: LeadDraft) -> list[tuple[str, str, str]]:
    """Return the words of *draft*: field, language, text."""
    texts = [("summary", draft.language, draft.summary)]
    texts += [(f"translations.{name}", name, text) for name, text in draft.translations.items()]
    if draft.headline:
        texts.append(("headline", draft.language, draft.headline))
    return texts


def _word_problems(draft: LeadDraft, account: str) -> list[Problem]:
    found: list[Problem] = []
    for name, language, text in _texts(draft):
        found += problems_of(text, name, months=_months(language))
        found += quotes(text, account, name)
    if len(draft.headline) > _HEADLINE:
        found.append(Problem("headline", Fact.TOO_LONG, _HEADLINE, len(draft.headline)))
    return found


def _never_problems(
    draft: LeadDraft, staff: Collection[str], organizations: Collection[str]
) -> list[Problem]:
    """Return what of the words, and of the pages linked to, never leaves at all; words that are too long already wait."""
    texts = {name: text for name, _, text in _texts(draft) if len(text) <= LONGEST}
    texts |= {f"links {number}": link for number, link in enumerate(draft.links)}
    return [
        Problem(one.field, Fact(one.kind), one.start, one.end)
        if " " not in one.field
        else Problem("links", Fact(one.kind))
        for one in never.found(texts, staff=staff, organizations=organizations)
    ]


def _tidy(words: str) -> str:
    """Return *words* with one kind of line end: forms send another than editors write."""
    return "\n".join(words.splitlines()).strip()


def _unique(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))


def _base(language: str) -> str:
    """Return the language alone: a region or a script would point to fewer people."""
    return language.replace("_", "-").split("-")[0].lower()


@lru_cache(maxsize=256)
def _locale(name: str) -> Locale | None:
    try:
        return Locale.parse(name, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        return None


@lru_cache(maxsize=256)
def _months(name: str) -> tuple[str, ...]:
    """Return the names of the months in that language, as CLDR writes them beside a day."""
    locale = _locale(name)
    if locale is None:
        return ()
    names = {
        name for use in ("format", "stand-alone") for name in locale.months[use]["wide"].values()
    }
    return tuple(sorted(names - {""}, key=len, reverse=True))
