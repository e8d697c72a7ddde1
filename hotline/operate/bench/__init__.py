"""Measurements, each beside the floor of the same minute: machines are shared, ratios are what stays true."""

from collections.abc import Callable
from functools import partial

from hotline.operate.bench import (
    attack,
    audit,
    backups,
    chaos,
    faults,
    flood,
    intake,
    leads,
    pages,
    redacting,
    statistics,
    uploads,
    vault,
)

BENCHES: dict[str, Callable[[], dict[str, float]]] = {
    "intake": intake.measure,
    "redact": redacting.measure,
    "pages": pages.measure,
    "faults": faults.measure,
    "chaos": chaos.measure,
    "flood": flood.measure,
    "uploads": uploads.measure,
    "audit": audit.measure,
    "vault": vault.measure,
    "backups": backups.measure,
    "statistics": statistics.measure,
    "leads": leads.measure,
    "leads-attack": attack.measure,
}

_SIZED: dict[str, Callable[[int], dict[str, float]]] = {
    "pages": pages.measure,
    "leads": leads.measure,
}


def run(what: str, *, rows: int = 0) -> int:
    """Run one measurement, or all, and print a line for each figure; over *rows* reports or leads, where that is said.

    What a redaction leaks is no single figure: `anonymizer` prints it in tables.
    """
    for name in BENCHES if what == "all" else (what,):
        print(f"{name}:")
        measure = partial(_SIZED[name], rows) if rows and name in _SIZED else BENCHES[name]
        for figure, value in measure().items():
            print(f"  {figure:<66} {value:>12,.2f}")
    return 0
