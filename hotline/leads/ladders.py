"""How each fact of a person, and the place, may be told more coarsely, and what each step costs in use. Pure.

The ladders are data: `regions.tsv` (UN M49), `ages.tsv` (the bands of CTDC), `genders.tsv` (HTCDS), and `ladders.tsv`, our
own order of what investigators miss least.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from hotline.leads.codes import read_table

LEFT_OUT = ""
"""The last step of a ladder: the fact is not told at all."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One *step* of a ladder and its *cost*, from the finest on."""

    step: str
    cost: int


@dataclass(frozen=True, slots=True)
class Band:
    """Years *first* to *last*, both included, by the finer *years* and the coarser part of a *life*."""

    years: str
    life: str
    first: int
    last: int


def _read_ladders() -> Mapping[str, Sequence[Rung]]:
    ladders: dict[str, list[Rung]] = {}
    for row in read_table("ladders.tsv"):
        ladders.setdefault(row["fact"], []).append(Rung(row["step"], int(row["cost"])))
    return MappingProxyType(ladders)


LADDERS = _read_ladders()
"""The rungs of each fact of a person, and of the ``place``."""

BANDS = tuple(
    Band(row["band"], row["life"], int(row["first"]), int(row["last"]))
    for row in read_table("ages.tsv")
)

GENDERS: Mapping[str, str] = MappingProxyType(
    {row["code"]: row["label"] for row in read_table("genders.tsv")}
)
"""The codes of HTCDS ``prs_Gender``, with their labels."""

_PARENTS = {row["code"]: row["parent"] for row in read_table("regions.tsv")}
_LIVES = {band.years: band.life for band in BANDS}


def region_of(country: str, *, coarser: bool = False) -> str:
    """Return the subregion (UN M49) of a country (ISO 3166-1 alpha-2), or with *coarser* its region; empty where there is none."""
    subregion = _PARENTS.get(country, "")
    return _PARENTS.get(subregion, "") if coarser else subregion


def band_of(age: int, *, coarser: bool = False) -> str:
    """Return the band of an age in years, or with *coarser* the part of a life; empty for no age of anybody."""
    band = next((band for band in BANDS if band.first <= age <= band.last), None)
    if band is None:
        return ""
    return band.life if coarser else band.years


def in_years(age: int) -> str:
    """Return an age as words tell it: to the year, so finer than any band."""
    return f"{age}y"


def is_within(finer: str, told: str) -> bool:
    """Tell whether one value of a fact says *told*, or the same more finely: ``18-20`` is within ``18-29``, ``HU`` in ``150``."""
    while finer != told and finer:
        finer = _coarser(finer)
    return finer == told


def _coarser(value: str) -> str:
    if value.endswith("y") and value[:-1].isdecimal():
        return band_of(int(value[:-1]))
    return _PARENTS.get(value) or _LIVES.get(value, "")
