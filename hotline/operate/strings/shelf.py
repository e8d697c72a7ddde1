"""All that lies in the folder of translations, read once; what cannot be read is a fault."""

import tomllib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog

from hotline.i18n import CONSOLE, PHRASES, REPORTER, SOURCE, VOICE
from hotline.locales import table
from hotline.operate.strings import catalogs, gathering, wholeness
from hotline.operate.strings.entries import Entry

READ_BY_REPORTERS = (REPORTER, VOICE, PHRASES)
NOT_YET = frozenset(["ha"])
"""Locales that are translated and promised to nobody."""

CORE = frozenset(table()) - NOT_YET
"""Locales in which everything that a reporter may read or hear is there."""

DESK = frozenset(["ar", "es", "fr", "pt-BR", "ru", "th", "uk"])
"""Locales in which everything is there that staff and providers may read."""


class Shelf:
    """The catalogs as entries, by locale and domain; *newest* are the sentences that the templates have."""

    def __init__(
        self, translations: Path, templates: Path, core: Collection[str], desk: Collection[str]
    ) -> None:
        self.translations = translations
        self.faults: list[str] = []
        self.torn: set[str] = set()
        """Locales of which a catalog is missing or cannot be read: what lies beside it says nothing then."""
        self.locales = [one for one in catalogs.locales_in(translations) if self._is_known(one)]
        self.newest = {
            domain: gathering.template(domain, templates) for domain in gathering.FOLDERS
        }
        self.entries: dict[tuple[str, str], list[Entry]] = {}
        for domain, newest in self.newest.items():
            self.faults += gathering.out_of_date(translations, domain, newest)
            quoted = gathering.in_attributes(domain, templates)
            self.entries[SOURCE, domain] = list(_entries(SOURCE, domain, newest, newest, quoted))
            wanted = desk if domain == CONSOLE else core
            for locale in sorted({*self.locales, *wanted} - {SOURCE}):
                catalog = self._catalog(locale, domain, is_wanted=locale in wanted)
                if catalog:
                    found = _entries(locale, domain, catalog, newest, quoted)
                    self.entries[locale, domain] = list(found)

    def of(self, locale: str) -> list[Entry]:
        """Return what reporters may read or hear in *locale*, as far as it is translated."""
        domains = (self.entries.get((locale, domain), ()) for domain in READ_BY_REPORTERS)
        return [entry for entries in domains for entry in entries if all(entry.said)]

    def table(self, name: str, *, must_be: bool = True) -> dict[str, Any]:
        """Return what stands in the file *name*."""
        path = self.translations / name
        try:
            return tomllib.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            self.faults += [f"{name}: there is no such file"] if must_be else []
        except ValueError as broken:
            self.faults.append(f"{name}: it cannot be read: {broken}")
        return {}

    def _is_known(self, locale: str) -> bool:
        if locale not in table():
            self.faults.append(f"{locale}: hotline/locales.toml has no such language")
        return locale in table()

    def _catalog(self, locale: str, domain: str, *, is_wanted: bool) -> Catalog | None:
        path = catalogs.place_of(self.translations, locale, domain)
        where = f"{locale}/{path.name}"
        if not path.exists():
            if is_wanted:
                self._tear(locale, f"{where}: there is no catalog")
            return None
        try:
            catalog = catalogs.read(path)
        except catalogs.Unreadable as broken:
            self._tear(locale, f"{where}: it cannot be read: {broken}")
            return None
        self.faults += wholeness.head(path, catalog, table()[locale])
        self.faults += wholeness.surplus(where, catalog, self.newest[domain])
        return catalog

    def _tear(self, locale: str, fault: str) -> None:
        self.faults.append(fault)
        self.torn.add(locale)


def _entries(
    locale: str, domain: str, catalog: Catalog, newest: Catalog, quoted: Collection[str]
) -> Iterator[Entry]:
    """Yield each sentence of the templates as *catalog* says it, blank where it does not."""
    for message in newest:
        sources = catalogs.sources(message)
        if not sources[0]:
            continue
        found = catalog.get(sources[0], message.context)
        said = sources if locale == SOURCE else catalogs.said(found) if found else ("",)
        yield Entry(
            locale,
            domain,
            sources,
            said,
            " ".join(message.auto_comments),
            tuple(name for name, _ in message.locations),
            bool(found and found.fuzzy),
            sources[0] in quoted,
        )
