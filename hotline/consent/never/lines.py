"""Spell out the lines of a list: each stands for many phrases.

::

    overstay(ed|s|ing)     any of these endings      <their>   any of the words of a set of the file
    (her )?visas?          what may be missing       visa*     a word that begins so; at the end of a line only

A line that begins with ``#`` says nothing. Spaces, hyphens, case and accents may be written or not.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import product

_SIGN = re.compile(r"[()|?]|<\w+>")


class MalformedLine(ValueError):
    """A list holds a line that cannot be read."""


def spelled(
    lines: str, sets: Mapping[str, str], fold: Callable[[str], str] = str
) -> Iterator[tuple[str, bool]]:
    """Yield each phrase that *lines* stand for, its parts in the form that *fold* gives, and whether it may go on.

    Raises:
        MalformedLine: a bracket stands alone, or a set is not in *sets*.
    """
    for raw in lines.splitlines():
        line = raw.strip()
        if line and not line.startswith("#"):
            begins = line.endswith("*")
            for phrase in _spell(line.rstrip("*"), sets, fold):
                yield phrase, begins


def _spell(line: str, sets: Mapping[str, str], fold: Callable[[str], str]) -> list[str]:
    signs = list(filter(None, re.split(r"([()|?]|<\w+>)", line)))
    phrases, rest = _choices(signs, sets, fold)
    if rest:
        raise MalformedLine(line)
    return phrases


def _choices(
    signs: list[str], sets: Mapping[str, str], fold: Callable[[str], str]
) -> tuple[list[str], list[str]]:
    """Read choices up to a closing bracket; return what they stand for and the signs that are left."""
    choices: list[str] = []
    row: list[list[str]] = []
    while signs:
        sign, *signs = signs
        if sign == ")":
            signs = [sign, *signs]
            break
        if sign == "|":
            choices += _joined(row)
            row = []
        elif sign == "?":
            if not row:
                raise MalformedLine(sign)
            row[-1] = ["", *row[-1]]
        elif sign == "(":
            inner, signs = _choices(signs, sets, fold)
            if signs[:1] != [")"]:
                raise MalformedLine(sign)
            row.append(inner)
            signs = signs[1:]
        elif _SIGN.fullmatch(sign):
            row.append(_of_set(sign[1:-1], sets, fold))
        elif signs[:1] == ["?"] and len(sign) > 1:
            row += [[fold(sign[:-1])], [fold(sign[-1])]]
        else:
            row.append([fold(sign)])
    return choices + _joined(row), signs


def _of_set(name: str, sets: Mapping[str, str], fold: Callable[[str], str]) -> list[str]:
    if name not in sets:
        raise MalformedLine(name)
    return _spell(sets[name].replace("\n", " "), sets, fold)


def _joined(row: list[list[str]]) -> list[str]:
    return ["".join(parts) for parts in product(*row)]
