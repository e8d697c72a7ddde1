"""The pages of providers are offered in every language in which they are whole, whatever else is not."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

from hotline.catalogs import TRANSLATIONS
from hotline.i18n import CONSOLE, PROVIDER, Languages
from tests.channels.provider.asking import Asking, Harbor


def without(locale: str, folder: Path, place: str) -> Languages:
    """Return the languages of *folder* with one sentence less, of those that stand in *place* alone."""
    with (TRANSLATIONS / "console.pot").open("rb") as file:
        template = read_po(file)
    its = {one.id for one in template if one.id and {name for name, _ in one.locations} == {place}}
    whole = TRANSLATIONS / locale / "LC_MESSAGES" / "console.po"
    with whole.open("rb") as file:
        catalog = read_po(file, locale=locale)
    catalog.delete(min(one if isinstance(one, str) else one[0] for one in its))
    path = folder / locale / "LC_MESSAGES" / "console.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, catalog)
    with (folder / "console.pot").open("wb") as file:
        write_po(file, template)
    return Languages(folder)


@pytest.mark.parametrize(
    ("place", "is_whole"), [("console/account.html", True), ("provider/capacity.html", False)]
)
def test_what_the_desk_reads_alone_may_be_missing(
    tmp_path: Path, place: str, is_whole: bool
) -> None:
    languages = without("fr", tmp_path, place)
    assert languages.complete(CONSOLE) == ("en",)
    assert languages.complete(PROVIDER) == (("en", "fr") if is_whole else ("en",))


def test_five_languages_are_offered_on_the_page(noor: Asking, harbor: Harbor) -> None:
    page = harbor.looks(noor.asks()).text
    for code in ("ar", "es", "fr", "ru"):
        assert f'hreflang="{code}"' in page
