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
    "leads-attack": attack.measure,
}


def run(what: str, *, rows: int = 0) -> int:
    """Run one measurement, or all, and print a line for each figure; the pages over *rows* reports, where that is said.

    What a redaction leaks is no single figure: `anonymizer` prints it in tables.
    """
    for name in BENCHES if what == "all" else (what,):
        print(f"{name}:")
        measure = partial(pages.measure, rows) if rows and name == "pages" else BENCHES[name]
        for figure, value in measure().items():
            print(f"  {figure:<66} {value:>12,.2f}")
    return 0
