"""Statistics as a file: the cells of the charts' tables and nothing else, with the rule that they follow on top.

There is no export of reports. What was exported, and by whom, is in the audit.
"""

import csv
import io
from collections.abc import Iterator, Sequence

from flask import Response, g, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import audit
from hotline.console.charts import Chart, charts_of, month_asked
from hotline.console.rooms import room
from hotline.console.speech import locale
from hotline.domain.staff import Right
from hotline.errors import NotFound
from hotline.i18n import CONSOLE
from hotline.pages import with_headers
from hotline.parts import here
from hotline.triage.months import Month

exporting = room("exporting", Right.OVERSEE)

EXPORTED = "statistics_exported"
WITHHELD = "withheld"
_COLUMNS = ("desk", "month", "table", "code", "count", "in_time_percent")
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


@exporting.post("/charts/export")
def export() -> AnyResponse:
    """Write down who takes the numbers of which month, and hand them over."""
    hotline, me, at = here(), g.keyholder, g.at
    with hotline.store.read() as session:
        month = month_asked(session, me.desk, request.form.get("month", ""))
        if month is None:
            raise NotFound
        rows = _rows(me.desk, month, charts_of(session, me.desk, month))
    hotline.store.write(
        lambda session: audit.record(
            session, at=at, who=me.staff_id, did=EXPORTED, desk=me.desk, what=month.name
        )
    )
    note = hotline.languages.render("console/charts/note.txt", locale(), CONSOLE)
    response = Response(_table(note, rows), mimetype="text/csv")
    name = f"statistics-{month.name}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return with_headers(response)


def harmless(text: str) -> str:
    """Return *text* so that no program that opens the file takes it for something to work out."""
    return f"'{text}" if text.startswith(_BEGINS_FORMULA) else text


def _rows(desk: str, month: Month, charts: Sequence[Chart]) -> Iterator[list[str]]:
    yield [desk, month.name, "total", "", _said(month.total), ""]
    for chart in charts:
        for cell in chart.cells:
            has_share = chart.kind == "shares" and cell.value != 0
            share = _said(cell.share) if has_share else ""
            yield [desk, month.name, chart.name, cell.code, _said(cell.value), share]


def _said(value: int | None) -> str:
    return WITHHELD if value is None else str(value)


def _table(note: str, rows: Iterator[list[str]]) -> str:
    """Return the file: what it is and by which rule, line by line, then its columns and rows."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerows([harmless(line)] for line in note.splitlines() if line.strip())
    writer.writerow(_COLUMNS)
    writer.writerows([harmless(value) for value in row] for row in rows)
    return file.getvalue()
