"""The cover story of a house, in its operator's own words: one that is published would be recognized."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from hotline.dialogue.covering import LONGEST_LINE, read_story
from hotline.errors import Misconfigured
from hotline.vault.keyfiles import write_private
from hotline.vault.keyfolder import KeyFolder

_ASK = """
A cover story is what somebody reads who took a reporter's phone and guessed the code word wrong twice:
a harmless conversation, such as a parcel or a lost cat. It is told a line to each of their texts, and the
last line again and again. Write it in your own words: one that is known is no cover. An empty line ends it.
"""
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


def from_file(path: Path) -> bytes:
    """Return the story that was written to *path* beforehand.

    Raises:
        Misconfigured: it says something else.
    """
    if not read_story(path):
        raise Misconfigured(f"{path.name} tells no story")
    return path.read_bytes()


def from_answers(read: Callable[[str], str] = input) -> bytes:
    """Ask whoever founds the house for a story, in each language they like; return it, or nothing."""
    print(_ASK)
    told, name = "", "story"
    while lines := _lines(read):
        told += f"{name} = {json.dumps(lines, ensure_ascii=False)}\n"
        if not (locale := _locale(read)):
            break
        name = f"story_{locale}"
    return told.encode()


def _locale(read: Callable[[str], str]) -> str:
    while locale := read("another language (such as es or pt-BR), or an empty line: ").strip():
        if _LOCALE.fullmatch(locale):
            break
        print(f"{locale} is no code of a language")
    return locale


def _lines(read: Callable[[str], str]) -> list[str]:
    lines: list[str] = []
    while line := read(f"line {len(lines) + 1}: ").strip()[:LONGEST_LINE]:
        lines.append(line)
    return lines


def keep(keys: Path, story: bytes) -> None:
    """Write *story* where the service finds it."""
    if story:
        write_private(KeyFolder(keys).cover_story, story)
