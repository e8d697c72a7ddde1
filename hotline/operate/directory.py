"""Load services into the directory, and write down in the log that it was done."""

from datetime import UTC, datetime
from pathlib import Path

from hotline import audit
from hotline.store import Session
from referral.load import LoadReport, load_package


def load(session: Session, package: Path) -> LoadReport:
    """Load *package* and return what was kept of it and what not.

    Raises:
        PackageUnreadable: it is no package.
    """
    report = load_package(session, package)
    kept = sum(one.added + one.changed for one in report.kept.values())
    what = f"{kept} kept {report.refused} refused"
    audit.record(session, at=datetime.now(UTC), who="system", did="directory_loaded", what=what)
    return report
