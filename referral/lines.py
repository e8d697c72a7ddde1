"""Read CSV as it comes: with commas, semicolons or tabs, and with quotation marks that nobody closed.

A mark that is not closed would swallow what follows, and a reader would take the rest of the file for one value.
So a record that is not written as RFC 4180 has it is read again by its first line alone, and the next line begins
another one.
"""

import csv
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

_SIGNS = ";\t|"


class Line(NamedTuple):
    """One record: the *number* of the line that it begins on, and its *values*, None where it cannot be read.

    *odd* says that a quotation mark in it is not closed or not doubled.
    """

    number: int
    values: list[str] | None
    odd: bool = False


def records(lines: Iterator[str]) -> Iterator[Line]:
    """Yield each record, the first of which names the fields. A damaged file ends with one that cannot be read.

    Raises: OSError.
    """
    return _Records(lines).read()


class _Records:
    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._width = 0

    def read(self) -> Iterator[Line]:
        number = 1
        try:
            first = next(self._lines, "")
            self._again.append(first)
            self._sign = _sign(first)
            while True:
                self._taken = []
                found = self._next(number)
                if found is None:
                    return
                if not self._width:
                    self._width = len(found.values or ())
                yield found
                number += len(self._taken)
        except EOFError:
            yield Line(number, None)

    def _next(self, number: int) -> Line | None:
        try:
            values = next(csv.reader(self._fed(), delimiter=self._sign, strict=True), None)
        except csv.Error:
            return self._first_line(number)
        return None if values is None else Line(number, values)

    def _fed(self) -> Iterator[str]:
        """Yield the lines that the reader asks for, and remember them."""
        while line := self._again.popleft() if self._again else next(self._lines, ""):
            self._taken.append(line)
            yield line

    def _first_line(self, number: int) -> Line:
        """Read the first line of a record that goes astray by itself, and give the others back."""
        first, *others = self._taken
        self._again.extendleft(reversed(others))
        self._taken = [first]
        try:
            values = next(csv.reader([first], delimiter=self._sign))
        except csv.Error:
            return Line(number, None)
        fits = not self._width or len(values) == self._width
        return Line(number, values if fits else None, odd=fits)


def _sign(line: str) -> str:
    """Return what parts the values of the first line: a comma, unless there is none and something else."""
    return "," if "," in line or not set(_SIGNS) & set(line) else max(_SIGNS, key=line.count)
