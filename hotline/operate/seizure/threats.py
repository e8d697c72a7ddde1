"""The threat model as data: what each adversary may obtain, and whether what a drill obtained is more than that."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

DRILL = "`hotline seizure`"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is, or is not, to be had. *labels* are patterns of canaries' labels."""

    what: str
    labels: tuple[str, ...] = ()
    proof: tuple[str, ...] = ()

    def covers(self, label: str) -> bool:
        return any(fnmatchcase(label, pattern) for pattern in self.labels)


@dataclass(frozen=True, slots=True)
class Adversary:
    """Who gets what. *key* is the drill's try; empty where none is made."""

    key: str
    who: str
    obtainable: tuple[Line, ...]
    safe: tuple[Line, ...]

    def faults(self, got: Mapping[str, str]) -> Iterator[str]:
        """Yield in plain words what was obtained beyond the model, and what the drill failed even to try."""
        for label, where in sorted(got.items()):
            if not any(line.covers(label) for line in self.obtainable):
                yield f"{self.key}: {label} was found ({where})"
        for line in self.obtainable:
            if line.labels and not any(line.covers(label) for label in got):
                yield f"{self.key}: the drill did not even obtain {line.what}, so it proves nothing"


@cache
def model() -> tuple[Adversary, ...]:
    content = tomllib.loads((files("hotline.operate.seizure") / "threats.toml").read_text("utf-8"))
    return tuple(_adversary(row) for row in content["adversary"])


def adversary(key: str) -> Adversary:
    return next(one for one in model() if one.key == key)


def markdown() -> str:
    """Return the table of the threat model as README shows it."""
    rows = [
        "| who gets what | obtainable | not obtainable | proved by |",
        "|---|---|---|---|",
    ]
    for one in model():
        cells = (one.who, _said(one.obtainable), _said(one.safe), "<br>".join(_proofs(one)))
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _proofs(one: Adversary) -> Iterator[str]:
    """Yield what proves the lines of *one*, each once."""
    named = [proof for line in (*one.obtainable, *one.safe) for proof in line.proof]
    if one.key and any(not line.proof for line in (*one.obtainable, *one.safe)):
        named.insert(0, DRILL)
    yield from dict.fromkeys(name if name == DRILL else f"`{name}`" for name in named)


def _said(lines: Iterable[Line]) -> str:
    return "; ".join(line.what for line in lines) or "nothing"


def _adversary(row: Mapping[str, Any]) -> Adversary:
    lines = {
        kind: tuple(
            Line(one["what"], tuple(one.get("labels", ())), tuple(one.get("proof", ())))
            for one in row.get(kind, ())
        )
        for kind in ("obtainable", "safe")
    }
    return Adversary(row.get("key", ""), row["who"], **lines)
