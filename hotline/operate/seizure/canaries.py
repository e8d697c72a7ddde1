"""Words that nobody ever wrote: told to the hotline through one door each, so that finding one tells where it leaked.

A canary has a *label* such as ``sms.name``: the door it went in by, and what it is. Names and the like share a stem
of this very run, so no file of another run, and no dictionary, holds them. What must survive redaction is a phrase
of ordinary words. Keys are 32 random bytes or so, and are searched as such.
"""

import secrets
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import NamedTuple

_ONSETS, _VOWELS = "vzbdglmnrtk", "aeiou"
_ARABIC = "زطقظغثضذ"
_CYRILLIC = ("кв", "пл", "зр", "др", "гл", "тр", "вр")
_CYRILLIC_VOWELS = "оиуеа"

PHRASES: Mapping[str, str] = tomllib.loads(
    (files("hotline.operate.seizure") / "phrases.toml").read_text("utf-8")
)
"""What must be readable by whom it is for: ordinary words, so that redaction lets them stand."""


class Canary(NamedTuple):
    """*value* is text, or the bytes of a key."""

    label: str
    value: str | bytes


@dataclass(repr=False)
class Canaries:
    """The canaries of one run; asked for a label, it makes one up, and it knows which were let out."""

    stem: str = field(default_factory=lambda: _syllables(4))
    _made: dict[str, Canary] = field(default_factory=dict)

    def name(self, label: str) -> str:
        """Return a name in Latin letters."""
        return self._text(label, lambda: (self.stem + _syllables(3)).capitalize())

    def arabic(self, label: str) -> str:
        return self._text(label, lambda: "".join(secrets.choice(_ARABIC) for _ in range(9)))

    def cyrillic(self, label: str) -> str:
        def made() -> str:
            pairs = (secrets.choice(_CYRILLIC) + secrets.choice(_CYRILLIC_VOWELS) for _ in range(4))
            return ("".join(pairs) + "в").capitalize()

        return self._text(label, made)

    def number(self, label: str) -> str:
        """Return a number of the provider's test range."""
        return self._text(label, lambda: f"+1500555{secrets.randbelow(9000) + 1000}")

    def phrase(self, label: str) -> str:
        self._made.setdefault(label, Canary(label, PHRASES[label]))
        return PHRASES[label]

    def keep(self, label: str, value: str | bytes) -> None:
        """Search for *value* too: a key, a passphrase, a code that came to be."""
        key = label if label not in self._made else f"{label}#{len(self._made)}"
        self._made[key] = Canary(label, value)

    def __iter__(self) -> Iterator[Canary]:
        return iter(self._made.values())

    def labels(self) -> set[str]:
        return {canary.label for canary in self}

    def _text(self, label: str, make: Callable[[], str]) -> str:
        """Return what was made up for *label*: no two labels share it, or one found would tell of the other."""
        if label not in self._made:
            taken = {canary.value for canary in self}
            while (value := make()) in taken:
                pass
            self._made[label] = Canary(label, value)
        return str(self._made[label].value)


def only(canaries: Iterable[Canary], *prefixes: str) -> list[Canary]:
    """Return those whose label begins with one of *prefixes*."""
    return [canary for canary in canaries if canary.label.startswith(prefixes)]


def _syllables(count: int) -> str:
    return "".join(secrets.choice(_ONSETS) + secrets.choice(_VOWELS) for _ in range(count))
