"""Say of which countries a number may be the id of a person, by its form and its check digits.

Only a label depends on it: "11 digits" is a phone number or an id. A number goes whether its digits check or not.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_TABLE = Path(__file__).with_name("national_numbers.tsv")


@dataclass(frozen=True, slots=True)
class Scheme:
    """The id of one country. *alone*: hardly any other number of its form passes the check."""

    country: str
    module: str
    alone: bool

    def passes(self, number: str) -> bool:
        try:
            return _checker(self.module)(number)
        except (KeyError, IndexError, ValueError):
            return False  # some checks look for a place that their own tables do not name


def countries(number: str) -> tuple[str, ...]:
    """Return the countries whose ids have the form and the check digits of *number* (letters and digits only)."""
    return tuple(scheme.country for scheme in _of_form(number) if scheme.passes(number))


def is_surely_an_id(number: str) -> bool:
    """Say whether *number* passes a check that chance would hardly pass."""
    return any(scheme.alone and scheme.passes(number) for scheme in _of_form(number))


def _of_form(number: str) -> list[Scheme]:
    return _schemes().get("".join("9" if char.isdigit() else "A" for char in number), [])


@lru_cache(maxsize=1)
def _schemes() -> dict[str, list[Scheme]]:
    by_form: dict[str, list[Scheme]] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            country, module, form, alone = line.split("\t")
            scheme = Scheme(country, module, alone == "alone")
            for written in dict.fromkeys((form.replace("X", "9"), form.replace("X", "A"))):
                by_form.setdefault(written, []).append(scheme)
    return by_form


@lru_cache(maxsize=128)
def _checker(module: str) -> Callable[[str], bool]:
    """Return the check of python-stdnum: imported on first use, for most texts hold no such number."""
    checker: Callable[[str], bool] = importlib.import_module(f"stdnum.{module}").is_valid
    return checker
