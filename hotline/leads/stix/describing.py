"""A lead's codes and facts, for tools: as properties of the extension, as labels, and in words."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from babel import Locale

from hotline.domain.report import reference
from hotline.leads.codes import CODES, CodeList
from hotline.leads.disclose import Disclosure
from hotline.leads.ladders import GENDERS
from hotline.leads.stix.places import place_name
from hotline.leads.stix.terms import ROOM

HANDLING: dict[str, str] = json.loads((ROOM / "handling.json").read_text(encoding="utf-8"))
FACTS: dict[str, str] = json.loads((ROOM / "lead_facts.json").read_text(encoding="utf-8"))
"""What a lead tells and how it is handled, in English: the words are a part of the format, as the codes are."""

_UNKNOWN = "unknown"
_ENGLISH = Locale("en")
_JUDGED = ('admiralty-scale:source-reliability="f"', 'admiralty-scale:information-credibility="6"')


def name_of(told: Disclosure, lead_id: str) -> str:
    return told.headline or f"Lead {reference(lead_id)}"


def labels_of(told: Disclosure) -> list[str]:
    """Return labels for tools that do not read the extension: every code, and that nobody judged source or content."""
    kinds = [f"htcds:{code}" for code in (*told.exploitation, *told.control, told.sector) if code]
    indicators = [f"ilo:{code.removeprefix('ilo-')}" for code in told.indicators]
    return ["human-trafficking", *kinds, *indicators, *_JUDGED]


def extension_of(told: Disclosure, lead_id: str) -> dict[str, Any]:
    """Return the lead's own properties, as `lead_extension.json` defines them."""
    properties = {
        "lead_ref": reference(lead_id),
        "seen_month": told.month,
        "seen": told.seen,
        "victim_count_band": told.people,
        "minor_involved": told.minor,
        "exploitation_types": list(told.exploitation),
        "means_of_control": list(told.control),
        "industry": told.sector,
        "ilo_indicators": list(told.indicators),
        "town": told.town,
        "venue": told.venue,
        "person_language": told.person_language,
        "nationality_region": told.nationality,
        "age_band": told.age_band,
        "gender": told.gender,
        "vehicle_plates": list(told.plates),
        "phone_numbers": list(told.numbers),
        "handles": list(told.handles),
        "reports_merged": told.reports,
    }
    return {name: value for name, value in properties.items() if value}


def description_of(told: Disclosure, lead_id: str) -> str:
    """Return all that a lead tells beside its summary, in English, with how many told it and how it is handled."""
    facts = dict(_facts(told))
    lines = [f"{label}: {facts[name]}" for name, label in FACTS.items() if facts.get(name)]
    return "\n".join([*lines, sources_of(told), handling_of(lead_id)])


def sources_of(told: Disclosure) -> str:
    """Return on how many reports a lead rests, and that nobody judged them."""
    count = HANDLING["one_report"] if told.reports == 1 else HANDLING["reports"]
    return " ".join([count.format(reports=told.reports), HANDLING["judged"]])


def handling_of(lead_id: str) -> str:
    """Return how a lead is handled, and whom to ask about it, a sentence on a line."""
    asking = HANDLING["asking"].format(lead_ref=reference(lead_id))
    rules = ("unverified", "immigration", "identifying")
    return "\n".join([*(HANDLING[rule] for rule in rules), asking])


def _facts(told: Disclosure) -> Iterator[tuple[str, str]]:
    """Yield what is told by the names that `lead_facts.json` has words for."""
    yield "exploitation", _in_words(CodeList.EXPLOITATION, told.exploitation)
    yield "indicators", _in_words(CodeList.INDICATOR, told.indicators)
    yield "control", _in_words(CodeList.CONTROL, told.control)
    yield "sector", _in_words(CodeList.SECTOR, (told.sector,))
    yield "place", place_name(told.country, told.area, told.town, told.venue)
    yield "seen", told.seen or told.month
    yield "people", "" if told.people == _UNKNOWN else told.people
    yield "minor", "" if told.minor == _UNKNOWN else told.minor
    language = told.person_language
    yield "person_language", _ENGLISH.languages.get(language, language)
    yield "nationality", _ENGLISH.territories.get(told.nationality, told.nationality)
    yield "age_band", told.age_band
    yield "gender", GENDERS.get(told.gender, told.gender)
    for name in ("plates", "numbers", "handles", "links"):
        yield name, ", ".join(getattr(told, name))


def _in_words(name: CodeList, codes: Iterable[str]) -> str:
    known = CODES[name]
    words = (f"{known[code].label} ({code})" if code in known else code for code in codes if code)
    return "; ".join(words)
