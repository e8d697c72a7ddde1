"""Everything that speaks against a draft by itself: its codes, its places, its pages and its words. Pure."""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError

from hotline.anonymize.detectors import spoken_number
from hotline.anonymize.reading import read
from hotline.consent import never
from hotline.leads.codes import CODES, COUNTRIES, CodeList
from hotline.leads.drafts import LeadDraft
from hotline.leads.gating import scene_problems
from hotline.leads.ladders import GENDERS, band_of
from hotline.leads.said_numbers import numbers_in
from hotline.leads.wording import LONGEST, Fact, Problem, problems_of, quotes

_HEADLINE, _FIELD = 120, 120
_IN_NO_FIELD = {Fact.HIDDEN_CHARACTER, Fact.PLACEHOLDER}
_GROUP = re.compile(r"[oо]*\d[\doо]*", re.IGNORECASE)
_OF_A_PHONE = 7
_SHAPES = {
    "plates": re.compile(r"(?=.*\d).{1,12}"),
    "numbers": re.compile(r"(?=.*\d)[\d+() -]+"),
    "handles": re.compile(r"[^\s,;()\[\]]+"),
}


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
        *_person_problems(draft),
        *_field_problems(draft, account),
        *scene_problems(draft),
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


def _person_problems(draft: LeadDraft) -> list[Problem]:
    problems = []
    if draft.nationality and draft.nationality not in COUNTRIES:
        problems.append(Problem("nationality", Fact.UNKNOWN_COUNTRY))
    if draft.age is not None and not band_of(draft.age):
        problems.append(Problem("age_band", Fact.UNKNOWN_AGE))
    if draft.gender and draft.gender not in GENDERS:
        problems.append(Problem("gender", Fact.UNKNOWN_CODE))
    return problems


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
        found += _spoken(text, name)
    if len(draft.headline) > _HEADLINE:
        found.append(Problem("headline", Fact.TOO_LONG, _HEADLINE, len(draft.headline)))
    return found


def _spoken(text: str, name: str) -> Iterator[Problem]:
    """Yield numbers that are said digit by digit, or whose figures something stands between."""
    if len(text) > LONGEST:
        return
    reading = read(text)
    for span in dict.fromkeys(spoken_number.find(reading)):
        yield Problem(name, Fact.NUMBER, span.start, span.end)
    for one in numbers_in(text, reading.languages):
        groups = _GROUP.findall(text[one.start : one.end])
        # Sums and years stand side by side as well, but they are round, or no three figures.
        is_odd = any(len(group) == 3 and not group.endswith("00") for group in groups)
        if len(one.digits) >= _OF_A_PHONE and len(groups) > 2 and is_odd:
            yield Problem(name, Fact.NUMBER, one.start, one.end)


def _never_problems(
    draft: LeadDraft, staff: Collection[str], organizations: Collection[str]
) -> list[Problem]:
    """Return what of the words, and of the pages linked to, never leaves at all; words that are too long already wait."""
    texts = {name: text for name, _, text in _texts(draft) if len(text) <= LONGEST}
    in_words = set(texts)
    texts |= {f"{name} {number}": text for number, (name, text) in enumerate(_fields(draft))}
    texts |= {f"links {number}": link for number, link in enumerate(draft.links)}
    return [
        Problem(one.field, Fact(one.kind), one.start, one.end)
        if one.field in in_words
        else Problem(one.field.partition(" ")[0], Fact(one.kind))
        for one in never.found(texts, staff=staff, organizations=organizations)
    ]


def _fields(draft: LeadDraft) -> list[tuple[str, str]]:
    """Return what is typed in fields for one thing each: field, text."""
    several = {"plates": draft.plates, "numbers": draft.numbers, "handles": draft.handles}
    fields = [(name, text) for name, texts in several.items() for text in texts]
    return [(name, text) for name, text in (("town", draft.town), ("venue", draft.venue)) if text] + fields  # fmt: skip


def _field_problems(draft: LeadDraft, account: str) -> list[Problem]:
    """Return what no name, plate or number may hold: placeholders, what nobody sees, or whole sentences, ours or theirs."""
    found: dict[Problem, None] = {}
    for name, text in _fields(draft):
        if len(text) > _FIELD:
            found[Problem(name, Fact.TOO_LONG, _FIELD, len(text))] = None
            continue
        facts = {one.fact for one in problems_of(text, name)} & _IN_NO_FIELD
        facts |= {one.fact for one in quotes(text, account, name)}
        if name in _SHAPES and not _SHAPES[name].fullmatch(text.strip()):
            facts.add(Fact.SHAPE)
        found |= {Problem(name, fact): None for fact in facts}
    return list(found)


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
