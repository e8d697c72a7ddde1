"""Which languages we offer, and templates that speak them.

The locale is always an argument. A locale is offered only when every sentence of its domain is
translated: a page or a text is whole in one language, or it is in another. What people who report read and
hear is offered only where it was read as far as this house asks for (`reviews`), too.
"""

import gettext
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from types import CodeType

import jinja2
from jinja2.bccache import Bucket

from hotline import locales
from hotline.catalogs import Catalogs
from hotline.reviews import (
    NOBODY,
    Review,
    Sentence,
    Signatures,
    State,
    read_back,
    read_reviews,
    state_of,
)

SOURCE = "en"
REPORTER = "messages"
CONSOLE = "console"
VOICE = "voice"
PHRASES = "phrases"
PROVIDER = "provider"
ASKED = (REPORTER, VOICE, PHRASES)
"""What people who report read and hear. Staff and services read the other domains, and can ask."""
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


class Languages:
    """The catalogs of one folder, and one template environment for each locale and domain.

    What reporters meet is offered where it was read as far as *least*; *signed* tells who has signed what in this house.
    """

    def __init__(
        self,
        folder: Path,
        templates: Path = _ROOM / "templates",
        *,
        only: Collection[str] = (),
        least: State = State.DRAFTED,
        signed: Callable[[], Signatures] = lambda: NOBODY,
    ) -> None:
        self._catalogs = Catalogs(folder)
        self._only = frozenset(only)
        self._least = least
        self._signed = signed
        self._loader = jinja2.FileSystemLoader(templates)
        self._compiled = Compiled()
        self._names: dict[str, object] = {}
        self._environments: list[jinja2.Environment] = []

    @property
    def offered(self) -> tuple[str, ...]:
        """Locales in which a reporter is answered, source language first."""
        return self.complete(REPORTER)

    def complete(self, domain: str) -> tuple[str, ...]:
        """Return the locales to offer: they are `whole`, and what reporters meet was read far enough."""
        whole = self.whole(domain)
        if domain not in ASKED or self._least is State.DRAFTED:
            return whole
        return self._read_enough(whole, self._signed())

    @lru_cache(maxsize=32)  # noqa: B019 - one instance lives as long as the process.
    def whole(self, domain: str = REPORTER) -> tuple[str, ...]:
        """Return the locales in which every sentence of *domain* is translated, whoever has read them."""
        names = self._catalogs.locales()
        wanted = self._only or frozenset(names)
        return (
            SOURCE,
            *(name for name in names if name in wanted and not self.missing(name, domain)),
        )

    @lru_cache(maxsize=32)  # noqa: B019 - as above.
    def _read_enough(self, whole: tuple[str, ...], signatures: Signatures) -> tuple[str, ...]:
        states = ((locale, self.state(locale, signatures)) for locale in whole)
        return tuple(locale for locale, state in states if state.reaches(self._least))

    def state(self, locale: str, signatures: Signatures | None = None) -> State:
        """Return how far *locale* was read, as its sentences stand now; *signatures* are those of this house."""
        if locale == SOURCE:
            return State.REVIEWED
        signed = self._signed() if signatures is None else signatures
        return state_of(self.review(locale), self.safety(locale), locale, signed)

    def locales(self) -> tuple[str, ...]:
        """Return each locale in which there is something, by its code."""
        return tuple(sorted({SOURCE, *self._catalogs.locales()}))

    def review(self, locale: str) -> Review:
        """Return what ``REVIEW.toml`` says of *locale*."""
        return self._reviews.get(locale, Review())

    @cached_property
    def _reviews(self) -> Mapping[str, Review]:
        return read_reviews(self._catalogs.folder)

    @lru_cache(maxsize=64)  # noqa: B019 - as above.
    def safety(self, locale: str) -> tuple[Sentence, ...]:
        """Return every sentence of *locale* on which somebody's safety hangs: what a native speaker reads and signs."""
        return tuple(one for domain in ASKED for one in self._catalogs.safety(locale, domain))

    def said(self, locale: str, sentence: str) -> tuple[str, ...]:
        """Return how *locale* says *sentence* to people who report, in each plural form; nothing where it does not."""
        found = (self._catalogs.words(locale, domain) for domain in ASKED)
        return next((words.said(sentence) for words in found if words and words.has(sentence)), ())

    def read_back(self, locale: str) -> Mapping[str, str]:
        """Return what another reader understood of sentences of *locale*, in English; looked up anew each time."""
        return read_back(self._catalogs.folder, locale)

    @lru_cache(maxsize=256)  # noqa: B019 - as above.
    def count_missing(self, locale: str, domain: str) -> int | None:
        """Return how many sentences of *domain* are not there in *locale*; None where none is."""
        if locale == SOURCE:
            return 0
        return len(self.missing(locale, domain)) if self._catalogs.words(locale, domain) else None

    def missing(self, locale: str, domain: str) -> list[str]:
        """Return the sentences of *domain* that *locale* does not have."""
        whole, folders = _PARTS.get(domain, (domain, ()))
        return self._catalogs.missing(locale, whole, folders)

    def has(self, locale: str, domain: str, sentence: str) -> bool:
        """Tell whether *sentence*, as it stands in a template, can be said in *locale*."""
        if locale == SOURCE:
            return True
        words = self._catalogs.words(locale, domain)
        return words is not None and words.has(sentence)

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
        words = self._catalogs.words(locale, domain) or gettext.NullTranslations()
        environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
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


def direction(locale: str) -> str:
    """Return ``rtl`` or ``ltr``."""
    if row := locales.table().get(locale):
        return row.direction
    known = locales.cldr(locale)
    return known.text_direction if known else "ltr"


def autonym(locale: str) -> str:
    """Return a language's name in itself."""
    row = locales.table().get(locale)
    return row.autonym if row else name_of(locale, locale)


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
        name, _, weight = (piece.strip() for piece in part.partition(";"))
        try:
            wanted.append((float(weight.lower().removeprefix("q=") or 1), name))
        except ValueError:
            continue
    ordered = sorted(wanted, key=lambda pair: -pair[0])
    return [name for weight, name in ordered if name and weight > 0]
