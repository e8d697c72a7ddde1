"""A quarter as a file: the cells of the page's tables and nothing else, with the rule that they follow on top."""

import csv
import io
from collections.abc import Iterator, Sequence

from hotline.channels.transparency.charts import Cell, Chart
from hotline.triage.publishing import Facet

WITHHELD, SMALL, UNKNOWN = "withheld", "1-4", "unknown"
_ALONE = ("lead", "opened", "person")
"""The tables whose numbers are withheld only where they are small, never because of another."""

_COLUMNS = ("quarter", "table", "code", "count", "in_time_percent")


def table(name: str, charts: Sequence[Chart], note: str) -> str:
    """Return the quarter *name* as CSV: the lines of *note*, then the columns, then a row for each cell."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerows([line] for line in note.splitlines() if line.strip())
    writer.writerow(_COLUMNS)
    writer.writerows(_rows(name, charts))
    return file.getvalue()


def _rows(name: str, charts: Sequence[Chart]) -> Iterator[list[str]]:
    """Yield a row for each cell; of the quarters before this one, each has a file of its own."""
    for chart in charts:
        for cell in chart.cells:
            if chart.name == "received" and cell.code != name:
                continue
            code = "" if chart.name == "received" else cell.code or UNKNOWN
            share = _said(cell.share) if chart.kind == "shares" and cell.value != 0 else ""
            yield [name, chart.name, code, _said(cell.value, _untold(chart, cell)), share]


def _untold(chart: Chart, cell: Cell) -> str:
    return SMALL if chart.name in _ALONE and cell.code != Facet.WITHHELD else WITHHELD


def _said(value: int | None, untold: str = WITHHELD) -> str:
    return untold if value is None else str(value)
