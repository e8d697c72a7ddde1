"""Ratios that hold on a busy machine as on a quiet one: a figure over its floor, or over a peer of the same minute.

The file keeps what each was, and how far it may get worse before that is no chance any more. No time stands in it.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from hotline.errors import Malformed

STORED = Path(__file__).parent / "ratios.toml"
_HEAD = """\
# What `hotline bench --check` compares with: figures over their floors, or over a peer, of the same run.
# `was` is renewed by `--write`; *tolerance* is the factor by which it may get worse; *better* says which way is worse.
"""
Measured = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Ratio:
    """*figure* of *bench* was *was*; where *is_lower_better*, more is worse."""

    bench: str
    figure: str
    was: float
    tolerance: float
    is_lower_better: bool

    def worse_by(self, value: float) -> float:
        """Return by which factor *value* is worse than it was; below 1 it is better."""
        least = 1e-9
        now, was = max(value, least), max(self.was, least)
        return now / was if self.is_lower_better else was / now

    def renewed(self, measured: Measured) -> "Ratio":
        """Return this with what was measured, if it was."""
        return replace(self, was=measured[self.bench].get(self.figure, self.was))


def read(path: Path) -> list[Ratio]:
    """Return the ratios of the file *path*.

    Raises:
        Malformed: one of them cannot be read.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        return [
            Ratio(
                bench,
                figure,
                float(its["was"]),
                float(its["tolerance"]),
                {"lower": True, "higher": False}[its["better"]],
            )
            for bench, figures in told.items()
            for figure, its in figures.items()
        ]
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError):
        raise Malformed(f"{path.name} is not a file of ratios") from None


def written(ratios: Iterable[Ratio]) -> str:
    """Return *ratios* as the file has them."""
    lines, bench = [_HEAD], ""
    for one in sorted(ratios, key=lambda each: each.bench):
        if one.bench != bench:
            bench = one.bench
            lines.append(f"\n[{bench}]\n")
        better = "lower" if one.is_lower_better else "higher"
        its = f'was = {one.was:.4g}, tolerance = {one.tolerance:g}, better = "{better}"'
        lines.append(f"{json.dumps(one.figure, ensure_ascii=False)} = {{ {its} }}\n")
    return "".join(lines)


def told(ratios: Iterable[Ratio], measured: Measured) -> bool:
    """Print how each of *ratios* stands, and tell whether none got worse than it may. What is missing is worse."""
    is_fine = True
    print("\nratios, with what each was and by which factor it is worse (below 1: better):")
    for one in ratios:
        value = measured[one.bench].get(one.figure)
        factor = float("inf") if value is None else one.worse_by(value)
        holds = factor <= one.tolerance
        is_fine = is_fine and holds
        verdict = "" if holds else "  WORSE" if value is not None else "  NOT MEASURED"
        name = f"{one.bench}: {one.figure.strip()}"
        now = "-" if value is None else f"{value:,.2f}"
        print(
            f"  {name:<72} {now:>10} {one.was:>10,.2f} x{factor:>5.2f} of {one.tolerance:g}{verdict}"
        )
    return is_fine
