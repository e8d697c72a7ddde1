"""The pages: the newest quarter, each one before, and each as a file."""

from babel.dates import format_skeleton
from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from hotline import pages
from hotline.channels.transparency.charts import Chart, charts_of
from hotline.channels.transparency.table import table
from hotline.channels.transparency.world import HEIGHT, STEPS, WIDTH, shaded
from hotline.channels.web.headers import harden
from hotline.domain.quarter import first_day
from hotline.drawing import Drawing, lying, standing
from hotline.errors import NotFound
from hotline.i18n import CONSOLE, SOURCE, accepted, autonym, direction
from hotline.parts import here
from hotline.triage import quarters

transparency = Blueprint("transparency", __name__)
transparency.after_request(harden)

_KEPT_SECONDS = 3600


@transparency.get("/transparency")
def show_newest() -> AnyResponse:
    """Show the newest quarter that is told, or that none is yet."""
    with here().store.read() as session:
        newest = quarters.names(session, limit=1)
    return _page(newest[0]) if newest else _page("")


@transparency.get("/transparency/<name>")
def show_quarter(name: str) -> AnyResponse:
    return _page(name)


@transparency.get("/transparency/<name>.csv")
def take_table(name: str) -> AnyResponse:
    with here().store.read() as session:
        if name not in quarters.names(session):
            raise NotFound
        found = charts_of(session, quarters.quarter(session, name))
    note = here().languages.render("console/transparency/note.txt", locale(), CONSOLE)
    response = Response(table(name, found, note), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="transparency-{name}.csv"'
    return _kept(response)


def locale() -> str:
    """Return the language of the page: that of the address, or what the browser asks for. None is remembered."""
    asked = request.headers.get("Accept-Language", "")
    wanted = filter(None, [request.args.get("lang", "")[:40], *accepted(asked)])
    return here().languages.best(wanted, CONSOLE) or SOURCE


def quarter_text(name: str, speaks: str) -> str:
    """Return a quarter such as ``2026-Q3`` in words."""
    words: str = format_skeleton("yQQQQ", first_day(name), locale=speaks.replace("-", "_"))
    return words


def _page(name: str) -> AnyResponse:
    speaks = locale()
    with here().store.read() as session:
        known = quarters.names(session)
        if name and name not in known:
            raise NotFound
        quarter = quarters.quarter(session, name) if name else None
        found = charts_of(session, quarter) if quarter else ()
    return _kept(
        pages.page(
            "console/transparency.html",
            CONSOLE,
            speaks,
            quarter=quarter,
            charts={chart.name: chart for chart in found},
            quarters=known,
            chosen=speaks if "lang" in request.args else None,
            languages=[(code, autonym(code)) for code in here().languages.complete(CONSOLE)],
            quarter_name=lambda code: quarter_text(code, speaks),
            short_name=lambda code: code.replace("-", " "),
            drawn=_drawn,
            is_mirrored=direction(speaks) == "rtl",
            world=shaded,
            map_size=(WIDTH, HEIGHT),
            steps=STEPS,
        )
    )


def _drawn(chart: Chart, labels: list[str], mirrored: bool) -> Drawing:
    """Return the bars of *chart* with their labels; shares are drawn against the whole."""
    values = [cell.share if chart.kind == "shares" else cell.value for cell in chart.cells]
    labelled = list(zip(labels, values, strict=True))
    if chart.kind == "standing":
        return standing(labelled, mirrored=mirrored)
    return lying(labelled, most=100 if chart.kind == "shares" else 0, mirrored=mirrored)


def _kept(response: Response) -> AnyResponse:
    """Let browsers and proxies keep a page for an hour: a quarter never changes, only a new one comes."""
    response.headers["Cache-Control"] = f"public, max-age={_KEPT_SECONDS}"
    response.headers["Vary"] = "Accept-Language"
    response.add_etag()
    return response.make_conditional(request)
