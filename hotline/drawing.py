"""Where the marks of a chart stand (pure): bars that lie, and bars that stand, from the side where a language begins.

Only whole pixels, so that a page says the same wherever it is made. What is withheld is drawn alike, however much it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

_MARGIN = 36
_TOP, _BASE, _HEIGHT = 24, 192, 220
_ROW, _BAR = 40, 14
_LYING, _STANDING = 460, 520
_FOR_VALUE = 60
_WITHHELD = 44
_TICKS = 3
_NICE = (1, 2, 3, 5, 10)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with where its label and its value stand; *value* is None where it is withheld."""

    label: str
    value: int | None
    x: int
    y: int
    width: int
    height: int
    label_at: tuple[int, int]
    value_at: tuple[int, int]
    shows_label: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across, and the number that it stands for."""

    value: int
    y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """*start* and *end* are how text is anchored at the side where reading begins and at the other."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    rules: tuple[Rule, ...] = ()
    start: str = "start"
    end: str = "end"
    edge: int = 0
    rule_edge: int = 0


Values = Sequence[tuple[str, int | None]]


def lying(values: Values, *, most: int = 0, mirrored: bool = False) -> Drawing:
    """Return bars that lie below their labels. *most* is the value of a whole length, that of the longest by default."""
    whole = max(most, *(value or 0 for _, value in values), 1)
    bars = [_lying(n, label, value, whole, mirrored) for n, (label, value) in enumerate(values)]
    edge = _LYING if mirrored else 0
    return Drawing(_LYING, _ROW * len(values) + 4, tuple(bars), (), *_anchors(mirrored), edge)


def standing(values: Values, *, mirrored: bool = False) -> Drawing:
    """Return bars that stand above their labels, the first where reading begins."""
    top = ceiling(max((value or 0 for _, value in values), default=0))
    slot = (_STANDING - _MARGIN) // max(1, len(values))
    each = 1 if slot >= _MARGIN + 4 else 2
    bars = [
        _standing(n, label, value, top, slot, mirrored, shows_label=n % each == 0)
        for n, (label, value) in enumerate(values)
    ]
    rules = [Rule(top * n // _TICKS, _level(top * n // _TICKS, top)) for n in range(_TICKS + 1)]
    edge = _mirror(_MARGIN - 8, 0, _STANDING, mirrored)
    its = (*_anchors(mirrored), edge, _mirror(_MARGIN, 0, _STANDING, mirrored))
    return Drawing(_STANDING, _HEIGHT, tuple(bars), tuple(rules), *its)


def ceiling(value: int) -> int:
    """Return a round number that is not below *value*, and of which a third is whole."""
    step = 1
    while True:
        for nice in _NICE:
            if nice * step * _TICKS >= value:
                return nice * step * _TICKS
        step *= 10


def _lying(number: int, label: str, value: int | None, whole: int, mirrored: bool) -> Bar:
    length = _WITHHELD if value is None else (_LYING - _FOR_VALUE) * value // whole
    top = number * _ROW
    x = _mirror(0, length, _LYING, mirrored)
    after = _mirror(length + 8, 0, _LYING, mirrored)
    where = (_mirror(0, 0, _LYING, mirrored), top + 14)
    return Bar(label, value, x, top + 20, length, _BAR, where, (after, top + 32))


def _standing(
    number: int,
    label: str,
    value: int | None,
    top: int,
    slot: int,
    mirrored: bool,
    *,
    shows_label: bool,
) -> Bar:
    y = _BASE - 20 if value is None else _level(value, top)
    width = min(36, slot * 3 // 5)
    x = _mirror(_MARGIN + number * slot + (slot - width) // 2, width, _STANDING, mirrored)
    middle = x + width // 2
    its = (label, value, x, y, width, _BASE - y, (middle, _HEIGHT - 8), (middle, y - 5))
    return Bar(*its, shows_label)


def _level(value: int, top: int) -> int:
    return _BASE - (_BASE - _TOP) * value // top


def _mirror(x: int, width: int, whole: int, mirrored: bool) -> int:
    return whole - x - width if mirrored else x


def _anchors(mirrored: bool) -> tuple[str, str]:
    return ("end", "start") if mirrored else ("start", "end")
