"""A Firefox that a test drives, also where scripts are off: through Marionette, which Firefox carries itself.

Messages are ``length:[0, number, command, parameters]`` over TCP, and answers ``length:[1, number, error, result]``
(Mozilla's Marionette protocol, version 3). Everything a run leaves lies in a folder of the test.
"""

import base64
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.servers import free_port, wait_for

Prefs = Mapping[str, bool | int | str]

QUIET: Prefs = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.aboutwelcome.enabled": False,
    "browser.safebrowsing.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "browser.topsites.contile.enabled": False,
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.push.connection.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.prefetch-next": False,
    "network.trr.mode": 5,
    "services.settings.server": "data:,none",
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.server": "data:,none",
}
PRIVATE: Prefs = {"browser.privatebrowsing.autostart": True}
NO_SCRIPTS: Prefs = {**PRIVATE, "javascript.enabled": False}
SAFEST: Prefs = {
    **NO_SCRIPTS,
    "gfx.downloadable_fonts.enabled": False,
    "network.cookie.lifetimePolicy": 2,
    "privacy.resistFingerprinting": True,
    "svg.disabled": True,
}
"""What Tor Browser sets at its level "Safest", as far as a page can tell."""

_PLACES = ("/usr/bin/firefox-esr", "/usr/bin/firefox")
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_IS_WHOLE = "return document.readyState === 'complete'"


class Refused(Exception):
    """Firefox could not do what was asked for."""


class Firefox:
    """One window of a Firefox."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._number = 0
        self._read()
        self("WebDriver:NewSession", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})

    def __call__(self, command: str, **parameters: Any) -> Any:
        self._number += 1
        message = json.dumps([0, self._number, command, parameters]).encode()
        self._connection.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._read()
        if error:
            raise Refused(f"{error['error']}: {error['message']}")
        return result.get("value", result) if isinstance(result, dict) else result

    def _read(self) -> Any:
        length = b""
        while (byte := self._connection.recv(1)) != b":":
            assert byte, "Firefox has ended"
            length += byte
        text = b""
        while len(text) < int(length):
            text += self._connection.recv(int(length) - len(text))
        return json.loads(text)

    def opens(self, url: str) -> None:
        self("WebDriver:Navigate", url=url)

    @property
    def url(self) -> str:
        return str(self("WebDriver:GetCurrentURL"))

    @property
    def source(self) -> str:
        return str(self("WebDriver:GetPageSource"))

    def _element(self, css: str) -> str:
        def found() -> Any:
            with suppress(Refused):
                return self("WebDriver:FindElement", using="css selector", value=css)

        return str(wait_for(found, 10)[_ELEMENT])

    def clicks(self, css: str) -> None:
        self("WebDriver:ElementClick", id=self._element(css))

    def types(self, css: str, text: str) -> None:
        self("WebDriver:ElementSendKeys", id=self._element(css), text=text)

    attaches = types

    def reads(self, css: str) -> str:
        """Return the text of what *css* finds, once it is there; of a page that is just put in another's place, the new one's."""

        def text() -> Any:
            with suppress(Refused):
                return [self("WebDriver:GetElementText", id=self._element(css))]

        return str(wait_for(text, 10)[0])

    @property
    def is_whole(self) -> bool:
        """Tell whether the page and its scripts are there."""
        with suppress(Refused):
            return bool(self("WebDriver:ExecuteScript", script=_IS_WHOLE, args=[]))
        return False

    def presses(self, *keys: str) -> None:
        """Press *keys* one after the other, without a pause."""
        moves = [{"type": move, "value": key} for key in keys for move in ("keyDown", "keyUp")]
        self("WebDriver:PerformActions", actions=[{"type": "key", "id": "keys", "actions": moves}])

    def back(self) -> None:
        """Press Back; what is there then may be a page of the browser's own."""
        with suppress(Refused):
            self("WebDriver:Back")

    def runs(self, script: str, *arguments: Any) -> Any:
        """Run *script* as the browser itself, whatever pages may do."""
        self("Marionette:SetContext", value="chrome")
        try:
            return self("WebDriver:ExecuteScript", script=script, args=list(arguments))
        finally:
            self("Marionette:SetContext", value="content")

    def cookies(self, host: str = "127.0.0.1") -> dict[str, bool]:
        """Return the names of the cookies that it keeps of *host*, and whether each ends with the session."""
        script = """return [0, 1].flatMap(room => Services.cookies
            .getCookiesFromHost(arguments[0], {privateBrowsingId: room})
            .map(cookie => [cookie.name, cookie.isSession]))"""
        return dict(self.runs(script, host))

    def forgets(self, cookie: str) -> None:
        script = """for (const privateBrowsingId of [0, 1])
            Services.cookies.remove("127.0.0.1", arguments[0], "/", {privateBrowsingId})"""
        self.runs(script, cookie)

    def steps(self) -> list[str]:
        """Return the addresses that its history holds, oldest first."""
        script = """const {sessionHistory} = gBrowser.selectedBrowser.browsingContext;
            return Array.from({length: sessionHistory.count},
                (_, n) => sessionHistory.getEntryAtIndex(n).URI.spec)"""
        return list(self.runs(script))

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self("WebDriver:TakeScreenshot", full=True)))

    def quits(self) -> None:
        with suppress(Refused, OSError, AssertionError):
            self("Marionette:Quit", flags=["eForceQuit"])
        self._connection.close()


def program() -> str:
    """Return where Firefox is; where none is to be had the test says so, and on CI that is a fault."""
    asked = os.environ.get("FIREFOX")
    found = next(filter(os.path.exists, [asked] if asked else _PLACES), None)
    if found is None:
        assert not os.environ.get("CI"), "Firefox must be there on CI"
        pytest.skip("no Firefox on this machine: set FIREFOX to where it is")
    return found


@contextmanager
def firefox(folder: Path, prefs: Prefs) -> Iterator[Firefox]:
    """Start a Firefox with a profile in *folder*, and end it."""
    port, profile = free_port(), folder / "profile"
    profile.mkdir()
    lines = {**QUIET, **prefs, "marionette.port": port}.items()
    text = "".join(
        f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in lines
    )
    (profile / "user.js").write_text(text)
    command = [program(), "--headless", "--no-remote", "--marionette"]
    command += ["--remote-allow-system-access", "--profile", str(profile)]
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "MOZ_CRASHREPORTER_DISABLE": "1"}
    with (folder / "firefox.log").open("wb") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    try:
        connection = wait_for(lambda: socket.create_connection(("127.0.0.1", port), 1), 60)
        connection.settimeout(60)
        window = Firefox(connection)
        yield window
        window.quits()
        process.wait(20)
    finally:
        process.kill()
        process.wait(20)
        shutil.rmtree(profile, ignore_errors=True)
