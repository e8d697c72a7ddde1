"""What is translated: the catalogs of one folder, and what is missing in them."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from hotline.locales import cldr
from hotline.reviews import Sentence

_BESIDE, _WITHIN = (
    Path(__file__).parents[1] / "translations",
    Path(__file__).parent / "translations",
)
TRANSLATIONS = _WITHIN if _WITHIN.exists() else _BESIDE
"""The folder of our own catalogs: within the package where it was installed, beside it in the repository."""

SAFETY = "safety."
"""How a translators' comment begins that stands before a promise or a warning, or where somebody's safety hangs on it."""


class Catalogs:
    """The catalogs of each locale and domain, read once; ``<domain>.pot`` is what each must have."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[tuple[str, str], Catalog | None] = {}

    def locales(self) -> tuple[str, ...]:
        """Return the locales in which there is something; a folder that CLDR knows no locale for is none."""
        folders = (path.name for path in self.folder.iterdir() if path.is_dir())
        names = (name.replace("_", "-") for name in folders)
        return tuple(sorted(name for name in names if cldr(name)))

    def catalog(self, locale: str, domain: str) -> Catalog | None:
        key = (locale, domain)
        if key not in self._read:
            path = self.folder / locale.replace("-", "_") / "LC_MESSAGES" / f"{domain}.po"
            self._read[key] = _catalog(path, locale)
        return self._read[key]

    def missing(self, locale: str, domain: str, folders: tuple[str, ...] = ()) -> list[str]:
        """Return the sentences of *domain* that *locale* does not have; with *folders*, of those that stand in them."""
        template, catalog = self._template(domain), self.catalog(locale, domain)
        if template is None or catalog is None:
            return ["everything"]
        return [
            _msgid(entry)
            for entry in template
            if entry.id and _stands_in(entry, folders) and not _said(catalog, _msgid(entry))
        ]

    def said(self, locale: str, domain: str, sentence: str) -> tuple[str, ...]:
        """Return how *locale* says *sentence*, in each plural form; nothing where it does not."""
        catalog = self.catalog(locale, domain)
        return _said(catalog, sentence) if catalog else ()

    def safety(self, locale: str, domain: str) -> Iterator[Sentence]:
        """Yield the sentences of *domain* on which somebody's safety hangs, as *locale* says them."""
        for entry in self._template(domain) or ():
            if entry.id and is_safety(entry):
                sentence = _msgid(entry)
                said = self.said(locale, domain, sentence)
                comment = " ".join(one.removeprefix(SAFETY).strip() for one in entry.auto_comments)
                places = tuple(name for name, _ in entry.locations)
                yield Sentence(domain, sentence, said, comment, places)

    def _template(self, domain: str) -> Catalog | None:
        return _catalog(self.folder / f"{domain}.pot", None)


def is_safety(entry: Message) -> bool:
    """Tell whether somebody's safety hangs on a sentence; a long comment comes in several lines."""
    return any(one.startswith(SAFETY) for one in entry.auto_comments)


def _catalog(path: Path, locale: str | None) -> Catalog | None:
    if not path.exists():
        return None
    its = path.stat()
    return _catalog_in(path, locale, (its.st_mtime_ns, its.st_size))


@lru_cache(maxsize=256)
def _catalog_in(path: Path, locale: str | None, _version: tuple[int, int]) -> Catalog:
    """Read a catalog once while it stays as it is: every language is compared with the same template."""
    with path.open("rb") as file:
        return read_po(file, locale=locale.replace("-", "_") if locale else None)


def _stands_in(entry: Message, folders: tuple[str, ...]) -> bool:
    return not folders or any(name.startswith(folders) for name, _ in entry.locations)


def _msgid(entry: Message) -> str:
    identifier: str | tuple[str, ...] | list[str] = entry.id
    return identifier if isinstance(identifier, str) else identifier[0]


def _said(catalog: Catalog, sentence: str) -> tuple[str, ...]:
    """Return *sentence* as the catalog has it, each plural form; nothing where one of them lacks, or is unsure."""
    entry = catalog.get(sentence)
    if entry is None or entry.fuzzy or not entry.string:
        return ()
    forms = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)
    return forms if all(forms) else ()
