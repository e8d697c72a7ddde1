"""Measurements, each beside the floor of the same minute: machines are shared, ratios are what stays true."""

from collections.abc import Callable

from hotline.operate.bench import (
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
}


def run(what: str) -> int:
    """Run one measurement, or all, and print a line for each figure.

    What a redaction leaks is no single figure: `anonymizer` prints it in tables.
    """
    for name in BENCHES if what == "all" else (what,):
        print(f"{name}:")
        for figure, value in BENCHES[name]().items():
            print(f"  {figure:<66} {value:>12,.2f}")
    return 0
