"""What stands beside every lead in every format: how it may be handled, and its facts in words. Pure.

The English sentences and names are data (`handling.json`, `fact_names.json`), as those of a standard are.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hotline.leads.codes import CODES, CodeList

_ROOM = Path(__file__).parent
_SENTENCES: Mapping[str, str] = json.loads((_ROOM / "handling.json").read_text(encoding="utf-8"))
FACT_NAMES: Mapping[str, str] = json.loads((_ROOM / "fact_names.json").read_text(encoding="utf-8"))
_LISTS = {
    "exploitation": CodeList.EXPLOITATION,
    "indicators": CodeList.INDICATOR,
    "control": CodeList.CONTROL,
    "sector": CodeList.SECTOR,
}


def sentences(lead_ref: str, reports: int) -> tuple[str, ...]:
    """Return how a lead may be handled, whom to ask, and on how many reports it rests."""
    rests_on = _SENTENCES["one_report"] if reports < 2 else _SENTENCES["reports"]
    return (
        _SENTENCES["unverified"],
        _SENTENCES["immigration"],
        _SENTENCES["identifying"],
        _SENTENCES["asking"].format(lead_ref=lead_ref),
        rests_on.format(reports=reports),
        _SENTENCES["judged"],
    )


def facts_of(told: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the name and the values of each fact that *told*, a `Disclosure` as it is kept, tells; codes as they are."""
    for name in FACT_NAMES:
        fact = told.get(name) or ()
        values = (fact,) if isinstance(fact, str) else tuple(fact)
        if values and values != ("unknown",):
            yield name, values


def described(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each fact, with the words of the standard for its codes: for tools that know none of them."""
    for name, values in facts_of(told):
        codes = CODES[_LISTS[name]] if name in _LISTS else {}
        words = (codes[value].label if value in codes else value for value in values)
        yield f"{FACT_NAMES[name]}: {'; '.join(words)}"
