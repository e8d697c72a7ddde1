"""Choose a language by its own name, its English name, its code, or a digit of the list that was shown."""

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from hotline import i18n
from hotline.dialogue.flow import flow

PAGE = 6
"""How many languages a list shows: the digits above are the same everywhere."""


@dataclass(frozen=True, slots=True)
class Tongues:
    """The locales that are offered, and what people call them."""

    offered: tuple[str, ...]
    _names: Mapping[str, str]
    _codes: Mapping[str, str]

    @classmethod
    def of(cls, offered: Sequence[str]) -> "Tongues":
        names, codes = {}, {}
        for locale in reversed(offered):
            codes[fold(locale)] = codes[fold(locale.split("-")[0])] = locale
            for name in _names_of(locale):
                names[fold(name)] = locale
        return cls(tuple(offered), names, codes)

    def named(self, text: str, *, after_a_list: bool = False, by_code: bool = True) -> str:
        """Return the locale that *text* names, or nothing; *after_a_list* also by a code that is a word."""
        wanted = fold(text)
        if after_a_list or (by_code and wanted not in flow().also_words):
            return self._codes.get(wanted) or self._names.get(wanted, "")
        return self._names.get(wanted, "")

    def menu(
        self, suggested: Iterable[str], current: str, *, after: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Return the locales of the next list: what the words suggest first, then the current one, then all others.

        *after* is the list that was shown before; past the last one it begins again.
        """
        order = tuple(
            dict.fromkeys(
                [*(one for one in suggested if one in self.offered), current, *self.offered]
            )
        )
        start = order.index(after[-1]) + 1 if after and after[-1] in order else 0
        return order[start : start + PAGE] or order[:PAGE]


def lines_of(menu: Sequence[str]) -> str:
    """Return *menu* as a person reads it: a digit and the language's own name, a line each."""
    return "\n".join(f"{digit} {autonym(locale)}" for digit, locale in enumerate(menu, 1))


def autonym(locale: str) -> str:
    """Return a language's name in itself, as it stands in a list."""
    name = i18n.autonym(locale)
    return name[:1].upper() + name[1:]


def fold(text: str) -> str:
    """Return *text* as names and words are compared: without case, width, accents, marks at its ends and gaps."""
    kept = text.strip().casefold()
    if not kept.isascii():
        kept = unicodedata.normalize("NFKD", kept).translate(_PLAIN)
    return " ".join(kept.split()).strip(" .,!?;:…¡¿\"'*#()-")


class _Plain(dict[int, str]):
    """Every letter that was ever read, as it is compared: so a whole text is translated at once."""

    def __missing__(self, code: int) -> str:
        plain = self[code] = _plain(chr(code))
        return plain


_PLAIN = _Plain()


def _plain(letter: str) -> str:
    """Return a digit of any script as ours, and nothing for accents and what cannot be seen."""
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    return "" if unicodedata.category(letter) in ("Mn", "Cf") else letter


def _names_of(locale: str) -> Iterable[str]:
    language = locale.split("-")[0]
    yield i18n.autonym(locale)
    yield i18n.autonym(language)
    yield i18n.name_of(locale, "en")
    yield i18n.name_of(language, "en")
    yield from _other_names().get(locale, ())


@cache
def _other_names() -> Mapping[str, Sequence[str]]:
    return tomllib.loads((files(__package__) / "names.toml").read_text("utf-8"))
