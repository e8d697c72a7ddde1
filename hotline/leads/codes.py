"""The codes a lead may carry, in the field's own words: HTCDS, the ILO indicators, ISO 3166."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from hotline.domain.urgency import Indicator

_ROOM = Path(__file__).parent


class CodeList(StrEnum):
    """`exploitation`, `control` and `sector` are HTCDS 2.0; `indicator` is ILO 2012."""

    EXPLOITATION = "exploitation"
    INDICATOR = "indicator"
    CONTROL = "control"
    SECTOR = "sector"


class Theme(StrEnum):
    """By what agencies choose leads; a child's comes first, whatever else it is."""

    CHILD = "child"
    LABOUR = "labour"
    SEXUAL = "sexual"
    MARRIAGE = "marriage"
    OTHER = "other"


class Tlp(StrEnum):
    """The Traffic Light Protocol 2.0 (FIRST, 2022), from what anybody may know to what stays in one organization."""

    CLEAR = "clear"
    GREEN = "green"
    AMBER = "amber"
    STRICT = "amber+strict"


_THEMES = {
    "ForcedLabour": Theme.LABOUR,
    "ChildLabour": Theme.LABOUR,
    "Servitude": Theme.LABOUR,
    "ForcedBegging": Theme.LABOUR,
    "SexualExploitation": Theme.SEXUAL,
    "ForcedMarriage": Theme.MARRIAGE,
}


def theme_of(exploitation: Iterable[str], *, minor: bool) -> Theme:
    """Return the theme of a lead that tells these codes of `CodeList.EXPLOITATION`."""
    if minor:
        return Theme.CHILD
    return next((_THEMES[code] for code in exploitation if code in _THEMES), Theme.OTHER)


@dataclass(frozen=True, slots=True)
class Code:
    """*label* is the standard's own English; *follows_from* names our indicator that suggests it."""

    code: str
    label: str
    follows_from: str


def read_table(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table of this room."""
    with (_ROOM / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t")


def _read_codes() -> Mapping[CodeList, Mapping[str, Code]]:
    lists: dict[CodeList, dict[str, Code]] = {name: {} for name in CodeList}
    for row in read_table("codes.tsv"):
        code = Code(row["code"], row["label"], row["follows_from"])
        lists[CodeList(row["list"])][code.code] = code
    return MappingProxyType({name: MappingProxyType(codes) for name, codes in lists.items()})


CODES = _read_codes()

COUNTRIES: Mapping[str, bool] = MappingProxyType(
    {row["code"]: row["areas"] == "yes" for row in read_table("countries.tsv")}
)
"""ISO 3166-1 alpha-2, and whether the country's ISO 3166-2 areas are large enough to be named."""


def suggested(code_list: CodeList, indicators: Iterable[Indicator]) -> tuple[str, ...]:
    """Return the codes that *indicators* suggest to the caseworker who drafts a lead."""
    found = {indicator.value for indicator in indicators}
    return tuple(code.code for code in CODES[code_list].values() if code.follows_from in found)
