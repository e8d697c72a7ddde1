"""All checks together: every sentence by every rule that fits it, then what lies beside the sentences."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path

from hotline.i18n import SOURCE, Languages
from hotline.operate.strings import (
    allowed,
    copied,
    glossaries,
    readers,
    rules,
    second_opinion,
    texts,
)
from hotline.operate.strings.entries import Entry, Fault
from hotline.operate.strings.gathering import TEMPLATES
from hotline.operate.strings.shelf import CORE, DESK, READ_BY_REPORTERS, Shelf
from hotline.reviews import version_of


def check(
    translations: Path,
    *,
    templates: Path = TEMPLATES,
    core: Collection[str] = CORE,
    desk: Collection[str] = DESK,
) -> list[str]:
    """Return what is wrong, a line each, with every language that has a folder or stands in *core* or *desk*."""
    shelf = Shelf(translations, templates, core, desk)
    permits = allowed.read(shelf.table("ALLOWED.toml", must_be=False))
    found = list(_sentences(shelf, permits))
    damaged = {entry.locale for entry, _ in found if entry.domain in READ_BY_REPORTERS}
    lines = [entry.fault(fault.what) for entry, fault in found]
    lines += _words(shelf, core)
    languages = Languages(translations, templates)
    lines += _readers(shelf, languages)
    lines += [*permits.faults, *permits.unneeded({SOURCE, *shelf.locales} - shelf.torn)]
    # What is damaged cannot be put together, and is told already.
    for locale in sorted({SOURCE, *shelf.locales} - damaged - shelf.torn):
        lines += texts.check(languages, templates, locale)
    return [*shelf.faults, *lines]


def _sentences(shelf: Shelf, permits: allowed.Allowed) -> Iterator[tuple[Entry, Fault]]:
    """Yield what the rules find; the second opinion is asked about what passed them."""
    asks = second_opinion.is_there()
    for (locale, domain), entries in shelf.entries.items():
        twins = defaultdict(list)
        for entry, fault in copied.twins(entries) if domain in READ_BY_REPORTERS else ():
            twins[entry].append(("twins", fault))
        for entry in entries:
            found = [*rules.judged(entry), *twins[entry]]
            if not found or all(permits.covers(rule, entry, fault) for rule, fault in found):
                found = [*(second_opinion.ask(entry) if asks and locale != SOURCE else ())]
            for rule, fault in found:
                if not permits.covers(rule, entry, fault):
                    yield entry, fault


def _words(shelf: Shelf, core: Collection[str]) -> Iterator[str]:
    """Yield where a language leaves its glossary."""
    terms = glossaries.Terms(shelf.table("GLOSSARY.toml"))
    for locale in shelf.locales:
        said = shelf.table(_beside(locale, "glossary"), must_be=locale in core)
        if faults := list(glossaries.misshapen(locale, said)):
            yield from faults
        elif said and locale not in shelf.torn:
            yield from glossaries.check(locale, glossaries.read(said), terms, shelf.of(locale))


def _readers(shelf: Shelf, languages: Languages) -> Iterator[str]:
    """Yield where a language was read otherwise than ``REVIEW.toml`` says."""
    review = shelf.table("REVIEW.toml")
    sentences = {one for entries in shelf.entries.values() for it in entries for one in it.sources}
    yield from readers.reviews(
        review,
        {SOURCE, *shelf.locales},
        sentences,
        lambda locale: "" if locale in shelf.torn else version_of(languages.safety(locale)),
    )
    for locale in shelf.locales:
        state = review.get(locale, {}).get("state", "")
        understood = shelf.table(_beside(locale, "back"), must_be=False)
        if locale not in shelf.torn:
            yield from readers.backs(locale, state, understood, shelf.of(locale))


def _beside(locale: str, name: str) -> str:
    return f"{locale.replace('-', '_')}/{name}.toml"
