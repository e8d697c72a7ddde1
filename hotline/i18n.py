"""Which languages we offer, and templates that speak them.

The locale is always an argument. A locale is offered only when every sentence of its domain is
translated: a page or a text is whole in one language, or it is in another.
"""

import io
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

import jinja2
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from jinja2.bccache import Bucket

from hotline import locales

SOURCE = "en"
REPORTER = "messages"
CONSOLE = "console"
VOICE = "voice"
PHRASES = "phrases"
PROVIDER = "provider"
_PARTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    PROVIDER: (CONSOLE, ("provider/", "console/codes.html"))
}
"""What is a part of another domain: pages that may be whole in a language in which the rest is not."""

_ROOM = Path(__file__).parent


class Compiled(jinja2.BytecodeCache):
    """Templates as they were compiled once: their code is the same in every language."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


@dataclass(frozen=True, slots=True)
class Review:
    """How far the sentences of a locale were read: by how many native speakers, and whether it waits for them."""

    locale: str
    readers: int
    is_held_back: bool


class Languages:
    """The catalogs of one folder, and one template environment for each locale and domain."""

    def __init__(
        self, folder: Path, templates: Path = _ROOM / "templates", *, only: Collection[str] = ()
    ) -> None:
        self._folder = folder
        self._only = frozenset(only)
        self._loader = jinja2.FileSystemLoader(templates)
        self._compiled = Compiled()
        self._names: dict[str, object] = {}
        self._environments: list[jinja2.Environment] = []
        self._catalogs: dict[tuple[str, str], Catalog | None] = {}

    @cached_property
    def offered(self) -> tuple[str, ...]:
        """Locales in which a reporter is answered, source language first."""
        return self.complete(REPORTER)

    @lru_cache(maxsize=32)  # noqa: B019 - one instance lives as long as the process.
    def complete(self, domain: str) -> tuple[str, ...]:
        """Return the locales to offer: every sentence of *domain* is translated, and nobody holds them back."""
        names = sorted(
            path.name.replace("_", "-") for path in self._folder.iterdir() if path.is_dir()
        )
        wanted = self._only or frozenset(names) - self._held_back()
        return (
            SOURCE,
            *(name for name in names if name in wanted and not self.missing(name, domain)),
        )

    def _held_back(self) -> frozenset[str]:
        """Return the locales that are to be read before they are offered, as ``REVIEW.toml`` says."""
        return frozenset(review.locale for review in self.reviews() if review.is_held_back)

    def reviews(self) -> tuple[Review, ...]:
        """Return each locale in which there is something, by its code, with who has read it, as ``REVIEW.toml`` says."""
        path = self._folder / "REVIEW.toml"
        said = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        folders = {one.name.replace("_", "-") for one in self._folder.iterdir() if one.is_dir()}
        return tuple(_review(name, said.get(name, {})) for name in sorted({SOURCE, *folders}))

    @lru_cache(maxsize=256)  # noqa: B019 - as above.
    def count_missing(self, locale: str, domain: str) -> int | None:
        """Return how many sentences of *domain* are not there in *locale*; None where none is."""
        if locale == SOURCE:
            return 0
        return len(self.missing(locale, domain)) if self._catalog(locale, domain) else None

    def missing(self, locale: str, domain: str) -> list[str]:
        """Return the sentences of *domain* that *locale* does not have."""
        whole, folders = _PARTS.get(domain, (domain, ()))
        template = self._read(self._folder / f"{whole}.pot", None)
        catalog = self._catalog(locale, whole)
        if template is None or catalog is None:
            return ["everything"]
        return [
            _msgid(entry.id)
            for entry in template
            if entry.id and _stands_in(entry, folders) and not _has(catalog, entry.id)
        ]

    def has(self, locale: str, domain: str, sentence: str) -> bool:
        """Tell whether *sentence*, as it stands in a template, can be said in *locale*."""
        catalog = self._catalog(locale, domain)
        return locale == SOURCE or (catalog is not None and _has(catalog, sentence))

    def best(self, wanted: Iterable[str], domain: str = REPORTER) -> str | None:
        """Return the first of *wanted* that is offered, by any of its names."""
        offered = self.complete(domain)
        return next(
            (tag for name in wanted for tag in (name, *locales.suiting(name)) if tag in offered),
            None,
        )

    @lru_cache(maxsize=256)  # noqa: B019 - as above.
    def environment(self, locale: str, domain: str) -> jinja2.Environment:
        """Return the templates of *domain* in *locale*; HTML is escaped, text is not."""
        environment = jinja2.Environment(
            loader=self._loader,
            bytecode_cache=self._compiled,
            extensions=["jinja2.ext.i18n"],
            autoescape=jinja2.select_autoescape(["html"], default=False),
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        environment.policies["ext.i18n.trimmed"] = True
        environment.install_gettext_translations(self._translations(locale, domain), newstyle=True)  # type: ignore[attr-defined]
        environment.globals.update(self._names)
        environment.globals.update(lang=locale, dir=direction(locale), country_name=country_name)
        self._environments.append(environment)
        return environment

    def share(self, **names: object) -> None:
        """Let every template use *names*: also those that were loaded before, where they do not have them yet."""
        self._names.update(names)
        for environment in self._environments:
            environment.globals.update(names | environment.globals)

    def render(self, template: str, locale: str, domain: str = REPORTER, **facts: object) -> str:
        return self.environment(locale, domain).get_template(template).render(**facts)

    def _translations(self, locale: str, domain: str) -> NullTranslations:
        catalog = self._catalog(locale, domain)
        if catalog is None:
            return NullTranslations()
        compiled = io.BytesIO()
        write_mo(compiled, catalog)
        compiled.seek(0)
        return Translations(compiled, domain)

    def _catalog(self, locale: str, domain: str) -> Catalog | None:
        key = (locale, domain)
        if key not in self._catalogs:
            path = self._folder / locale.replace("-", "_") / "LC_MESSAGES" / f"{domain}.po"
            self._catalogs[key] = self._read(path, locale)
        return self._catalogs[key]

    def _read(self, path: Path, locale: str | None) -> Catalog | None:
        if not path.exists():
            return None
        its = path.stat()
        return _catalog_in(path, locale, (its.st_mtime_ns, its.st_size))


@lru_cache(maxsize=256)
def _catalog_in(path: Path, locale: str | None, _version: tuple[int, int]) -> Catalog:
    """Read a catalog once while it stays as it is: every language is compared with the same template."""
    with path.open("rb") as file:
        return read_po(file, locale=locale.replace("-", "_") if locale else None)


def _review(locale: str, said: Mapping[str, Any]) -> Review:
    return Review(locale, len(said.get("read_by_native_speakers", ())), bool(said.get("held_back")))


def _stands_in(entry: Message, folders: tuple[str, ...]) -> bool:
    return not folders or any(name.startswith(folders) for name, _ in entry.locations)


def _msgid(identifier: str | tuple[str, ...] | list[str]) -> str:
    return identifier if isinstance(identifier, str) else identifier[0]


def _has(catalog: Catalog, identifier: str | tuple[str, ...] | list[str]) -> bool:
    entry = catalog.get(_msgid(identifier))
    if entry is None or entry.fuzzy or not entry.string:
        return False
    return bool(entry.string) if isinstance(entry.string, str) else all(entry.string)


def direction(locale: str) -> str:
    """Return ``rtl`` or ``ltr``."""
    known = locales.cldr(locale)
    return known.text_direction if known else "ltr"


def autonym(locale: str) -> str:
    """Return a language's name in itself."""
    row, known = locales.table().get(locale), locales.cldr(locale)
    own = row.autonym if row else ""
    return own or (known.get_display_name(known) if known else None) or locale


def name_of(language: str, locale: str) -> str:
    """Return the name of *language* in *locale*, or its code."""
    known, speaks = locales.cldr(language), locales.cldr(locale)
    return (known.get_display_name(speaks) if known and speaks else None) or language


def country_name(code: str, locale: str) -> str:
    """Return the name of the country *code* (ISO 3166-1) in *locale*, or its code."""
    speaks = locales.cldr(locale)
    return (speaks.territories.get(code) if speaks else None) or code


def accepted(header: str) -> list[str]:
    """Return the languages of an ``Accept-Language`` header, most wanted first."""
    wanted: list[tuple[float, str]] = []
    for part in header[:500].split(","):
        name, _, weight = part.strip().partition(";q=")
        try:
            wanted.append((float(weight or 1), name))
        except ValueError:
            continue
    return [name for _, name in sorted(wanted, key=lambda pair: -pair[0]) if name]
