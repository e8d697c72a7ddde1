"""One sentence as a language says it, and what stands in it that is no word."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from hotline.i18n import SOURCE
from hotline.locales import Row, table

FIELD = re.compile(r"%\((\w+)\)[sd]")
TAG = re.compile(r"<[^<>]*>")
ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+")
NAME = re.compile(r"\S*\w[_@/.:+]\w\S*")
"""What is written alike everywhere: the name of a setting or a file, an address."""


class Fault(NamedTuple):
    """What is wrong with a sentence, and with which word of it, if with one."""

    what: str
    word: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A sentence of ours, in its singular and its plural, and what *locale* says in each of its forms.

    *notes* are the translators' comments, *places* the templates, both as the templates have them.
    """

    locale: str
    domain: str
    sources: tuple[str, ...]
    said: tuple[str, ...]
    notes: str = ""
    places: tuple[str, ...] = ()
    is_fuzzy: bool = False
    is_in_attribute: bool = False

    @property
    def row(self) -> Row:
        return table()[self.locale]

    @property
    def is_source(self) -> bool:
        return self.locale == SOURCE

    @property
    def is_sent(self) -> bool:
        """Whether it may be read in a text: over a shoulder, or on a locked screen."""
        return any(
            place.startswith(("messages/", "phrases/")) and not place.endswith("web.txt")
            for place in self.places
        )

    def fault(self, what: str) -> str:
        return f"{self.locale}/{self.domain}.po: {what}: {self.sources[0]!r}"


Rule = Callable[[Entry], Iterator[Fault]]


@lru_cache(maxsize=4096)
def wording(text: str) -> str:
    """Return *text* without its fields and tags."""
    return TAG.sub(" ", FIELD.sub(" ", text).replace("%%", " "))


def units(text: str) -> int:
    """Return how long *text* is in UTF-16, as an SMS in most scripts counts."""
    return len(text.encode("utf-16-le")) // 2


def digits(text: str) -> str:
    """Return the digits of *text* in their order, of whatever script, as ours."""
    return "".join(str(unicodedata.digit(letter)) for letter in text if letter.isdigit())
