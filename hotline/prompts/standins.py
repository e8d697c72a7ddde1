"""The stand-ins: what a machine says where no voice speaks a language, until somebody records it.

They lie in ``sounds/<locale>/<prompt>.mp3``; ``sounds.toml`` says of each how long it lasts, which words it speaks
and which file it is (SHA-256 of either), and that it is synthetic. One that speaks other words than today's, or
whose file is not the one that was rendered, is no stand-in.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "sounds"
KIND = "audio/mpeg"


@dataclass(frozen=True, slots=True)
class StandIn:
    """*words* is the digest of the sentence, *digest* that of the file."""

    path: Path
    seconds: float
    words: str
    digest: str


def digest_of(words: str) -> str:
    """Return what tells the sentence *words* from any other."""
    return digest_of_bytes(words.encode("utf-8"))


def digest_of_bytes(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@cache
def stand_ins(folder: Path = FOLDER) -> Mapping[tuple[str, str], StandIn]:
    """Return every stand-in that is listed, by locale and prompt."""
    listing = folder / "sounds.toml"
    kept = tomllib.loads(listing.read_text(encoding="utf-8")) if listing.exists() else {}
    return {
        (locale, prompt): StandIn(
            folder / locale / f"{prompt}.mp3", entry["seconds"], entry["words"], entry["file"]
        )
        for locale, prompts in kept.items()
        for prompt, entry in prompts.items()
    }
