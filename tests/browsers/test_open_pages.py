"""The page that everybody may read, looked over in a real browser: in two scripts, by day and by night, narrow and wide."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert

from hotline.triage.publishing import tell
from hotline.triage.tables import quarters
from tests.browsers.auditing import audit, linked_modules, listening
from tests.channels.transparency.conftest import BUSY
from tests.house import House, found_house
from tests.servers import free_port

HEAVIEST = "120"
BOTH = ("/transparency", "/transparency?lang=ar")
NOT_OURS = "headers,disguise,remembered,leaving,grade"
"""Nobody who reports comes here, and it may be kept for an hour; its headers have a test of their own."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("open pages"),
]


@pytest.mark.parametrize(
    ("before", "after", "widths"),
    [
        (BOTH[:1], BOTH[1:], "2560"),
        pytest.param(BOTH, BOTH, "480,2560,768,1280", marks=pytest.mark.exhaustive),
    ],
    ids=["each in one language", "each in both"],
)
def test_everybody_can_read_what_we_did(
    tmp_path: Path, before: tuple[str, ...], after: tuple[str, ...], widths: str
) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    house = found_house(
        tmp_path / "var",
        adjust=lambda config: replace(config, public_url=url, locales=("en", "ar")),
    )
    modules = linked_modules(tmp_path)
    with listening(house.app, url):
        look(url, modules, tmp_path, plan("before", before), widths=widths)
        fill(house)
        look(url, modules, tmp_path, plan("told", after), widths=widths)
    house.close()


def plan(when: str, paths: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"name": f"{when} {path[-2:]}", "path": path} for path in paths]


def look(url: str, modules: Path, folder: Path, plan: list[dict[str, str]], *, widths: str) -> None:
    audit(url, modules, folder, plan, skip=NOT_OURS, budget=HEAVIEST, widths=widths)


def fill(house: House) -> None:
    """Let three quarters be told."""
    rows = [
        {"quarter": name, "facet": facet, "code": code, "count": count}
        for name in ("2026-Q1", "2026-Q2", "2026-Q3")
        for facet, code, count in tell(BUSY, lambda: 0)
    ]
    house.hotline.store.write(lambda session: session.execute(insert(quarters), rows))
