"""A map of the world with numbers on it (pure): which shade each country has, and which are too small to be seen without a mark.

The shapes are data (``world.tsv``); see ``SOURCES.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "world.tsv"
WIDTH, HEIGHT = 1000, 460
SHADES = 4
"""So many shades there are for what is there; 1 is the lightest."""


@dataclass(frozen=True, slots=True)
class Country:
    """A country as it is drawn; *path* is empty where it has no outline at this scale, and *shade* 0 without a number."""

    code: str
    x: int
    y: int
    path: str
    is_small: bool
    shade: int = 0
    value: int | None = None
