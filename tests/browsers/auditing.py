"""Pages looked over by the audit in a real browser: what both sides' tests need for it."""

import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import axe_playwright_python
import playwright
import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.browsers.chromium import LEFT_OUT, PROGRAM

HERE = Path(__file__).parent
DRIVER = Path(playwright.__file__).parent / "driver"

_TAG = re.compile(r"<([a-z][a-z0-9]*)([^>]*)>")
_CLASSES = re.compile(r'\sclass="([^"]*)"')
_SAID = re.compile(r'\s(?:(aria-[a-z]+)=|((?:role|type)="[^"]*"))')


class QuietHandler(WSGIRequestHandler):
    """Tells no version, as our own server tells none, and logs nothing."""

    def version_string(self) -> str:
        return "server"

    def log_request(self, *_: Any) -> None:
        return


def with_new_parts(
    pages: Iterable[tuple[dict[str, Any], str]],
) -> Iterator[dict[str, Any]]:
    """Of *pages*, which go with their HTML, yield those that have a part that none before them has.

    A part is a kind of element: by its name, how it looks, and what it says of itself to whoever does not see it.
    """
    seen = set[tuple[str, str]]()
    for page, html in pages:
        parts = {part for tag, rest in _TAG.findall(html) for part in _parts(tag, rest)}
        if not parts <= seen:
            yield page
        seen |= parts


def _parts(tag: str, attributes: str) -> Iterator[tuple[str, str]]:
    classes = _CLASSES.search(attributes)
    for name in classes[1].split() if classes else [""]:
        yield tag, name
    for said in _SAID.findall(attributes):
        yield tag, "".join(said)


@contextmanager
def listening(app: Any, url: str) -> Iterator[None]:
    """Serve *app* at *url*, whose port is free."""
    port = int(url.rpartition(":")[2])
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=QuietHandler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield
    server.shutdown()
    server.server_close()


def linked_modules(folder: Path) -> Path:
    """Make *folder* one in which Node finds what the audit needs: parts of two packages of ours."""
    inside = folder / "node_modules"
    inside.mkdir()
    (inside / "playwright-core").symlink_to(DRIVER / "package")
    (inside / "axe-core").symlink_to(Path(axe_playwright_python.__file__).parent)
    return folder


def node() -> str:
    """Return the machine's Node, or the one that drives our browsers."""
    found = shutil.which("node") or shutil.which(str(DRIVER / "node"))
    if not (found and PROGRAM.exists()):
        assert not os.environ.get("CI"), "Node and Chromium must be there on CI"
        pytest.skip("no Node or no Chromium on this machine: set CHROMIUM to where it is")
    return found


def audit(
    url: str, modules: Path, folder: Path, plan: list[dict[str, Any]], **options: str
) -> None:
    """Look at the pages of *plan*; ``AUDIT_SHOTS`` names a folder for pictures of what was seen."""
    (folder / "plan.json").write_text(json.dumps(plan))
    asked = {"plan": str(folder / "plan.json"), "jobs": "2", "without": ",".join(LEFT_OUT)}
    asked |= options
    if os.environ.get("AUDIT_SHOTS"):
        asked["shots"] = os.environ["AUDIT_SHOTS"]
    command = [node(), str(HERE / "web_audit.mjs"), url]
    for name, value in asked.items():
        command += [f"--{name}", value]
    audited = subprocess.run(
        command,
        env={**os.environ, "AUDIT_MODULES": str(modules), "CHROMIUM": str(PROGRAM)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert audited.returncode == 0, audited.stdout + audited.stderr
    print(audited.stdout)
