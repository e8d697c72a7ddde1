"""The languages of a lead's words: STIX tags texts by RFC 5646, but common tools refuse most languages that there are."""

import uuid
from collections.abc import Iterable

from babel import Locale, UnknownLocaleError

from hotline.leads.disclose import Disclosure
from hotline.leads.stix.terms import ROOM, LeadIds, StixObject

_KNOWN = frozenset((ROOM / "tool_languages.txt").read_text(encoding="utf-8").split())
TRANSLATION = "translation"
"""The label of a note that holds a translation of the summary."""


def tag_of(language: str) -> str:
    """Return the tag of a language that tools take, without script and region; empty where they take none."""
    base = language.replace("_", "-").split("-")[0].lower()
    return base if base in _KNOWN else ""


def in_language(note: StixObject, language: str) -> StixObject:
    """Return *note* with the tag of its language, if tools take that."""
    tag = tag_of(language)
    return {**note, "lang": tag} if tag else note


def translations(
    told: Disclosure, ids: LeadIds, its: StixObject, note: StixObject
) -> list[StixObject]:
    """Return the summary's translations: as language-content of *note* where tools take it, else as notes of their own."""
    tagged: dict[str, str] = {}
    for name in told.translations:
        tagged.setdefault(tag_of(name), name)
    tagged.pop("", None)
    content = {
        **its,
        "type": "language-content",
        "id": f"language-content--{ids.translations}",
        "object_ref": note["id"],
        "object_modified": note["modified"],
        "contents": {tag: {"content": told.translations[name]} for tag, name in tagged.items()},
    }
    rest = (name for name in told.translations if name not in tagged.values())
    return [*([content] if tagged else []), *_notes(told, rest, ids, its, note)]


def _notes(
    told: Disclosure, languages: Iterable[str], ids: LeadIds, its: StixObject, note: StixObject
) -> Iterable[StixObject]:
    for name in languages:
        made = uuid.uuid5(uuid.UUID(ids.translations), name)
        yield {
            **its,
            "type": "note",
            "id": f"note--{uuid.UUID(bytes=made.bytes, version=4)}",
            "abstract": english_name(name),
            "content": told.translations[name],
            "labels": [TRANSLATION],
            "object_refs": note["object_refs"],
        }


def english_name(language: str) -> str:
    """Return what a language is called in English."""
    try:
        return str(Locale.parse(language, sep="-").get_display_name("en"))
    except (UnknownLocaleError, ValueError):
        return language
