"""A picture of every page that a reporter can come to, for each language, and an index of them."""

from pathlib import Path

import pytest
from PIL import Image

from hotline.errors import Misconfigured
from hotline.operate.strings import screenshots
from hotline.operate.strings.reporter_pages import Sheet
from tests.browsers.chromium import chromium


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_each_language_has_a_sheet_under_its_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = Sheet.pages
    # A whole sheet takes seconds, and the audits look at every page.
    monkeypatch.setattr(Sheet, "pages", lambda self, locale: list(pages(self, locale))[:2])
    with chromium():
        pass
    index = screenshots.take(tmp_path / "shots", ["ar", "en"])
    assert {path.name for path in (tmp_path / "shots").iterdir()} == {
        "index.html",
        "Arab-ar.png",
        "Latn-en.png",
    }
    assert '<a href="Arab-ar.png">ar <bdi>العربية</bdi></a>' in index.read_text("utf-8")
    with Image.open(tmp_path / "shots" / "Latn-en.png") as picture:
        assert picture.height > picture.width / 10


def test_without_a_browser_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    with pytest.raises(Misconfigured, match="CHROMIUM"):
        screenshots.take(tmp_path, ["en"])
