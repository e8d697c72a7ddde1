"""A Chromium that a test drives as people do: its Back is that of the mouse, and it keeps pages in memory as theirs does.

Playwright alone goes back in a way of its own, and turns the memory for pages off.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

WHOLE = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
"""A browser as people have it."""
_SHELL = Path("/usr/lib/chromium/chromium-headless-shell")
PROGRAM = _SHELL if _SHELL.exists() and "CHROMIUM" not in os.environ else WHOLE
"""Where it is to be had, the same engine without windows, bars and a profile: it takes half as long."""
LEFT_OUT = (
    # What Playwright leaves out, too: the last list that a browser is given is the one that it goes by.
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding"),
    *("ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints"),
    *("NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch"),
    # A page under the bar of addresses, loaded for each window: it took longer than the pages that we look at.
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
)
"""Parts of a Chromium that no test looks at."""
SWITCHES = ("--no-sandbox", "--disable-gpu", f"--disable-features={','.join(LEFT_OUT)}")


class Chromium:
    """One window of a Chromium."""

    def __init__(self, context: Any) -> None:
        self.context, self.page = context, context.new_page()
        self._wire = context.new_cdp_session(self.page)

    def opens(self, url: str) -> None:
        self.page.goto(url)

    @property
    def url(self) -> str:
        # What has happened meanwhile is told to Playwright only while it waits.
        self.page.wait_for_timeout(10)
        return str(self.page.url)

    @property
    def source(self) -> str:
        return str(self.page.content())

    def clicks(self, css: str) -> None:
        self.page.click(css)

    def types(self, css: str, text: str) -> None:
        self.page.fill(css, text)

    def attaches(self, css: str, path: str) -> None:
        self.page.set_input_files(css, path)

    def reads(self, css: str) -> str:
        return str(self.page.locator(css).first.inner_text(timeout=10_000))

    @property
    def is_whole(self) -> bool:
        """Tell whether the page and its scripts are there."""
        self.page.wait_for_load_state("load")
        return True

    def presses(self, *keys: str) -> None:
        """Press *keys* one after the other, without a pause."""
        for key in keys:
            self.page.keyboard.press(key)

    def back(self) -> None:
        """Press Back; what is there then may be a page of the browser's own."""
        where = {"x": 60, "y": 300, "button": "back", "clickCount": 1}
        for kind in ("mousePressed", "mouseReleased"):
            self._wire.send("Input.dispatchMouseEvent", {"type": kind, **where})
        self.page.wait_for_timeout(300)
        with suppress(Exception):
            self.page.wait_for_load_state(timeout=3000)

    def cookies(self) -> dict[str, bool]:
        """Return the names of the cookies that it keeps, and whether each ends with the session."""
        return {one["name"]: one["expires"] == -1 for one in self.context.cookies()}

    def forgets(self, cookie: str) -> None:
        self.context.clear_cookies(name=cookie)

    def steps(self) -> list[str]:
        """Return the addresses that its history holds, oldest first."""
        return [one["url"] for one in self._wire.send("Page.getNavigationHistory")["entries"]]


@contextmanager
def chromium(program: Path = PROGRAM) -> Iterator[Any]:
    """Start a Chromium; where none is to be had the test says so, and on CI that is a fault."""
    if not program.exists():
        assert not os.environ.get("CI"), "Chromium must be there on CI"
        pytest.skip("no Chromium on this machine: set CHROMIUM to where it is")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=str(program),
            args=SWITCHES,
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield started
        started.close()
