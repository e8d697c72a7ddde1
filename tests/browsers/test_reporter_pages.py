"""Every page that a reporter can come to, looked over in a real browser: in four scripts, with scripts and without.

Languages other than English are looked at where their script can break a page; `make bench` looks at every page in
each.
``AUDIT_SHOTS`` names a folder for pictures of what was seen.
"""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import axe_playwright_python
import playwright
import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from hotline.channels.web.desk import Brake, Desk, WordBrake
from hotline.vault.opening import Keyholder
from tests.browsers.replaying import Replays
from tests.browsers.states import Visit, states
from tests.contact.conftest import signs_in
from tests.house import House, found_house
from tests.served import CHROMIUM
from tests.servers import free_port

HERE = Path(__file__).parent
DRIVER = Path(playwright.__file__).parent / "driver"
LOCALES = ("en", "ar", "th", "am")
HEAVIEST = "30"  # kilobytes of a page that a browser sees for the first time, with headers
# Pages that between them have every part that another script can break.
BY_SCRIPT = ("first page", "form, everything written", "code", "conversation")
LEFT_FROM = ("first page", "form", "code", "conversation")  # leaving is the same in every language

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("reporter pages"),
]


class QuietHandler(WSGIRequestHandler):
    """Tells no version, as our own server tells none, and logs nothing."""

    def version_string(self) -> str:
        return "server"

    def log_request(self, *_: Any) -> None:
        return


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
    server = make_server(
        "127.0.0.1", int(url[-5:]), replays, threaded=True, request_handler=QuietHandler
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Site(url, house, replays, signs_in(house, "noor"))
    server.shutdown()
    server.server_close()
    house.close()


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which Node finds what the audit needs: parts of two packages of ours."""
    folder = tmp_path_factory.mktemp("modules")
    inside = folder / "node_modules"
    inside.mkdir()
    (inside / "playwright-core").symlink_to(DRIVER / "package")
    (inside / "axe-core").symlink_to(Path(axe_playwright_python.__file__).parent)
    return folder


def node() -> str:
    """Return the machine's Node, or the one that drives our browsers."""
    found = shutil.which("node") or shutil.which(str(DRIVER / "node"))
    if not (found and CHROMIUM.exists()):
        assert not os.environ.get("CI"), "Node and Chromium must be there on CI"
        pytest.skip("no Node or no Chromium on this machine: set CHROMIUM to where it is")
    return found


def test_every_page_is_safe_light_and_can_be_used_by_everybody(
    site: Site, modules: Path, tmp_path: Path
) -> None:
    audit(site, modules, tmp_path, [*pages(site, "en")])


def test_another_script_breaks_no_page(site: Site, modules: Path, tmp_path: Path) -> None:
    others = [page for locale in LOCALES[1:] for page in pages(site, locale, only=BY_SCRIPT)]
    audit(site, modules, tmp_path, others)


@pytest.mark.exhaustive
@pytest.mark.parametrize("locale", LOCALES[1:])
def test_every_page_is_so_in_another_script(
    site: Site, modules: Path, tmp_path: Path, locale: str
) -> None:
    audit(site, modules, tmp_path, [*pages(site, locale)])


def pages(site: Site, locale: str, only: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Yield what the audit is to look at in *locale*: each page, or *only* those of some names."""
    left_from = LEFT_FROM if locale == "en" else ()
    for name, path in states(Visit(site.house, site.replays, site.noor, locale)):
        if not only or name in only:
            skip = [] if name in left_from else ["leaving"]
            yield {"name": f"{locale} {name}", "path": path, "skip": skip}


def audit(site: Site, modules: Path, folder: Path, plan: list[dict[str, Any]]) -> None:
    (folder / "plan.json").write_text(json.dumps(plan))
    options = {"plan": folder / "plan.json", "budget": HEAVIEST, "jobs": "2"}
    if os.environ.get("AUDIT_SHOTS"):
        options["shots"] = Path(os.environ["AUDIT_SHOTS"])
    command = [node(), str(HERE / "web_audit.mjs"), site.url]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    audited = subprocess.run(
        command,
        env={**os.environ, "AUDIT_MODULES": str(modules), "CHROMIUM": str(CHROMIUM)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert audited.returncode == 0, audited.stdout + audited.stderr
    print(audited.stdout)
