"""The people of the demo: who texts, who works here, who investigates. All of them are made up."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from hotline.domain.staff import Role


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody with a phone. *key* names them in addresses; *language* is what they write and speak."""

    key: str
    name: str
    number: str
    language: str


@dataclass(frozen=True, slots=True)
class Story:
    """What one persona texts, on one channel, before anybody looks at the demo."""

    who: str
    channel: str
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Flood:
    """What somebody sends on the web *count* times over, hardly changed: most of it stands in quarantine."""

    locale: str
    words: str
    count: int

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(f"{self.words} {number}." for number in range(1, self.count + 1))


STAFF: tuple[tuple[str, str, str, Role], ...] = (
    ("noor", "Noor", "River", Role.CASEWORKER),
    ("ines", "Ines", "Hill", Role.SUPERVISOR),
    ("omar", "Omar", "Lake", Role.AUDITOR),
    ("ada", "Ada", "Key", Role.ADMINISTRATOR),
    ("dele", "Dele", "Gate", Role.INVESTIGATOR),
)
"""Username, name, the pseudonym that others see, role; administrators and investigators belong to the house."""

AGENCIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Dele's unit", ()),
    ("Northern task force", ("GB", "IE", "NL")),
)
"""Name, and the countries whose leads it may be told; none named means every country."""

READS_FOR = {"dele": "Dele's unit"}
"""For which agency an investigator reads in the console."""


@cache
def personas() -> dict[str, Persona]:
    """Return everyone with a phone, by key."""
    return {row["key"]: Persona(**row) for row in _read()["personas"]}


@cache
def desk() -> dict[str, Persona]:
    """Return those who work here and have a phone that calls can be passed on to, by key."""
    return {row["key"]: Persona(**row) for row in _read()["desk"]}


@cache
def stories() -> tuple[Story, ...]:
    """Return what was texted before the demo is looked at, in order."""
    return tuple(Story(**row) for row in _read()["stories"])


@cache
def flood() -> Flood:
    """Return what floods the web before the demo is looked at."""
    return Flood(**_read()["flood"])


def _read() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((files("hotline.demo") / "cast.json").read_text("utf-8"))
    return content
