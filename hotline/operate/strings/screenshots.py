"""Pictures of every page that a reporter can come to, as a small phone shows it: a sheet for each language, and an index.

Playwright and a Chromium are needed for it, which the product itself does not need.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from hotline.catalogs import TRANSLATIONS
from hotline.channels.web.look import sheet_of
from hotline.channels.web.theme import Theme
from hotline.errors import Misconfigured
from hotline.i18n import Languages, autonym
from hotline.locales import table
from hotline.operate.strings.reporter_pages import Sheet

WIDTH = 320
_COLUMNS = 10
_SCALE = 0.5
_STYLE = f"""
body {{ margin: 8px; columns: {_COLUMNS} {WIDTH}px; column-gap: 8px; background: #999; font: 12px sans-serif }}
figure {{ margin: 0 0 8px; break-inside: avoid }}
iframe {{ display: block; width: {WIDTH}px; height: 600px; border: 0; background: #fff }}
"""
_GROW = """() => {
  for (const frame of document.querySelectorAll('iframe'))
    frame.style.height = frame.contentDocument.documentElement.scrollHeight + 'px';
}"""


def take(folder: Path, locales: Sequence[str], *, translations: Path = TRANSLATIONS) -> Path:
    """Write into *folder* a picture of all pages for each of *locales*, and return the index of them.

    Raises:
        Misconfigured: there is no Playwright or no Chromium on this machine, or no such language.
    """
    if unknown := sorted(set(locales) - set(table())):
        raise Misconfigured(f"hotline/locales.toml has no language {', '.join(unknown)}")
    sheet = Sheet(Languages(translations))
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as program:
        window = program.new_page(
            viewport={"width": _COLUMNS * (WIDTH + 8) + 8, "height": 1000},
            device_scale_factor=_SCALE,
        )
        for locale in locales:
            window.set_content(together(sheet.pages(locale)))
            window.evaluate(_GROW)
            window.screenshot(path=folder / _name(locale), full_page=True)
    index = folder / "index.html"
    index.write_text(_index(locales), "utf-8")
    return index


def together(pages: Iterable[tuple[str, str]]) -> str:
    """Return one page that shows *pages* side by side, each as a narrow phone shows it, with all its folds open."""
    style = f"<style>{sheet_of(Theme())}</style>"
    shown = (
        f'<figure><figcaption>{escape(name)}</figcaption><iframe title="{escape(name)}" '
        f'srcdoc="{escape(_opened(page, style))}"></iframe></figure>'
        for name, page in pages
    )
    return f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style>{''.join(shown)}"


@contextmanager
def chromium() -> Iterator[Any]:
    """Start a Chromium, the one that ``CHROMIUM`` names or the machine's own.

    Raises:
        Misconfigured: there is no Playwright, or no Chromium.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise Misconfigured("pictures need Playwright: pip install playwright") from None
    program = Path(os.environ.get("CHROMIUM") or "/usr/bin/chromium")
    if not program.exists():
        raise Misconfigured("pictures need a Chromium: set CHROMIUM to where it is")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=str(program), args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


def _opened(page: str, style: str) -> str:
    return page.replace("</head>", f"{style}</head>").replace("<details ", "<details open ")


def _name(locale: str) -> str:
    return f"{_script(locale)}-{locale}.png"


def _script(locale: str) -> str:
    row = table().get(locale)
    return row.script if row else "Zzzz"


def _index(locales: Sequence[str]) -> str:
    rows = []
    for script, some in groupby(sorted(locales, key=_script), key=_script):
        links = "".join(
            f'<li><a href="{_name(one)}">{escape(one)} <bdi>{escape(autonym(one))}</bdi></a></li>'
            for one in some
        )
        rows.append(f"<h2>{script}</h2><ul>{links}</ul>")
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Pages</title>'
    return f"{head}<h1>Pages at {WIDTH} px</h1>{''.join(rows)}</html>\n"
