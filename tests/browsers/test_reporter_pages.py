"""Every page that a reporter can come to, looked over in a real browser: in four scripts, with scripts and without.

Of pages that are made of the same parts one is looked at; languages other than English are where their script can
break a page. `make bench` looks at every page in each.
``AUDIT_SHOTS`` names a folder for pictures of what was seen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from hotline.channels.web.desk import Brake, Desk, WordBrake
from hotline.vault.opening import Keyholder
from tests.browsers.auditing import audit, linked_modules, listening, with_new_parts
from tests.browsers.replaying import Replays
from tests.browsers.states import Visit, states
from tests.contact.conftest import signs_in
from tests.house import House, found_house
from tests.servers import free_port

LOCALES = ("en", "ar", "th", "am")
HEAVIEST = "30"  # kilobytes of a page that a browser sees for the first time, with headers
# Pages that between them have every part that another script can break.
BY_SCRIPT = {
    "ar": ("first page", "form, everything written", "code", "conversation"),
    "th": ("form, everything written",),
    "am": ("form, everything written",),
}
LEFT_FROM = ("first page", "form", "code", "conversation")  # leaving is the same in every language
QUICK_LEFT_FROM = ("form", "conversation")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("reporter pages"),
]


@dataclass
class Site:
    url: str
    house: House
    replays: Replays
    noor: Keyholder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    url = f"http://127.0.0.1:{free_port()}"
    house = found_house(
        tmp_path_factory.mktemp("house") / "var",
        adjust=lambda config: replace(config, public_url=url, locales=LOCALES),
    )
    house.app.extensions["web"] = Desk(
        brake=Brake(wrong_takes=0), words=WordBrake(burst=1000, wrong_takes=0)
    )
    replays = Replays(house.app)
    with listening(replays, url):
        yield Site(url, house, replays, signs_in(house, "noor"))
    house.close()


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return linked_modules(tmp_path_factory.mktemp("modules"))


def test_pages_are_safe_light_and_can_be_used_by_everybody(
    site: Site, modules: Path, tmp_path: Path
) -> None:
    english = pages(site, "en", left_from=QUICK_LEFT_FROM)
    plan = [*with_new_parts((page, site.replays.source(page["path"])) for page in english)]
    assert [page["skip"] for page in plan].count([]) == len(QUICK_LEFT_FROM)
    # Other scripts in the same browser: starting one costs as much as looking at a page.
    plan += [page for locale, only in BY_SCRIPT.items() for page in pages(site, locale, only=only)]
    audit(site.url, modules, tmp_path, plan, budget=HEAVIEST)


@pytest.mark.exhaustive
@pytest.mark.parametrize("locale", LOCALES)
def test_every_page_is_so_in_every_script(
    site: Site, modules: Path, tmp_path: Path, locale: str
) -> None:
    audit(site.url, modules, tmp_path, [*pages(site, locale)], budget=HEAVIEST)


def pages(
    site: Site, locale: str, *, only: Sequence[str] = (), left_from: Sequence[str] = LEFT_FROM
) -> Iterator[dict[str, Any]]:
    """Yield what the audit is to look at in *locale*: each page, or *only* those of some names."""
    for name, path in states(Visit(site.house, site.replays, site.noor, locale)):
        if not only or name in only:
            leaves = locale == "en" and name in left_from
            yield {
                "name": f"{locale} {name}",
                "path": path,
                "skip": [] if leaves else ["leaving"],
            }
        if only and name == only[-1]:
            return
