"""Exactly what leaves in a lead: each fact as coarse as it must be, and nothing that was not asked for.

A caseworker fills a `LeadDraft` with what they know; `disclose` returns the `Disclosure`, which is all that
investigators can ever see of it. Pure: the same draft gives the same disclosure, and whoever shows a preview
shows this.
"""

from collections.abc import Collection

from hotline.leads.drafts import (
    FIELDS,
    UNKNOWN,
    CouldKnow,
    Disclosure,
    LeadDraft,
    LeadRefused,
    Precision,
    fields_of,
)
from hotline.leads.ladders import band_of, region_of
from hotline.leads.objections import problems_in

__all__ = [
    "FIELDS",
    "CouldKnow",
    "Disclosure",
    "LeadDraft",
    "LeadRefused",
    "Precision",
    "coarse",
    "disclose",
    "fields_of",
    "people_band",
    "problems_in",
]

BANDS = ((1, "1"), (5, "2-5"), (10, "6-10"))
MANY = "11+"
_GROWN = 18


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


def coarse(draft: LeadDraft) -> Disclosure:
    """Return each fact of *draft* as coarse as it leaves, also while its words may not."""
    return Disclosure(
        country=draft.country,
        area=draft.area,
        month=f"{draft.seen:%Y-%m}",
        people=people_band(draft.people),
        minor="yes" if draft.minor or _is_childs(draft.age) else UNKNOWN,
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
        nationality=region_of(draft.nationality, coarser="nationality" in draft.coarser),
        age_band=""
        if draft.age is None
        else band_of(draft.age, coarser="age_band" in draft.coarser),
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


def _is_childs(age: int | None) -> bool:
    return age is not None and age < _GROWN


def people_band(people: int | None) -> str:
    """Return how many people, as coarse as it leaves: few know the exact number."""
    if not people or people < 1:
        return UNKNOWN
    return next((band for most, band in BANDS if people <= most), MANY)


def _tidy(words: str) -> str:
    """Return *words* with one kind of line end: forms send another than editors write."""
    return "\n".join(words.splitlines()).strip()


def _unique(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))


def _base(language: str) -> str:
    """Return the language alone: a region or a script would point to fewer people."""
    return language.replace("_", "-").split("-")[0].lower()
