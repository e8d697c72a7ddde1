"""Labelled texts, as sets of them lie in folders: JSON lines with ``text``, ``lang`` and ``spans``."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotline.errors import Malformed

OWN = Path(__file__).parents[1] / "accounts"
_REFERENCE = "HOTLINE_REFERENCE"
_INSIDE_REFERENCE = (Path("bench/pii/data"), Path("corpus"))
# Languages with a script of their own; in Latin letters they are romanized.
_OWN_SCRIPT = frozenset(
    [
        *(
            "am",
            "ar",
            "bg",
            "bn",
            "ckb",
            "fa",
            "hi",
            "km",
            "lo",
            "ml",
            "my",
            "ne",
            "pa",
            "ps",
            "ru",
        ),
        *("si", "ta", "te", "th", "ti", "uk", "ur", "zh"),
    ]
)
# Codes of the same language in different lists.
_NAMES = {"fil": "tl", "kmr": "ku", "no": "nb"}


class SetUnreadable(Malformed):
    default_message = "a set of labelled texts cannot be read"


@dataclass(frozen=True, slots=True)
class Gold:
    """An identifier as a person labelled it: characters *start* to *end* of its text."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and what identifies somebody in it. *language* is a bare code, such as ``zh``."""

    text: str
    language: str
    spans: tuple[Gold, ...] = ()
    is_romanized: bool = False

    def in_lower_case(self) -> "Labelled":
        """Return the same text as people type it on a phone; no character moves."""
        return Labelled(lowered(self.text), self.language, self.spans, self.is_romanized)


@dataclass(frozen=True, slots=True)
class TextSet:
    """Texts that are measured together; those of a *corpus* are accounts as the hotline gets them."""

    name: str
    texts: tuple[Labelled, ...]
    corpus: str = ""

    @property
    def language(self) -> str:
        return self.texts[0].language

    @property
    def is_cased(self) -> bool:
        """Say whether the letters of this set are of a script with capitals."""
        letters = [letter for each in self.texts for letter in each.text if letter.isalpha()]
        cased = sum(letter.lower() != letter.upper() for letter in letters)
        return cased * 2 > len(letters)


def lowered(text: str) -> str:
    """Return *text* in lower case with as many characters as before."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


def bare(code: str) -> str:
    """Return a language code without script or country, as the lexicons are named."""
    base = code.partition("-")[0]
    return _NAMES.get(base, base)


def folders(env: Mapping[str, str] = os.environ) -> list[Path]:
    """Return where sets lie when nobody named folders: in the reference, if the environment names one."""
    reference = env.get(_REFERENCE, "")
    return [Path(reference) / inside for inside in _INSIDE_REFERENCE] if reference else []


def read_folders(paths: Iterable[Path]) -> list[TextSet]:
    """Read every JSON-lines file of *paths*, then the project's own accounts."""
    return [found for path in paths for found in _read_folder(path)] + own_accounts()


def own_accounts() -> list[TextSet]:
    """Return the accounts that were invented for this project, one set for each language."""
    return [
        TextSet(path.stem, tuple(map(_labelled, _rows(path))), corpus="own accounts")
        for path in sorted(OWN.glob("*.jsonl"))
    ]


def _read_folder(path: Path) -> Iterator[TextSet]:
    files = sorted(path.glob("*.jsonl"))
    if not files:
        raise SetUnreadable(f"there are no .jsonl files in {path}")
    for file in files:
        rows = _rows(file)
        try:
            yield from _sets(file.stem, rows)
        except (KeyError, TypeError, AttributeError):
            raise SetUnreadable(f"{file} lacks a text, a language or spans") from None


def _sets(name: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[TextSet]:
    """Tell a corpus of accounts, which mixes languages, from a set of one language."""
    if any("is_report" in row for row in rows):
        for language in sorted({row["lang"] for row in rows}):
            own = tuple(_labelled(row) for row in rows if row["lang"] == language)
            yield TextSet(language, own, corpus=name)
    elif rows:
        yield TextSet(name, tuple(map(_labelled, rows)))


def _rows(file: Path) -> list[dict[str, Any]]:
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
        return [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError):
        raise SetUnreadable(f"{file} is not a file of JSON lines") from None


def _labelled(row: Mapping[str, Any]) -> Labelled:
    spans = tuple(Gold(span["start"], span["end"], span["label"]) for span in row["spans"])
    language = bare(row["lang"])
    is_romanized = row.get("script") == "Latn" and language in _OWN_SCRIPT
    return Labelled(row["text"], language, spans, is_romanized)
