"""Sentences are gathered from the templates, and each language's catalogs are brought up to date with them."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

from hotline.i18n import CONSOLE, PHRASES, REPORTER, VOICE
from hotline.operate.strings import catalogs

TEMPLATES = Path(__file__).parents[2] / "templates"
FOLDERS = {
    REPORTER: ("web", "messages"),
    VOICE: ("voice",),
    PHRASES: ("phrases",),
    CONSOLE: ("console", "demo", "provider"),
}
_METHODS = [("**.html", "jinja2"), ("**.txt", "jinja2")]
_OPTIONS = {"**.html": {"trimmed": "true"}, "**.txt": {"trimmed": "true"}}
_IN_ATTRIBUTE = re.compile(r"""=["'][^"'<>{]*\{\{-?\s*_\("((?:[^"\\]|\\.)*)\"""")


def template(domain: str, templates: Path = TEMPLATES) -> Catalog:
    """Return every sentence of *domain*, with its translators' comments, in the order of the templates."""
    catalog, ordered = catalogs.blank(), catalogs.blank()
    for folder in FOLDERS[domain]:
        if not (templates / folder).exists():
            continue
        found = extract_from_dir(
            templates / folder,
            _METHODS,
            _OPTIONS,
            comment_tags=("Translators:",),
            strip_comment_tags=True,
        )
        for name, line, sentence, comments, context in found:
            catalog.add(
                sentence,
                None,
                [(f"{folder}/{name}", line)],
                auto_comments=comments,
                context=context,
            )
    for message in sorted((one for one in catalog if one.id), key=lambda one: one.locations):
        ordered.add(
            message.id,
            None,
            message.locations,
            auto_comments=message.auto_comments,
            context=message.context,
        )
    return ordered


def in_attributes(domain: str, templates: Path = TEMPLATES) -> frozenset[str]:
    """Return the sentences that stand in an attribute of a tag, where a quotation mark would end it."""
    pages = (page for folder in FOLDERS[domain] for page in (templates / folder).rglob("*.html"))
    return frozenset(
        sentence for page in pages for sentence in _IN_ATTRIBUTE.findall(page.read_text("utf-8"))
    )


def extract(translations: Path, templates: Path = TEMPLATES) -> None:
    """Write the template of each domain and bring each language's catalogs up to date with it."""
    for domain in FOLDERS:
        newest = template(domain, templates)
        catalogs.write(translations / f"{domain}.pot", newest)
        for path in sorted(translations.glob(f"*/LC_MESSAGES/{domain}.po")):
            catalog = catalogs.read(path)
            catalog.update(newest, no_fuzzy_matching=True)
            catalogs.write(path, catalog)


def out_of_date(translations: Path, domain: str, newest: Catalog) -> Iterator[str]:
    """Yield a fault where the kept template of *domain* has other sentences, or other comments, than *newest*."""
    path = translations / f"{domain}.pot"
    try:
        kept = _sentences(catalogs.read(path)) if path.exists() else set()
    except catalogs.Unreadable:
        kept = set()
    if kept != _sentences(newest):
        yield f"{path.name} is out of date: run `hotline strings extract`"


def _sentences(catalog: Catalog) -> set[tuple[object, ...]]:
    return {
        (message.context, *catalogs.sources(message), " ".join(message.auto_comments))
        for message in catalog
        if message.id
    }
