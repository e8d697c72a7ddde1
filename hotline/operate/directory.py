"""Load services into the directory or hand them out, and write down in the log that it was done."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from hotline import audit
from hotline.store import Session, Store
from referral import export
from referral.load import LoadReport, plan, read_package
from referral.load import load as load_planned

WRITERS: dict[str, Callable[[Session, Path], dict[str, int]]] = {
    "csv": export.export_tables,
    "json": export.export_documents,
}


def preview(store: Store, package: Path, *, source: str = "") -> LoadReport:
    """Return what loading *package* would do. Writes nothing.

    Raises:
        PackageUnreadable: it is no package.
    """
    incoming = read_package(package, source=source, progress=_tell)
    with store.read() as session:
        return plan(session, incoming).report


def load(store: Store, package: Path, *, source: str = "") -> LoadReport:
    """Load *package* and return what was kept of it and what not.

    It is read and compared before the database is locked: a report that arrives meanwhile must not wait.

    Raises:
        PackageUnreadable: it is no package.
    """
    incoming = read_package(package, source=source, progress=_tell)
    with store.read() as session:
        planned = plan(session, incoming)

    def write(session: Session) -> LoadReport:
        report = load_planned(session, incoming, planned)
        kept = sum(one.added + one.changed for one in report.kept.values())
        removed = sum(one.removed for one in report.kept.values())
        what = f"{kept} kept {removed} removed {report.refused} refused"
        audit.record(session, at=datetime.now(UTC), who="system", did="directory_loaded", what=what)
        return report

    return store.write(write)


def hand_out(store: Store, folder: Path, *, form: str) -> dict[str, int]:
    """Write the directory into *folder*, as ``csv`` or ``json``; return how much by file."""
    with store.read() as session:
        written = WRITERS[form](session, folder)
    what = f"{form} {sum(written.values())} rows"
    store.write(
        lambda session: audit.record(
            session, at=datetime.now(UTC), who="system", did="directory_exported", what=what
        )
    )
    return written


def _tell(file: str, rows: int) -> None:
    print(f"{file}: {rows} read", file=sys.stderr, flush=True)
