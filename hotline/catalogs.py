"""What is translated: the catalogs of one folder, and what is missing in them."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from hotline.locales import cldr
from hotline.pofiles import Entry, Template, Words
from hotline.reviews import Sentence

_BESIDE, _WITHIN = (
    Path(__file__).parents[1] / "translations",
    Path(__file__).parent / "translations",
)
TRANSLATIONS = _WITHIN if _WITHIN.exists() else _BESIDE
"""The folder of our own catalogs: within the package where it was installed, beside it in the repository."""

SAFETY = "safety."
"""How a translators' comment begins that stands before a promise or a warning, or where somebody's safety hangs on it."""

_NOTHING = Template("")


class Catalogs:
    """The catalogs of each locale and domain, read once; ``<domain>.pot`` is what each must have."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[tuple[str, str], Words | None] = {}

    def locales(self) -> tuple[str, ...]:
        """Return the locales in which there is something; a folder that CLDR knows no locale for is none."""
        folders = (path.name for path in self.folder.iterdir() if path.is_dir())
        names = (name.replace("_", "-") for name in folders)
        return tuple(sorted(name for name in names if cldr(name)))

    def words(self, locale: str, domain: str) -> Words | None:
        key = (locale, domain)
        if key not in self._read:
            path = self.folder / locale.replace("-", "_") / "LC_MESSAGES" / f"{domain}.po"
            template = self._template(domain)
            self._read[key] = _words(template, path, _version(path)) if path.exists() else None
        return self._read[key]

    def missing(self, locale: str, domain: str, folders: tuple[str, ...] = ()) -> list[str]:
        """Return the sentences of *domain* that *locale* does not have; with *folders*, of those that stand in them."""
        template, words = self._template(domain), self.words(locale, domain)
        if not template.entries or words is None:
            return ["everything"]
        return [
            entry.sentence
            for entry in template.entries
            if _stands_in(entry, folders) and not words.has(entry.sentence)
        ]

    def safety(self, locale: str, domain: str) -> Iterator[Sentence]:
        """Yield the sentences of *domain* on which somebody's safety hangs, as *locale* says them."""
        words = self.words(locale, domain)
        for entry in filter(is_safety, self._template(domain).entries):
            said = words.said(entry.sentence) if words else ()
            comment = " ".join(one.removeprefix(SAFETY).strip() for one in entry.comments)
            yield Sentence(domain, entry.sentence, said, comment, entry.places)

    def _template(self, domain: str) -> Template:
        path = self.folder / f"{domain}.pot"
        return _template(path, _version(path)) if path.exists() else _NOTHING


def is_safety(entry: Entry) -> bool:
    """Tell whether somebody's safety hangs on a sentence; a long comment comes in several lines."""
    return any(one.startswith(SAFETY) for one in entry.comments)


def _version(path: Path) -> tuple[int, int]:
    its = path.stat()
    return its.st_mtime_ns, its.st_size


@lru_cache(maxsize=16)
def _template(path: Path, _version: tuple[int, int]) -> Template:
    """Read a template once while it stays as it is: every language is compared with the same one."""
    return Template(path.read_text("utf-8"))


@lru_cache(maxsize=256)
def _words(template: Template, path: Path, _version: tuple[int, int]) -> Words:
    return Words(template, path.read_text("utf-8"))


def _stands_in(entry: Entry, folders: tuple[str, ...]) -> bool:
    return not folders or any(name.startswith(folders) for name in entry.places)
