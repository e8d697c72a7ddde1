"""What a Chromium writes onto the disk of whoever wrote to us: neither words, nor numbers, nor codes, with scripts or without."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from hotline.catalogs import TRANSLATIONS
from tests.browsers.chromium import SWITCHES, WHOLE
from tests.browsers.site import Site, served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("disk of a browser")]
SAID = ("Quillfeather keeps my passport", "+15005550006", "zarifamoth")
TEMPLATES = TRANSLATIONS.parent / "hotline" / "templates" / "web"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("site")) as served_site:
        yield served_site


def holding(folder: Path, *said: str) -> set[str]:
    """Return the names of the files below *folder* that hold any of *said*."""
    found = set()
    for path in filter(Path.is_file, folder.rglob("*")):
        raw = path.read_bytes()
        if any(one.encode() in raw or one.encode("utf-16-le") in raw for one in said):
            found.add(path.name)
    return found


def writes_and_comes_back(page: Any, site: Site) -> str:
    page.goto(f"{site.url}/en/new")
    for fold in page.query_selector_all(".folds summary"):
        fold.click()
    for field, said in zip(("#account", "#number", "#word"), SAID, strict=True):
        page.fill(field, said)
    page.click("form .button:not([formaction])")
    page.wait_for_selector(".code__digits")
    code = " ".join(page.locator(".code__digits li").all_inner_texts())
    page.goto(f"{site.url}/en/again")
    page.fill("#code", code)
    page.click("form .button")
    page.wait_for_selector("#more")
    return code


@pytest.mark.skipif(not WHOLE.exists(), reason="there is no Chromium on this machine")
@pytest.mark.parametrize("scripts", [True, pytest.param(False, marks=pytest.mark.exhaustive)])
def test_nothing_that_was_typed_lies_on_the_disk(tmp_path: Path, site: Site, scripts: bool) -> None:
    with sync_playwright() as driver:
        context = driver.chromium.launch_persistent_context(
            str(tmp_path),
            executable_path=str(WHOLE),
            java_script_enabled=scripts,
            args=[*SWITCHES, "--headless=new"],
            ignore_default_args=["--headless", "--disable-back-forward-cache"],
        )
        code = writes_and_comes_back(context.pages[0], site)
        # It writes its last pages down every few seconds.
        time.sleep(4)
        assert holding(tmp_path, *SAID, code, code.replace(" ", "+")) == set()
        assert holding(tmp_path, site.url) != set()
        context.close()
    assert holding(tmp_path, *SAID, code, code.replace(" ", "+")) == set()


def test_every_form_keeps_browsers_from_writing_it_down() -> None:
    forms = 0
    for path in TEMPLATES.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        kept_out = re.findall(r'<form method="post"[^>]*>\n\{% include "web/unkept.html" %\}', text)
        assert len(kept_out) == text.count("<form"), path.name
        forms += len(kept_out)
    assert forms
