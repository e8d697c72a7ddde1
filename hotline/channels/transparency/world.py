"""A map of the world with numbers on it (pure): which shade each country has, and which are too small to be seen without a mark.

The shapes are data (``world.tsv``); see ``SOURCES.md``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "world.tsv"
WIDTH, HEIGHT = 1000, 440


@dataclass(frozen=True, slots=True)
class Country:
    """A country as it is drawn; *path* is empty where it has no outline at this scale.

    *shade* is 0 without a number, and rises from 1, the lightest.
    """

    code: str
    x: int
    y: int
    path: str
    is_small: bool
    shade: int = 0
    value: int | None = None


_UPTO = (10, 50, 250)


@dataclass(frozen=True, slots=True)
class Step:
    """A shade and what it stands for: numbers from *least* to *most*; no *most* for the darkest."""

    shade: int
    least: int
    most: int | None


STEPS = tuple(
    Step(n, least, most)
    for n, (least, most) in enumerate(
        zip((5, *(upto + 5 for upto in _UPTO)), (*_UPTO, None), strict=True), start=1
    )
)
"""The same in every quarter, so that maps can be laid beside each other."""


def shaded(values: Mapping[str, int]) -> tuple[Country, ...]:
    """Return the countries to draw, the large ones first, shaded by their *values*, which are rounded to fives."""
    found = (replace(one, value=values.get(one.code)) for one in _world())
    drawn = (replace(one, shade=shade_of(one.value)) for one in found if one.path or one.value)
    return tuple(sorted(drawn, key=lambda one: (bool(one.shade), one.is_small)))


def shade_of(value: int | None) -> int:
    """Return the shade of a number, 0 where there is none."""
    if not value:
        return 0
    return next(step.shade for step in STEPS if step.most is None or value <= step.most)


@cache
def _world() -> tuple[Country, ...]:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return tuple(
        Country(code, int(x), int(y), path, size == "small")
        for code, x, y, size, path in (line.split("\t") for line in lines)
    )
