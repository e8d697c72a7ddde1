"""Every address of the application, as its own map has them: none is written down twice, and none forgotten."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import Member
from tests.house import ORIGIN, House

NOTHING = "0" * 32
EVIL = "https://evil.example"
_ANY = re.compile(r"<any\((\w+).*?\):\w+>")
_PLACEHOLDER = re.compile(r"<(?:([^>:]*):)?([^>]+)>")
_KINDS = {"uuid": "00000000-0000-4000-8000-000000000000", "int": "1"}
ENDS_A_SESSION = {"account.leave_everywhere", "door.leave"}
"""What a walk over all addresses leaves out, to be able to go on."""


@dataclass(frozen=True)
class Way:
    """One address, asked in one way."""

    method: str
    path: str
    endpoint: str

    @property
    def is_of_the_desk(self) -> bool:
        return self.path.startswith("/console")


def ways(app: Flask, *methods: str) -> Iterator[Way]:
    """Yield every address that takes one of *methods* (none: all that it takes), with ids of nothing in it."""
    for rule in app.url_map.iter_rules():
        path = _PLACEHOLDER.sub(_filled, _ANY.sub(r"\1", rule.rule))
        for method in sorted(rule.methods or ()):
            if method in methods or not methods:
                yield Way(method, path, rule.endpoint)


def _filled(found: re.Match[str]) -> str:
    if found[2] == "locale":
        return "en"
    return NOTHING * 2 if "64" in (found[1] or "") else _KINDS.get(found[1] or "", NOTHING)


def raw(target: str) -> str:
    """Return *target* as a server hands it on: nothing put in order, the names of hosts in it, too."""
    return unquote_to_bytes(target).decode("latin-1")


def asks(house: House, way: Way, who: Member | None = None, **more: object) -> TestResponse:
    """Ask as *who*, or as somebody without a session."""
    client = who.client if who else house.app.test_client()
    return client.open(way.path, method=way.method, **{"base_url": ORIGIN, **more})
