"""What of a count may be published (pure): so that nobody can work out a number that is small.

A count under five is withheld, and with it always the smallest of the others, and all that equal it: so what is withheld
always holds a count that is not small, nobody knows which, and each of them may be any other. What is withheld stands
without its name among all that are not there, so a nought beside it is not told either. That holds even for someone who
knows the exact total and every other exact count; what is published is rounded to fives as well.

Source: A. Hundepool and others, "Statistical Disclosure Control" (2012), chapter 4.
"""

from collections.abc import Mapping
from dataclasses import dataclass

LEAST = 5
"""The smallest count that is told."""

_STEP = 5
_COARSE, _FINE = 10, 5
# Of fewer than these a share would tell how many make it up: a step must be wider than two of them.
_FOR_COARSE, _FOR_FINE = 25, 45


@dataclass(frozen=True, slots=True)
class Published:
    """What may be told of some counts: *cells*, rounded, by code; *withholds* says that there are others."""

    cells: Mapping[str, int]
    withholds: bool = False

    def of(self, code: str) -> int | None:
        """Return the count of *code*; None where it is withheld."""
        return self.cells.get(code, None if self.withholds else 0)

    @property
    def in_order(self) -> dict[str, int]:
        """Return what is told, the largest first."""
        return dict(sorted(self.cells.items(), key=lambda cell: (-cell[1], cell[0])))


def told(counts: Mapping[str, int]) -> frozenset[str]:
    """Return the codes whose counts may be told."""
    there = {code: count for code, count in counts.items() if count}
    large = {count for count in there.values() if count >= LEAST}
    if min(there.values(), default=LEAST) >= LEAST:
        return frozenset(there)
    bar = min(large, default=0)
    return frozenset(code for code, count in there.items() if count > max(bar, LEAST - 1))


def publish(counts: Mapping[str, int]) -> Published:
    """Return what may be told of *counts* by code, none of which says how many there are in all."""
    codes = told(counts)
    cells = {code: rounded(counts[code]) for code in sorted(codes)}
    return Published(cells, withholds=any(counts[code] for code in counts.keys() - codes))


def total(count: int) -> int | None:
    """Return *count* as it is told; None where it is too small."""
    return rounded(count) if count >= LEAST or not count else None


def rounded(count: int) -> int:
    """Return the multiple of five that is nearest to *count*."""
    return (count + _STEP // 2) // _STEP * _STEP


def share(part: int, whole: int) -> int | None:
    """Return how many in a hundred of *whole* are *part*, in tens or fives; None where that would tell too much.

    A step is always wider than two of *whole*, so that neither number can be worked out.
    """
    if whole < _FOR_COARSE:
        return None
    step = _FINE if rounded(whole) >= _FOR_FINE else _COARSE
    return (200 * part + step * whole) // (2 * step * whole) * step
