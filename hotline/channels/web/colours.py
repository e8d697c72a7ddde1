"""Whether a colour can be read on our pages, as WCAG 2.2 measures it (relative luminance, contrast ratio)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CONTRAST = 4.5
_TOKENS = Path(__file__).parents[2] / "static" / "tokens.css"
_PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
_COLOUR = re.compile("#[0-9a-f]{6}")
_GROUNDS = ("page", "surface", "sunken", "raised", "hover")


def is_colour(value: object) -> bool:
    """Tell whether *value* is written as ``#1d4ed8``."""
    return isinstance(value, str) and bool(_COLOUR.fullmatch(value))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    shares = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of our pages by what they are for, on light and on dark ground: those of ``tokens.css``."""

    named: Mapping[str, tuple[str, str]]

    @classmethod
    @cache
    def read(cls) -> "Colours":
        pairs = _PAIR.findall(_TOKENS.read_text(encoding="utf-8"))
        return cls({name: (light, dark) for name, light, dark in pairs})

    def worst_contrast(self, accent: str, side: str) -> float:
        """Return how well *accent* reads where it is used: as text on every ground, and under the text of buttons."""
        place = ("light", "dark").index(side)
        names = [*(f"ground-{name}" for name in _GROUNDS), "text-on-accent"]
        return min(contrast(accent, self.named[name][place]) for name in names)
