"""Which voice speaks a language in a call, which speech is understood, and how fast it is spoken at the slowest."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "voices.toml"


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice as the provider names it: *say* is the voice, *language* goes with it and with no other."""

    say: str
    language: str


@dataclass(frozen=True, slots=True)
class Tongue:
    """What the provider can do in one language; *letters* a second is how slowly its slowest voice may speak."""

    voice: Voice | None = None
    speech: str = ""
    letters: float = 0


@cache
def tongues() -> Mapping[str, Tongue]:
    """Return every language that a voice speaks or a machine understands, by locale."""
    kept = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {locale: _tongue(entry) for locale, entry in kept.items()}


def tongue(locale: str) -> Tongue:
    return tongues().get(locale, Tongue())


def _tongue(entry: Mapping[str, str | float]) -> Tongue:
    says = "voice" in entry
    return Tongue(
        Voice(str(entry["voice"]), str(entry["language"])) if says else None,
        str(entry.get("speech", "")),
        float(entry.get("letters", 0)),
    )
