"""Measurements, each beside the floor of the same minute: machines are shared, ratios are what stays true.

`run` measures and keeps what came of it in ``var/bench``; `check` measures a part of it in small, and compares its ratios
with those of the file ``ratios.toml``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType

from hotline.operate.bench import (
    attack,
    audit,
    backups,
    chaos,
    directory,
    faults,
    flood,
    growth,
    intake,
    leads,
    machine,
    openloop,
    outbox,
    pages,
    queueing,
    ratios,
    redacting,
    starting,
    statistics,
    uploads,
    vault,
)
from hotline.operate.bench.records import keep

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Bench:
    """A measurement; *sized* is what its size is called, where it has one, and *small* how it is made for a check."""

    measure: Callable[..., Figures]
    sized: str = ""
    small: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


BENCHES: Mapping[str, Bench] = {
    "intake": Bench(intake.measure),
    "queueing": Bench(queueing.measure),
    "jobs": Bench(outbox.measure, "many", {"many": 5_000}),
    "redact": Bench(redacting.measure),
    "pages": Bench(pages.measure, "rows", {"rows": 10_000}),
    "leads": Bench(leads.measure, "leads", {"leads": 10_000}),
    "directory": Bench(directory.measure),
    "vault": Bench(vault.measure, "reports", {"reports": 2_000}),
    "audit": Bench(audit.measure, "lines", {"lines": 20_000}),
    "uploads": Bench(uploads.measure),
    "backups": Bench(backups.measure, "megabytes", {"megabytes": 40}),
    "statistics": Bench(statistics.measure),
    "start": Bench(starting.measure),
    "growth": Bench(growth.measure, "most"),
    "open-loop": Bench(openloop.measure),
    "leads-attack": Bench(attack.measure),
    "faults": Bench(faults.measure),
    "flood": Bench(flood.measure),
    "chaos": Bench(chaos.measure),
}
"""In the order in which they are made: what is quick first."""


def run(what: str, *, folder: Path, size: int = 0, **more: float) -> None:
    """Make one measurement, or all, print its table, and keep it in *folder*; over *size* rows, where that is said.

    What a redaction leaks is no single figure: `anonymizer` prints it in tables.
    """
    for name in BENCHES if what == "all" else (what,):
        bench = BENCHES[name]
        sizes = {bench.sized: size} if size and bench.sized else {}
        _measured(name, partial(bench.measure, **sizes, **more), folder)


def check(names: list[str], *, folder: Path, path: Path = ratios.STORED, writes: bool) -> bool:
    """Measure in small what *path* has ratios of, or only *names*; tell whether none got worse, or renew the file."""
    stored = ratios.read(path)
    measured = {}
    for name in names or sorted({ratio.bench for ratio in stored}, key=list(BENCHES).index):
        bench = BENCHES[name]
        figures = _measured(name, partial(bench.measure, **bench.small), folder)
        measured[name] = {figure.strip(): value for figure, value in figures.items()}
    its = [ratio for ratio in stored if ratio.bench in measured]
    if writes:
        renewed = [ratio.renewed(measured) for ratio in its]
        path.write_text(ratios.written([*renewed, *(one for one in stored if one not in its)]))
        return True
    return ratios.told(its, measured)


def _measured(name: str, measure: Callable[[], Figures], folder: Path) -> Figures:
    print(f"{name}:", flush=True)
    before = machine.facts()
    figures = measure()
    for figure, value in figures.items():
        print(f"  {figure:<78} {value:>12,.2f}", flush=True)
    keep(folder, name, figures, before=before, after=machine.facts())
    return figures
