"""Every page that a reporter can come to, on a narrow phone, in every language that we have and in two made-up ones."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hotline.catalogs import TRANSLATIONS
from hotline.channels.web.look import sheet_of
from hotline.channels.web.theme import Theme
from hotline.i18n import Languages, direction
from hotline.locales import table
from hotline.operate.strings import pseudo
from hotline.operate.strings.reporter_pages import Sheet
from hotline.operate.strings.screenshots import WIDTH
from hotline.operate.strings.shelf import CORE
from tests.browsers.chromium import chromium
from tests.scripts import one_of_each

TEMPLATES = Path(__file__).parents[2] / "hotline/templates/web"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("reporter pages everywhere"),
]

# WCAG 1.4.10: nothing stands beyond the edge, and nothing is cut off within it.
LOOK = """() => [...document.querySelectorAll('[data-name]')].map((page) => {
  const width = document.documentElement.clientWidth;
  const beyond = [...page.querySelectorAll('*')].filter((one) => {
    const box = one.getBoundingClientRect();
    const isCut = one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1 && !/INPUT|TEXTAREA/.test(one.tagName);
    return box.width > 1 && (box.right > width + 1 || box.left < -1 || isCut) && !one.closest('.heard');
  });
  return {
    name: page.dataset.name, width, direction: getComputedStyle(page).direction,
    beyond: beyond.slice(0, 3).map((one) => `${one.tagName} ${one.className}: ${one.textContent.trim().slice(0, 60)}`),
  };
})"""

# A line may end where a word does, as the browser's dictionary of that language knows them.
LINES = """() => {
  const torn = [], words = new Intl.Segmenter(document.documentElement.lang, { granularity: 'word' });
  const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.data, range = document.createRange();
    const starts = new Set([...words.segment(text)].map((one) => one.index));
    let before = null;
    for (let at = 0; at < text.length; at++) {
      range.setStart(walk.currentNode, at);
      range.setEnd(walk.currentNode, at + 1);
      const box = range.getClientRects()[0];
      if (!box || !box.width) continue;
      if (before !== null && box.top > before + 12 && !starts.has(at)) torn.push(text.slice(at - 8, at) + '|' + text.slice(at, at + 8));
      before = box.top;
    }
  }
  return torn;
}"""


Pages = Sequence[tuple[str, str]]
ROOT = re.compile(r'<html lang="([^"]+)" dir="([^"]+)">')


@dataclass(frozen=True)
class Phone:
    """A browser as narrow as a small phone, in which the pages of one language stand below each other."""

    window: Any

    def looks(self, pages: Pages, script: str) -> Any:
        self.window.set_content(below_each_other(pages))
        return self.window.evaluate(script)

    def finds(self, pages: Pages, locale: str, way: str) -> list[str]:
        """Return what is wrong with *pages*."""
        roots = dict.fromkeys(match.groups() for _, page in pages for match in ROOT.finditer(page))
        faults = [] if [*roots] == [(locale, way)] else [f"lang and dir are {[*roots]}"]
        for seen in self.looks(pages, LOOK):
            assert seen["width"] == WIDTH
            runs = [] if seen["direction"] == way else [f"it runs {seen['direction']}"]
            faults += [f"{seen['name']}: {fault}" for fault in (*runs, *seen["beyond"])]
        return faults


def below_each_other(pages: Pages) -> str:
    """Return *pages* as one, which is laid out at once: sixty for the price of one."""
    bodies = (
        f'<section data-name="{name}">{page[page.index("<body>") + 6 : page.index("</body>")]}</section>'
        for name, page in pages
    )
    root = ROOT.search(pages[0][1])
    assert root
    head = f"<!doctype html>{root[0]}<style>{sheet_of(Theme())}</style>"
    return head + "".join(bodies).replace("<details ", "<details open ")


@pytest.fixture(scope="module")
def phone() -> Iterator[Phone]:
    with chromium() as program:
        yield Phone(program.new_page(viewport={"width": WIDTH, "height": 600}))


@pytest.fixture(scope="module")
def sheet() -> Sheet:
    return Sheet(Languages(TRANSLATIONS))


@pytest.mark.parametrize("locale", one_of_each(["en", *sorted(CORE - {"en"})]))
def test_no_page_is_too_wide_or_runs_the_wrong_way(phone: Phone, sheet: Sheet, locale: str) -> None:
    way = "rtl" if table()[locale].script == "Arab" else "ltr"
    assert phone.finds(list(sheet.pages(locale)), locale, way) == []


@pytest.mark.parametrize("locale", [pseudo.LONG, pseudo.MIRRORED])
def test_no_page_is_too_narrow_for_longer_sentences(
    phone: Phone, tmp_path: Path, locale: str
) -> None:
    pseudo.write(TRANSLATIONS, tmp_path)
    pages = list(Sheet(Languages(tmp_path)).pages(locale))
    assert phone.finds(pages, locale, direction(locale)) == []


@pytest.mark.parametrize("locale", ["th", "lo", "km", "my"])
def test_lines_end_where_words_do_in_languages_without_spaces(
    phone: Phone, sheet: Sheet, locale: str
) -> None:
    pages = [(name, page) for name, page in sheet.pages(locale) if name == "what happens next"]
    assert phone.looks(pages, LINES) == []


def test_a_page_that_is_too_wide_is_seen(phone: Phone) -> None:
    page = '<html lang="en" dir="ltr"><head></head><body><p>{}</p></body></html>'
    wide, narrow = page.format("<code>" + "word" * 40 + "</code>"), page.format("word " * 40)
    assert "wide: " in phone.finds([("wide", wide.replace("<p>", "<pre>"))], "en", "ltr")[0]
    assert phone.finds([("narrow", narrow)], "en", "ltr") == []
    assert phone.finds([("other", narrow)], "ar", "rtl") == [
        "lang and dir are [('en', 'ltr')]",
        "other: it runs ltr",
    ]


def test_each_template_of_a_page_is_among_them(sheet: Sheet) -> None:
    """A template is a page where it stands on the ground of every page."""
    whole = {
        path.stem
        for path in TEMPLATES.glob("*.html")
        if '{% extends "web/base.html" %}' in path.read_text()
    }
    shown = {template for _, template, _ in sheet.samples("en")}
    assert shown == whole


def test_each_sentence_of_the_web_stands_on_one_of_them(sheet: Sheet) -> None:
    said = " ".join(page for _, page in sheet.pages("en"))
    plain = re.compile(r'\{\{ _\("([^"%]+)"\) \}\}')
    every = {one for path in TEMPLATES.glob("*.html") for one in plain.findall(path.read_text())}
    assert {one for one in every if one.replace("&", "&amp;") not in said} == set()
