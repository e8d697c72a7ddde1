"""A lead as a row of a table, for whoever reads with a spreadsheet (RFC 4180, UTF-8, no byte order mark). Pure."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from hotline.domain.report import reference
from hotline.leads.disclose import Disclosure
from hotline.leads.stix import stix_id_of
from hotline.leads.stix.describing import handling_of, sources_of

_MARKS = ("cursor", "lead_ref", "id", "recalled", "published", "tlp")
_FACTS = (
    "country",
    "area",
    "town",
    "venue",
    "month",
    "seen",
    "people",
    "minor",
    "exploitation",
    "indicators",
    "control",
    "sector",
    "person_language",
    "nationality",
    "age_band",
    "gender",
    "plates",
    "numbers",
    "handles",
    "links",
    "reports",
    "headline",
    "language",
    "summary",
)
HEADER = (*_MARKS, *_FACTS, "handling")
# With one of these a spreadsheet reads a cell as a formula, which may send other cells away (OWASP, CSV Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_BETWEEN = " | "


def row_of(lead_id: str, cursor: int, *, day: str, tlp: str, told: Mapping[str, Any]) -> list[str]:
    """Return the cells of a lead, in the order of `HEADER`; of a recalled one, whose *told* is empty, the marks alone."""
    marks = [str(cursor), reference(lead_id), stix_id_of(lead_id), "yes" if not told else "no"]
    if not told:
        return [*marks, *[""] * (len(HEADER) - len(marks))]
    facts = [_joined(told.get(name, "")) for name in _FACTS]
    disclosed = Disclosure(**told)
    handling = f"{sources_of(disclosed)} {' '.join(handling_of(lead_id).splitlines())}"
    return [*marks, day, tlp, *map(_harmless, facts), handling]


def written(rows: Iterable[list[str]]) -> str:
    """Return the table with its header."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([list(HEADER), *rows])
    return text.getvalue()


def _joined(fact: object) -> str:
    return _BETWEEN.join(fact) if isinstance(fact, list | tuple) else str(fact)


def _harmless(cell: str) -> str:
    """Return *cell* with an apostrophe before what would make it a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
